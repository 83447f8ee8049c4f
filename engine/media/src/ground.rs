use std::io;
use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use crate::datapath::{Datapath, FlowSocket, Stream};
use crate::error::MediaError;
use crate::family::{Addresses, Family};
use crate::latch::LatchPolicy;
use crate::port::{Berths, Dock, PortPool, bind_pair};
use crate::session::{flow_of, flows};

/// What every session of a plane stands on.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) datapath: Arc<dyn Datapath>,
    pub(crate) ports: PortPool,
    pub(crate) berths: Berths,
    pub(crate) addresses: Addresses,
    pub(crate) receive_buffer: usize,
    pub(crate) latch: LatchPolicy,
    pub(crate) open_sessions: AtomicUsize,
}

impl Ground {
    /// Binds a free pair of ports.
    ///
    /// # Errors
    /// No free ports, or a kernel limit (open files).
    pub(crate) fn lease(
        &self,
        family: Family,
        mark: u8,
        now: Instant,
    ) -> Result<(Dock, [FlowSocket; 2]), MediaError> {
        let bind = self.addresses.of(family).bind;
        // Ends: a pair that cannot be bound is out of the pool for longer than this takes.
        loop {
            let pair = self.ports.take(now).ok_or(MediaError::NoPortsLeft)?;
            match bind_pair(bind, pair, self.receive_buffer, mark) {
                Ok(sockets) => {
                    let dock = Dock { pair, family };
                    return Ok((dock, flow_sockets(dock, sockets)));
                }
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => self.ports.set_aside(pair, now),
                Err(error) => {
                    self.ports.give_back(pair, now);
                    return Err(MediaError::Socket(error));
                }
            }
        }
    }

    /// Closes sockets that have been kept for nothing.
    pub(crate) fn trim(&self, now: Instant) {
        for berth in self.berths.stale(now) {
            self.give_up(berth.caller, now);
            self.give_up(berth.callee, now);
        }
    }

    /// Closes the sockets of a dock.
    pub(crate) fn give_up(&self, dock: Dock, now: Instant) {
        flows(dock).into_iter().for_each(|flow| self.datapath.remove(flow));
        // Before the worker has closed the sockets: a pair rests much longer than that takes, and one that is tried too
        // early is found in use and set aside.
        self.ports.give_back(dock.pair, now);
    }
}

fn flow_sockets(dock: Dock, [rtp, rtcp]: [UdpSocket; 2]) -> [FlowSocket; 2] {
    [(Stream::Rtp, rtp), (Stream::Rtcp, rtcp)].map(|(stream, socket)| FlowSocket {
        flow: flow_of(dock, stream),
        stream,
        socket,
    })
}
