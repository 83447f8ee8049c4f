//! What people ask the trace, as it stands in the address.

use domain::TraceExchange;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use super::{LADDER, LIST, PACKETS};
use crate::figures::in_query;

/// Whose messages, and when, as text. At most one of the first six is given.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Question {
    /// A call of ours.
    pub(super) call: String,
    /// A Call-ID.
    pub(super) dialog: String,
    /// `mapping-7` or `routing-7`.
    pub(super) gateway: String,
    /// An address or network.
    pub(super) address: String,
    /// The beginning of a number.
    pub(super) number: String,
    /// The number of a capture.
    pub(super) capture: String,
    /// Only what was refused: `yes`.
    pub(super) refused: String,
    pub(super) from: String,
    pub(super) to: String,
}

impl Question {
    /// The one that the page's address asks.
    pub(super) fn asked() -> Memo<Self> {
        let query = use_query_map();
        Memo::new(move |_| {
            query.with(|query| {
                let get = |name| query.get(name).unwrap_or_default().trim().to_owned();
                Self {
                    call: get("call"),
                    dialog: get("dialog"),
                    gateway: get("gateway"),
                    address: get("address"),
                    number: get("number"),
                    capture: get("capture"),
                    refused: get("refused"),
                    from: get("from"),
                    to: get("to"),
                }
            })
        })
    }

    /// The one whose ladder shows an exchange.
    pub(super) fn of(exchange: &TraceExchange) -> Self {
        match (exchange.call, exchange.call_id.as_str()) {
            (Some(call), _) => Self { call: call.to_string(), ..Self::default() },
            // What has no Call-ID is found by who sent it.
            (None, "") => {
                let address = exchange.remote.rsplit_once(':').map_or("", |(address, _)| address);
                Self { address: address.trim_matches(['[', ']']).to_owned(), ..Self::default() }
            }
            (None, call_id) => Self { dialog: call_id.to_owned(), ..Self::default() },
        }
    }

    /// True when it asks for nothing in particular.
    pub(super) fn is_open(&self) -> bool {
        self.given().is_empty()
    }

    /// Whose messages it asks for, by the field's name.
    fn given(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("call", &self.call),
            ("dialog", &self.dialog),
            ("gateway", &self.gateway),
            ("address", &self.address),
            ("number", &self.number),
            ("capture", &self.capture),
        ];
        all.into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name, value.as_str()))
            .collect()
    }

    fn link(&self, path: &str) -> String {
        let more = [("refused", &self.refused), ("from", &self.from), ("to", &self.to)];
        let more = more.into_iter().filter(|(_, value)| !value.is_empty()).map(|(n, v)| (n, v.as_str()));
        let pairs: Vec<String> = self
            .given()
            .into_iter()
            .chain(more)
            .map(|(name, value)| format!("{name}={}", in_query(value)))
            .collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }

    /// The address of the list that answers it.
    pub(super) fn list(&self) -> String {
        self.link(LIST)
    }

    /// The address of the ladder that answers it.
    pub(super) fn ladder(&self) -> String {
        self.link(LADDER)
    }

    /// The address of the file that answers it.
    pub(super) fn packets(&self) -> String {
        self.link(PACKETS)
    }

    /// The address of the form that captures what it asks for; none where it asks for a capture.
    pub(super) fn capture(&self) -> Option<String> {
        let all = Self { refused: String::new(), from: String::new(), to: String::new(), ..self.clone() };
        let can_be = self.capture.is_empty() && self.dialog.is_empty();
        can_be.then(|| all.link(&format!("{}/new", super::CAPTURES)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_call_ids_survive_the_address_and_carry_nothing_else_into_it() {
        let question = Question { dialog: "a&refused=yes#\"<b>".to_owned(), ..Question::default() };
        assert_eq!(question.ladder(), "/operation/trace/ladder?dialog=a%26refused%3Dyes%23%22%3Cb%3E");
    }

    #[test]
    fn what_has_no_call_id_is_found_by_its_sender() {
        let mut exchange = TraceExchange {
            call: None,
            call_id: String::new(),
            first_at: Default::default(),
            last_at: Default::default(),
            method: String::new(),
            caller: String::new(),
            called: String::new(),
            remote: "[2001:db8::1]:5060".to_owned(),
            answer: None,
            messages: 1,
            fate: None,
            fate_detail: String::new(),
        };
        assert_eq!(Question::of(&exchange).address, "2001:db8::1");
        exchange.remote = "192.0.2.7:5060".to_owned();
        assert_eq!(Question::of(&exchange).ladder(), "/operation/trace/ladder?address=192.0.2.7");
    }
}
