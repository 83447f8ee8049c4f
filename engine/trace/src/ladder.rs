//! Messages as a ladder: who sent what to whom, and what is to be noticed.

use std::{
    collections::{HashMap, HashSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    net::SocketAddr,
};

use domain::{TraceKind, TraceLadder, TraceLane, TraceStep};
use sip::{HeaderName, Message, Method};

use crate::{
    Direction, Found, Seen,
    digest::digests,
    findings::findings,
    glance::{Glance, shown},
};

/// Lanes beside our own; whoever comes later shares the last one.
const MOST_LANES: usize = 6;
/// Octets of one message that are shown.
const LONGEST_TEXT: usize = 16 * 1024;
/// Octets of all messages of a page.
const LONGEST_PAGE: usize = 1024 * 1024;

/// The ladder of what was found. `name_of` says what we call the far end at an address.
pub fn ladder(found: &Found, name_of: impl Fn(SocketAddr) -> Option<String>) -> TraceLadder {
    let places = Places::of(&found.messages);
    let mut before = HashSet::new();
    let mut room = LONGEST_PAGE;
    let read: Vec<(Option<Message>, &Seen)> =
        found.messages.iter().map(|seen| (Message::parse(seen.bytes.clone()).ok(), seen)).collect();
    let steps: Vec<TraceStep> = read
        .iter()
        .map(|(message, seen)| {
            let mut step = step(message.as_ref(), seen, &places);
            step.is_repeated = !before.insert(fingerprint(seen));
            if let Some(left) = room.checked_sub(seen.bytes.len().min(LONGEST_TEXT)) {
                room = left;
                step.text = Some(readable(&seen.bytes));
            }
            step
        })
        .collect();
    TraceLadder {
        findings: findings(&read, &steps),
        lanes: places.lanes(name_of),
        steps,
        cut: found.cut,
        since: found.since,
    }
}

/// Which lane a far end has.
struct Places {
    /// Those who asked first, in the order of their appearance.
    left: Vec<SocketAddr>,
    /// Those whom we asked first.
    right: Vec<SocketAddr>,
    /// The lane of the others, when there are any.
    others: Option<usize>,
    lane: HashMap<SocketAddr, usize>,
}

impl Places {
    fn of(messages: &[Seen]) -> Self {
        let (mut left, mut right, mut others) = (Vec::new(), Vec::new(), false);
        let mut known = HashSet::new();
        for seen in messages {
            let remote = seen.flow.remote;
            if !known.insert(remote) {
                continue;
            }
            if left.len() + right.len() >= MOST_LANES {
                others = true;
                continue;
            }
            // Who begins with an answer was asked, even when the trace has lost the question.
            let answers = Glance::at(&seen.bytes).status().is_some();
            match (seen.direction == Direction::Received) ^ answers {
                true => left.push(remote),
                false => right.push(remote),
            }
        }
        let others = others.then(|| left.len() + 1 + right.len());
        let ours = left.len();
        let lane = left
            .iter()
            .enumerate()
            .map(|(at, remote)| (*remote, at))
            .chain(right.iter().enumerate().map(|(at, remote)| (*remote, ours + 1 + at)))
            .collect();
        Self { left, right, others, lane }
    }

    fn ours(&self) -> usize {
        self.left.len()
    }

    fn of_remote(&self, remote: SocketAddr) -> usize {
        self.lane.get(&remote).copied().or(self.others).unwrap_or_default()
    }

    fn lanes(&self, name_of: impl Fn(SocketAddr) -> Option<String>) -> Vec<TraceLane> {
        let far = |remote: &SocketAddr| TraceLane {
            name: name_of(*remote).unwrap_or_default(),
            address: remote.to_string(),
            ours: false,
        };
        let ours = TraceLane { name: String::new(), address: String::new(), ours: true };
        let others = TraceLane { ours: false, ..ours.clone() };
        let left = self.left.iter().map(far);
        let right = self.right.iter().map(far);
        left.chain([ours]).chain(right).chain(self.others.map(|_| others)).collect()
    }
}

fn step(message: Option<&Message>, seen: &Seen, places: &Places) -> TraceStep {
    let (remote, ours) = (places.of_remote(seen.flow.remote), places.ours());
    let (from, to, source, target) = match seen.direction {
        Direction::Received => (remote, ours, seen.flow.remote, seen.flow.local),
        Direction::Sent => (ours, remote, seen.flow.local, seen.flow.remote),
    };
    let glance = Glance::at(&seen.bytes);
    TraceStep {
        at: seen.at,
        from,
        to,
        label: label(message, glance),
        marks: message.map(marks).unwrap_or_default(),
        kind: kind(glance),
        has_sdp: message.is_some_and(has_sdp),
        is_repeated: false,
        fate: seen.fate.code(),
        fate_detail: seen.fate.detail(),
        transport: seen.flow.transport.to_string(),
        source: source.to_string(),
        target: target.to_string(),
        call_id: shown(glance.call_id(), 256),
        octets: seen.bytes.len() as u64,
        text: None,
        digests: message.map(digests).unwrap_or_default(),
    }
}

/// `INVITE`, `183 Session Progress`; of what cannot be read the beginning.
fn label(message: Option<&Message>, glance: Glance<'_>) -> String {
    match message.map(|message| (message.method(), message.status(), message.reason())) {
        Some((_, Some(status), reason)) => {
            format!("{status} {}", shown(reason.as_bytes(), 40)).trim_end().to_owned()
        }
        Some((Some(method), None, _)) => shown(method.as_str().as_bytes(), 32),
        _ => match (glance.method(), glance.status()) {
            (Some(method), _) => method.to_owned(),
            (None, _) => shown(glance.start(), 24),
        },
    }
}

fn kind(glance: Glance<'_>) -> TraceKind {
    match glance.status() {
        None if glance.method().is_some() => TraceKind::Request,
        None => TraceKind::Unreadable,
        Some(100..=199) => TraceKind::Provisional,
        Some(200..=299) => TraceKind::Success,
        Some(300..=399 | 401 | 407) => TraceKind::Redirection,
        Some(_) => TraceKind::Failure,
    }
}

fn has_sdp(message: &Message) -> bool {
    !message.body().is_empty()
        && message.content_type().is_some_and(|kind| kind.eq_ignore_ascii_case("application/sdp"))
}

/// What tells a message from its like: the number it has, and what it confirms.
fn marks(message: &Message) -> Vec<String> {
    let (number, method) = message.cseq();
    let mut marks = vec![format!("CSeq {number} {}", shown(method.as_str().as_bytes(), 16))];
    let mut add = |name: &str, value: Option<&str>| {
        marks.extend(value.map(|value| format!("{name} {}", shown(value.as_bytes(), 32))));
    };
    add("RSeq", message.other("RSeq"));
    add("RAck", message.other("RAck"));
    if message.method() == Some(&Method::Register) || matches!(message.cseq().1, Method::Register) {
        add("Expires", message.header(HeaderName::Expires));
    }
    marks
}

fn fingerprint(seen: &Seen) -> u64 {
    let mut hash = DefaultHasher::new();
    (seen.direction, seen.flow.remote, &seen.bytes).hash(&mut hash);
    hash.finish()
}

/// A message as text that shows what is there and nothing else: no control characters, no marks that turn text round.
fn readable(octets: &[u8]) -> String {
    let text = String::from_utf8_lossy(&octets[..octets.len().min(LONGEST_TEXT)]);
    text.chars()
        .filter(|c| *c != '\r')
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() || turns_text(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Marks of bidirectional text and other letters that nobody sees.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
