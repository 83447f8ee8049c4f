//! Request methods, known and unknown.

use std::fmt;
use std::sync::Arc;

/// What a request asks for. Names are case-sensitive (RFC 3261 §7.1).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Method {
    /// Opens or changes a session (RFC 3261 §13).
    Invite,
    /// Confirms a final response to INVITE (RFC 3261 §13, §17).
    Ack,
    /// Ends a session (RFC 3261 §15).
    Bye,
    /// Withdraws a pending request (RFC 3261 §9).
    Cancel,
    /// Asks for capabilities (RFC 3261 §11).
    Options,
    /// Binds a contact to a user (RFC 3261 §10).
    Register,
    /// Carries application data inside a dialog (RFC 6086).
    Info,
    /// Changes a session before it is answered (RFC 3311).
    Update,
    /// Confirms a reliable provisional response (RFC 3262).
    Prack,
    /// Asks the peer to call somebody else (RFC 3515).
    Refer,
    /// Tells of an event (RFC 6665).
    Notify,
    /// Asks for events (RFC 6665).
    Subscribe,
    /// Carries a text (RFC 3428).
    Message,
    /// Publishes event state (RFC 3903).
    Publish,
    /// A method nobody told us about; answered 405 or 501.
    Other(Arc<str>),
}

impl Method {
    /// The method of a token; an unknown one is kept verbatim.
    pub fn from_token(token: &str) -> Self {
        match token {
            "INVITE" => Self::Invite,
            "ACK" => Self::Ack,
            "BYE" => Self::Bye,
            "CANCEL" => Self::Cancel,
            "OPTIONS" => Self::Options,
            "REGISTER" => Self::Register,
            "INFO" => Self::Info,
            "UPDATE" => Self::Update,
            "PRACK" => Self::Prack,
            "REFER" => Self::Refer,
            "NOTIFY" => Self::Notify,
            "SUBSCRIBE" => Self::Subscribe,
            "MESSAGE" => Self::Message,
            "PUBLISH" => Self::Publish,
            other => Self::Other(other.into()),
        }
    }

    /// The method as it stands in a start line.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Invite => "INVITE",
            Self::Ack => "ACK",
            Self::Bye => "BYE",
            Self::Cancel => "CANCEL",
            Self::Options => "OPTIONS",
            Self::Register => "REGISTER",
            Self::Info => "INFO",
            Self::Update => "UPDATE",
            Self::Prack => "PRACK",
            Self::Refer => "REFER",
            Self::Notify => "NOTIFY",
            Self::Subscribe => "SUBSCRIBE",
            Self::Message => "MESSAGE",
            Self::Publish => "PUBLISH",
            Self::Other(name) => name,
        }
    }

    /// The same method for a request that we build; `None` for one that `rsip` has no word for.
    pub fn to_rsip(&self) -> Option<rsip::Method> {
        Some(match self {
            Self::Invite => rsip::Method::Invite,
            Self::Ack => rsip::Method::Ack,
            Self::Bye => rsip::Method::Bye,
            Self::Cancel => rsip::Method::Cancel,
            Self::Options => rsip::Method::Options,
            Self::Register => rsip::Method::Register,
            Self::Info => rsip::Method::Info,
            Self::Update => rsip::Method::Update,
            Self::Prack => rsip::Method::PRack,
            Self::Refer => rsip::Method::Refer,
            Self::Notify => rsip::Method::Notify,
            Self::Subscribe => rsip::Method::Subscribe,
            Self::Message => rsip::Method::Message,
            Self::Publish => rsip::Method::Publish,
            Self::Other(_) => return None,
        })
    }
}

impl From<rsip::Method> for Method {
    fn from(method: rsip::Method) -> Self {
        match method {
            rsip::Method::Invite => Self::Invite,
            rsip::Method::Ack => Self::Ack,
            rsip::Method::Bye => Self::Bye,
            rsip::Method::Cancel => Self::Cancel,
            rsip::Method::Options => Self::Options,
            rsip::Method::Register => Self::Register,
            rsip::Method::Info => Self::Info,
            rsip::Method::Update => Self::Update,
            rsip::Method::PRack => Self::Prack,
            rsip::Method::Refer => Self::Refer,
            rsip::Method::Notify => Self::Notify,
            rsip::Method::Subscribe => Self::Subscribe,
            rsip::Method::Message => Self::Message,
            rsip::Method::Publish => Self::Publish,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
