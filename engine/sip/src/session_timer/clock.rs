//! The clock of an agreed session (RFC 4028 §7.4, §10).
//!
//! | state   | event                                   | next    | done                                               |
//! |---------|-----------------------------------------|---------|----------------------------------------------------|
//! | Idle    | established                             | Running | both times from now                                |
//! | Running | refreshed, by either side               | Running | both times from now                                |
//! | Running | refresh time, duty is ours              | Running | `Refresh`, once                                    |
//! | Running | refresh refused (491, 500 …)            | Running | `Refresh` again after the given time               |
//! | Running | expiry less min(32 s, interval / 3)     | Over    | `Expired`                                          |
//!
//! Every other pair changes nothing. A refresh that is answered 408 or 481, or not at all, ends the session at once
//! (RFC 4028 §10): the user hangs up and drops the timer.

use std::time::{Duration, Instant};

use super::negotiation::{Agreed, Duty, SessionPolicy};

/// The margin before expiry never needs to be more (RFC 4028 §10).
const LONGEST_MARGIN: Duration = Duration::from_secs(32);

/// What the user is to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionAction {
    /// Send a refresh: UPDATE or re-INVITE, see [`super::refresh_method`].
    Refresh,
    /// Nobody refreshed: send BYE.
    Expired,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Idle,
    Running { refresh: Option<Instant>, expires: Instant },
    Over,
}

/// The timer of one dialog.
#[derive(Clone, Copy, Debug)]
pub struct SessionTimer {
    policy: SessionPolicy,
    agreed: Agreed,
    state: State,
}

impl SessionTimer {
    /// A timer that waits for the session to be established.
    pub fn new(policy: SessionPolicy, agreed: Agreed) -> Self {
        Self { policy, agreed, state: State::Idle }
    }

    /// What was agreed last.
    pub fn agreed(&self) -> Agreed {
        self.agreed
    }

    /// The 2xx of the first INVITE was sent or received.
    pub fn on_established(&mut self, now: Instant) {
        match self.state {
            State::Idle => self.start(now),
            State::Running { .. } | State::Over => {}
        }
    }

    /// The 2xx of a refresh was sent or received, whoever asked.
    pub fn on_refresh(&mut self, now: Instant) {
        match self.state {
            State::Idle | State::Running { .. } => self.start(now),
            State::Over => {}
        }
    }

    /// The same when the refresh changed the agreement.
    pub fn on_renewed(&mut self, now: Instant, agreed: Agreed) {
        self.agreed = agreed;
        self.on_refresh(now);
    }

    /// Our refresh was refused for a reason that passes, such as 491: try again after `wait`, if there is time.
    pub fn on_refresh_refused(&mut self, now: Instant, wait: Duration) {
        match &mut self.state {
            State::Running { refresh: refresh @ None, .. } if self.agreed.duty == Duty::Ours => {
                *refresh = Some(now + wait);
            }
            State::Idle | State::Running { .. } | State::Over => {}
        }
    }

    /// When to call [`Self::next`]; `None` when nothing is due any more.
    pub fn deadline(&self) -> Option<Instant> {
        match self.state {
            State::Running { refresh, expires } => Some(refresh.map_or(expires, |at| at.min(expires))),
            State::Idle | State::Over => None,
        }
    }

    /// What is due at `now`. Each action comes once.
    pub fn next(&mut self, now: Instant) -> Option<SessionAction> {
        match &mut self.state {
            State::Running { expires, .. } if now >= *expires => {
                self.state = State::Over;
                Some(SessionAction::Expired)
            }
            State::Running { refresh, .. } => {
                refresh.take_if(|at| now >= *at).map(|_| SessionAction::Refresh)
            }
            State::Idle | State::Over => None,
        }
    }

    fn start(&mut self, now: Instant) {
        let interval = self.agreed.interval;
        let patience = interval - LONGEST_MARGIN.min(interval / 3);
        let part = interval / self.policy.segments.max(2);
        let after = part.min(patience);
        let refresh = match self.agreed.duty {
            Duty::Ours => Some(now + after),
            Duty::Theirs => None,
        };
        self.state = State::Running { refresh, expires: now + patience + self.policy.grace };
    }
}
