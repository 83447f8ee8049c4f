//! The two legs of a call.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use domain::Account;
use routing::Priced;
use sip::{Agreed, ClientId, Dialog, Flow, Message, RSeq, ServerId, SessionAsk, TimerOffer};

use crate::{
    account::Line,
    call::{Destination, Moment, session::Watch},
    rules::Rules,
};

/// The side that placed the call: we are its user agent server.
pub(crate) struct CallerLeg {
    /// The INVITE's transaction.
    pub(crate) server: ServerId,
    pub(crate) invite: Message,
    pub(crate) flow: Flow,
    /// Our tag.
    pub(crate) tag: String,
    /// From the INVITE on; requests within it are accepted from the answer on.
    pub(crate) dialog: Option<Dialog>,
    /// What the caller wants of provisional responses.
    pub(crate) reliability: Reliability,
    /// What the caller says about session timers.
    pub(crate) offer: TimerOffer,
    /// What we answer to it.
    pub(crate) agreed: Option<Agreed>,
    pub(crate) watch: Option<Watch>,
    /// The 200 has been acknowledged.
    pub(crate) acknowledged: bool,
    /// What it has got before.
    pub(crate) early_answer: EarlyAnswer,
}

/// A reliable 18x with a session description, to the caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum EarlyAnswer {
    /// There was none.
    #[default]
    None,
    /// The first one waits for its PRACK.
    Sent(RSeq),
    /// It has it: the caller's offer is answered (RFC 3262 §5).
    Confirmed,
}

/// Whether provisional responses may, must or cannot be acknowledged (RFC 3262 §3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reliability {
    /// The caller does not know `100rel`.
    Unknown,
    /// It does: those that the gateway sent reliably are passed on so.
    Supported,
    /// It insists.
    Required,
}

/// The side that is called: we are its user agent client. One at a time, a new one for each gateway tried.
pub(crate) struct CalleeLeg {
    pub(crate) tried: Arc<Tried>,
    /// The parameters of its gateway.
    pub(crate) rules: Arc<Rules>,
    /// Held while the leg lives; one of a phone's places has the line for all that ring.
    pub(crate) line: Option<Line>,
    pub(crate) client: ClientId,
    pub(crate) invite: Box<rsip::Request>,
    pub(crate) flow: Flow,
    pub(crate) started: Moment,
    pub(crate) progress: Progress,
    /// What our INVITE asks for about session timers.
    pub(crate) ask: SessionAsk,
    pub(crate) watch: Option<Watch>,
    /// The caller hears this gateway: no other one can be tried.
    pub(crate) committed: bool,
    /// Packets that gateways asked before have sent.
    pub(crate) heard_before: u64,
    /// When each stage of progress was first reached. A gateway repeats its 180 every minute (RFC 3261 §13.3.1.1): that must not
    /// begin the time anew.
    pub(crate) reached: [Option<Instant>; 5],
    /// When the attempt is given up unless something happens.
    pub(crate) deadline: Instant,
    /// How often it has asked for credentials and got them.
    pub(crate) challenges: u32,
    /// INVITE to first ringing or progress.
    pub(crate) post_dial_delay_ms: Option<i64>,
    /// The phones behind the gateway that have been heard of; none any more from the answer on.
    pub(crate) forks: Vec<Fork>,
    /// From the answer on.
    pub(crate) dialog: Option<Dialog>,
    /// The callee's answer waits for the caller's SDP, which comes with its ACK (delayed offer).
    pub(crate) ack_owed: bool,
}

/// One of several phones that a gateway lets ring, told apart by the To tag (RFC 3261 §12.1). The caller sees one dialog: its
/// tag is ours, and what it hears comes from who described a session last.
pub(crate) struct Fork {
    pub(crate) tag: String,
    /// Opened by its first 18x, if that has a Contact.
    pub(crate) dialog: Option<Dialog>,
    /// Its last description, in case its answer has none. Whoever describes goes to the end of the list.
    pub(crate) described: Option<Vec<u8>>,
    /// A reliable 18x of it has answered our offer, and we have confirmed that (RFC 3262 §5).
    pub(crate) confirmed: bool,
}

impl CalleeLeg {
    /// Our tag.
    pub(crate) fn tag(&self) -> Option<&str> {
        sip::find_header(&self.invite.headers, "From").and_then(sip::tag_of)
    }
}

/// Who was asked: what the record tells of an attempt, after its leg too.
pub(crate) struct Tried {
    pub(crate) to: Destination,
    /// Who is paid; nobody for a phone.
    pub(crate) vendor: Option<Arc<Account>>,
    /// What the vendor is paid; none when its account has no price for the number.
    pub(crate) cost: Option<Priced>,
    pub(crate) call_id: String,
    /// The number that it was asked for.
    pub(crate) number: String,
    /// Where it was asked, and how many of its other places before.
    pub(crate) remote: SocketAddr,
    pub(crate) place: usize,
}

/// What a gateway that is asked has said last; each has a time of its own after which the attempt is given up (SIP-5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Progress {
    /// Nothing was heard.
    Nothing,
    /// A 100.
    Trying,
    /// A 183 or the like without SDP.
    Proceeding,
    /// A 180.
    Ringing,
    /// A 183 or the like with SDP.
    EarlyMedia,
}
