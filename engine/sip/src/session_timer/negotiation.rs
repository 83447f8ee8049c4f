//! Who refreshes how often: the agreement of RFC 4028 §7 (caller) and §9 (callee).

use std::time::Duration;

use rsip::Header;

use super::header::{Refresher, SessionExpires, delta_seconds};
use crate::message::{HeaderName, Message};
use crate::method::Method;
use crate::vocabulary::make_header;

const OPTION: &str = "timer";
/// No interval may be shorter (RFC 4028 §4).
const SHORTEST: Duration = Duration::from_secs(90);
/// A Min-SE that asks for more is not followed: such a session would in effect not be watched.
const LONGEST: Duration = Duration::from_secs(86_400);

/// The settings of a gateway or of the switch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SessionPolicy {
    /// The interval to ask for; default 600 s. Zero asks for none: then only sessions that the peer wants timed are.
    pub interval: Duration,
    /// The shortest that we take; at least 90 s, the default (RFC 4028 §4).
    pub shortest: Duration,
    /// Refreshes come after the interval divided by this; default 2, the half of RFC 4028 §7.4. Less counts as 2.
    pub segments: u32,
    /// How much longer than RFC 4028 §10 allows a session may live that nobody refreshes; default zero.
    pub grace: Duration,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        Self { interval: Duration::from_secs(600), shortest: SHORTEST, segments: 2, grace: Duration::ZERO }
    }
}

/// Who of the two ends refreshes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Duty {
    /// We do.
    Ours,
    /// The peer does.
    Theirs,
}

/// What both ends have agreed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Agreed {
    /// The session interval.
    pub interval: Duration,
    /// Who refreshes.
    pub duty: Duty,
}

/// A 422 is due; its Min-SE says this (RFC 4028 §6).
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("Session Interval Too Small")]
pub struct IntervalTooSmall {
    /// What Min-SE of the 422 says.
    pub min_se: Duration,
}

impl IntervalTooSmall {
    /// The Min-SE header of the 422.
    pub fn header(self) -> Header {
        make_header("Min-SE", self.min_se.as_secs().to_string())
    }
}

/// What a request says about session timers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimerOffer {
    /// Whether its sender knows session timers.
    pub supported: bool,
    /// The interval it asks for, or that a proxy on the way asks for.
    pub expires: Option<SessionExpires>,
    /// The shortest interval that all before us take.
    pub min_se: Option<Duration>,
}

impl TimerOffer {
    /// Reads it from an INVITE or UPDATE.
    pub fn of(request: &Message) -> Self {
        Self {
            supported: request.supports(OPTION),
            expires: request.header(HeaderName::SessionExpires).and_then(SessionExpires::parse),
            min_se: request
                .header(HeaderName::MinSe)
                .and_then(|value| delta_seconds(value.split(';').next().unwrap_or(value))),
        }
    }

    /// Whether the call can be watched by a session timer. Without, only a limit on its duration ends a call whose
    /// caller has vanished.
    pub fn is_timer(&self) -> bool {
        self.supported || self.expires.is_some()
    }
}

impl SessionPolicy {
    fn least(&self) -> Duration {
        self.shortest.max(SHORTEST)
    }

    /// The callee's answer (RFC 4028 §9, table 2); `None` when the request knows no session timer. Put the headers of
    /// [`session_headers`] into the 2xx. We refresh unless the caller claims it.
    ///
    /// # Errors
    /// When the interval is too small for us: answer 422 with [`IntervalTooSmall::header`]. A caller without `timer` in
    /// Supported could not make sense of a 422; its interval is taken.
    pub fn answer(&self, offer: &TimerOffer) -> Result<Option<Agreed>, IntervalTooSmall> {
        let floor = offer.min_se.unwrap_or(SHORTEST).max(SHORTEST);
        let ours = if self.interval.is_zero() { LONGEST } else { self.interval.max(floor).max(self.least()) };
        let Some(asked) = offer.expires else {
            let wanted = offer.supported && !self.interval.is_zero();
            return Ok(wanted.then_some(Agreed { interval: ours, duty: Duty::Ours }));
        };
        if offer.supported && asked.interval < self.least() {
            return Err(IntervalTooSmall { min_se: self.least() });
        }
        let duty = match asked.refresher {
            Some(Refresher::Uac) if offer.supported => Duty::Theirs,
            _ => Duty::Ours,
        };
        Ok(Some(Agreed { interval: asked.interval.min(ours).max(SHORTEST), duty }))
    }
}

