//! What people ask the list of calls, as it stands in the address.

use domain::CdrCursor;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use crate::figures::in_query;

/// The fields of the filter bar, as text.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Question {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) caller: String,
    pub(super) callee: String,
    pub(super) account: String,
    pub(super) mapping_gateway: String,
    pub(super) routing_gateway: String,
    pub(super) end_reason: String,
    pub(super) answered: String,
    /// The place behind which the page begins.
    pub(super) after: String,
}

impl Question {
    /// The one that the page's address asks.
    pub(super) fn asked() -> Memo<Self> {
        let query = use_query_map();
        Memo::new(move |_| {
            query.with(|query| {
                let get = |name| query.get(name).unwrap_or_default();
                Self {
                    from: get("from"),
                    to: get("to"),
                    caller: get("caller"),
                    callee: get("callee"),
                    account: get("account"),
                    mapping_gateway: get("mapping_gateway"),
                    routing_gateway: get("routing_gateway"),
                    end_reason: get("end_reason"),
                    answered: get("answered"),
                    after: get("after"),
                }
            })
        })
    }

    /// The address of the same question, beginning behind `after`.
    pub(super) fn address(&self, after: Option<&CdrCursor>) -> String {
        let after = after.map(write_cursor).unwrap_or_default();
        let pairs = [
            ("from", &self.from),
            ("to", &self.to),
            ("caller", &self.caller),
            ("callee", &self.callee),
            ("account", &self.account),
            ("mapping_gateway", &self.mapping_gateway),
            ("routing_gateway", &self.routing_gateway),
            ("end_reason", &self.end_reason),
            ("answered", &self.answered),
            ("after", &after),
        ];
        let given: Vec<String> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", in_query(value)))
            .collect();
        if given.is_empty() { super::LIST.to_owned() } else { format!("{}?{}", super::LIST, given.join("&")) }
    }
}

fn write_cursor(cursor: &CdrCursor) -> String {
    format!("{}.{}", cursor.started_at.timestamp_micros(), cursor.id)
}
