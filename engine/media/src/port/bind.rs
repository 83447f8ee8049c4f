use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use socket2::{Domain, Protocol, Socket, Type};

use super::Pair;

/// Binds both ports of a pair, RTP first, not blocking; what they send carries `mark` (DSCP, RFC 2474).
///
/// # Errors
/// What the kernel says; `AddrInUse` when another process holds one of the ports.
pub(crate) fn bind_pair(ip: IpAddr, pair: Pair, rtp_buffer: usize, mark: u8) -> io::Result<[UdpSocket; 2]> {
    let (rtp, rtcp) = (bind(ip, pair.rtp())?, bind(ip, pair.rtcp())?);
    for socket in [&rtp, &rtcp] {
        // A system that does not allow it carries voice all the same.
        let octet = u32::from(mark) << 2;
        let _ = if ip.is_ipv6() { socket.set_tclass_v6(octet) } else { socket.set_tos_v4(octet) };
    }
    // Best effort: the kernel caps it at net.core.rmem_max, and voice lives with the default.
    let _ = rtp.set_recv_buffer_size(rtp_buffer);
    Ok([rtp.into(), rtcp.into()])
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
