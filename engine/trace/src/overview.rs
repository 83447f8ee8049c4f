//! Messages put together to calls, registrations and whatever else went on.

use std::collections::HashMap;

use domain::{CallId, TraceExchange, TraceOverview};

use crate::{
    Found, Seen,
    glance::{Glance, shown},
};

/// Characters of a number, and of a Call-ID, that are shown.
const NUMBER: usize = 64;
const CALL_ID: usize = 256;

/// What belongs together.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Call(CallId),
    Dialog(&'a [u8]),
    /// No Call-ID: the same sender's, of the same fate.
    Lone(std::net::IpAddr, Option<String>),
}

/// The exchanges of what was found, the latest first; at most so many.
pub fn overview(found: &Found, most: usize) -> TraceOverview {
    let mut places: HashMap<Key<'_>, usize> = HashMap::new();
    let mut exchanges: Vec<TraceExchange> = Vec::new();
    for seen in &found.messages {
        let glance = Glance::at(&seen.bytes);
        let call = found.legs.get(glance.call_id()).copied();
        let key = match (call, glance.call_id()) {
            (Some(call), _) => Key::Call(call),
            (None, b"") => Key::Lone(seen.flow.remote.ip(), seen.fate.code()),
            (None, call_id) => Key::Dialog(call_id),
        };
        let place = *places.entry(key).or_insert_with(|| {
            exchanges.push(begun(seen, glance, call));
            exchanges.len() - 1
        });
        add(&mut exchanges[place], seen, glance);
    }
    exchanges.sort_by_key(|exchange| std::cmp::Reverse(exchange.last_at));
    let cut = found.cut || exchanges.len() > most;
    exchanges.truncate(most);
    TraceOverview { exchanges, cut, since: found.since }
}

fn begun(seen: &Seen, glance: Glance<'_>, call: Option<CallId>) -> TraceExchange {
    TraceExchange {
        call,
        call_id: shown(glance.call_id(), CALL_ID),
        first_at: seen.at,
        last_at: seen.at,
        method: String::new(),
        caller: shown(glance.caller(), NUMBER),
        called: shown(glance.called(), NUMBER),
        remote: seen.flow.remote.to_string(),
        answer: None,
        messages: 0,
        fate: None,
        fate_detail: String::new(),
    }
}

fn add(exchange: &mut TraceExchange, seen: &Seen, glance: Glance<'_>) {
    exchange.last_at = seen.at;
    exchange.messages += 1;
    if let (Some(method), true) = (glance.method(), exchange.method.is_empty()) {
        exchange.method = method.to_owned();
    }
    if seen.fate.is_refused() {
        exchange.fate = seen.fate.code();
        exchange.fate_detail = seen.fate.detail();
    }
    let asked = exchange.method.as_bytes();
    if let Some(status) = glance.status().filter(|status| *status >= 200 && glance.answers(asked)) {
        // What the caller was told comes after what a gateway said.
        exchange.answer = Some(status);
    }
}
