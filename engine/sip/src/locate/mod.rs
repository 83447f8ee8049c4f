//! Where a SIP URI leads: RFC 3263 as a state machine without a resolver.
//!
//! [`Locate`] says what must be looked up next ([`Need`]), takes the [`Answer`], and in the end has the ordered list of
//! [`Destination`]s to try one after the other (RFC 3263 §4.3).
//!
//! | URI | first need | when that is empty | RFC 3263 |
//! |---|---|---|---|
//! | IP address, or `maddr` that is one | none | | §4.1, §4.2 |
//! | host and port | addresses of the host | nothing found | §4.2 |
//! | host and `transport` | SRV of that transport | addresses of the host, default port | §4.2 |
//! | host only | NAPTR of the host | SRV of each transport we speak | §4.1 |
//! | … after SRV | addresses of each target | addresses of the host when there was no SRV at all | §4.2 |

mod records;
mod services;
mod weights;

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

pub use records::{Answer, Naptr, Need, Srv};

use crate::flow::Transport;
use crate::uri::{Scheme, SipUri};

/// Shortest time a result may be kept, whatever the records say.
pub const SHORTEST_TTL: Duration = Duration::from_secs(30);

/// Longest time a result may be kept, whatever the records say.
pub const LONGEST_TTL: Duration = Duration::from_secs(3600);

/// Destinations kept at most; nobody tries more.
const MOST_DESTINATIONS: usize = 32;

/// Look-ups made at most for one URI; the records are somebody else's and could go on and on.
const MOST_LOOKUPS: usize = 24;

/// One place to send to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Destination {
    /// How.
    pub transport: Transport,
    /// Where.
    pub address: SocketAddr,
}

/// What a finished look-up gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The places in the order in which to try them; empty when the name leads nowhere.
    pub destinations: Vec<Destination>,
    /// How long this may be kept: the shortest of the records' times, at least 30 s and at most an hour.
    pub ttl: Duration,
}

/// Why a URI leads nowhere whatever a resolver says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LocateError {
    /// `tel:` and other schemes have no host.
    #[error("the URI names no host")]
    NoHost,
    /// The URI asks for a transport that we do not speak, or that its scheme forbids.
    #[error("transport not supported")]
    Transport,
}

/// A look-up in progress.
#[derive(Clone, Debug)]
pub struct Locate {
    host: String,
    able: Vec<Transport>,
    steps: VecDeque<Step>,
    /// What to ask when there is no SRV record at all.
    otherwise: Option<Step>,
    lookups: usize,
    destinations: Vec<Destination>,
    ttl: Duration,
}

#[derive(Clone, Debug)]
enum Step {
    Naptr,
    Srv { name: String, transport: Transport },
    Address { host: String, port: u16, transport: Transport },
}

impl Locate {
    /// Begins with a URI. `able` are the transports that we speak, the preferred one first.
    ///
    /// # Errors
    /// When the URI has no host, or demands a transport that is not in `able`.
    pub fn new(uri: &SipUri, able: &[Transport]) -> Result<Self, LocateError> {
        let secure = match uri.scheme {
            Scheme::Sip => false,
            Scheme::Sips => true,
            Scheme::Tel | Scheme::Other(_) => return Err(LocateError::NoHost),
        };
        let able: Vec<_> = able.iter().copied().filter(|way| !secure || services::is_secure(*way)).collect();
        let host = uri.params.get("maddr").filter(|address| !address.is_empty()).unwrap_or(&uri.host);
        let asked = match uri.params.get("transport") {
            Some(word) => Some(services::asked(word, secure).ok_or(LocateError::Transport)?),
            None => None,
        };
        let usual = if secure { Transport::Tls } else { Transport::Udp };
        // Without a word on it the usual one, or what we have when we have not even that.
        let usual = if able.contains(&usual) { Some(usual) } else { able.first().copied() };
        let transport = asked.or(usual).filter(|way| able.contains(way)).ok_or(LocateError::Transport)?;
        let port = uri.port.unwrap_or(transport.default_port());
        let mut locate = Self {
            host: host.trim_end_matches('.').to_owned(),
            able,
            steps: VecDeque::new(),
            otherwise: None,
            lookups: 0,
            destinations: Vec::new(),
            ttl: LONGEST_TTL,
        };
        let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let addresses = Step::Address { host: locate.host.clone(), port, transport };
        if let Ok(ip) = literal.parse::<IpAddr>() {
            locate.destinations.push(Destination { transport, address: SocketAddr::new(ip, port) });
        } else if uri.port.is_some() {
            locate.steps.push_back(addresses);
        } else if asked.is_some() {
            let name = services::srv_name(&locate.host, transport);
            locate.steps.push_back(Step::Srv { name, transport });
            locate.otherwise = Some(addresses);
        } else {
            locate.steps.push_back(Step::Naptr);
            locate.otherwise = Some(addresses);
        }
        Ok(locate)
    }

