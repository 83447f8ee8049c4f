use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use mio::net::UdpSocket;

use super::flow::Flow;
use crate::datapath::{Admission, Arrived, FlowAction, FlowId};
use crate::latch::{Latch, Verdict};

/// A flow as its worker owns it.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) socket: UdpSocket,
    pub(super) flow: Arc<Flow>,
    pub(super) latch: Latch,
    pub(super) exit: Exit,
    /// Whether the worker has it on its list of sockets that are not read empty.
    pub(super) unfinished: bool,
}

/// Where accepted packets go.
#[derive(Debug)]
pub(super) enum Exit {
    Nowhere,
    Flow(FlowId),
    Reader(SyncSender<Arrived>),
}

impl Seat {
    pub(super) fn new(socket: UdpSocket, flow: Arc<Flow>) -> Seat {
        Seat { socket, flow, latch: Latch::default(), exit: Exit::Nowhere, unfinished: false }
    }

    pub(super) fn obey(&mut self, action: FlowAction, now_ms: u64) {
        self.exit = match action {
            FlowAction::Forward(rule) => {
                self.expect(rule.admit, now_ms);
                Exit::Flow(rule.leave_by)
            }
            FlowAction::Redirect(rule) => {
                self.expect(rule.admit, now_ms);
                Exit::Reader(rule.to)
            }
            FlowAction::Drop => {
                self.latch.close();
                Exit::Nowhere
            }
        };
        self.flow.show_latched(self.latch.source());
    }

    /// A new call begins: nobody is listened to.
    pub(super) fn renew(&mut self) {
        self.latch.close();
        self.exit = Exit::Nowhere;
    }

    fn expect(&mut self, admission: Admission, now_ms: u64) {
        self.latch.expect(admission, now_ms);
    }

    /// Whether the latch lets a valid packet in.
    #[inline]
    pub(super) fn admits(&mut self, from: SocketAddr, now_ms: u64) -> bool {
        match self.latch.admit(from, now_ms) {
            Verdict::Known => true,
            Verdict::Refused => false,
            Verdict::Latched => {
                self.flow.show_latched(Some(from));
                true
            }
        }
    }
}

/// The flows of a worker, found by their port.
#[derive(Debug)]
pub(super) struct Seats {
    first_port: u16,
    seats: Vec<Option<Box<Seat>>>,
}

impl Seats {
    pub(super) fn new(first_port: u16, ports: usize) -> Seats {
        Seats { first_port, seats: std::iter::repeat_with(|| None).take(ports).collect() }
    }

    #[inline]
    pub(super) fn get(&self, flow: FlowId) -> Option<&Seat> {
        self.seats.get(self.place(flow)?)?.as_deref()
    }

    #[inline]
    pub(super) fn get_mut(&mut self, flow: FlowId) -> Option<&mut Seat> {
        let place = self.place(flow)?;
        self.seats.get_mut(place)?.as_deref_mut()
    }

    pub(super) fn put(&mut self, seat: Seat) {
        let place = self.place(seat.flow.id);
        if let Some(slot) = place.and_then(|place| self.seats.get_mut(place)) {
            *slot = Some(Box::new(seat));
        }
    }

    pub(super) fn clear(&mut self, flow: FlowId) -> Option<Box<Seat>> {
        let place = self.place(flow)?;
        self.seats.get_mut(place)?.take()
    }

    #[inline]
    fn place(&self, flow: FlowId) -> Option<usize> {
        flow.port().checked_sub(self.first_port).map(usize::from)
    }
}
