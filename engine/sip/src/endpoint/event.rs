//! What an endpoint tells its user.

use bytes::Bytes;

use crate::flow::Flow;
use crate::message::{Message, ParseError};
use crate::reliability::RSeq;

/// A client transaction: a request that we sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ClientId(pub(super) u64);

/// A server transaction: a request that we received.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ServerId(pub(super) u64);

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A new request other than ACK and CANCEL. Answer it with [`super::Endpoint::respond`], or
    /// [`super::Endpoint::ignore`] it.
    Request {
        /// The transaction to answer.
        server: ServerId,
        /// Where it came from.
        flow: Flow,
        /// The request.
        message: Message,
    },
    /// The first ACK of a 2xx. Its INVITE is found by Call-ID, tags and CSeq number.
    Ack {
        /// The INVITE; `None` when there is none (any more).
        server: Option<ServerId>,
        /// Where it came from.
        flow: Flow,
        /// The ACK; it may carry the answer to a late offer.
        message: Message,
    },
    /// The peer withdraws its INVITE. The CANCEL is answered already; the INVITE now needs a 487.
    Cancelled {
        /// The INVITE.
        server: ServerId,
        /// The CANCEL; it may carry a Reason.
        message: Message,
    },
    /// A provisional or final response. A 2xx comes once per callee (To tag), any other final response once; a reliable
    /// provisional one comes once and in order (RFC 3262 §4).
    Response {
        /// The request it answers.
        client: ClientId,
        /// Where it came from.
        flow: Flow,
        /// The response.
        message: Message,
        /// Its number when it is a reliable provisional response to an INVITE: confirm it with
        /// [`crate::Dialog::prack`].
        rseq: Option<RSeq>,
    },
    /// No final response came in time (timers B and F), or none within 64·T1 after a CANCEL.
    ClientTimeout {
        /// The request that nobody answered.
        client: ClientId,
    },
    /// A 2xx to an INVITE was never acknowledged (RFC 3261 §13.3.1.4: end the session), or a reliable provisional
    /// response was never confirmed (RFC 3262 §3: refuse the INVITE with a 5xx).
    AckMissing {
        /// The INVITE.
        server: ServerId,
    },
    /// Bytes that are no SIP, or a request with a fault, which has been answered.
    Malformed {
        /// Where it came from.
        flow: Flow,
        /// What is wrong.
        why: ParseError,
    },
}

/// A datagram to send.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transmit {
    /// The way it takes.
    pub flow: Flow,
    /// The whole message.
    pub bytes: Bytes,
}

/// Live transactions, and counts since the start.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct EndpointStats {
    /// Client transactions alive.
    pub clients: usize,
    /// Server transactions alive.
    pub servers: usize,
    /// Messages that could not be read.
    pub malformed: u64,
    /// Responses to nothing that we asked.
    pub stray_responses: u64,
    /// ACKs of nothing that we answered.
    pub stray_acks: u64,
    /// Requests and responses received again.
    pub retransmissions_in: u64,
    /// Requests and responses sent again.
    pub retransmissions_out: u64,
    /// Requests answered 503, and own requests not sent, because too many were alive.
    pub refused: u64,
    /// Copies of a forked request, answered 482.
    pub merged: u64,
    /// Events that no transaction table covers.
    pub unexpected: u64,
}
