//! Parameters and who has changed them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Parameter, RowVersion, UserId};

/// A parameter and what it holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ParameterRow {
    /// Which; its description and its default stand in the registry.
    pub parameter: Parameter,
    /// The value that somebody set; none at its default.
    pub set: Option<String>,
    /// What a change must name; 0 at its default.
    pub version: RowVersion,
    /// When it was set.
    pub set_at: Option<DateTime<Utc>>,
    /// Its last change, a reset included; none as long as nobody has touched it.
    pub last_change: Option<ParameterChange>,
}

/// A gateway with a value of its own for a parameter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ParameterOwner {
    /// Which kind of gateway.
    pub level: crate::parameter::Level,
    /// Its key among those of its kind.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl ParameterRow {
    /// The value in force.
    pub fn value(&self) -> String {
        self.set.clone().unwrap_or_else(|| self.parameter.default_value().to_string())
    }
}

/// One change of a parameter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ParameterChange {
    /// Its key; higher is later.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The parameter's name, also of one that this build does not know.
    pub name: String,
    /// Who; none for the command line.
    pub user: Option<UserId>,
    /// Their name at that time.
    pub user_name: String,
    /// What it held before; none for the default.
    pub old: Option<String>,
    /// What it held after; none for the default.
    pub new: Option<String>,
}
