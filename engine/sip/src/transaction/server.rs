//! The non-INVITE server transaction: table in [`super`].

use std::time::Instant;

use bytes::Bytes;
use smallvec::smallvec;

use super::{Class, Pace, ServerStep, ServerSteps};

#[derive(Debug)]
pub(crate) enum Server {
    Trying { until: Instant },
    Proceeding { last: Bytes, until: Instant },
    Completed { response: Bytes, until: Instant },
}

impl Server {
    pub(crate) fn start(now: Instant, pace: &Pace) -> Self {
        Self::Trying { until: now + pace.life() }
    }

    /// When to call [`Self::on_timer`] next.
    pub(crate) fn deadline(&self) -> Instant {
        match self {
            Self::Trying { until } | Self::Proceeding { until, .. } | Self::Completed { until, .. } => *until,
        }
    }

    pub(crate) fn on_repeated(&mut self) -> ServerSteps {
        match self {
            Self::Trying { .. } => smallvec![],
            Self::Proceeding { last: response, .. } | Self::Completed { response, .. } => {
                smallvec![ServerStep::Resend(response.clone())]
            }
        }
    }

    pub(crate) fn on_response(
        &mut self,
        now: Instant,
        pace: &Pace,
        class: Class,
        bytes: Bytes,
    ) -> ServerSteps {
        match (&mut *self, class) {
            (Self::Trying { until } | Self::Proceeding { until, .. }, Class::Provisional) => {
                *self = Self::Proceeding { last: bytes.clone(), until: *until };
                smallvec![ServerStep::Send(bytes)]
            }
            (Self::Trying { .. } | Self::Proceeding { .. }, Class::Success | Class::Failure) => {
                let linger = pace.linger();
                *self = Self::Completed { response: bytes.clone(), until: now + linger };
                if linger.is_zero() {
                    return smallvec![ServerStep::Send(bytes), ServerStep::End];
                }
                smallvec![ServerStep::Send(bytes)]
            }
            // It has its final response.
            (Self::Completed { .. }, Class::Provisional | Class::Success | Class::Failure) => {
                smallvec![ServerStep::Unexpected]
            }
        }
    }

    pub(crate) fn on_timer(&mut self, now: Instant) -> ServerSteps {
        if now >= self.deadline() { smallvec![ServerStep::End] } else { smallvec![] }
    }
}
