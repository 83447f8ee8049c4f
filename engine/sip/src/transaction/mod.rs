//! The four transaction machines of RFC 3261 §17 with the Accepted state of RFC 6026.
//!
//! Each machine is an enum with the data of each state and one function per event; it returns `ClientStep`s or
//! `ServerStep`s and does nothing itself. T = 64·T1 throughout. "R" marks what a reliable transport leaves out.
//!
//! INVITE client (`invite_client`, RFC 3261 §17.1.1, RFC 6026 §8.4):
//!
//! | state      | event          | next       | done                                                         |
//! |------------|----------------|------------|--------------------------------------------------------------|
//! | Calling    | timer A (R)    | Calling    | send again, A doubles                                        |
//! | Calling    | timer B = T    | gone       | time-out                                                     |
//! | Calling    | 1xx            | Proceeding | deliver; CANCEL if one waits (§9.1)                          |
//! | Calling    | cancel         | Calling    | remembered until a 1xx (§9.1)                                |
//! | Proceeding | 1xx            | Proceeding | deliver; a reliable one once and in order (RFC 3262 §4)      |
//! | Proceeding | cancel         | Proceeding | CANCEL; T from now on is the limit (§9.1)                    |
//! | Proceeding | T after CANCEL | gone       | time-out                                                     |
//! | both       | 2xx            | Accepted   | deliver                                                      |
//! | both       | 300–699        | Completed  | ACK, deliver                                                 |
//! | Completed  | 300–699        | Completed  | ACK again                                                    |
//! | Completed  | timer D = T (R)| gone       |                                                              |
//! | Accepted   | 2xx, known tag | Accepted   | the user's ACK again, if given (RFC 3261 §13.2.2.4)          |
//! | Accepted   | 2xx, new tag   | Accepted   | deliver (a fork)                                             |
//! | Accepted   | timer M = T    | gone       |                                                              |
//!
//! Non-INVITE client (`client`, §17.1.2):
//!
//! | state      | event           | next       | done                                                       |
//! |------------|-----------------|------------|------------------------------------------------------------|
//! | Trying     | timer E (R)     | Trying     | send again, E doubles up to T2                             |
//! | Proceeding | timer E (R)     | Proceeding | send again, E = T2                                         |
//! | both       | timer F = T     | gone       | time-out                                                   |
//! | both       | 1xx             | Proceeding | deliver                                                    |
//! | both       | 200–699         | Completed  | deliver                                                    |
//! | Completed  | any response    | Completed  | absorb                                                     |
//! | Completed  | timer K = T4 (R)| gone       |                                                            |
//!
//! INVITE server (`invite_server`, §17.2.1, RFC 6026 §8.5–8.7, RFC 3261 §13.3.1.4):
//!
//! | state      | event           | next       | done                                                       |
//! |------------|-----------------|------------|------------------------------------------------------------|
//! | Proceeding | 200 ms silence  | Proceeding | 100                                                        |
//! | Proceeding | INVITE again    | Proceeding | last 1xx again                                             |
//! | Proceeding | user's 1xx      | Proceeding | send                                                       |
//! | Proceeding | CANCEL          | Proceeding | tell the user                                              |
//! | Proceeding | user's 2xx      | Accepted   | send                                                       |
//! | Proceeding | user's 300–699  | Completed  | send                                                       |
//! | Completed  | INVITE, timer G (R) | Completed | send again, G doubles up to T2                          |
//! | Completed  | ACK             | Confirmed  |                                                            |
//! | Completed  | timer H = T     | gone       |                                                            |
//! | Confirmed  | timer I = T4 (R)| gone       |                                                            |
//! | Accepted   | 2xx timer       | Accepted   | 2xx again, doubling up to T2, on any transport             |
//! | Accepted   | first ACK       | Accepted   | deliver, no more 2xx                                       |
//! | Accepted   | timer L = T     | gone       | unless an ACK came: the user is told that it is missing    |
//!
//! Non-INVITE server (`server`, §17.2.2, RFC 4320):
//!
//! | state      | event           | next       | done                                                       |
//! |------------|-----------------|------------|------------------------------------------------------------|
//! | Trying     | request again   | Trying     | absorb                                                     |
//! | Trying, Proceeding | user's 1xx | Proceeding | send                                                    |
//! | Proceeding | request again   | Proceeding | last 1xx again                                             |
//! | both       | user's 200–699  | Completed  | send                                                       |
//! | both       | T               | gone       | a later answer would find nobody (RFC 4320 §4)             |
//! | Completed  | request again   | Completed  | final again                                                |
//! | Completed  | timer J = T (R) | gone       |                                                            |
//!
//! What is in no table is `ClientStep::Unexpected` or `ServerStep::Unexpected` and counted by the endpoint.

pub(crate) mod client;
pub(crate) mod invite_client;
pub(crate) mod invite_server;
pub(crate) mod key;
pub(crate) mod reliable;
pub(crate) mod server;
pub(crate) mod table;
mod timers;

use bytes::Bytes;
use smallvec::SmallVec;

use crate::flow::Flow;
use crate::message::Message;
pub use timers::Timers;
pub(crate) use timers::{Backoff, Pace, Resends, sooner};

/// What a client machine wants done, in order.
#[derive(Debug)]
pub(crate) enum ClientStep {
    /// Give the response to the user.
    Deliver,
    /// Send the request again.
    Resend,
    /// Send an ACK.
    Acknowledge(Flow, Bytes),
    /// Send a CANCEL with this reason.
    Cancel(Option<String>),
    /// A response that was already seen.
    Repeated,
    /// Tell the user that nobody answers.
    TimedOut,
    /// The transaction is over.
    End,
    /// Nothing in the table covers this.
    Unexpected,
}

pub(crate) type ClientSteps = SmallVec<[ClientStep; 2]>;

/// What a server machine wants done, in order.
#[derive(Debug)]
pub(crate) enum ServerStep {
    /// Send a response.
    Send(Bytes),
    /// Send a response that went out before.
    Resend(Bytes),
    /// Send the 100 that the user owes (RFC 3261 §17.2.1).
    Trying(Message),
    /// Give the ACK to the user.
    DeliverAck,
    /// Tell the user of the CANCEL.
    DeliverCancel,
    /// Tell the user that the 2xx was never acknowledged.
    AckMissing,
    /// The transaction is over.
    End,
    /// Nothing in the table covers this.
    Unexpected,
}

pub(crate) type ServerSteps = SmallVec<[ServerStep; 2]>;

/// The three kinds of response that machines tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Provisional,
    Success,
    Failure,
}

impl Class {
    pub(crate) fn of(status: u16) -> Self {
        match status {
            ..200 => Self::Provisional,
            200..300 => Self::Success,
            300.. => Self::Failure,
        }
    }
}
