//! Who is let in: challenges, credentials, limits (decisions 22 and 23).
//!
//! Nothing is remembered of a challenge. What is remembered of failures is bounded and cannot be filled from forged addresses:
//! only who answers a nonce that was given to its own address is counted. A name that does not exist is challenged, computed,
//! counted and suspended like one that does.

mod ledger;
mod outcome;
mod replay;
mod suspension;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use domain::{PHONE_REALM, PhoneKeys};
use ipnet::IpNet;
use sip::digest::{Algorithm, Challenger, Credentials, Ha1, Verdict};
use sip::{HeaderName, Message, Method};
use smallvec::SmallVec;

use crate::answer::{Answer, Reply};
use crate::policy::{Challenging, Policy};
use ledger::Ledger;
pub use outcome::Outcome;
pub(crate) use outcome::Outcomes;
pub(crate) use replay::Replay;
use suspension::Suspensions;
pub use suspension::{Suspended, Suspension, SuspensionReason};

/// How long a nonce may be used.
const NONCE_LIFE: Duration = Duration::from_secs(300);

/// Longest credentials that are read.
const LONGEST: usize = 4096;

/// Checks the credentials of all shards.
pub(crate) struct Door {
    challenger: Challenger,
    /// What the credentials of nobody are compared with.
    nobody: PhoneKeys,
    sessions: Ledger<Session>,
    suspensions: Suspensions,
    pub(crate) outcomes: Outcomes,
}

/// One authentication: same source, user and Call-ID.
struct Session {
    started: Duration,
    failures: u32,
    over: bool,
}

/// What is known of a user.
pub(crate) struct Known<'a> {
    pub(crate) keys: &'a PhoneKeys,
    pub(crate) replay: &'a Replay,
    /// Where it may come from; empty is everywhere.
    pub(crate) networks: &'a [IpNet],
    /// Whether it is registered from the request's address: the sins of others there are not its own.
    pub(crate) at_home: bool,
}

/// A request that wants to be let in.
pub(crate) struct Visit<'a> {
    pub(crate) now: Duration,
    pub(crate) message: &'a Message,
    pub(crate) source: SocketAddr,
    pub(crate) policy: &'a Policy,
}

/// What became of it.
pub(crate) struct Checked {
    pub(crate) outcome: Outcome,
    /// The name in the credentials; of the sender when there are none.
    pub(crate) user: String,
    /// The answer, unless it is let in.
    pub(crate) refusal: Option<Answer>,
    /// Suspensions that begin with it.
    pub(crate) suspended: SmallVec<[Suspension; 1]>,
}

impl Door {
    /// With a secret that is the same for all shards; keep it over restarts and phones need not be challenged anew.
    pub(crate) fn new(secret: [u8; 32]) -> Self {
        let mut password = String::new();
        for byte in secret {
            password.push_str(&byte.to_string());
        }
        let ha1 = |algorithm| Ha1::new(algorithm, "", PHONE_REALM, &password).expose().into();
        Self {
            challenger: Challenger::new(secret, NONCE_LIFE),
            nobody: PhoneKeys { md5: ha1(Algorithm::Md5), sha256: ha1(Algorithm::Sha256) },
            sessions: Ledger::new(32_768),
            suspensions: Suspensions::new(),
            outcomes: Outcomes::default(),
        }
    }

