//! Agents: resellers with customers of their own.

mod edit;
mod list;
mod remove;

pub(crate) use edit::{EditAgent, NewAgent};
pub(crate) use list::Agents;
pub(crate) use remove::RemoveAgent;

#[cfg(feature = "ssr")]
pub(crate) use {
    edit::server::{create, update},
    remove::remove,
};

pub(crate) const LIST: &str = "/business/agents";
