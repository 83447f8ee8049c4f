use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use socket2::{Domain, Protocol, Socket, Type};

use super::Pair;

/// Binds both ports of a pair, RTP first, not blocking.
///
/// # Errors
/// What the kernel says; `AddrInUse` when another process holds one of the ports.
pub(crate) fn bind_pair(ip: IpAddr, pair: Pair, rtp_buffer: usize) -> io::Result<[UdpSocket; 2]> {
    let rtp = bind(ip, pair.rtp())?;
    // Best effort: the kernel caps it at net.core.rmem_max, and voice lives with the default.
    let _ = rtp.set_recv_buffer_size(rtp_buffer);
    Ok([rtp.into(), bind(ip, pair.rtcp())?.into()])
}

/// Checks that `ip` is an address of this machine.
///
/// # Errors
/// What the kernel says.
pub(crate) fn probe(ip: IpAddr) -> io::Result<()> {
    bind(ip, 0).map(drop)
}

fn bind(ip: IpAddr, port: u16) -> io::Result<Socket> {
    let socket = Socket::new(
        Domain::for_address(SocketAddr::new(ip, port)),
        Type::DGRAM.nonblocking(),
        Some(Protocol::UDP),
    )?;
    if ip.is_ipv6() {
        // Otherwise `::` would hold the IPv4 port too, and IPv4 sources would appear as mapped addresses.
        socket.set_only_v6(true)?;
    }
    socket.bind(&SocketAddr::new(ip, port).into())?;
    Ok(socket)
}