/// The headers of a 2xx that tells what was agreed (RFC 4028 §9). `caller_supports` is [`TimerOffer::supported`].
pub fn session_headers(agreed: &Agreed, caller_supports: bool) -> Vec<Header> {
    let refresher = match agreed.duty {
        Duty::Ours => Refresher::Uas,
        Duty::Theirs => Refresher::Uac,
    };
    let value = SessionExpires { interval: agreed.interval, refresher: Some(refresher) };
    let mut headers =
        vec![make_header("Supported", OPTION), make_header("Session-Expires", value.to_string())];
    if caller_supports {
        headers.push(make_header("Require", OPTION));
    }
    headers
}

/// The caller's part: what its INVITE or refresh asks for, until the answer (RFC 4028 §7).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SessionAsk {
    interval: Duration,
    min_se: Duration,
    refresher: Refresher,
}

impl SessionAsk {
    /// For a new call: we refresh, so that we notice when the peer is gone.
    pub fn new(policy: &SessionPolicy) -> Self {
        let least = policy.least();
        // Zero stays: it asks for nothing.
        let interval = if policy.interval.is_zero() { Duration::ZERO } else { policy.interval.max(least) };
        Self { interval, min_se: least, refresher: Refresher::Uac }
    }

    /// For a request of ours inside the session: nothing changes (RFC 4028 §7.4).
    pub fn again(agreed: &Agreed, policy: &SessionPolicy) -> Self {
        let refresher = match agreed.duty {
            Duty::Ours => Refresher::Uac,
            Duty::Theirs => Refresher::Uas,
        };
        let min_se = policy.least().min(agreed.interval);
        Self { interval: agreed.interval, min_se, refresher }
    }

    /// Supported, Session-Expires and Min-SE of the request.
    pub fn headers(&self) -> Vec<Header> {
        if self.interval.is_zero() {
            return vec![make_header("Supported", OPTION)];
        }
        let expires = SessionExpires { interval: self.interval, refresher: Some(self.refresher) };
        vec![
            make_header("Supported", OPTION),
            make_header("Session-Expires", expires.to_string()),
            make_header("Min-SE", self.min_se.as_secs().to_string()),
        ]
    }

    /// Takes the Min-SE of a 422. `true`: send the request again with the new [`Self::headers`] (RFC 4028 §7.3);
    /// `false`: it asks for nothing new, or for more than a day. The interval only grows, so this ends.
    pub fn on_422(&mut self, response: &Message) -> bool {
        let Some(min_se) = response.header(HeaderName::MinSe).and_then(delta_seconds) else { return false };
        if min_se <= self.interval || min_se > LONGEST {
            return false;
        }
        self.interval = min_se;
        self.min_se = min_se;
        true
    }

    /// What the 2xx agrees to; `None` when the session is not timed (RFC 4028 §7.2).
    pub fn agreed(&self, response: &Message) -> Option<Agreed> {
        let told = response.header(HeaderName::SessionExpires).and_then(SessionExpires::parse)?;
        let duty = match told.refresher {
            Some(Refresher::Uas) => Duty::Theirs,
            Some(Refresher::Uac) | None => Duty::Ours,
        };
        // Less than the minimum is no answer to what was asked; refreshing so often would only be a burden.
        Some(Agreed { interval: told.interval.max(SHORTEST), duty })
    }
}

/// The method of a refresh: UPDATE when the peer's last request or response allows it, else INVITE (RFC 4028 §7.4).
pub fn refresh_method(peer: &Message) -> Method {
    match peer.allows(Method::Update.as_str()) {
        Some(true) => Method::Update,
        Some(false) | None => Method::Invite,
    }
}
