//! What applying a document does.

use std::{collections::BTreeSet, fmt};

use serde::Serialize;
use serde_json::Value;

/// One thing that a document names, and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// What was done.
    pub kind: ChangeKind,
    /// `parameter`, `account`, `agent`, `rate_table`, `rate`, `mapping_gateway`, `routing_gateway`, `phone` or `registration`.
    pub what: &'static str,
    /// Its name; a rate's is its table's name and its prefix.
    pub name: String,
    /// The fields that differ: field, from, to. Of something made, every field that has a value.
    pub fields: Vec<(String, String, String)>,
}

/// What was done to a thing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ChangeKind {
    /// It was not there.
    Created,
    /// It was there and differed.
    Updated,
    /// It was there and is as the document says.
    Unchanged,
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
        })
    }
}

/// The fields in which two forms differ.
pub(super) fn differences<D: Serialize + Default>(from: Option<&D>, to: &D) -> Vec<(String, String, String)> {
    let texts = |draft: &D| match serde_json::to_value(draft) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let before = from.map_or_else(|| texts(&D::default()), &texts);
    let shown = |field: &str, value: Option<&Value>| {
        let text = value.and_then(Value::as_str).unwrap_or_default();
        match (field, text) {
            ("enabled" | "do_not_disturb", "on") => "true".to_owned(),
            ("enabled" | "do_not_disturb", _) => "false".to_owned(),
            _ => text.to_owned(),
        }
    };
    let after = texts(to);
    // A field that is there on one side only is empty on the other.
    let fields: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    fields
        .into_iter()
        .filter(|field| before.get(*field) != after.get(*field))
        .map(|field| (field.clone(), shown(field, before.get(field)), shown(field, after.get(field))))
        .collect()
}