    /// Lets a request in, or says what is answered.
    pub(crate) fn check<'k>(
        &self,
        visit: &Visit<'_>,
        find: impl FnOnce(&str) -> Option<Known<'k>>,
    ) -> Checked {
        let presented = Presented::of(visit.message);
        let user = match &presented {
            Presented::Ours(credentials) => credentials.username.clone(),
            _ => sender(visit.message),
        };
        let known = find(&user);
        let mut suspended = SmallVec::new();
        let (outcome, way) = self.judge(visit, &user, &presented, known.as_ref(), &mut suspended);
        self.outcomes.count(outcome);
        let refusal = match way {
            Way::In => None,
            Way::Challenge { stale } => Some(self.challenge(visit, stale).into()),
            Way::Refuse if visit.policy.answers_strangers => Some(Reply::plain(403).into()),
            Way::Refuse | Way::Nothing => Some(Answer::Silent),
        };
        Checked { outcome, user, refusal, suspended }
    }

    fn judge(
        &self,
        visit: &Visit<'_>,
        user: &str,
        presented: &Presented,
        known: Option<&Known<'_>>,
        suspended: &mut SmallVec<[Suspension; 1]>,
    ) -> (Outcome, Way) {
        let (now, policy) = (visit.now, visit.policy);
        let address = visit.source.ip().to_canonical();
        let registers = matches!(visit.message.method(), Some(Method::Register));
        if known.is_none() && !policy.answers_strangers {
            return (Outcome::Silent, Way::Nothing);
        }
        let at_home = known.is_some_and(|known| known.at_home);
        if self.suspensions.holds(now, user, address, registers, at_home) {
            return (Outcome::Suspended, Way::Refuse);
        }
        let credentials = match presented {
            Presented::Ours(credentials) => credentials,
            Presented::Nothing => return (Outcome::Challenged, Way::Challenge { stale: false }),
            Presented::Others => return (Outcome::WrongRealm, Way::Challenge { stale: false }),
            Presented::Unreadable => return (Outcome::Unreadable, Way::Challenge { stale: false }),
        };
        if !policy.algorithms.contains(&credentials.algorithm.base()) {
            return (Outcome::Unreadable, Way::Challenge { stale: false });
        }
        let session = self.sessions.hash((address, user, visit.message.call_id()));
        let over = self
            .sessions
            .read(now, session, |session| (session.over, now > session.started + policy.patience));
        match over {
            Some((true, _)) => return (Outcome::TooManyTries, Way::Refuse),
            Some((_, true)) => return (Outcome::TooLong, Way::Refuse),
            _ => {}
        }
        let issued = self.challenger.issued(address, &credentials.nonce);
        let verdict = self.compare(visit, credentials, known.map_or(&self.nobody, |known| known.keys));
        let allowed = |known: &Known<'_>| {
            known.networks.is_empty() || known.networks.iter().any(|net| net.contains(&address))
        };
        let failure = match (verdict, known, issued) {
            (Verdict::Right { count }, Some(known), Some(issued)) if allowed(known) => {
                if !known.replay.accept(now, NONCE_LIFE, issued, count) {
                    return (Outcome::Replayed, Way::Challenge { stale: true });
                }
                self.sessions.forget(now, session);
                self.suspensions.forgive(now, user, address);
                return (Outcome::Good, Way::In);
            }
            (Verdict::Stale, Some(_), _) => return (Outcome::Stale, Way::Challenge { stale: true }),
            // A guess on a nonce that cannot succeed is none, and may come from a forged address.
            (_, _, issued) if issued.is_none_or(|issued| issued > now || issued + NONCE_LIFE < now) => {
                return (Outcome::StrangeNonce, Way::Challenge { stale: false });
            }
            (Verdict::Right { .. }, Some(_), _) => Outcome::BadPlace,
            (_, None, _) => Outcome::Unknown,
            _ => Outcome::Bad,
        };
        *suspended = self.suspensions.failed(now, user, address, registers, known.is_some(), policy);
        match self.failed(now, session, policy) {
            Some(end) => (end, Way::Refuse),
            None => (failure, Way::Challenge { stale: false }),
        }
    }

    fn compare(&self, visit: &Visit<'_>, credentials: &Credentials, keys: &PhoneKeys) -> Verdict {
        // Without a count the credentials could be sent to another place again.
        if credentials.counted.is_none() && credentials.uri != visit.message.request_uri() {
            return Verdict::Wrong;
        }
        let digits = match credentials.algorithm.base() {
            Algorithm::Sha256 | Algorithm::Sha256Sess => &keys.sha256,
            Algorithm::Md5 | Algorithm::Md5Sess => &keys.md5,
        };
        let Some(ha1) = Ha1::stored(digits) else { return Verdict::Wrong };
        let method = visit.message.method().map_or("", Method::as_str);
        let source = visit.source.ip().to_canonical();
        self.challenger.judge(visit.now, source, credentials, method, visit.message.body(), &ha1)
    }

    /// Counts a failure of an authentication; why it is over, when it is.
    fn failed(&self, now: Duration, session: u64, policy: &Policy) -> Option<Outcome> {
        let fresh = || Session { started: now, failures: 0, over: false };
        self.sessions.change(now, session, fresh, |session| {
            session.failures += 1;
            session.over = session.failures >= policy.retries;
            // One that is over is refused for as long again, then the device may begin anew under the same Call-ID.
            let until =
                if session.over { now + policy.patience } else { session.started + 2 * policy.patience };
            (until, session.over.then_some(Outcome::TooManyTries))
        })
    }

    fn challenge(&self, visit: &Visit<'_>, stale: bool) -> Reply {
        let (register, other) = visit.policy.challenge;
        let way = if matches!(visit.message.method(), Some(Method::Register)) { register } else { other };
        let (status, name) = match way {
            Challenging::AsServer => (401, HeaderName::WwwAuthenticate.as_str()),
            Challenging::AsProxy => (407, HeaderName::ProxyAuthenticate.as_str()),
        };
        let source = visit.source.ip().to_canonical();
        let mut reply = Reply::plain(status);
        for algorithm in visit.policy.algorithms {
            let challenge = self.challenger.challenge(visit.now, source, PHONE_REALM, *algorithm, stale);
            reply = reply.with(name, challenge);
        }
        reply
    }

    /// Who is suspended now.
    pub(crate) fn suspended(&self, now: Duration) -> Vec<Suspension> {
        self.suspensions.list(now)
    }

    /// Puts back a suspension from before a restart.
    pub(crate) fn restore(&self, now: Duration, suspension: &Suspension) {
        self.suspensions.restore(now, suspension);
    }

    /// Ends a suspension early and forgets its failures; whether there was one.
    pub(crate) fn release(&self, now: Duration, who: &Suspended) -> bool {
        self.suspensions.release(now, who)
    }
}

