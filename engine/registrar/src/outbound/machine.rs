//! One registration of ours.

use std::fmt;
use std::time::Duration;

use rand::{Rng, RngExt};
use sip::digest::{Account, Asked, DigestError, answer};
use sip::rsip::Request;
use sip::{HeaderName, Message, NameAddr};

use super::request::{Dialog, Plan};

/// What is asked for where the other server decides.
const AUTO: u32 = 3600;

/// Longest time that the other server may make us ask for.
const LONGEST: u32 = 86_400;

/// Where a registration of ours stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RegistrationState {
    /// Not begun yet.
    Idle,
    /// A request is on its way.
    Asking,
    /// The other server knows us.
    Registered {
        /// Until when, if we said nothing more.
        until: Duration,
    },
    /// It failed and is tried again.
    Waiting {
        /// Why.
        why: Failure,
    },
    /// The cancellation is on its way.
    Cancelling,
    /// Stopped; nothing more is sent.
    Gone,
}

/// Why a registration of ours failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The other server refused.
    Refused {
        /// Its status.
        status: u16,
        /// Its words.
        reason: String,
    },
    /// It did not take our password.
    Password,
    /// Its challenge cannot be answered.
    Challenge(DigestError),
    /// There is no password to answer its challenge with.
    NoPassword,
    /// It did not answer.
    Timeout,
    /// There is no way to it: its name has no address, or no connection can be had.
    Unreachable,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { status, reason } => write!(f, "refused with {status} {reason}"),
            Self::Password => f.write_str("the password or the authentication user is wrong"),
            Self::Challenge(fault) => write!(f, "the challenge cannot be answered: {fault}"),
            Self::NoPassword => f.write_str("a password is asked for and none is set"),
            Self::Timeout => f.write_str("no answer"),
            Self::Unreachable => f.write_str("no way to the server"),
        }
    }
}

/// One registration of ours. Times are since any fixed moment, the same in every call.
pub struct Registration {
    plan: Plan,
    dialog: Dialog,
    state: RegistrationState,
    /// When something is to be done without an answer.
    due: Option<Duration>,
    /// When it was last known to be bound until; a cancellation has to be sent as long as that may be.
    bound_until: Option<Duration>,
    /// What 423 asked for.
    least: u32,
    challenges: u32,
    last: Option<Failure>,
}

impl Registration {
    /// One that begins at `start`. `call_id` and `tag` must be new.
    pub fn new(plan: Plan, call_id: String, tag: String, start: Duration) -> Self {
        Self {
            plan,
            dialog: Dialog { call_id, tag, cseq: 0 },
            state: RegistrationState::Idle,
            due: Some(start),
            bound_until: None,
            least: 0,
            challenges: 0,
            last: None,
        }
    }

    /// Where it stands.
    pub fn state(&self) -> &RegistrationState {
        &self.state
    }

    /// What it is about.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// When [`Self::on_timer`] is to be called.
    pub fn deadline(&self) -> Option<Duration> {
        self.due
    }

    /// The last failure, also when it has been mended since.
    pub fn last_failure(&self) -> Option<&Failure> {
        self.last.as_ref()
    }

    /// Its time may have come: a request to send.
    pub fn on_timer(&mut self, now: Duration) -> Option<Request> {
        if self.due.is_none_or(|due| now < due) {
            return None;
        }
        self.due = None;
        self.challenges = 0;
        self.state = RegistrationState::Asking;
        Some(self.next(None))
    }

    /// Makes it due now, unless a request is on its way already or it ends.
    pub(super) fn hurry(&mut self, now: Duration) -> bool {
        use RegistrationState::{Idle, Registered, Waiting};
        let waits = matches!(self.state, Idle | Registered { .. } | Waiting { .. });
        if waits {
            self.due = Some(now);
        }
        waits
    }

    /// Takes up other parameters, or another password: that one is tried at once when the last try failed. A change of what is
    /// registered is another registration.
    pub(super) fn adopt(&mut self, now: Duration, plan: Plan) {
        if matches!(self.state, RegistrationState::Waiting { .. }) && self.plan.password != plan.password {
            self.due = Some(now);
        }
        self.plan = plan;
    }

    /// Begins the cancellation, when there is anything to cancel and it shall be; a request to send.
    pub fn stop(&mut self, now: Duration) -> Option<Request> {
        self.due = None;
        // An unanswered request may have bound us.
        let bound =
            self.bound_until.is_some_and(|until| now < until) || self.state == RegistrationState::Asking;
        match self.state {
            RegistrationState::Cancelling | RegistrationState::Gone => None,
            _ if bound && self.plan.cancels => {
                self.state = RegistrationState::Cancelling;
                self.challenges = 0;
                Some(self.next(None))
            }
            _ => {
                self.state = RegistrationState::Gone;
                None
            }
        }
    }

