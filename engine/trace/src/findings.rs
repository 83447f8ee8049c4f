//! What in a ladder is to be noticed, so that nobody has to read every message: first of all why an authentication fails.

use std::collections::{BTreeMap, HashMap};

use domain::{TraceFinding, TraceNotice, TraceStep};
use sip::{HeaderName, Message, Method, digest::Challenge};

use crate::{Fate, Seen};

/// Cycles of challenge and answer beyond which something is wrong.
const HONEST_CYCLES: u32 = 2;
/// Findings that are told.
const MOST: usize = 20;

/// One party's exchanges under one Call-ID.
#[derive(Default)]
struct Dialog {
    /// Challenges since the last success.
    challenges: u32,
    /// The last request after which a challenge came, by its CSeq.
    challenged: Option<u32>,
    came_back_bare: bool,
    stale: bool,
    asked: bool,
    answered: bool,
    removing: bool,
    removed: bool,
}

/// The findings over messages and their steps, which stand in the same order.
pub(crate) fn findings(read: &[(Option<Message>, &Seen)], steps: &[TraceStep]) -> Vec<TraceFinding> {
    let mut told: BTreeMap<(TraceNotice, String), u64> = BTreeMap::new();
    let mut tell = |what, whose: String, count: u64| *told.entry((what, whose)).or_default() += count;
    let mut dialogs: HashMap<(String, std::net::SocketAddr), Dialog> = HashMap::new();
    for ((message, seen), step) in read.iter().zip(steps) {
        if step.is_repeated {
            tell(TraceNotice::Repeated, String::new(), 1);
            continue;
        }
        match seen.fate {
            Fate::Login(outcome)
                if !matches!(outcome, registrar::Outcome::Good | registrar::Outcome::Challenged) =>
            {
                tell(TraceNotice::Login, seen.fate.code().unwrap_or_default(), 1);
            }
            fate if fate.is_refused() => tell(TraceNotice::Refused, fate.code().unwrap_or_default(), 1),
            _ => {}
        }
        if let Some(message) = message {
            let key = (message.call_id().to_owned(), seen.flow.remote);
            dialogs.entry(key).or_default().note(message, seen);
        }
    }
    for ((_, remote), dialog) in dialogs {
        let whose = remote.to_string();
        let mut tell = |what, when: bool, count: u32| {
            if when {
                *told.entry((what, whose.clone())).or_default() += u64::from(count);
            }
        };
        tell(TraceNotice::ChallengeLoop, dialog.challenges > HONEST_CYCLES, dialog.challenges);
        tell(TraceNotice::NoCredentials, dialog.came_back_bare, 1);
        tell(TraceNotice::ChallengeUnanswered, dialog.challenged.is_some() && dialog.challenges == 1, 1);
        tell(TraceNotice::StaleNonce, dialog.stale, 1);
        tell(TraceNotice::Unanswered, dialog.asked && !dialog.answered, 1);
        tell(TraceNotice::Unregistered, dialog.removed, 1);
    }
    let findings = told.into_iter().map(|((what, whose), count)| TraceFinding { what, count, whose });
    findings.take(MOST).collect()
}

impl Dialog {
    fn note(&mut self, message: &Message, seen: &Seen) {
        let (number, method) = message.cseq();
        if message.is_request() {
            if method == Method::Ack || method == Method::Cancel {
                return;
            }
            // What a stranger sends is refused on purpose: that it goes unanswered is told as such.
            self.asked |= !seen.fate.is_refused();
            let has_credentials =
                ["Authorization", "Proxy-Authorization"].iter().any(|h| message.other(h).is_some());
            if self.challenged.is_some_and(|challenged| number > challenged) {
                self.came_back_bare |= !has_credentials;
                self.challenged = None;
            }
            if method == Method::Register {
                self.removing = is_removal(message);
            }
            return;
        }
        self.answered = true;
        match message.status() {
            Some(401 | 407) => {
                self.challenges += 1;
                self.challenged = Some(number);
                self.stale |= ["WWW-Authenticate", "Proxy-Authenticate"]
                    .iter()
                    .filter_map(|header| message.other(header))
                    .any(|value| Challenge::parse(value).is_ok_and(|challenge| challenge.stale));
            }
            Some(200..=299) => {
                (self.challenges, self.challenged) = (0, None);
                self.removed |= method == Method::Register && self.removing;
            }
            _ => {}
        }
    }
}

/// True when a REGISTER takes its contacts away (RFC 3261 §10.2.2).
fn is_removal(message: &Message) -> bool {
    let zero = |value: &str| value.trim() == "0";
    message.header(HeaderName::Expires).is_some_and(zero)
        || message.list(HeaderName::Contact).any(|contact| {
            contact
                .split(';')
                .filter_map(|part| part.split_once('='))
                .any(|(name, value)| name.trim().eq_ignore_ascii_case("expires") && zero(value))
        })
}
