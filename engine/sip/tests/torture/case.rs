//! One message, what is demanded of its reader, and what this one does.

use std::fmt;
use std::time::{Duration, Instant};

use bytes::Bytes;
use sip::{Endpoint, EndpointConfig, Event, Flow, Message, Transport};

use crate::folder;

/// Where the bytes come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The text that the RFC prints, with CRLF line ends and its non-printing bytes put back.
    Printed,
    /// Made after the RFC's description.
    Built,
}

/// What the RFC asks of an element that receives the message.
#[derive(Clone, Copy)]
pub(crate) enum Demand {
    /// A request to be taken as valid.
    Accept,
    /// A valid request which the user of the endpoint answers as the text says.
    AcceptThen(&'static str),
    /// A request to be answered with this status.
    Refuse(u16),
    /// A request to be answered with this status; the RFC lets a lenient element repair it instead.
    RefuseOrRepair(u16),
    /// A response to be taken as valid; it belongs to no request of ours.
    AcceptResponse,
    /// A sound response that nobody here may get.
    Ignore,
    /// To be dropped as unreadable, without an answer.
    Discard,
}

/// What happened.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A request that the endpoint's user gets.
    HandedUp,
    /// A request that the endpoint answered by itself.
    Answered(u16, String),
    /// A response that was read and belongs to nothing we asked.
    Unasked,
    /// Dropped as unreadable.
    Discarded,
}

impl Demand {
    pub(crate) fn is_met_by(&self, seen: &Seen) -> bool {
        match (self, seen) {
            (Self::Accept | Self::AcceptThen(_) | Self::RefuseOrRepair(_), Seen::HandedUp)
            | (Self::AcceptResponse | Self::Ignore, Seen::Unasked)
            | (Self::Discard, Seen::Discarded) => true,
            (Self::Refuse(wanted) | Self::RefuseOrRepair(wanted), Seen::Answered(status, _)) => {
                wanted == status
            }
            _ => false,
        }
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accept => f.write_str("accept"),
            Self::AcceptThen(what) => write!(f, "accept; {what}"),
            Self::Refuse(status) => write!(f, "answer {status}"),
            Self::RefuseOrRepair(status) => write!(f, "answer {status}, or repair"),
            Self::AcceptResponse => f.write_str("accept the response"),
            Self::Ignore => f.write_str("give it to nobody"),
            Self::Discard => f.write_str("discard"),
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HandedUp => f.write_str("accepted"),
            Self::Answered(status, reason) => write!(f, "answered {status} {reason}"),
            Self::Unasked => f.write_str("read; matches no request, so nobody gets it"),
            Self::Discarded => f.write_str("discarded"),
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    /// Folder and name.
    pub(crate) file: &'static str,
    pub(crate) section: &'static str,
    pub(crate) title: &'static str,
    pub(crate) origin: Origin,
    pub(crate) demand: Demand,
    /// What must stand in the message when it was read.
    pub(crate) check: fn(&Message),
}

/// A row whose bytes are the RFC's.
pub(crate) const fn row(
    file: &'static str,
    section: &'static str,
    title: &'static str,
    demand: Demand,
    check: fn(&Message),
) -> Case {
    Case { file, section, title, origin: Origin::Printed, demand, check }
}

/// Nothing to look at: the message is refused.
pub(crate) fn unread(_: &Message) {}

const PROBE: &[u8] =
    b"OPTIONS sip:probe@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKprobe\r\n\
    From: <sip:a@example.com>;tag=p\r\nTo: <sip:probe@192.0.2.1>\r\nCall-ID: probe\r\nCSeq: 1 OPTIONS\r\n\
    Content-Length: 0\r\n\r\n";

impl Case {
    pub(crate) fn bytes(&self) -> Bytes {
        let path = folder().join(format!("{}.sip", self.file));
        std::fs::read(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display())).into()
    }

    /// Gives the message to an endpoint, which must be as well afterwards as before. The message comes back when it
    /// was read without fault.
    pub(crate) fn run(&self) -> (Seen, Option<Message>) {
        let now = Instant::now();
        let mut endpoint = Endpoint::new(EndpointConfig { seed: Some(1), ..EndpointConfig::default() });
        let flow = Flow {
            transport: Transport::Udp,
            local: "192.0.2.200:5060".parse().unwrap(),
            remote: "198.51.100.7:5060".parse().unwrap(),
        };
        endpoint.on_datagram(now, flow, self.bytes());
        let seen = match (endpoint.poll_event(), endpoint.poll_transmit()) {
            (Some(Event::Request { message, .. }), None) => (Seen::HandedUp, Some(message)),
            (Some(Event::Malformed { .. }) | None, Some(answer)) => {
                // Not read as a message: it repeats the faulty headers of its request.
                let line = String::from_utf8_lossy(&answer.bytes).lines().next().unwrap().to_owned();
                let (status, reason) = line.strip_prefix("SIP/2.0 ").unwrap().split_once(' ').unwrap();
                (Seen::Answered(status.parse().unwrap(), reason.to_owned()), None)
            }
            (Some(Event::Malformed { .. }), None) => (Seen::Discarded, None),
            (None, None) if endpoint.stats().stray_responses == 1 => {
                (Seen::Unasked, Some(Message::parse(self.bytes()).unwrap()))
            }
            (None, None) if endpoint.stats().malformed == 1 => (Seen::Discarded, None),
            (event, answer) => panic!("{}: {event:?}, {answer:?}", self.file),
        };
        endpoint.on_datagram(now + Duration::from_millis(1), flow, Bytes::from_static(PROBE));
        let probed = matches!(endpoint.poll_event(), Some(Event::Request { .. }));
        assert!(probed, "{}: the endpoint lives on", self.file);
        seen
    }
}