    /// A final answer to the last request; a request to send at once. Provisional answers need not be told.
    pub fn on_response(
        &mut self,
        now: Duration,
        message: &Message,
        chance: &mut impl Rng,
    ) -> Option<Request> {
        let status = message.status().unwrap_or_default();
        // The answer to a request before the last one, which was overtaken by the cancellation.
        if status < 200 || message.cseq().0 != self.dialog.cseq || !self.is_asking() {
            return None;
        }
        match status {
            200..=299 => {
                self.accepted(now, message, chance);
                None
            }
            401 | 407 => self.challenged(now, message, chance),
            423 if self.state == RegistrationState::Asking => {
                let least =
                    message.header(HeaderName::MinExpires).and_then(|text| text.trim().parse::<u32>().ok());
                match least.filter(|least| *least > self.asks_for() && *least <= LONGEST) {
                    Some(least) => {
                        self.least = least;
                        Some(self.next(None))
                    }
                    None => self.failed(now, refused(message)),
                }
            }
            _ => self.failed(now, refused(message)),
        }
    }

    /// Nobody answered the last request.
    pub fn on_timeout(&mut self, now: Duration) {
        self.failed(now, Failure::Timeout);
    }

    /// The last request could not be sent.
    pub fn on_unreachable(&mut self, now: Duration) {
        self.failed(now, Failure::Unreachable);
    }

    fn is_asking(&self) -> bool {
        matches!(self.state, RegistrationState::Asking | RegistrationState::Cancelling)
    }

    fn asks_for(&self) -> u32 {
        match self.state {
            RegistrationState::Cancelling => 0,
            _ => self.plan.expires.unwrap_or(AUTO).max(self.least),
        }
    }

    fn next(&mut self, credentials: Option<(&str, &str)>) -> Request {
        self.dialog.cseq += 1;
        self.plan.request(&self.dialog, self.asks_for(), credentials)
    }

    fn accepted(&mut self, now: Duration, message: &Message, chance: &mut impl Rng) {
        if self.state == RegistrationState::Cancelling {
            self.bound_until = None;
            self.state = RegistrationState::Gone;
            return;
        }
        let given = self.given(message);
        let until = now + Duration::from_secs(u64::from(given));
        self.bound_until = Some(until);
        self.due = Some(now + self.refresh_after(given, chance));
        self.state = RegistrationState::Registered { until };
    }

    /// The lifetime that the other server gave to our contact.
    fn given(&self, message: &Message) -> u32 {
        let ours = message
            .list(HeaderName::Contact)
            .take(64)
            .filter_map(|element| NameAddr::parse(element).ok())
            .find(|contact| self.plan.is_ours(&contact.uri));
        let told = ours.and_then(|contact| contact.params.get("expires").and_then(|text| text.parse().ok()));
        let general = || message.header(HeaderName::Expires).and_then(|text| text.trim().parse().ok());
        told.or_else(general).unwrap_or_else(|| self.asks_for()).clamp(1, LONGEST)
    }

    /// Half of a time that we set; 65 to 85 % of one that the other server gave, at least 5 s before its end but not before its
    /// half; so that many that began together do not stay together (decision 25).
    fn refresh_after(&self, given: u32, chance: &mut impl Rng) -> Duration {
        let given = Duration::from_secs(u64::from(given));
        let half = given / 2;
        if self.plan.expires.is_some() {
            return half;
        }
        let share = given * chance.random_range(65..=85) / 100;
        share.min(given.saturating_sub(Duration::from_secs(5))).max(half)
    }

    fn challenged(&mut self, now: Duration, message: &Message, chance: &mut impl Rng) -> Option<Request> {
        self.challenges += 1;
        let (asked, answered) = match message.status() {
            Some(407) => (HeaderName::ProxyAuthenticate, HeaderName::ProxyAuthorization),
            _ => (HeaderName::WwwAuthenticate, HeaderName::Authorization),
        };
        if self.challenges > self.plan.tries {
            return self.failed(now, Failure::Password);
        }
        let Some(password) = &self.plan.password else { return self.failed(now, Failure::NoPassword) };
        let settings = &self.plan.settings;
        let user = settings.auth_user.as_ref().unwrap_or(&settings.user);
        let account = Account { user: user.as_str(), password: password.expose() };
        let uri = self.plan.server().to_string();
        let request = Asked { method: "REGISTER", uri: &uri, body: b"" };
        let cnonce = format!("{:016x}", chance.random::<u64>());
        match answer(message.headers(asked), account, &request, 1, &cnonce) {
            Ok(credentials) => Some(self.next(Some((answered.as_str(), &credentials.to_string())))),
            Err(fault) => self.failed(now, Failure::Challenge(fault)),
        }
    }

    /// Always nothing to send.
    fn failed(&mut self, now: Duration, why: Failure) -> Option<Request> {
        match self.state {
            RegistrationState::Cancelling => self.state = RegistrationState::Gone,
            RegistrationState::Asking => {
                self.due = Some(now + self.plan.retry_delay);
                self.state = RegistrationState::Waiting { why: why.clone() };
            }
            _ => return None,
        }
        self.last = Some(why);
        None
    }
}

fn refused(message: &Message) -> Failure {
    let reason = message.reason().chars().filter(|c| !c.is_control()).take(64).collect();
    Failure::Refused { status: message.status().unwrap_or_default(), reason }
}
