//! Which source a port listens to: symmetric RTP with protection against injected streams (RTPBleed).
//!
//! | State | Packet | Becomes |
//! |---|---|---|
//! | nothing announced | any | refused |
//! | learning | from the announced address, any port | latched |
//! | learning | from a stranger that the policy allows | latched |
//! | latched | from the latched source | passes |
//! | latched for less than [`CONTEST_MS`] | from a better source: announced address over stranger, announced port over another | latched instead |
//! | latched | anything else | refused |

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::datapath::Admission;

/// Milliseconds during which a better source displaces a latched one.
const CONTEST_MS: u64 = 3_000;

/// Milliseconds during which packets still in flight from the address that an announcement replaced are not mistaken
/// for a stranger at the new one.
const IN_FLIGHT_MS: u64 = 500;

/// Who besides the announced address may become the source of a side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LatchPolicy {
    /// Sources at another IP address than the announced one.
    pub strangers: Strangers,
}

/// When a source at another IP address than the announced one is latched, while none is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strangers {
    /// Never.
    Refused,
    /// This long after the announcement; without limit when the announced address is private or unspecified, because
    /// then its owner sits behind a NAT and can only be a stranger.
    Within(Duration),
    /// At any time.
    UntilLatched,
}

impl Default for Strangers {
    fn default() -> Strangers {
        Strangers::Within(Duration::from_secs(3))
    }
}

/// How well a source fits the announcement; better ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Stranger,
    Address,
    AddressAndPort,
}

#[derive(Clone, Copy, Debug)]
struct Latched {
    source: SocketAddr,
    fit: Fit,
    at_ms: u64,
}

#[derive(Clone, Copy, Debug)]
struct Expected {
    admission: Admission,
    since_ms: u64,
}

/// What the latch says to a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// From the latched source.
    Known,
    /// From a source that was latched by this packet.
    Latched,
    /// From somebody else.
    Refused,
}

/// The state of one port. Times are milliseconds of one clock.
#[derive(Debug, Default)]
pub(crate) struct Latch {
    expected: Option<Expected>,
    latched: Option<Latched>,
    /// A repeated announcement: the latched source stays the destination, the next packet decides anew.
    learning: bool,
    former: Option<SocketAddr>,
}

impl Latch {
    /// A new announcement. The same one again reopens learning; another one forgets the latched source, unless it is
    /// the unspecified address, which puts a call on hold and says nothing of where the far end is.
    pub(crate) fn expect(&mut self, admission: Admission, now_ms: u64) {
        let announced = admission.announced;
        let before = self.expected.map(|expected| expected.admission.announced);
        let keep = before.filter(|before| announced.ip().is_unspecified() || same_end(*before, announced));
        if keep.is_none() {
            self.former = self.latched.take().map(|latched| latched.source);
        }
        let announced = keep.unwrap_or(announced);
        self.expected = Some(Expected { admission: Admission { announced, ..admission }, since_ms: now_ms });
        self.learning = true;
    }

    /// Back to refusing everything.
    pub(crate) fn close(&mut self) {
        *self = Latch::default();
    }

    /// Decides about a valid packet.
    #[inline]
    pub(crate) fn admit(&mut self, from: SocketAddr, now_ms: u64) -> Verdict {
        match self.latched {
            Some(latched) if !self.learning && same_end(latched.source, from) => Verdict::Known,
            _ => self.learn(from, now_ms),
        }
    }

    #[cold]
    fn learn(&mut self, from: SocketAddr, now_ms: u64) -> Verdict {
        let Some(fit) = self.fit(from, now_ms) else { return Verdict::Refused };
        if let Some(latched) = self.latched.filter(|_| !self.learning) {
            let contested = now_ms.saturating_sub(latched.at_ms) < CONTEST_MS;
            if !contested || fit <= latched.fit {
                return Verdict::Refused;
            }
        }
        self.latched = Some(Latched { source: from, fit, at_ms: now_ms });
        self.learning = false;
        self.former = None;
        Verdict::Latched
    }

    fn fit(&self, from: SocketAddr, now_ms: u64) -> Option<Fit> {
        let Expected { admission, since_ms } = self.expected?;
        let age_ms = now_ms.saturating_sub(since_ms);
        if same_end(from, admission.announced) {
            return Some(Fit::AddressAndPort);
        }
        if from.ip() == admission.announced.ip() {
            return Some(Fit::Address);
        }
        let latched_again = self.latched.is_some_and(|latched| same_end(latched.source, from));
        let in_flight = age_ms < IN_FLIGHT_MS && self.former.is_some_and(|former| same_end(former, from));
        let allowed = match admission.latch.strangers {
            Strangers::Refused => false,
            Strangers::Within(window) => {
                latched_again
                    || behind_nat(admission.announced.ip())
                    || u128::from(age_ms) <= window.as_millis()
            }
            Strangers::UntilLatched => true,
        };
        (allowed && !in_flight).then_some(Fit::Stranger)
    }

    /// Where packets for the far end go: to the latched source, else to the announced address if it is one.
    #[inline]
    pub(crate) fn destination(&self) -> Option<SocketAddr> {
        if let Some(latched) = self.latched {
            return Some(latched.source);
        }
        let announced = self.expected?.admission.announced;
        (!announced.ip().is_unspecified() && announced.port() != 0).then_some(announced)
    }

    /// The source that is accepted now.
    pub(crate) fn source(&self) -> Option<SocketAddr> {
        self.latched.map(|latched| latched.source)
    }
}

/// Address and port; the scope and flow label of IPv6 are ours, not the sender's.
#[inline]
fn same_end(a: SocketAddr, b: SocketAddr) -> bool {
    a.port() == b.port() && a.ip() == b.ip()
}

/// Whether the owner of an announced address cannot be reached there from the Internet (RFC 1918, 6598, 3927, 4193).
fn behind_nat(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            ip.is_private() || ip.is_link_local() || ip.is_unspecified() || (a == 100 && b & 0xc0 == 64)
        }
        IpAddr::V6(ip) => ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
#[path = "latch_tests.rs"]
mod tests;
