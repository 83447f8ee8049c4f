use std::fmt;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use mio::net::UdpSocket;
use mio::{Interest, Token};

use super::desk::{Desk, Haste};
use super::flow::{Counters, Flow, Orders};
use super::worker::{Chore, Common, Worker};
use crate::datapath::{Datapath, FlowAction, FlowId, FlowSocket};
use crate::port::PortRange;
use crate::stats::FlowStats;

/// Executes flow actions on threads of this process.
pub(crate) struct Userspace {
    first_port: u16,
    epoch: Instant,
    /// By port. A lock each: two calls never wait for one another.
    flows: Box<[Mutex<Option<Arc<Flow>>>]>,
    desks: Vec<Arc<Desk>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    next_worker: AtomicUsize,
    chore: Chore,
}

impl Userspace {
    /// Starts `workers` threads for the ports of `range`.
    ///
    /// # Errors
    /// What the kernel says to a new thread; those that had started are stopped.
    pub(crate) fn start(range: PortRange, workers: usize, epoch: Instant) -> io::Result<Userspace> {
        let ports = usize::from(range.last.saturating_sub(range.first)) + 1;
        let mut userspace = Userspace {
            first_port: range.first,
            epoch,
            flows: std::iter::repeat_with(Mutex::default).take(ports).collect(),
            desks: Vec::with_capacity(workers),
            threads: Mutex::default(),
            next_worker: AtomicUsize::new(0),
            chore: Chore::default(),
        };
        for number in 0..workers {
            // On an error the drop of `userspace` stops the others.
            let chore = (number == 0).then(|| userspace.chore.clone());
            let common = Common { first_port: range.first, ports, epoch };
            let (desk, thread) = Worker::start(number, common, chore)?;
            userspace.desks.push(desk);
            userspace.threads.get_mut().unwrap_or_else(PoisonError::into_inner).push(thread);
        }
        Ok(userspace)
    }

    /// Has the first worker do `chore` about once a second, between packets. Only the first call counts.
    pub(crate) fn each_look(&self, chore: impl Fn(Instant) + Send + Sync + 'static) {
        let _ = self.chore.set(Box::new(chore));
    }

    /// Stops the threads and waits for them. Sockets that they own are closed.
    pub(crate) fn stop(&self) {
        self.desks.iter().for_each(|desk| desk.stop());
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            let name = thread.thread().name().unwrap_or("media").to_owned();
            if thread.join().is_err() {
                tracing::error!(worker = name, "a media worker had panicked");
            }
        }
    }

    fn slot(&self, flow: FlowId) -> Option<&Mutex<Option<Arc<Flow>>>> {
        self.flows.get(usize::from(flow.port().checked_sub(self.first_port)?))
    }

    fn find(&self, flow: FlowId) -> Option<Arc<Flow>> {
        self.slot(flow)?.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Has a worker take sockets over.
    fn seat<const N: usize>(&self, worker: usize, sockets: [FlowSocket; N]) {
        let Some(desk) = self.desks.get(worker) else { return };
        for FlowSocket { flow: id, stream, socket } in sockets {
            let Some(slot) = self.slot(id) else { continue };
            let mut socket = UdpSocket::from_std(socket);
            let token = Token(usize::from(id.port()));
            // Here and not by the worker, which so sleeps on. What arrives before it has taken the socket over is read then.
            if let Err(error) = desk.registry.register(&mut socket, token, Interest::READABLE) {
                // No seat: nothing is relayed there, which no-media supervision sees.
                tracing::error!(%error, flow = %id, "a media socket cannot be watched");
            }
            let flow = Arc::new(Flow {
                id,
                worker,
                stream,
                counters: Counters::default(),
                latched: Mutex::default(),
                orders: Mutex::default(),
            });
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(flow.clone());
            desk.order(&flow, |orders| {
                orders.socket = Some(socket);
                Haste::BeforeNextPacket
            });
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(u64::MAX - 1)
    }

    fn order(&self, flow: &Arc<Flow>, change: impl FnOnce(&mut Orders) -> Haste) {
        if let Some(desk) = self.desks.get(flow.worker) {
            desk.order(flow, change);
        }
    }
}

impl Datapath for Userspace {
    fn adopt(&self, sockets: [FlowSocket; 4]) {
        let worker = self.next_worker.fetch_add(1, Relaxed) % self.desks.len().max(1);
        self.seat(worker, sockets);
    }

    fn join(&self, beside: FlowId, sockets: [FlowSocket; 2]) {
        if let Some(flow) = self.find(beside) {
            self.seat(flow.worker, sockets);
        }
    }

    fn install(&self, flow: FlowId, action: FlowAction) {
        if let Some(flow) = self.find(flow) {
            let (now_ms, shown) = (self.now_ms(), flow.shows_latched());
            self.order(&flow, |orders| orders.act(action, now_ms, shown && !orders.renewed));
        }
    }

    fn rest(&self, flow: FlowId) {
        if let Some(flow) = self.find(flow) {
            let now_ms = self.now_ms();
            self.order(&flow, |orders| orders.rest(now_ms));
        }
    }

    fn renew(&self, flow: FlowId) {
        if let Some(flow) = self.find(flow) {
            self.order(&flow, Orders::renew);
        }
    }

    fn remove(&self, flow: FlowId) {
        let gone =
            self.slot(flow).and_then(|slot| slot.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(flow) = gone {
            self.order(&flow, |orders| {
                orders.removed = true;
                Haste::Now
            });
        }
    }

    fn stats(&self, flow: FlowId) -> Option<FlowStats> {
        self.find(flow).map(|flow| flow.stats(self.epoch))
    }
}

impl fmt::Debug for Userspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Userspace").field("desks", &self.desks).finish_non_exhaustive()
    }
}

impl Drop for Userspace {
    fn drop(&mut self) {
        self.stop();
    }
}
