//! Finds messages in the snapshots of all shards. It runs beside the shards, never on one.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::CallId;

use crate::{Glimpse, Question, Seen, Snapshot, Target, glance::Glance};

/// What a search found.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Found {
    /// The messages, in the order of time.
    pub messages: Vec<Seen>,
    /// Which call of ours a Call-ID belongs to.
    pub legs: HashMap<Vec<u8>, CallId>,
    /// There were more than were asked for; the earliest were left out.
    pub cut: bool,
    /// The moment from which on nothing of calls is missing; none when nothing was seen yet.
    pub since: Option<DateTime<Utc>>,
}

/// Finds the messages that a question asks for.
pub fn search(snapshots: &[Snapshot], question: &Question) -> Found {
    let everything = || snapshots.iter().flat_map(|s| s.between(question.from, question.until));
    let legs: HashMap<Vec<u8>, CallId> = everything()
        .filter_map(|glimpse| match glimpse {
            Glimpse::Leg { call, call_id } => Some((call_id.to_vec(), call)),
            Glimpse::Message { .. } => None,
        })
        .collect();
    let whole = Whole::of(&question.target, everything, &legs);
    let mut messages: Vec<(u64, Seen)> = Vec::new();
    let mut cut = false;
    for glimpse in everything() {
        let Glimpse::Message { at, number, direction, flow, fate, octets } = glimpse else { continue };
        let meant = match &whole {
            Some(whole) => whole.has(octets, &legs),
            None => question.target.names(&flow, octets),
        };
        if !meant || (question.only_refused && !fate.is_refused()) {
            continue;
        }
        messages.push((number, Seen { at, direction, flow, fate, bytes: Bytes::copy_from_slice(octets) }));
        // Twice as many as are wanted, so that the order is found rarely.
        if messages.len() >= question.most.saturating_mul(2).max(64) {
            cut |= keep_latest(&mut messages, question.most);
        }
    }
    cut |= keep_latest(&mut messages, question.most);
    let since = snapshots.iter().filter_map(Snapshot::since).max();
    Found { messages: messages.into_iter().map(|(_, seen)| seen).collect(), legs, cut, since }
}

/// Sorts by time, and keeps the latest; true when some had to go.
fn keep_latest(messages: &mut Vec<(u64, Seen)>, most: usize) -> bool {
    messages.sort_by_key(|(number, seen)| (seen.at, *number));
    let over = messages.len().saturating_sub(most);
    messages.drain(..over);
    over > 0
}

/// The calls and dialogs that a target means as a whole.
struct Whole {
    calls: HashSet<CallId>,
    dialogs: HashSet<Vec<u8>>,
}

impl Whole {
    fn of<'a, I>(target: &Target, everything: impl Fn() -> I, legs: &HashMap<Vec<u8>, CallId>) -> Option<Self>
    where
        I: Iterator<Item = Glimpse<'a>>,
    {
        if !target.means_whole_calls() {
            return None;
        }
        let mut whole = Self { calls: HashSet::new(), dialogs: HashSet::new() };
        if let Target::Call { id, call_ids } = target {
            whole.calls.insert(*id);
            whole.dialogs.extend(call_ids.iter().map(|call_id| call_id.as_bytes().to_vec()));
            return Some(whole);
        }
        for glimpse in everything() {
            let Glimpse::Message { flow, octets, .. } = glimpse else { continue };
            if target.names(&flow, octets) {
                let call_id = Glance::at(octets).call_id();
                if let Some(call) = legs.get(call_id) {
                    whole.calls.insert(*call);
                }
                whole.dialogs.insert(call_id.to_vec());
            }
        }
        Some(whole)
    }

    fn has(&self, octets: &[u8], legs: &HashMap<Vec<u8>, CallId>) -> bool {
        let call_id = Glance::at(octets).call_id();
        !call_id.is_empty()
            && (self.dialogs.contains(call_id)
                || legs.get(call_id).is_some_and(|call| self.calls.contains(call)))
    }
}
