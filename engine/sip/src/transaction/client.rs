//! The non-INVITE client transaction: table in [`super`].

use std::time::Instant;

use smallvec::smallvec;

use super::{Backoff, Class, ClientStep, ClientSteps, Pace, sooner};

#[derive(Debug)]
pub(crate) enum Client {
    Trying { resend: Option<Backoff>, give_up: Instant },
    Proceeding { resend: Option<Backoff>, give_up: Instant },
    Completed { until: Instant },
}

impl Client {
    pub(crate) fn start(now: Instant, pace: &Pace) -> Self {
        Self::Trying { resend: pace.backoff(now, pace.cap()), give_up: now + pace.life() }
    }

    /// When to call [`Self::on_timer`] next.
    pub(crate) fn deadline(&self) -> Instant {
        match self {
            Self::Trying { resend, give_up } | Self::Proceeding { resend, give_up } => {
                sooner(resend.as_ref(), *give_up)
            }
            Self::Completed { until } => *until,
        }
    }

    /// Whether no final response came yet.
    pub(crate) fn is_open(&self) -> bool {
        !matches!(self, Self::Completed { .. })
    }

    pub(crate) fn on_response(&mut self, now: Instant, pace: &Pace, class: Class) -> ClientSteps {
        match (&mut *self, class) {
            (Self::Trying { give_up, .. }, Class::Provisional) => {
                *self = Self::Proceeding { resend: pace.slow_backoff(now), give_up: *give_up };
                smallvec![ClientStep::Deliver]
            }
            (Self::Proceeding { .. }, Class::Provisional) => smallvec![ClientStep::Deliver],
            (Self::Trying { .. } | Self::Proceeding { .. }, Class::Success | Class::Failure) => {
                let drain = pace.drain();
                *self = Self::Completed { until: now + drain };
                if drain.is_zero() {
                    return smallvec![ClientStep::Deliver, ClientStep::End];
                }
                smallvec![ClientStep::Deliver]
            }
            (Self::Completed { .. }, Class::Provisional | Class::Success | Class::Failure) => {
                smallvec![ClientStep::Repeated]
            }
        }
    }

    pub(crate) fn on_timer(&mut self, now: Instant) -> ClientSteps {
        match self {
            Self::Trying { give_up, .. } | Self::Proceeding { give_up, .. } if now >= *give_up => {
                smallvec![ClientStep::TimedOut, ClientStep::End]
            }
            Self::Trying { resend: Some(resend), .. } | Self::Proceeding { resend: Some(resend), .. }
                if resend.is_due(now) =>
            {
                resend.advance(now);
                smallvec![ClientStep::Resend]
            }
            Self::Completed { until } if now >= *until => smallvec![ClientStep::End],
            // Not due yet.
            Self::Trying { .. } | Self::Proceeding { .. } | Self::Completed { .. } => smallvec![],
        }
    }
}
