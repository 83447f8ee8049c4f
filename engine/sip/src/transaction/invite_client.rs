//! The INVITE client transaction: table in [`super`].

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use smallvec::{SmallVec, smallvec};

use super::{Class, ClientStep, ClientSteps, Pace, Resends};
use crate::flow::Flow;
use crate::reliability::RSeq;

/// Answers of different callees that one INVITE may bring; more are not believed.
const MAX_FORKS: usize = 16;

#[derive(Debug)]
pub(crate) enum InviteClient {
    Calling { resend: Option<Resends>, give_up: Instant, cancel: Option<CancelOrder> },
    Proceeding { cancelled: Option<Instant>, heard: Heard },
    Completed { flow: Flow, ack: Bytes, until: Instant },
    Accepted { forks: SmallVec<[Fork; 1]>, until: Instant },
}

/// The last reliable provisional response of each callee, by its To tag (RFC 3262 §4).
pub(crate) type Heard = SmallVec<[(String, RSeq); 1]>;

/// A CANCEL that must wait for a provisional response.
#[derive(Debug)]
pub(crate) struct CancelOrder {
    pub(crate) reason: Option<String>,
}

/// One callee that answered, by its To tag, and our ACK to it.
#[derive(Debug)]
pub(crate) struct Fork {
    tag: String,
    ack: Option<(Flow, Bytes)>,
}

impl InviteClient {
    /// `waits` instead of the doubling of RFC 3261; the transport decides whether anything is sent again at all.
    pub(crate) fn start(now: Instant, pace: &Pace, waits: Option<Arc<[Duration]>>) -> Self {
        let resend = pace.backoff(now, None).and_then(|backoff| match waits {
            Some(waits) => Resends::listed(now, waits),
            None => Some(Resends::Doubling(backoff)),
        });
        Self::Calling { resend, give_up: now + pace.life(), cancel: None }
    }

