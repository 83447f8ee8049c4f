use std::{
    io,
    net::{SocketAddr, UdpSocket},
};

use socket2::{Domain, Protocol, Socket, Type};

/// Bytes that the kernel keeps for us while a shard is busy.
const RECEIVE_BUFFER: usize = 4 << 20;

/// One socket for each shard, all on the same port; port 0 lets the kernel choose it.
///
/// Sockets that share a port would also share it with another process of this user that does so, each getting a part of the
/// calls. A first socket that does not share finds out.
pub(crate) fn listen(address: SocketAddr, shards: usize) -> io::Result<Vec<UdpSocket>> {
    let alone = open(address)?;
    alone.bind(&address.into())?;
    let address = UdpSocket::from(alone).local_addr()?;
    (0..shards).map(|_| shared(address)).collect()
}

/// An address of IPv6 takes IPv6 alone: one of IPv4 may have the same port.
fn open(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    Ok(socket)
}

fn shared(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = open(address)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    // The kernel may grant less; that is its administrator's decision.
    let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER);
    socket.bind(&address.into())?;
    Ok(socket.into())
}
