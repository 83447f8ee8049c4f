//! How a number is reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use domain::PhoneMode;
use sip::{Flow, NameAddr, SipUri, Transport};
use smallvec::SmallVec;

use crate::bindings::Binding;
use crate::directory::Line;
use crate::registrar::Registrar;

/// What a call to a number meets.
#[derive(Clone)]
pub enum Reach {
    /// No phone has this number: route it like any other.
    NoPhone,
    /// The phone is switched off by its account's people: 480.
    Disabled,
    /// Its calls go elsewhere at once: `settings().forwarding.always`.
    Forwarded(Arc<Line>),
    /// It does not want to be disturbed: as if it were busy.
    Busy(Arc<Line>),
    /// It is not registered: `settings().forwarding.offline`, else 480 (decision 15).
    Offline(Arc<Line>),
    /// It rings here, the best liked first.
    Rings(Arc<Line>, Vec<Target>),
}

/// One place where a phone rings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// The Request-URI: the contact as it was registered.
    pub uri: SipUri,
    /// Route headers, in order (RFC 3327 §5.4).
    pub routes: Vec<String>,
    /// Where to send. For one on a connection it is that connection and no other: when it is gone, so is the contact.
    pub flow: Flow,
    /// Preference in thousandths.
    pub q: u16,
    /// Whether it is behind address translation.
    pub nat: bool,
}

impl Registrar {
    /// How a number is reached at `now`. Takes no lock.
    pub fn reach(&self, now: Duration, number: &str) -> Reach {
        let directory = self.directory.load();
        let Some(line) = directory.numbered(number) else { return Reach::NoPhone };
        let (settings, known) = (line.settings(), Arc::clone(line));
        if !settings.enabled {
            return Reach::Disabled;
        }
        if settings.forwarding.always.is_some() {
            return Reach::Forwarded(known);
        }
        if settings.do_not_disturb {
            return Reach::Busy(known);
        }
        let targets = line.targets(now);
        if targets.is_empty() { Reach::Offline(known) } else { Reach::Rings(known, targets) }
    }
}

impl Line {
    /// Where it rings, whatever is set about forwarding: best liked first.
    pub fn targets(&self, now: Duration) -> Vec<Target> {
        if let PhoneMode::Static(address) = self.settings().mode {
            return vec![Target::fixed(self.settings().number.as_str(), address)];
        }
        let bindings = self.bindings();
        let Some(bindings) = bindings.as_ref() else { return Vec::new() };
        let mut live: SmallVec<[&Arc<Binding>; 1]> = bindings.live(now).collect();
        // The latest first, so that of the flows of one device the latest is kept (RFC 5626 §7).
        live.sort_by_key(|binding| (std::cmp::Reverse(binding.q), std::cmp::Reverse(binding.refreshed)));
        let mut rung: SmallVec<[&str; 4]> = SmallVec::new();
        let mut targets = Vec::with_capacity(1);
        for binding in live {
            if let Some(device) = &binding.device {
                if rung.contains(&&*device.instance) {
                    continue;
                }
                rung.push(&device.instance);
            }
            targets.extend(Target::of(binding));
        }
        targets
    }
}

impl Target {
    /// The way to this contact; none when its address cannot be read.
    pub fn of(binding: &Binding) -> Option<Self> {
        let uri = SipUri::parse(&binding.contact).ok()?;
        let mut flow = binding.flow;
        // The first proxy of the path, when its address is written; else the one that brought the registration.
        let first = binding.path.first().and_then(|hop| NameAddr::parse(hop).ok());
        if let Some(address) = first.and_then(|hop| hop.uri.socket_addr())
            && !flow.transport.is_reliable()
        {
            flow.remote = address;
        }
        let routes = binding.path.iter().map(ToString::to_string).collect();
        Some(Self { uri, routes, flow, q: binding.q, nat: binding.nat })
    }

    fn fixed(number: &str, address: SocketAddr) -> Self {
        let host = match address.ip() {
            IpAddr::V4(four) => four.to_string(),
            IpAddr::V6(six) => format!("[{six}]"),
        };
        let any = match address.ip() {
            IpAddr::V4(_) => IpAddr::from(Ipv4Addr::UNSPECIFIED),
            IpAddr::V6(_) => IpAddr::from(Ipv6Addr::UNSPECIFIED),
        };
        Self {
            uri: SipUri::sip(number, &host, Some(address.port())),
            routes: Vec::new(),
            flow: Flow { transport: Transport::Udp, local: SocketAddr::new(any, 0), remote: address },
            q: 1000,
            nat: false,
        }
    }
}
