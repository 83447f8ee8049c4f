//! Users and addresses that failed too often.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use smallvec::SmallVec;

use super::{Ledger, neighbourhood};
use crate::policy::{Limit, Policy};

/// How many times the threshold a user's failures from all addresses, or an address's failures with unknown names, must reach:
/// so that a stranger cannot lock a customer out, nor one mistyped name an office (decision 23).
const WIDER: u32 = 10;

/// How long failures count when no more of them come.
const MEMORY: Duration = Duration::from_secs(3600);

/// Characters of a name that are kept; no phone's number is longer.
const NAME: usize = 64;

/// Who is suspended.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Suspended {
    /// A user, from one address (IPv6: one network of 64 bits).
    UserAt(String, IpAddr),
    /// A user, from everywhere.
    User(String),
    /// An address that asked for too many unknown names; not those who are registered from there.
    Address(IpAddr),
}

impl fmt::Display for Suspended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UserAt(user, address) => write!(f, "{user:?} from {address}"),
            Self::User(user) => write!(f, "{user:?}"),
            Self::Address(address) => address.fmt(f),
        }
    }
}

/// What it was that failed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SuspensionReason {
    /// Registrations (`SS_ENDPOINTREGISTERRETRY`): only registrations are refused.
    Registrations,
    /// Passwords of any request (`SS_AUTHENTICATION_MAX_RETRY`): everything is refused.
    Passwords,
    /// Names that do not exist: everything is refused.
    Strangers,
}

impl fmt::Display for SuspensionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Registrations => "too many failed registrations",
            Self::Passwords => "too many wrong passwords",
            Self::Strangers => "too many unknown names",
        })
    }
}

/// A suspension in force.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suspension {
    /// Who.
    pub who: Suspended,
    /// Why.
    pub reason: SuspensionReason,
    /// Failures that led to it.
    pub failures: u32,
    /// Whether a phone of this name exists; never told to the outside.
    pub known: bool,
    /// Since when, from the Unix epoch.
    pub since: Duration,
    /// Until when.
    pub until: Duration,
}

struct Count {
    who: Suspended,
    reason: SuspensionReason,
    known: bool,
    failures: u32,
    suspended: Option<(Duration, Duration)>,
}

impl Count {
    fn suspension(&self) -> Option<Suspension> {
        let (since, until) = self.suspended?;
        let (who, reason, failures, known) = (self.who.clone(), self.reason, self.failures, self.known);
        Some(Suspension { who, reason, failures, known, since, until })
    }

    fn is_held(&self, now: Duration) -> bool {
        self.suspended.is_some_and(|(_, until)| now < until)
    }
}

/// Names that exist and names that do not have rooms of their own: the second are without end, and must not displace the first.
pub(super) struct Suspensions {
    known: Ledger<Count>,
    strangers: Ledger<Count>,
}

use SuspensionReason::{Passwords, Registrations, Strangers};

impl Suspensions {
    pub(super) fn new() -> Self {
        Self { known: Ledger::new(65_536), strangers: Ledger::new(32_768) }
    }

    /// Whether this user from this address is refused.
    pub(super) fn holds(
        &self,
        now: Duration,
        user: &str,
        address: IpAddr,
        registers: bool,
        at_home: bool,
    ) -> bool {
        let (name, place) = (short(user), neighbourhood(address));
        let held = |ledger: &Ledger<Count>, hash| {
            ledger.read(now, hash, |count| count.is_held(now)).unwrap_or(false)
        };
        let by_name = |ledger: &Ledger<Count>, reason| {
            held(ledger, at(ledger, reason, name, place)) || held(ledger, alone(ledger, reason, name))
        };
        if !at_home && held(&self.strangers, address_hash(&self.strangers, place)) {
            return true;
        }
        [&self.known, &self.strangers]
            .into_iter()
            .any(|ledger| by_name(ledger, Passwords) || registers && by_name(ledger, Registrations))
    }