enum Way {
    In,
    Challenge {
        stale: bool,
    },
    /// 403, or nothing where strangers are not answered.
    Refuse,
    Nothing,
}

/// What a request brings to be let in with.
enum Presented {
    Nothing,
    Ours(Credentials),
    Others,
    Unreadable,
}

impl Presented {
    /// Either header may carry the credentials: some devices answer a 407 to REGISTER with the other one.
    fn of(message: &Message) -> Self {
        let mut found = Self::Nothing;
        let lines =
            message.headers(HeaderName::Authorization).chain(message.headers(HeaderName::ProxyAuthorization));
        for line in lines.take(4) {
            let read = if line.len() <= LONGEST { Credentials::parse(line).ok() } else { None };
            match read {
                Some(credentials) if credentials.realm == PHONE_REALM => return Self::Ours(credentials),
                Some(_) => found = Self::Others,
                None if matches!(found, Self::Nothing) => found = Self::Unreadable,
                None => {}
            }
        }
        found
    }
}

/// The user that a request without credentials is about: the one to be registered, or the caller.
fn sender(message: &Message) -> String {
    let address = match message.method() {
        Some(Method::Register) => message.to(),
        _ => message.from(),
    };
    address.ok().and_then(|address| address.uri.decoded_user()).unwrap_or_default()
}

/// The network that one sender has: an IPv4 address, or 64 bits of IPv6.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let mut octets = six.octets();
            octets[8..].fill(0);
            IpAddr::from(octets)
        }
        four => four,
    }
}
