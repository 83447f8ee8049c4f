//! SIP from bytes to dialogs, without I/O or clock.
//!
//! Reading order: [`Message`] is one received message, [`Endpoint`] the transaction layer of one shard
//! (bytes and the time come in, events and bytes go out), [`Dialog`] what two ends remember about a call.
//!
//! Two vocabularies meet here on purpose. What comes from the network is read by this crate's own parser into
//! [`Message`]; what goes to the network is an `rsip::Request` or `rsip::Response`, printed by this crate. No parser
//! of `rsip` is ever called: it loses or rejects headers that carriers send every day.
//!
//! Absent by design: sockets, clocks, threads, a resolver and anything that knows what a
//! call is.

pub mod digest;
pub mod guard;
pub mod locate;
pub mod message;
pub mod stream;
pub mod transaction;

mod address_mode;
mod build;
mod cseq;
mod dialog;
mod endpoint;
mod flow;
mod identity;
mod mark;
mod method;
mod name_addr;
mod params;
mod print;
mod reason;
mod redirect;
mod reliability;
mod reply;
mod scan;
mod session_timer;
mod uri;
mod via;
mod vocabulary;

pub use address_mode::{ReplyAddress, RequestAddress, reply_flow};
pub use build::{InviteSpec, build_invite, build_request};
pub use dialog::{Dialog, DialogError, DialogId};
pub use endpoint::{ClientId, Endpoint, EndpointConfig, EndpointStats, Event, Return, ServerId, Transmit};
pub use flow::{Flow, Transport};
pub use identity::{Privacy, RemoteParty};
pub use mark::{Mark, shard_of};
pub use message::{HeaderName, Message, ParseError, TooManyHops};
pub use method::Method;
pub use name_addr::{NameAddr, tag_of};
pub use params::Params;
pub use print::{print_request, print_response, standard_reason};
pub use reason::Reason;
pub use reliability::{RAck, RSeq};
pub use reply::reply;
pub use session_timer::{
    Agreed, Duty, IntervalTooSmall, Refresher, SessionAction, SessionAsk, SessionExpires, SessionPolicy,
    SessionTimer, TimerOffer, refresh_method, session_headers,
};
pub use transaction::Timers;
pub use uri::{Scheme, SipUri};
pub use via::Via;
pub use vocabulary::{find_header, header_list, make_header, name_and_value, remove_header, replace_header};

#[doc(no_inline)]
pub use rsip;
