//! Who changed what (SEC-8).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::UserId;

/// One change of state by a person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditRow {
    /// The number of its line: counted without gaps.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none for the command line.
    pub user: Option<UserId>,
    /// Their name at that time.
    pub user_name: String,
    /// What was done, in one word: `create`, `update`, `remove`, `pay` …
    pub action: String,
    /// To what: `account "Acme"`.
    pub subject: String,
    /// The settings before, as JSON text.
    pub before: Option<String>,
    /// The settings after, as JSON text.
    pub after: Option<String>,
    /// What the change did to each field; fields that stayed are left out.
    pub changes: Vec<FieldChange>,
}

/// What a change did to one field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field; a part of a structure is written `outer.inner`.
    pub field: String,
    /// Its value before; none when there was no such field.
    pub before: Option<String>,
    /// Its value after; none when there is none any more.
    pub after: Option<String>,
}

/// Which lines of the audit log.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditFilter {
    /// Who: the whole name; empty for all.
    pub person: String,
    /// The action's word; empty for all.
    pub action: String,
    /// A part of the subject, upper or lower case.
    pub subject: String,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Until before this moment.
    pub to: Option<DateTime<Utc>>,
    /// Only lines older than this one.
    pub after: Option<i64>,
    /// At most this many; the store allows 1 to 1000.
    pub limit: u32,
}

impl AuditFilter {
    /// The newest lines.
    pub fn newest(limit: u32) -> Self {
        Self { limit, ..Self::default() }
    }
}
