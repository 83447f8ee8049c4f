use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mio::{Events, Poll, Token, Waker};

use super::desk::Desk;
use super::flow::Flow;
use super::seat::{Seat, Seats};
use super::step::{self, Packet};
use crate::datapath::FlowId;

/// Packets read from one socket before the others get their turn.
const BURST: usize = 16;

/// Sockets reported by one wait.
const EVENTS: usize = 1024;

/// The longest UDP payload: no packet is ever cut.
const LONGEST: usize = 65_535;

/// The desk is looked at this often without a packet or a wake-up.
const LOOK: Duration = Duration::from_secs(1);

/// Not a port: those are 16 bits.
const DESK: Token = Token(1 << 16);

/// What all workers of a plane have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Common {
    pub(super) first_port: u16,
    pub(super) ports: usize,
    /// Zero of the millisecond clock.
    pub(super) epoch: Instant,
}

/// What a worker does for its plane when it looks at its desk, about once a second.
pub(super) type Chore = Arc<OnceLock<Box<dyn Fn(Instant) + Send + Sync>>>;

/// A thread that owns sockets and relays between them.
pub(super) struct Worker {
    poll: Poll,
    desk: Arc<Desk>,
    seats: Seats,
    epoch: Instant,
    /// Flows that had more than [`BURST`] packets, or have just been taken over, each once.
    unfinished: VecDeque<FlowId>,
    changed: Vec<Arc<Flow>>,
    chore: Option<Chore>,
    /// When the chore was done last, in milliseconds of the plane's clock.
    chore_ms: u64,
    buffer: Box<[u8]>,
}

impl Worker {
    /// Starts the thread `media-<number>`.
    ///
    /// # Errors
    /// What the kernel says to a new thread, epoll or eventfd.
    pub(super) fn start(
        number: usize,
        common: Common,
        chore: Option<Chore>,
    ) -> io::Result<(Arc<Desk>, JoinHandle<()>)> {
        let poll = Poll::new()?;
        let registry = poll.registry().try_clone()?;
        let desk = Arc::new(Desk::new(Waker::new(poll.registry(), DESK)?, registry));
        let worker = Worker {
            poll,
            desk: desk.clone(),
            seats: Seats::new(common.first_port, common.ports),
            epoch: common.epoch,
            unfinished: VecDeque::new(),
            changed: Vec::new(),
            chore,
            chore_ms: 0,
            buffer: vec![0; LONGEST].into_boxed_slice(),
        };
        let thread = thread::Builder::new().name(format!("media-{number}")).spawn(move || worker.run())?;
        Ok((desk, thread))
    }

    fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS);
        while !self.desk.stopped() {
            self.wait(&mut events);
            let now_ms = self.now_ms();
            // Orders first: a packet that came after `expect` meets the new rule, one after the end of a call none.
            self.obey();
            self.drain_unfinished(now_ms);
            for flow in events.iter().filter_map(|event| flow_of(event.token())) {
                self.drain(flow, now_ms);
            }
            self.do_chore(now_ms);
        }
        // Sockets that were handed over and never looked at are closed with the others.
        self.obey();
    }

    fn do_chore(&mut self, now_ms: u64) {
        if now_ms.saturating_sub(self.chore_ms) < u64::try_from(LOOK.as_millis()).unwrap_or(u64::MAX) {
            return;
        }
        self.chore_ms = now_ms;
        if let Some(chore) = self.chore.as_ref().and_then(|chore| chore.get()) {
            chore(Instant::now());
        }
    }

    fn wait(&mut self, events: &mut Events) {
        let timeout = if self.unfinished.is_empty() { LOOK } else { Duration::ZERO };
        match self.poll.poll(events, Some(timeout)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => events.clear(),
            Err(error) => {
                tracing::error!(%error, "a media worker cannot wait for packets");
                events.clear();
                thread::sleep(Duration::from_millis(10));
            }
        }
    }

    fn obey(&mut self) {
        let mut changed = std::mem::take(&mut self.changed);
        self.desk.collect(&mut changed);
        for flow in changed.drain(..) {
            self.obey_flow(&flow);
        }
        self.changed = changed;
    }

    fn obey_flow(&mut self, flow: &Arc<Flow>) {
        let orders = flow.take_orders();
        if let Some(socket) = orders.socket.filter(|_| !orders.removed) {
            self.seats.put(Seat::new(socket, flow.clone()));
            // epoll may have told of its first packets when there was no seat to read them.
            self.read_later(flow.id);
        }
        if let Some(seat) = self.seats.get_mut(flow.id) {
            if orders.renewed {
                seat.renew();
            }
            for (action, given_ms) in orders.actions {
                seat.obey(action, given_ms);
            }
        }
        if orders.removed {
            // Closing the socket takes it out of epoll.
            self.seats.clear(flow.id);
        }
    }

    fn read_later(&mut self, flow: FlowId) {
        if let Some(seat) = self.seats.get_mut(flow).filter(|seat| !seat.unfinished) {
            seat.unfinished = true;
            self.unfinished.push_back(flow);
        }
    }

    /// Reads a socket until it is empty: epoll is edge-triggered and reports it only once. A level-triggered loop that
    /// reads one packet per report was measured: no surely cheaper, and much slower to catch up on a starved machine.
    fn drain(&mut self, flow: FlowId, now_ms: u64) {
        for _ in 0..BURST {
            let Some(seat) = self.seats.get(flow) else { return };
            match seat.socket.recv_from(&mut self.buffer) {
                Ok((length, from)) => {
                    let packet = Packet { flow, from, bytes: &self.buffer[..length], now_ms };
                    step::pass(&mut self.seats, &packet);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // An error of an earlier packet, such as an ICMP answer: it is reported once, reading goes on.
                Err(error) => tracing::debug!(%error, %flow, "a media socket reported an error"),
            }
        }
        self.read_later(flow);
    }

    fn drain_unfinished(&mut self, now_ms: u64) {
        // Only those that stand there now: draining appends.
        for _ in 0..self.unfinished.len() {
            let Some(flow) = self.unfinished.pop_front() else { return };
            if let Some(seat) = self.seats.get_mut(flow) {
                seat.unfinished = false;
            }
            self.drain(flow, now_ms);
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(u64::MAX - 1)
    }
}

fn flow_of(token: Token) -> Option<FlowId> {
    u16::try_from(token.0).ok().map(FlowId::at_port)
}
