//! Provisional responses that are repeated until their PRACK (RFC 3262 §3), beside an INVITE server transaction.
//!
//! One is on its way at a time, the others wait. T = 64·T1.
//!
//! | state       | event                     | next        | done                                                   |
//! |-------------|---------------------------|-------------|--------------------------------------------------------|
//! | Idle        | user's reliable 1xx       | Unconfirmed | send                                                   |
//! | Unconfirmed | user's reliable 1xx       | Unconfirmed | it waits                                               |
//! | Unconfirmed | T1, doubling without end  | Unconfirmed | send again, on any transport                           |
//! | Unconfirmed | its PRACK                 | Idle        | the next one, or the 2xx that waits                    |
//! | Unconfirmed | T since first sent        | Idle        | the user is told (§3: it should refuse the INVITE)     |
//! | Unconfirmed | user's 2xx, SDP unconfirmed | Unconfirmed | the 2xx waits                                        |
//! | Unconfirmed | user's 2xx otherwise, 300–699 | Over    | send; a late PRACK is still taken                      |
//! | Over        | PRACK of an unconfirmed one | Over      | it is taken                                            |

use std::collections::VecDeque;
use std::time::Instant;

use bytes::Bytes;
use smallvec::SmallVec;

use super::{Backoff, Pace, sooner};
use crate::reliability::RSeq;

/// Responses that may wait for the one before them; a call has no use for more.
const MAX_WAITING: usize = 16;

#[derive(Debug)]
pub(crate) struct Reliable {
    /// The number of the next response; `None` when all are used up.
    next: Option<RSeq>,
    sent: Option<Sent>,
    waiting: VecDeque<Numbered>,
    /// The 2xx that must wait, and the name by which its ACK will find the INVITE.
    held: Option<HeldAnswer>,
    /// Numbers that a late PRACK may still name, once a final response was sent.
    late: SmallVec<[RSeq; 2]>,
    over: bool,
}

/// A 2xx, printed, with the name by which its ACK will find the INVITE.
#[derive(Debug)]
pub(crate) struct HeldAnswer {
    pub(crate) bytes: Bytes,
    pub(crate) ack_key: Option<Box<[u8]>>,
}

#[derive(Debug)]
struct Numbered {
    rseq: RSeq,
    bytes: Bytes,
    describes_session: bool,
}

#[derive(Debug)]
struct Sent {
    response: Numbered,
    resend: Backoff,
    until: Instant,
}

/// What is to be done after a PRACK that was expected.
#[derive(Debug)]
pub(crate) enum Confirmed {
    /// Nothing waits.
    Nothing,
    /// Send the next reliable response.
    Next(Bytes),
    /// Send the 2xx that waited.
    Answer(HeldAnswer),
}

/// What is due.
#[derive(Debug)]
pub(crate) enum Due {
    /// Send the response again.
    Resend(Bytes),
    /// It was never confirmed.
    Missing,
}

impl Reliable {
    pub(crate) fn starting_at(first: RSeq) -> Self {
        Self {
            next: Some(first),
            sent: None,
            waiting: VecDeque::new(),
            held: None,
            late: SmallVec::new(),
            over: false,
        }
    }

    /// The number for the next response; `None` when it cannot be sent.
    pub(crate) fn number(&self) -> Option<RSeq> {
        if self.over || self.held.is_some() || self.waiting.len() >= MAX_WAITING { None } else { self.next }
    }

    /// Takes the response with the number of [`Self::number`]; gives it back when it is to be sent now.
    pub(crate) fn on_response(
        &mut self,
        now: Instant,
        pace: &Pace,
        rseq: RSeq,
        bytes: Bytes,
        describes_session: bool,
    ) -> Option<Bytes> {
        self.next = rseq.next();
        let response = Numbered { rseq, bytes, describes_session };
        if self.sent.is_some() {
            self.waiting.push_back(response);
            return None;
        }
        Some(self.send(now, pace, response))
    }

    fn send(&mut self, now: Instant, pace: &Pace, response: Numbered) -> Bytes {
        let bytes = response.bytes.clone();
        self.sent = Some(Sent { response, resend: pace.endless_backoff(now), until: now + pace.life() });
        bytes
    }

    /// Whether a 2xx must wait: a session description is not confirmed yet (RFC 3262 §3).
    pub(crate) fn holds_answer(&self) -> bool {
        let mut open = self.sent.iter().map(|sent| &sent.response).chain(&self.waiting);
        open.any(|response| response.describes_session)
    }

    /// Keeps the 2xx; `false` when one waits already.
    pub(crate) fn hold(&mut self, answer: HeldAnswer) -> bool {
        let free = self.held.is_none();
        if free {
            self.held = Some(answer);
        }
        free
    }

    /// A final response goes out: nothing more is sent or repeated.
    pub(crate) fn on_final(&mut self) {
        self.over = true;
        self.held = None;
        self.waiting.clear();
        self.late.extend(self.sent.take().map(|sent| sent.response.rseq));
    }

    /// The PRACK of `rseq`; `None` when no response waits for it.
    pub(crate) fn on_prack(&mut self, now: Instant, pace: &Pace, rseq: RSeq) -> Option<Confirmed> {
        if let Some(at) = self.late.iter().position(|late| *late == rseq) {
            self.late.remove(at);
            return Some(Confirmed::Nothing);
        }
        self.sent.take_if(|sent| sent.response.rseq == rseq)?;
        Some(match (self.waiting.pop_front(), self.held.take()) {
            (Some(next), held) => {
                self.held = held;
                Confirmed::Next(self.send(now, pace, next))
            }
            (None, Some(answer)) => Confirmed::Answer(answer),
            (None, None) => Confirmed::Nothing,
        })
    }

    /// Nothing that is sent arrives any more.
    pub(crate) fn stop_repeating(&mut self) {
        if let Some(sent) = &mut self.sent {
            sent.resend.put_off(sent.until);
        }
    }

    /// When to call [`Self::on_timer`] next.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.sent.as_ref().map(|sent| sooner(Some(&sent.resend), sent.until))
    }

    pub(crate) fn on_timer(&mut self, now: Instant) -> Option<Due> {
        let sent = self.sent.as_mut()?;
        if now >= sent.until {
            // What the user does next, it does without this response; a PRACK that still comes is welcome.
            self.late.push(sent.response.rseq);
            self.sent = None;
            self.held = None;
            self.waiting.clear();
            return Some(Due::Missing);
        }
        if !sent.resend.is_due(now) {
            return None;
        }
        sent.resend.advance(now);
        Some(Due::Resend(sent.response.bytes.clone()))
    }
}
