//! What is answered to a request.

use sip::rsip;
use sip::{Message, make_header, reply};

/// What the shard does with a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Send this response.
    Reply(Reply),
    /// Forget the request without a word (`SS_REPLY_UNAUTHORIZED` off).
    Silent,
}

/// A response, but for what is copied from its request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The phrase, when it is not the standard one.
    pub reason: Option<&'static str>,
    /// Headers to add, in order.
    pub headers: Vec<(&'static str, String)>,
}

impl Reply {
    pub(crate) fn plain(status: u16) -> Self {
        Self { status, reason: None, headers: Vec::new() }
    }

    pub(crate) fn because(status: u16, reason: &'static str) -> Self {
        Self { status, reason: Some(reason), headers: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    /// The whole response to `request`, with `tag` on To.
    pub fn to(&self, request: &Message, tag: &str) -> rsip::Response {
        let mut response = reply(request, self.status, self.reason, Some(tag));
        for (name, value) in &self.headers {
            response.headers.push(make_header(name, value.as_str()));
        }
        response
    }
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}
