//! What people ask the list of calls, as it stands in the address.

use domain::CdrCursor;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

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
}

/// The place of a call in the list, for an address.
pub(super) fn write_cursor(cursor: &CdrCursor) -> String {
    format!("{}.{}", cursor.started_at.timestamp_micros(), cursor.id)
}
