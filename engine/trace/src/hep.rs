//! Export to a Homer collector: HEP version 3 over UDP (HEP3 network protocol specification, rev. 36).

use std::{
    collections::{HashMap, VecDeque},
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs, UdpSocket},
    time::{Duration, Instant},
};

use domain::CallId;
use sip::Transport;

use crate::{Direction, Seen, Trace, collector::correlation, glance::Glance, shared::Exported};

/// How long a name's address is used before it is asked for again.
const NAME_LASTS: Duration = Duration::from_secs(300);
/// How soon it is asked for again when there was no answer.
const NAME_AGAIN: Duration = Duration::from_secs(10);
/// Dialogs whose call is remembered, to tie its legs together.
const MOST_LEGS: usize = 50_000;

/// Where messages are exported to, and as whom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HepSettings {
    /// Name or address of the collector.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Which node of the network this is (chunk 12, capture agent).
    pub node: u32,
}

/// Sends what it is given, without ever waiting for the network.
#[derive(Default)]
pub(crate) struct Exporter {
    version: u64,
    settings: Option<HepSettings>,
    socket: Option<(UdpSocket, SocketAddr)>,
    /// When the collector's name is to be asked for again.
    ask_at: Option<Instant>,
    legs: HashMap<Vec<u8>, CallId>,
    order: VecDeque<Vec<u8>>,
    exported: Exported,
}

impl Exporter {
    /// Takes up changed settings, and looks the collector's name up when it is time.
    pub(crate) fn take_up(&mut self, trace: &Trace, now: Instant) {
        if let Some((version, settings)) = trace.export_since(self.version) {
            (self.version, self.settings, self.socket, self.ask_at) = (version, settings, None, Some(now));
            if self.settings.is_none() {
                (self.legs, self.order, self.ask_at) = (HashMap::new(), VecDeque::new(), None);
            }
        }
        if self.ask_at.is_none_or(|at| at > now) {
            return;
        }
        let Some(settings) = &self.settings else { return };
        match open(settings) {
            Ok(socket) => {
                self.socket = Some(socket);
                self.ask_at = Some(now + NAME_LASTS);
            }
            Err(error) => {
                if self.socket.is_none() {
                    tracing::warn!(host = settings.host, %error, "the HEP collector cannot be reached");
                }
                self.ask_at = Some(now + NAME_AGAIN);
            }
        }
    }

    /// A leg of a call has this Call-ID.
    pub(crate) fn leg(&mut self, call: CallId, call_id: Vec<u8>) {
        if self.settings.is_none() {
            return;
        }
        if self.legs.insert(call_id.clone(), call).is_none() {
            self.order.push_back(call_id);
        }
        while self.order.len() > MOST_LEGS {
            if let Some(oldest) = self.order.pop_front() {
                self.legs.remove(&oldest);
            }
        }
    }

    pub(crate) fn send(&mut self, seen: &Seen) {
        let Some(settings) = &self.settings else { return };
        let call = self.legs.get(Glance::at(&seen.bytes).call_id()).copied();
        let packet = packet(seen, settings.node, call);
        let sent = match &self.socket {
            Some((socket, to)) => socket.send_to(&packet, to).is_ok(),
            None => false,
        };
        match sent {
            true => self.exported.sent += 1,
            false => self.exported.dropped += 1,
        }
    }

    pub(crate) fn exported(&self) -> Exported {
        self.exported
    }
}

fn open(settings: &HepSettings) -> io::Result<(UdpSocket, SocketAddr)> {
    let none = || io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    let to = (settings.host.as_str(), settings.port).to_socket_addrs()?.next().ok_or_else(none)?;
    let any: IpAddr = match to {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0))?;
    socket.set_nonblocking(true)?;
    Ok((socket, to))
}

/// One message as a HEP3 packet. The legs of a call carry the call's id as their correlation (chunk 17).
pub fn packet(seen: &Seen, node: u32, call: Option<CallId>) -> Vec<u8> {
    let (from, to) = match seen.direction {
        Direction::Received => (seen.flow.remote, seen.flow.local),
        Direction::Sent => (seen.flow.local, seen.flow.remote),
    };
    let mut packet = Packet(b"HEP3\0\0".to_vec());
    match (from.ip().to_canonical(), to.ip().to_canonical()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            packet.add(0x0001, &[2]);
            packet.add(0x0003, &from.octets());
            packet.add(0x0004, &to.octets());
        }
        (from, to) => {
            packet.add(0x0001, &[10]);
            packet.add(0x0005, &six(from).octets());
            packet.add(0x0006, &six(to).octets());
        }
    }
    let protocol = if seen.flow.transport == Transport::Udp { 17 } else { 6 };
    packet.add(0x0002, &[protocol]);
    packet.add(0x0007, &from.port().to_be_bytes());
    packet.add(0x0008, &to.port().to_be_bytes());
    let seconds = u32::try_from(seen.at.timestamp()).unwrap_or_default();
    packet.add(0x0009, &seconds.to_be_bytes());
    packet.add(0x000a, &seen.at.timestamp_subsec_micros().to_be_bytes());
    // SIP.
    packet.add(0x000b, &[1]);
    packet.add(0x000c, &node.to_be_bytes());
    // A chunk's length is two octets, and so is the whole packet's; a UDP datagram is shorter still.
    let room = 65_000 - packet.0.len();
    packet.add(0x000f, &seen.bytes[..seen.bytes.len().min(room)]);
    if let Some(call) = call {
        packet.add(0x0011, correlation(call).as_bytes());
    }
    packet.finish()
}

pub(crate) fn six(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(four) => four.to_ipv6_mapped(),
        IpAddr::V6(six) => six,
    }
}

/// Chunks one after another: vendor 0, type, length with these six octets, content.
struct Packet(Vec<u8>);

impl Packet {
    fn add(&mut self, kind: u16, content: &[u8]) {
        let length = u16::try_from(content.len() + 6).unwrap_or(u16::MAX);
        self.0.extend_from_slice(&[0, 0]);
        self.0.extend_from_slice(&kind.to_be_bytes());
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(content);
    }

    fn finish(mut self) -> Vec<u8> {
        let length = u16::try_from(self.0.len()).unwrap_or(u16::MAX);
        self.0[4..6].copy_from_slice(&length.to_be_bytes());
        self.0
    }
}
