//! One shard's sockets: one for each address on which datagrams are taken.

use std::{
    future::poll_fn,
    io,
    net::SocketAddr,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use sip::{Flow, Transmit, Transport};
use socket2::SockRef;
use tokio::net::UdpSocket;

use super::batch::{self, Envelopes, Room};
use crate::environment::Environment;

/// Datagrams that may wait for a full socket; a retransmission makes up for what is dropped beyond.
const MOST_WAITING: usize = 4096;

/// One of them.
struct Socket {
    socket: UdpSocket,
    /// The address that far ends are told, by which flows name it.
    told: SocketAddr,
    /// Which listener it is.
    listener: usize,
    waiting: Vec<Transmit>,
    incoming: Envelopes,
    outgoing: Envelopes,
}

/// All of them.
pub(super) struct Sockets {
    all: Vec<Socket>,
    environment: Arc<Environment>,
    /// The mark on what we send (DSCP).
    mark: Option<u8>,
    room: Room,
}

impl Sockets {
    /// Each with the place of its listener.
    pub(super) fn new(
        sockets: Vec<(usize, std::net::UdpSocket)>,
        environment: Arc<Environment>,
    ) -> io::Result<Self> {
        let listeners = &environment.listeners;
        let opened = sockets.into_iter().map(|(listener, socket)| {
            let told = listeners.at(listener).local;
            Ok(Socket {
                socket: UdpSocket::from_std(socket)?,
                told,
                listener,
                waiting: Vec::new(),
                incoming: Envelopes::new(),
                outgoing: Envelopes::new(),
            })
        });
        let all = opened.collect::<io::Result<_>>()?;
        Ok(Self { all, environment, mark: None, room: Room::new() })
    }

    /// Waits until a datagram can be read, or one that waits can be sent.
    pub(super) async fn ready(&self) -> io::Result<()> {
        poll_fn(|context| self.poll_ready(context)).await
    }

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        for one in &self.all {
            if let Poll::Ready(ready) = one.socket.poll_recv_ready(context) {
                return Poll::Ready(ready);
            }
            if !one.waiting.is_empty()
                && let Poll::Ready(ready) = one.socket.poll_send_ready(context)
            {
                return Poll::Ready(ready);
            }
        }
        Poll::Pending
    }

    /// Reads about `most` datagrams of each socket; `true` when none is left.
    pub(super) fn receive(&mut self, most: usize, mut take: impl FnMut(Flow, Bytes)) -> bool {
        let mut emptied = true;
        for one in &mut self.all {
            let (mut read, local) = (0, one.told);
            loop {
                if read >= most {
                    emptied = false;
                    break;
                }
                let batch =
                    batch::receive(&one.socket, &mut one.incoming, &mut self.room, |remote, bytes| {
                        let flow = Flow { transport: Transport::Udp, local, remote };
                        take(flow, Bytes::copy_from_slice(bytes));
                    });
                match batch {
                    Ok(count) => read += count,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    // An ICMP error of an earlier datagram: the transaction's timer deals with it.
                    Err(_) => read += 1,
                }
            }
            if read > 0 {
                self.environment.listeners.at(one.listener).traffic.received(read as u64);
            }
        }
        emptied
    }

    /// Queues a datagram at the socket of its flow.
    pub(super) fn queue(&mut self, transmit: Transmit) {
        let local = transmit.flow.local;
        let own = self.all.iter().position(|one| one.told == local);
        let at = own.or_else(|| self.all.iter().position(|one| one.told.is_ipv4() == local.is_ipv4()));
        if let Some(one) = at.and_then(|at| self.all.get_mut(at))
            && one.waiting.len() < MOST_WAITING
        {
            one.waiting.push(transmit);
        }
    }

    /// Sends what is queued, as far as the sockets take it.
    pub(super) fn send(&mut self) {
        self.put_mark();
        for one in self.all.iter_mut().filter(|one| !one.waiting.is_empty()) {
            let mut sent = 0;
            while sent < one.waiting.len() {
                match batch::send(&one.socket, &mut one.outgoing, &one.waiting[sent..]) {
                    Ok(count) => sent += count,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    // Unreachable, or too long for a datagram: the transaction's timer deals with it.
                    Err(_) => sent += 1,
                }
            }
            one.waiting.drain(..sent);
            self.environment.listeners.at(one.listener).traffic.sent(sent as u64);
        }
    }

    /// Marks what is sent from now on as `SS_QOS_SIGNAL` says at this moment.
    fn put_mark(&mut self) {
        let mark = self.environment.rules.load().signal_mark;
        if self.mark == Some(mark) {
            return;
        }
        self.mark = Some(mark);
        for one in &self.all {
            if let Err(error) = put_mark(&SockRef::from(&one.socket), one.told.is_ipv4(), mark) {
                tracing::warn!(%error, mark, "datagrams cannot be marked");
            }
        }
    }
}

/// Puts a code point (RFC 2474: the upper six bits of the octet) on what a socket sends.
pub(crate) fn put_mark(socket: &SockRef<'_>, ipv4: bool, mark: u8) -> io::Result<()> {
    let octet = u32::from(mark) << 2;
    if ipv4 { socket.set_tos_v4(octet) } else { socket.set_tclass_v6(octet) }
}