    /// Counts a failure; the suspensions that begin with it.
    pub(super) fn failed(
        &self,
        now: Duration,
        user: &str,
        address: IpAddr,
        registers: bool,
        known: bool,
        policy: &Policy,
    ) -> SmallVec<[Suspension; 1]> {
        let (name, place) = (short(user), neighbourhood(address));
        let ledger = if known { &self.known } else { &self.strangers };
        let mut begun = SmallVec::new();
        let limits = [
            (Passwords, policy.password_limit),
            (Registrations, policy.registration_limit.filter(|_| registers)),
        ];
        for (reason, limit) in limits {
            let Some(limit) = limit else { continue };
            let count = |who| Count { who, reason, known, failures: 0, suspended: None };
            let user_at = || count(Suspended::UserAt(name.to_owned(), place));
            begun.extend(one_more(ledger, now, at(ledger, reason, name, place), limit, user_at));
            let user = || count(Suspended::User(name.to_owned()));
            begun.extend(one_more(ledger, now, alone(ledger, reason, name), wider(limit), user));
        }
        if let Some(limit) = policy.password_limit.or(policy.registration_limit).filter(|_| !known) {
            let address = || Count {
                who: Suspended::Address(place),
                reason: Strangers,
                known: false,
                failures: 0,
                suspended: None,
            };
            begun.extend(one_more(ledger, now, address_hash(ledger, place), wider(limit), address));
        }
        begun
    }

    /// Right credentials end the row of failures from there. The user's failures from all addresses go on counting: they are
    /// somebody else's.
    pub(super) fn forgive(&self, now: Duration, user: &str, address: IpAddr) {
        let (name, place) = (short(user), neighbourhood(address));
        for reason in [Passwords, Registrations] {
            self.known.forget(now, at(&self.known, reason, name, place));
        }
    }

    pub(super) fn list(&self, now: Duration) -> Vec<Suspension> {
        let mut all = Vec::new();
        for ledger in [&self.known, &self.strangers] {
            ledger.each(now, |count| {
                if count.is_held(now) {
                    all.extend(count.suspension());
                }
            });
        }
        // Ties by name: the tables keep no order, and a list that is read twice reads the same.
        all.sort_by(|a, b| b.since.cmp(&a.since).then_with(|| (&a.who, a.reason).cmp(&(&b.who, b.reason))));
        all
    }

    /// Puts back what was in force before a restart.
    pub(super) fn restore(&self, now: Duration, suspension: &Suspension) {
        let Suspension { who, reason, failures, known, since, until } = suspension.clone();
        if until <= now {
            return;
        }
        let ledger = if known { &self.known } else { &self.strangers };
        let hash = match &who {
            Suspended::UserAt(user, address) => at(ledger, reason, short(user), neighbourhood(*address)),
            Suspended::User(user) => alone(ledger, reason, short(user)),
            Suspended::Address(address) => address_hash(ledger, neighbourhood(*address)),
        };
        let fresh = || Count { who, reason, known, failures: 0, suspended: None };
        ledger.change(now, hash, fresh, |count| {
            (count.failures, count.suspended) = (failures, Some((since, until)));
            (until, ())
        });
    }

    pub(super) fn release(&self, now: Duration, who: &Suspended) -> bool {
        let mut released = false;
        for ledger in [&self.known, &self.strangers] {
            for reason in [Passwords, Registrations] {
                let hash = match who {
                    Suspended::UserAt(user, address) => {
                        at(ledger, reason, short(user), neighbourhood(*address))
                    }
                    Suspended::User(user) => alone(ledger, reason, short(user)),
                    Suspended::Address(address) => address_hash(ledger, neighbourhood(*address)),
                };
                released |= ledger.forget(now, hash).is_some_and(|count| count.is_held(now));
            }
        }
        released
    }
}

fn wider(limit: Limit) -> Limit {
    Limit { failures: limit.failures.saturating_mul(WIDER), ..limit }
}

fn one_more(
    ledger: &Ledger<Count>,
    now: Duration,
    hash: u64,
    limit: Limit,
    fresh: impl FnOnce() -> Count,
) -> Option<Suspension> {
    ledger.change(now, hash, fresh, |count| {
        if let Some((_, until)) = count.suspended {
            if now < until {
                // Tries during a suspension do not lengthen it.
                return (until, None);
            }
            (count.failures, count.suspended) = (0, None);
        }
        count.failures += 1;
        if count.failures < limit.failures {
            return (now + MEMORY, None);
        }
        count.suspended = Some((now, now + limit.suspension));
        (now + limit.suspension, count.suspension())
    })
}

fn at(ledger: &Ledger<Count>, reason: SuspensionReason, name: &str, place: IpAddr) -> u64 {
    ledger.hash((reason, name, place))
}

fn alone(ledger: &Ledger<Count>, reason: SuspensionReason, name: &str) -> u64 {
    ledger.hash((reason, name))
}

fn address_hash(ledger: &Ledger<Count>, place: IpAddr) -> u64 {
    ledger.hash((Strangers, place))
}

/// The beginning of a name, which may be ten thousand characters of anything.
fn short(name: &str) -> &str {
    let mut end = name.len().min(NAME);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}
