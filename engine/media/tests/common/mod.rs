//! Phones on loopback sockets around a plane.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use media::{Address, Family, MediaPlane, PlaneConfig, PortRange, Remote, Session, Side, Tuning};

pub(crate) const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
pub(crate) const LOOPBACK: Address = Address { bind: LOCALHOST, advertise: LOCALHOST };

/// Far beyond what anything here takes: only a broken relay reaches it.
const PATIENCE: Duration = Duration::from_secs(20);

/// `ports` consecutive ports that nobody holds, from an even one on, below those that the kernel hands out itself.
pub(crate) fn free_range(ports: u16) -> PortRange {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Test processes that run side by side begin at different places.
    let begin = u16::try_from(std::process::id() % 90).unwrap() * 200;
    loop {
        let offset = NEXT.fetch_add(ports.next_multiple_of(2), Ordering::Relaxed);
        let first = 12_000 + (begin + offset) % 18_000;
        let last = first + ports - 1;
        if (first..=last).all(|port| UdpSocket::bind((LOCALHOST, port)).is_ok()) {
            return PortRange { first, last };
        }
    }
}

pub(crate) fn config(ports: u16) -> PlaneConfig {
    PlaneConfig { address: LOOPBACK, second: None, ports: free_range(ports), workers: 2 }
}

/// A plane whose ports rest only for a moment and whose sockets are kept only a little longer.
pub(crate) fn plane(ports: u16) -> MediaPlane {
    plane_on(config(ports))
}

pub(crate) fn plane_on(config: PlaneConfig) -> MediaPlane {
    let tuning = Tuning {
        quarantine: Duration::from_millis(20),
        keep_open: Duration::from_millis(200),
        ..Tuning::default()
    };
    MediaPlane::start_with(config, tuning).unwrap()
}

/// One end of a call: a socket for RTP and one for RTCP.
pub(crate) struct Phone {
    pub(crate) rtp: UdpSocket,
    pub(crate) rtcp: UdpSocket,
}

impl Phone {
    pub(crate) fn new() -> Phone {
        Phone::at("127.0.0.1")
    }

    pub(crate) fn at(ip: &str) -> Phone {
        let bind = || {
            let socket = UdpSocket::bind((ip, 0)).unwrap();
            socket.set_read_timeout(Some(PATIENCE)).unwrap();
            socket
        };
        Phone { rtp: bind(), rtcp: bind() }
    }

    pub(crate) fn remote(&self) -> Remote {
        Remote { rtp: self.rtp.local_addr().unwrap(), rtcp: self.rtcp.local_addr().unwrap() }
    }

    pub(crate) fn says(&self, to: SocketAddr, packet: &[u8]) {
        assert_eq!(self.rtp.send_to(packet, to).unwrap(), packet.len());
    }

    pub(crate) fn reports(&self, to: SocketAddr, packet: &[u8]) {
        let to = SocketAddr::new(to.ip(), to.port() + 1);
        assert_eq!(self.rtcp.send_to(packet, to).unwrap(), packet.len());
    }

    pub(crate) fn hears(&self) -> (Vec<u8>, SocketAddr) {
        receive(&self.rtp)
    }
}

pub(crate) fn receive(socket: &UdpSocket) -> (Vec<u8>, SocketAddr) {
    let mut buffer = [0; 65_535];
    let (length, from) = socket.recv_from(&mut buffer).expect("a packet within the time-out");
    (buffer[..length].to_vec(), from)
}

/// G.711 of 20 ms, told apart by its sequence number.
pub(crate) fn rtp(sequence: u16) -> Vec<u8> {
    let mut packet = vec![0x80, 8];
    packet.extend(sequence.to_be_bytes());
    packet.extend([0, 0, 0, 160, 0xca, 0xfe, 0xba, 0xbe]);
    packet.extend((0..160).map(|octet: u8| octet ^ sequence.to_be_bytes()[1]));
    packet
}

/// A receiver report without blocks.
pub(crate) fn rtcp(ssrc: u8) -> Vec<u8> {
    vec![0x80, 201, 0, 1, 0, 0, 0, ssrc]
}

/// A plane with both versions of IP.
pub(crate) fn plane_of_both(ports: u16) -> MediaPlane {
    let localhost = IpAddr::V6(Ipv6Addr::LOCALHOST);
    let second = Some(Address { bind: localhost, advertise: localhost });
    plane_on(PlaneConfig { second, ..config(ports) })
}

/// A session both of whose sides have announced themselves.
pub(crate) fn bridged(plane: &MediaPlane, caller: &Phone, callee: &Phone) -> Session {
    let mut session = plane.open(Family::V4, Family::V4).unwrap();
    session.expect(Side::Caller, caller.remote());
    session.expect(Side::Callee, callee.remote());
    session
}

/// Waits for something that another thread does.
pub(crate) fn until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < deadline, "never happened: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}