    /// When to call [`Self::on_timer`] next.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        match self {
            Self::Calling { resend, give_up, .. } => {
                Some(resend.as_ref().map_or(*give_up, |resend| resend.at().min(*give_up)))
            }
            Self::Proceeding { cancelled, .. } => *cancelled,
            Self::Completed { until, .. } | Self::Accepted { until, .. } => Some(*until),
        }
    }

    /// A response with the To tag `tag`, and its number when it is a reliable provisional one; `ack` makes the ACK of a failure and the flow it takes.
    pub(crate) fn on_response(
        &mut self,
        now: Instant,
        pace: &Pace,
        class: Class,
        tag: &str,
        rseq: Option<RSeq>,
        ack: impl FnOnce() -> (Flow, Bytes),
    ) -> ClientSteps {
        match (&mut *self, class) {
            (Self::Calling { cancel, .. }, Class::Provisional) => match cancel.take() {
                Some(CancelOrder { reason }) => {
                    *self = Self::Proceeding {
                        cancelled: Some(now + pace.life()),
                        heard: first_heard(tag, rseq),
                    };
                    smallvec![ClientStep::Deliver, ClientStep::Cancel(reason)]
                }
                None => {
                    *self = Self::Proceeding { cancelled: None, heard: first_heard(tag, rseq) };
                    smallvec![ClientStep::Deliver]
                }
            },
            (Self::Proceeding { heard, .. }, Class::Provisional) => match rseq {
                Some(rseq) => hear(heard, tag, rseq),
                None => smallvec![ClientStep::Deliver],
            },
            (Self::Calling { .. } | Self::Proceeding { .. }, Class::Success) => {
                let fork = Fork { tag: tag.to_owned(), ack: None };
                *self = Self::Accepted { forks: smallvec![fork], until: now + pace.life() };
                smallvec![ClientStep::Deliver]
            }
            (Self::Calling { .. } | Self::Proceeding { .. }, Class::Failure) => {
                let (flow, ack) = ack();
                let mut steps: ClientSteps =
                    smallvec![ClientStep::Acknowledge(flow, ack.clone()), ClientStep::Deliver];
                let linger = pace.linger();
                if linger.is_zero() {
                    steps.push(ClientStep::End);
                }
                *self = Self::Completed { flow, ack, until: now + linger };
                steps
            }
            (Self::Completed { flow, ack, .. }, Class::Failure) => {
                smallvec![ClientStep::Repeated, ClientStep::Acknowledge(*flow, ack.clone())]
            }
            (Self::Accepted { forks, .. }, Class::Success) => match forks.iter().find(|fork| fork.tag == tag)
            {
                Some(Fork { ack: Some((flow, ack)), .. }) => {
                    smallvec![ClientStep::Repeated, ClientStep::Acknowledge(*flow, ack.clone())]
                }
                Some(Fork { ack: None, .. }) => smallvec![ClientStep::Repeated],
                None if forks.len() < MAX_FORKS => {
                    forks.push(Fork { tag: tag.to_owned(), ack: None });
                    smallvec![ClientStep::Deliver]
                }
                None => smallvec![ClientStep::Unexpected],
            },
            // Overtaken by the final response on the way.
            (Self::Completed { .. } | Self::Accepted { .. }, Class::Provisional) => {
                smallvec![ClientStep::Repeated]
            }
            // A forking proxy forwards one kind or the other, never both.
            (Self::Completed { .. }, Class::Success) | (Self::Accepted { .. }, Class::Failure) => {
                smallvec![ClientStep::Unexpected]
            }
        }
    }

    /// The user withdraws the INVITE.
    pub(crate) fn on_cancel(&mut self, now: Instant, pace: &Pace, reason: Option<String>) -> ClientSteps {
        match self {
            Self::Calling { cancel: cancel @ None, .. } => {
                *cancel = Some(CancelOrder { reason });
                smallvec![]
            }
            Self::Proceeding { cancelled: cancelled @ None, .. } => {
                *cancelled = Some(now + pace.life());
                smallvec![ClientStep::Cancel(reason)]
            }
            // Asked already.
            Self::Calling { cancel: Some(_), .. } | Self::Proceeding { cancelled: Some(_), .. } => {
                smallvec![]
            }
            // Too late (RFC 3261 §9.1).
            Self::Completed { .. } | Self::Accepted { .. } => smallvec![],
        }
    }

    /// The user's ACK of a 2xx with the To tag `tag`, kept for repeated ones.
    pub(crate) fn on_acknowledge(&mut self, tag: &str, flow: Flow, bytes: Bytes) {
        match self {
            Self::Accepted { forks, .. } => {
                if let Some(fork) = forks.iter_mut().find(|fork| fork.tag == tag) {
                    fork.ack = Some((flow, bytes));
                }
            }
            // Nothing was accepted, so nothing will be repeated.
            Self::Calling { .. } | Self::Proceeding { .. } | Self::Completed { .. } => {}
        }
    }

    pub(crate) fn on_timer(&mut self, now: Instant) -> ClientSteps {
        match self {
            Self::Calling { give_up, .. } if now >= *give_up => {
                smallvec![ClientStep::TimedOut, ClientStep::End]
            }
            Self::Calling { resend, .. } if resend.as_ref().is_some_and(|resend| now >= resend.at()) => {
                resend.take_if(|resend| !resend.advance(now));
                smallvec![ClientStep::Resend]
            }
            Self::Proceeding { cancelled: Some(limit), .. } if now >= *limit => {
                smallvec![ClientStep::TimedOut, ClientStep::End]
            }
            Self::Completed { until, .. } | Self::Accepted { until, .. } if now >= *until => {
                smallvec![ClientStep::End]
            }
            // Not due yet.
            Self::Calling { .. }
            | Self::Proceeding { .. }
            | Self::Completed { .. }
            | Self::Accepted { .. } => {
                smallvec![]
            }
        }
    }

    /// Whether the request may still be needed: sent again, acknowledged or cancelled.
    pub(crate) fn needs_request(&self) -> bool {
        matches!(self, Self::Calling { .. } | Self::Proceeding { .. })
    }
}

fn first_heard(tag: &str, rseq: Option<RSeq>) -> Heard {
    rseq.map(|rseq| (tag.to_owned(), rseq)).into_iter().collect()
}

/// A reliable provisional response is news when it is the first of its callee or follows the last one. A repeated one
/// is not, and one that overtook another comes again after that (RFC 3262 §4).
fn hear(heard: &mut Heard, tag: &str, rseq: RSeq) -> ClientSteps {
    match heard.iter().position(|(known, _)| known == tag) {
        Some(at) if heard[at].1.next() == Some(rseq) => heard[at].1 = rseq,
        Some(_) => return smallvec![ClientStep::Repeated],
        None if heard.len() < MAX_FORKS => heard.push((tag.to_owned(), rseq)),
        None => return smallvec![ClientStep::Unexpected],
    }
    smallvec![ClientStep::Deliver]
}
