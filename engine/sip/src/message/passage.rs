//! How far a request has come (RFC 3261 §16.3).

use std::net::SocketAddr;

use super::{HeaderName, Message};
use crate::mark::Mark;
use crate::via::Via;

/// Hops that a request may take from here on, whatever it claims (RFC 3261 §8.1.1.6).
const MOST_HOPS: u8 = 70;

/// A request has used up its hops: answer 483.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("Too Many Hops")]
pub struct TooManyHops;

impl Message {
    /// Max-Forwards for what this request leads to: one less, at most 70; 70 when it does not say.
    ///
    /// # Errors
    /// When no hop is left.
    pub fn onward_hops(&self) -> Result<u8, TooManyHops> {
        let hops = self.max_forwards().map_or(Some(MOST_HOPS), |hops| hops.checked_sub(1));
        hops.map(|hops| hops.min(MOST_HOPS)).ok_or(TooManyHops)
    }

    /// How often the request went through us: Via elements with one of our addresses whose branch carries the mark of a
    /// shard. Zero for what a B2BUA on the way made anew.
    pub fn visits(&self, ours: &[SocketAddr]) -> usize {
        let is_ours = |via: &Via<'_>| {
            let host = via.host.trim_start_matches('[').trim_end_matches(']');
            let Ok(ip) = host.parse() else { return false };
            ours.contains(&SocketAddr::new(ip, via.port.unwrap_or(5060)))
        };
        let vias = self.list(HeaderName::Via).filter_map(|via| Via::parse(via).ok());
        vias.filter(|via| via.branch().and_then(Mark::of).is_some() && is_ours(via)).count()
    }
}
