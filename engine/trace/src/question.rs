//! What somebody wants to see.

use chrono::{DateTime, Utc};
use domain::{CallId, Source};
use sip::Flow;

use crate::glance::Glance;

/// Whose messages are meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// Everybody's.
    All,
    /// Those of both legs of a call, all gateways that were tried included.
    Call {
        /// The call.
        id: CallId,
        /// Call-IDs that are known of it, should the trace have lost its beginning.
        call_ids: Vec<String>,
    },
    /// Those with this Call-ID.
    Dialog(String),
    /// Those from and to these addresses.
    Address(Vec<Source>),
    /// The calls, registrations and other exchanges in which a number has this beginning; both legs.
    Number(String),
}

/// A question to the trace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// Whose messages.
    pub target: Target,
    /// Only those that were refused.
    pub only_refused: bool,
    /// From this moment on.
    pub from: DateTime<Utc>,
    /// Up to this moment.
    pub until: DateTime<Utc>,
    /// At most this many messages, the latest.
    pub most: usize,
}

impl Target {
    /// True when the message itself says that it is meant; others may belong to one that does.
    pub(crate) fn names(&self, flow: &Flow, octets: &[u8]) -> bool {
        match self {
            Self::All => true,
            Self::Address(sources) => sources.iter().any(|source| source.matches(canonical(flow))),
            Self::Number(number) => Glance::at(octets).numbers().any(|n| is_beginning(number, n)),
            Self::Dialog(call_id) => Glance::at(octets).call_id() == call_id.as_bytes(),
            Self::Call { call_ids, .. } => {
                let own = Glance::at(octets).call_id();
                call_ids.iter().any(|call_id| call_id.as_bytes() == own)
            }
        }
    }

    /// True when everything of the calls is meant in which a message is.
    pub(crate) fn means_whole_calls(&self) -> bool {
        matches!(self, Self::Call { .. } | Self::Number(_))
    }
}

fn canonical(flow: &Flow) -> std::net::SocketAddr {
    std::net::SocketAddr::new(flow.remote.ip().to_canonical(), flow.remote.port())
}

/// Whether `number`, as written in a message, begins with `wanted`; a leading plus sign makes no difference.
fn is_beginning(wanted: &str, number: &[u8]) -> bool {
    let bare = |text: &[u8]| text.strip_prefix(b"+").unwrap_or(text).to_vec();
    !wanted.is_empty() && bare(number).starts_with(&bare(wanted.as_bytes()))
}
