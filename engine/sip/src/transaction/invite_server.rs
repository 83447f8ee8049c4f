//! The INVITE server transaction: table in [`super`].

use std::time::{Duration, Instant};

use bytes::Bytes;
use smallvec::smallvec;

use super::{Backoff, Class, Pace, ServerStep, ServerSteps, sooner};
use crate::message::Message;

/// How long the user may be silent before a 100 is sent for it (RFC 3261 §17.2.1).
const TRYING_AFTER: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub(crate) enum InviteServer {
    /// `trying` is the request while nothing was answered and when to send a 100.
    Proceeding {
        trying: Option<(Message, Instant)>,
        last: Option<Bytes>,
    },
    /// The user wants nothing to be said.
    Silent {
        until: Instant,
    },
    Completed {
        response: Bytes,
        resend: Option<Backoff>,
        until: Instant,
    },
    Confirmed {
        until: Instant,
    },
    /// `pending` is the 2xx until it is acknowledged.
    Accepted {
        pending: Option<(Bytes, Backoff)>,
        until: Instant,
    },
}

impl InviteServer {
    pub(crate) fn start(now: Instant, request: Message) -> Self {
        Self::Proceeding { trying: Some((request, now + TRYING_AFTER)), last: None }
    }

    /// When to call [`Self::on_timer`] next.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        match self {
            Self::Proceeding { trying, .. } => trying.as_ref().map(|(_, at)| *at),
            Self::Silent { until } | Self::Confirmed { until } => Some(*until),
            Self::Completed { resend, until, .. } => Some(sooner(resend.as_ref(), *until)),
            Self::Accepted { pending, until } => Some(sooner(pending.as_ref().map(|(_, at)| at), *until)),
        }
    }

    /// Whether no final response was given yet.
    pub(crate) fn is_proceeding(&self) -> bool {
        matches!(self, Self::Proceeding { .. })
    }

    pub(crate) fn on_repeated(&mut self) -> ServerSteps {
        match self {
            Self::Proceeding { last: Some(response), .. } | Self::Completed { response, .. } => {
                smallvec![ServerStep::Resend(response.clone())]
            }
            // The copy crossed our 2xx, which is repeated by its own timer; or there is nothing to say.
            Self::Proceeding { last: None, .. }
            | Self::Silent { .. }
            | Self::Confirmed { .. }
            | Self::Accepted { .. } => smallvec![],
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
            (Self::Proceeding { trying, last }, Class::Provisional) => {
                *trying = None;
                *last = Some(bytes.clone());
                smallvec![ServerStep::Send(bytes)]
            }
            (Self::Proceeding { .. }, Class::Success) => {
                let pending = Some((bytes.clone(), pace.success_backoff(now)));
                *self = Self::Accepted { pending, until: now + pace.life() };
                smallvec![ServerStep::Send(bytes)]
            }
            (Self::Proceeding { .. }, Class::Failure) => {
                let resend = pace.backoff(now, pace.cap());
                *self = Self::Completed { response: bytes.clone(), resend, until: now + pace.life() };
                smallvec![ServerStep::Send(bytes)]
            }
            // The INVITE has its final response, or was to have none.
            (
                Self::Silent { .. } | Self::Completed { .. } | Self::Confirmed { .. } | Self::Accepted { .. },
                Class::Provisional | Class::Success | Class::Failure,
            ) => smallvec![ServerStep::Unexpected],
        }
    }

    pub(crate) fn on_ack(&mut self, now: Instant, pace: &Pace) -> ServerSteps {
        match self {
            Self::Completed { .. } => {
                let drain = pace.drain();
                *self = Self::Confirmed { until: now + drain };
                if drain.is_zero() { smallvec![ServerStep::End] } else { smallvec![] }
            }
            Self::Accepted { pending, .. } if pending.is_some() => {
                *pending = None;
                smallvec![ServerStep::DeliverAck]
            }
            // Copies.
            Self::Confirmed { .. } | Self::Accepted { .. } => smallvec![],
            Self::Proceeding { .. } | Self::Silent { .. } => smallvec![ServerStep::Unexpected],
        }
    }

    pub(crate) fn on_cancel(&mut self) -> ServerSteps {
        match self {
            Self::Proceeding { .. } => smallvec![ServerStep::DeliverCancel],
            // Without effect after a final response (RFC 3261 §9.2).
            Self::Silent { .. } | Self::Completed { .. } | Self::Confirmed { .. } | Self::Accepted { .. } => {
                smallvec![]
            }
        }
    }

    /// The user wants the INVITE to be met with silence.
    pub(crate) fn on_silence(&mut self, now: Instant, pace: &Pace) {
        match self {
            Self::Proceeding { last: None, .. } => *self = Self::Silent { until: now + pace.life() },
            // Something was said already; the peer waits for a final response.
            Self::Proceeding { last: Some(_), .. }
            | Self::Silent { .. }
            | Self::Completed { .. }
            | Self::Confirmed { .. }
            | Self::Accepted { .. } => {}
        }
    }

    /// Nothing that is sent arrives any more.
    pub(crate) fn stop_repeating(&mut self) {
        match self {
            Self::Accepted { pending: Some((_, backoff)), until } => backoff.put_off(*until),
            Self::Completed { resend, .. } => *resend = None,
            // These repeat nothing.
            Self::Proceeding { .. }
            | Self::Silent { .. }
            | Self::Confirmed { .. }
            | Self::Accepted { pending: None, .. } => {}
        }
    }

    pub(crate) fn on_timer(&mut self, now: Instant) -> ServerSteps {
        match self {
            Self::Proceeding { trying, .. } => match trying.take_if(|(_, at)| now >= *at) {
                Some((request, _)) => smallvec![ServerStep::Trying(request)],
                None => smallvec![],
            },
            Self::Accepted { pending, until } if now >= *until => match pending {
                Some(_) => smallvec![ServerStep::AckMissing, ServerStep::End],
                None => smallvec![ServerStep::End],
            },
            Self::Silent { until } | Self::Completed { until, .. } | Self::Confirmed { until }
                if now >= *until =>
            {
                smallvec![ServerStep::End]
            }
            Self::Accepted { pending: Some((response, backoff)), .. }
            | Self::Completed { response, resend: Some(backoff), .. }
                if backoff.is_due(now) =>
            {
                backoff.advance(now);
                smallvec![ServerStep::Resend(response.clone())]
            }
            // Not due yet.
            Self::Silent { .. } | Self::Completed { .. } | Self::Confirmed { .. } | Self::Accepted { .. } => {
                smallvec![]
            }
        }
    }
}
