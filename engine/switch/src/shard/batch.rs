//! Many datagrams by one call into the kernel: `recvmmsg` and `sendmmsg`.

use std::{
    io::{self, IoSlice, IoSliceMut},
    net::SocketAddr,
    os::fd::AsRawFd,
};

use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmmsg};
use sip::Transmit;
use smallvec::SmallVec;
use tokio::{io::Interest, net::UdpSocket};

/// Datagrams that one call takes.
pub(super) const MOST: usize = 32;
/// No datagram is longer.
const LONGEST: usize = 65_535;

/// Where datagrams are put by the kernel; a shard's sockets take turns. Memory is taken only as far as they are long.
pub(super) struct Room(Box<[u8]>);

impl Room {
    pub(super) fn new() -> Self {
        Self(vec![0; MOST * LONGEST].into_boxed_slice())
    }
}

/// What the kernel is told of a batch; one for each direction of a socket.
pub(super) struct Envelopes(MultiHeaders<SockaddrStorage>);

impl Envelopes {
    pub(super) fn new() -> Self {
        Self(MultiHeaders::preallocate(MOST, None))
    }
}

/// Reads up to [`MOST`] datagrams and gives how many.
///
/// # Errors
/// `WouldBlock` when none is there.
pub(super) fn receive(
    socket: &UdpSocket,
    envelopes: &mut Envelopes,
    room: &mut Room,
    mut take: impl FnMut(SocketAddr, &[u8]),
) -> io::Result<usize> {
    socket.try_io(Interest::READABLE, || {
        let mut places = room.0.chunks_exact_mut(LONGEST);
        let mut places: [_; MOST] =
            std::array::from_fn(|_| [IoSliceMut::new(places.next().unwrap_or_default())]);
        let flags = MsgFlags::MSG_DONTWAIT;
        let received = recvmmsg(socket.as_raw_fd(), &mut envelopes.0, places.iter_mut(), flags, None)?;
        let mut count = 0;
        for one in received {
            count += 1;
            if let Some(from) = one.address.as_ref().and_then(address) {
                // An empty datagram has no piece.
                take(from, one.iovs().next().unwrap_or_default());
            }
        }
        Ok(count)
    })
}

/// Sends the first of these datagrams, up to [`MOST`], and gives how many the kernel has taken.
///
/// # Errors
/// `WouldBlock` when the socket is full; anything else concerns the first one.
pub(super) fn send(
    socket: &UdpSocket,
    envelopes: &mut Envelopes,
    transmits: &[Transmit],
) -> io::Result<usize> {
    socket.try_io(Interest::WRITABLE, || {
        let first = &transmits[..transmits.len().min(MOST)];
        let contents: SmallVec<[[IoSlice<'_>; 1]; MOST]> =
            first.iter().map(|transmit| [IoSlice::new(&transmit.bytes)]).collect();
        let to: SmallVec<[Option<SockaddrStorage>; MOST]> =
            first.iter().map(|transmit| Some(storage(transmit.flow.remote))).collect();
        let flags = MsgFlags::MSG_DONTWAIT;
        let sent = sendmmsg(socket.as_raw_fd(), &mut envelopes.0, contents.iter(), &to, [], flags)?;
        Ok(sent.count())
    })
}

fn storage(address: SocketAddr) -> SockaddrStorage {
    match address {
        SocketAddr::V4(v4) => v4.into(),
        SocketAddr::V6(v6) => v6.into(),
    }
}

fn address(storage: &SockaddrStorage) -> Option<SocketAddr> {
    match storage.as_sockaddr_in() {
        Some(v4) => Some(SocketAddr::V4((*v4).into())),
        None => storage.as_sockaddr_in6().map(|v6| SocketAddr::V6((*v6).into())),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use sip::{Flow, Transport};

    use super::*;

    async fn socket(at: &str) -> UdpSocket {
        UdpSocket::bind(at).await.unwrap()
    }

    fn transmit(from: &UdpSocket, to: &UdpSocket, bytes: &[u8]) -> Transmit {
        let (local, remote) = (from.local_addr().unwrap(), to.local_addr().unwrap());
        let flow = Flow { transport: Transport::Udp, local, remote };
        Transmit { flow, bytes: Bytes::copy_from_slice(bytes) }
    }

    /// Reads until `wanted` datagrams have come.
    async fn read(socket: &UdpSocket, wanted: usize) -> Vec<(SocketAddr, Vec<u8>)> {
        let (mut envelopes, mut room, mut got) = (Envelopes::new(), Room::new(), Vec::new());
        while got.len() < wanted {
            let patience = Duration::from_secs(10);
            tokio::time::timeout(patience, socket.readable()).await.expect("a datagram").unwrap();
            let taken = receive(socket, &mut envelopes, &mut room, |from, bytes| {
                got.push((from, bytes.to_vec()));
            });
            assert!(taken.is_ok_and(|count| count <= MOST) || got.len() < wanted);
        }
        got
    }

    #[tokio::test]
    async fn datagrams_of_any_length_come_whole_in_order_and_with_their_sender() {
        let lengths: [&[usize]; 2] = [&[1, 0, 1_500, 20_000, 3], &[65_507]];
        for (at, lengths) in ["127.0.0.1:0", "[::1]:0"].into_iter().flat_map(|at| lengths.map(|l| (at, l))) {
            let (here, there) = (socket(at).await, socket(at).await);
            let sent: Vec<_> =
                lengths.iter().map(|length| transmit(&here, &there, &vec![*length as u8; *length])).collect();
            here.writable().await.unwrap();
            assert_eq!(send(&here, &mut Envelopes::new(), &sent).unwrap(), sent.len());
            let got = read(&there, sent.len()).await;
            assert_eq!(got.iter().map(|(_, bytes)| bytes.len()).collect::<Vec<_>>(), lengths);
            assert!(got.iter().all(|(from, _)| *from == here.local_addr().unwrap()));
            assert!(got.iter().zip(&sent).all(|((_, got), sent)| got[..] == sent.bytes[..]));
        }
    }

    #[tokio::test]
    async fn more_than_a_batch_takes_several() {
        let (here, there) = (socket("127.0.0.1:0").await, socket("127.0.0.1:0").await);
        let all: Vec<_> = (0..100u8).map(|number| transmit(&here, &there, &[number])).collect();
        let mut envelopes = Envelopes::new();
        let mut sent = 0;
        while sent < all.len() {
            here.writable().await.unwrap();
            let count = send(&here, &mut envelopes, &all[sent..]).unwrap();
            assert!((1..=MOST).contains(&count));
            sent += count;
        }
        let got = read(&there, all.len()).await;
        assert!(got.iter().map(|(_, bytes)| bytes[0]).eq(0..100));
    }

    #[tokio::test]
    async fn nothing_there_is_said_to_block_and_one_that_is_too_long_is_an_error_of_its_own() {
        let (here, there) = (socket("127.0.0.1:0").await, socket("127.0.0.1:0").await);
        let nothing = receive(&there, &mut Envelopes::new(), &mut Room::new(), |_, _| ());
        assert_eq!(nothing.unwrap_err().kind(), io::ErrorKind::WouldBlock);
        let batch = [transmit(&here, &there, &[0; 65_600]), transmit(&here, &there, b"next")];
        here.writable().await.unwrap();
        let refused = send(&here, &mut Envelopes::new(), &batch).unwrap_err();
        assert_ne!(refused.kind(), io::ErrorKind::WouldBlock);
        assert_eq!(send(&here, &mut Envelopes::new(), &batch[1..]).unwrap(), 1);
        assert_eq!(read(&there, 1).await[0].1, b"next");
    }
}
