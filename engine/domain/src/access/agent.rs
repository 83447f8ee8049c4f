//! Agents: resellers, who bring customers of their own.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{AccountId, AgentId, Fields, Invalid, Name, RowVersion, account::named, cause::UnknownName};

/// A reseller.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Agent {
    /// Its key.
    pub id: AgentId,
    /// For concurrent edits.
    pub version: RowVersion,
    /// What people set.
    pub settings: AgentSettings,
}

/// What people set on an agent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AgentSettings {
    /// Unique among agents.
    pub name: Name,
    /// Its own customer account, from which it pays us; no other agent has the same.
    pub account: AccountId,
    /// Whether its people may log in.
    pub status: AgentStatus,
}

/// Whether an agent may be used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentStatus {
    /// In use.
    Active,
    /// Its people cannot log in; its customers' calls go on.
    Locked,
}

named!(AgentStatus { Active = "active", Locked = "locked" });

/// An agent in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AgentRow {
    /// The agent.
    pub agent: Agent,
    /// The name of its own account.
    pub account_name: String,
    /// How many accounts it brought.
    pub customers: i64,
}

/// An agent as typed into its form.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentDraft {
    /// See [`AgentSettings::name`].
    pub name: String,
    /// The account's id.
    pub account: String,
    /// `active` or `locked`.
    pub status: String,
}

impl AgentDraft {
    /// The settings, or what is wrong at each field.
    pub fn check(&self) -> Result<AgentSettings, Invalid> {
        let mut f = Fields::default();
        let name = f.parse("name", &self.name);
        let account = f.take("account", self.account.trim().parse().map_err(|_| "choose an account"));
        let status = f.parse("status", &self.status);
        let settings = (|| Some(AgentSettings { name: name?, account: account?, status: status? }))();
        f.finish(settings)
    }
}

impl From<&AgentSettings> for AgentDraft {
    fn from(s: &AgentSettings) -> Self {
        Self { name: s.name.to_string(), account: s.account.to_string(), status: s.status.to_string() }
    }
}