    /// What must be looked up next; `None` when the list is complete.
    pub fn need(&self) -> Option<Need> {
        Some(match self.steps.front()? {
            Step::Naptr => Need::Naptr(self.host.clone()),
            Step::Srv { name, .. } => Need::Srv(name.clone()),
            Step::Address { host, .. } => Need::Address(host.clone()),
        })
    }

    /// Takes the answer to [`Self::need`]. A name that does not exist, and a resolver that does not answer, are an
    /// empty answer. `random(n)` gives a number from 0 to n, both included.
    ///
    /// An answer of another kind than asked for counts as empty.
    pub fn answer(&mut self, answer: Answer, ttl: Duration, random: &mut dyn FnMut(u32) -> u32) {
        let Some(step) = self.steps.pop_front() else { return };
        self.lookups += 1;
        self.ttl = self.ttl.min(ttl);
        match (step, answer) {
            (Step::Naptr, Answer::Naptr(records)) => self.take_naptr(records),
            (Step::Naptr, _) => self.take_naptr(Vec::new()),
            (Step::Srv { transport, .. }, Answer::Srv(records)) => self.take_srv(transport, records, random),
            (Step::Address { port, transport, .. }, Answer::Address(addresses)) => {
                let found = addresses
                    .into_iter()
                    .map(|ip| Destination { transport, address: SocketAddr::new(ip, port) });
                for destination in found {
                    if self.destinations.len() < MOST_DESTINATIONS
                        && !self.destinations.contains(&destination)
                    {
                        self.destinations.push(destination);
                    }
                }
            }
            (Step::Srv { .. } | Step::Address { .. }, _) => {}
        }
        if self.steps.is_empty() {
            self.steps.extend(self.otherwise.take());
        }
        if self.lookups >= MOST_LOOKUPS || self.destinations.len() >= MOST_DESTINATIONS {
            self.steps.clear();
        }
    }

    /// NAPTR leads to SRV names, by order and preference; without one that we can use every transport is tried
    /// (RFC 3263 §4.1).
    fn take_naptr(&mut self, mut records: Vec<Naptr>) {
        records.sort_by_key(|record| (record.order, record.preference));
        for record in records {
            let transport = services::of_naptr(&record).filter(|way| self.able.contains(way));
            if let Some(transport) = transport
                && self.steps.len() < MOST_LOOKUPS
            {
                let name = record.replacement.trim_end_matches('.').to_owned();
                self.steps.push_back(Step::Srv { name, transport });
            }
        }
        if self.steps.is_empty() {
            let names = self
                .able
                .iter()
                .map(|&transport| Step::Srv { name: services::srv_name(&self.host, transport), transport });
            self.steps.extend(names);
        }
    }

    /// SRV leads to hosts. Their addresses come before the SRV of the next transport: fail-over goes through one
    /// service first.
    fn take_srv(&mut self, transport: Transport, records: Vec<Srv>, random: &mut dyn FnMut(u32) -> u32) {
        if records.is_empty() {
            return;
        }
        self.otherwise = None;
        let ordered = weights::in_order(records, random);
        // A lone dot says that the service is decidedly not there (RFC 2782).
        let targets = ordered.into_iter().filter(|record| !record.target.trim_end_matches('.').is_empty());
        for record in targets.take(MOST_LOOKUPS).collect::<Vec<_>>().into_iter().rev() {
            let host = record.target.trim_end_matches('.').to_owned();
            self.steps.push_front(Step::Address { host, port: record.port, transport });
        }
    }

    /// The result; what is still needed counts as not found.
    pub fn found(self) -> Found {
        Found { destinations: self.destinations, ttl: self.ttl.clamp(SHORTEST_TTL, LONGEST_TTL) }
    }
}

#[cfg(test)]
mod tests;
