//! What a message says about extensions (RFC 3261 §20.32, §20.37) and about reliability (RFC 3262).

use super::{HeaderName, Message};
use crate::reliability::{RAck, RSeq};

impl Message {
    /// Whether the sender knows an extension, such as `100rel` or `timer`: Supported or Require lists it.
    pub fn supports(&self, option: &str) -> bool {
        self.lists(HeaderName::Supported, option) || self.requires(option)
    }

    /// Whether the sender insists on an extension.
    pub fn requires(&self, option: &str) -> bool {
        self.lists(HeaderName::Require, option)
    }

    /// Whether the sender takes requests of this method; `None` when it does not say (RFC 3261 §20.5).
    pub fn allows(&self, method: &str) -> Option<bool> {
        self.header(HeaderName::Allow)?;
        // Methods are case-sensitive (RFC 3261 §7.1).
        Some(self.list(HeaderName::Allow).any(|listed| listed == method))
    }

    fn lists(&self, name: HeaderName, option: &str) -> bool {
        self.list(name).any(|listed| listed.eq_ignore_ascii_case(option))
    }

    /// The number of a reliable provisional response; `None` for every other message (RFC 3262 §4). A 100 is never
    /// reliable.
    pub fn rseq(&self) -> Option<RSeq> {
        if !matches!(self.status(), Some(101..=199)) || !self.requires("100rel") {
            return None;
        }
        RSeq::parse(self.header(HeaderName::RSeq)?)
    }

    /// What a PRACK confirms; `None` when it is missing or cannot be read.
    pub fn rack(&self) -> Option<RAck> {
        RAck::parse(self.header(HeaderName::RAck)?)
    }
}
