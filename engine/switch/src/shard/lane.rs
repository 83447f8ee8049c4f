//! A shard's thread: datagrams and orders in, datagrams and records out.

use std::{
    io,
    net::{SocketAddr, UdpSocket},
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use domain::{CallId, EndReason, LiveCall, OutboundView, RegistrationId};
use sip::{Flow, Mark, SipUri};
use tokio::sync::{
    OwnedSemaphorePermit,
    mpsc::{UnboundedReceiver, UnboundedSender},
    oneshot,
};

use super::{floor::Floor, pause::Rounds, socket::Sockets};
use crate::{
    call::{Moment, Output},
    connection::Connections,
    environment::Environment,
    lookup::Wanted,
    spool::{Entry, Spool},
};

/// Datagrams, and orders, taken before the others and timers get their turn.
const BURST: usize = 64;
/// How long a stopping shard lets BYEs be answered.
const LAST_WORDS: Duration = Duration::from_millis(1500);

/// How long it lets withdrawn registrations be answered (decision 25).
const WITHDRAWALS: Duration = Duration::from_secs(5);

/// What reaches a shard beside its own socket.
pub(crate) enum Input {
    /// A datagram that the kernel gave to another shard.
    Datagram(Flow, Bytes),
    /// A message from a connection, with its share of that connection's credit.
    Message(Flow, Bytes, OwnedSemaphorePermit),
    /// A connection has broken, or could not be opened.
    FlowFailed(Flow),
    /// The spool has written a call's answer.
    Recorded(CallId),
    /// Who is talking?
    List(oneshot::Sender<Vec<LiveCall>>),
    /// What was seen lately?
    Trace(oneshot::Sender<trace::Snapshot>),
    /// End this call.
    HangUp(CallId, oneshot::Sender<bool>),
    /// Where a server is at which we register.
    Located(u64, Vec<SocketAddr>),
    /// Where do the registrations of ours stand?
    Registrations(oneshot::Sender<Vec<OutboundView>>),
    /// Register at once.
    RegisterNow(RegistrationId, oneshot::Sender<bool>),
    /// End all calls and go.
    Stop,
}

/// What a shard's thread starts with.
pub(crate) struct Shard {
    pub(crate) number: u8,
    /// Each with the place of its listener.
    pub(crate) sockets: Vec<(usize, UdpSocket)>,
    pub(crate) inbox: UnboundedReceiver<Input>,
    pub(crate) shards: Arc<[UnboundedSender<Input>]>,
    pub(crate) environment: Arc<Environment>,
    pub(crate) spool: Spool,
    pub(crate) connections: Connections,
    pub(crate) keeper: UnboundedSender<registrar::Output>,
    pub(crate) names: UnboundedSender<Wanted>,
    pub(crate) user_agent: String,
}

impl Shard {
    /// The thread's work; returns after [`Input::Stop`], with what was seen last.
    pub(crate) fn run(self) -> trace::Snapshot {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
        let ran = match runtime {
            Ok(runtime) => runtime.block_on(async {
                let mut lane = Lane::new(self)?;
                lane.run().await?;
                Ok(lane.floor.snapshot())
            }),
            Err(error) => Err(error),
        };
        ran.unwrap_or_else(|error: io::Error| {
            tracing::error!(%error, "a signalling shard has failed");
            trace::Snapshot::default()
        })
    }
}

struct Lane {
    number: u8,
    sockets: Sockets,
    inbox: UnboundedReceiver<Input>,
    shards: Arc<[UnboundedSender<Input>]>,
    spool: Spool,
    connections: Connections,
    keeper: UnboundedSender<registrar::Output>,
    names: UnboundedSender<Wanted>,
    floor: Floor,
    leave_at: Option<Instant>,
}

impl Lane {
    fn new(shard: Shard) -> io::Result<Self> {
        Ok(Self {
            number: shard.number,
            sockets: Sockets::new(shard.sockets, shard.environment.clone())?,
            inbox: shard.inbox,
            shards: shard.shards,
            spool: shard.spool,
            connections: shard.connections,
            keeper: shard.keeper,
            names: shard.names,
            floor: Floor::new(Mark(shard.number), &shard.user_agent, shard.environment),
            leave_at: None,
        })
    }

    async fn run(&mut self) -> io::Result<()> {
        let timer = tokio::time::sleep(Duration::ZERO);
        tokio::pin!(timer);
        let mut rounds = Rounds::new(Instant::now());
        loop {
            let next = [self.floor.next_timer(), self.leave_at].into_iter().flatten().min();
            let next = next.unwrap_or_else(|| Instant::now() + Duration::from_secs(3600));
            if timer.deadline().into_std() != next {
                timer.as_mut().reset(next.into());
            }
            tokio::select! {
                ready = self.sockets.ready() => ready?,
                Some(input) = self.inbox.recv() => self.take(input),
                () = &mut timer => {}
            }
            rounds.begin(Instant::now());
            // What else has come while the thread slept.
            let emptied = self.receive() & self.take_waiting();
            self.floor.on_timer(Moment::now());
            self.send();
            let left = self.leave_at.is_some_and(|at| at <= Instant::now() || self.floor.is_quiet());
            if left {
                return Ok(());
            }
            let pause = rounds.pause(Instant::now());
            if emptied && !pause.is_zero() {
                // The thread itself: a sleep of the runtime would end with the next datagram.
                std::thread::sleep(pause);
            }
        }
    }

    /// Reads datagrams; `true` when none is left.
    fn receive(&mut self) -> bool {
        let Self { sockets, floor, shards, number, .. } = self;
        sockets.receive(BURST, |flow, datagram| {
            let owner = sip::shard_of(&datagram).map(|mark| usize::from(mark.0));
            match owner.filter(|owner| *owner != usize::from(*number)).and_then(|owner| shards.get(owner)) {
                Some(other) => {
                    let _ = other.send(Input::Datagram(flow, datagram));
                }
                None => floor.on_message(Moment::now(), flow, datagram),
            }
        })
    }

    /// Takes orders that are there already; `true` when none is left.
    fn take_waiting(&mut self) -> bool {
        for _ in 0..BURST {
            match self.inbox.try_recv() {
                Ok(input) => self.take(input),
                Err(_) => return true,
            }
        }
        false
    }

    fn take(&mut self, input: Input) {
        let now = Moment::now();
        match input {
            Input::Datagram(flow, datagram) => self.floor.on_message(now, flow, datagram),
            Input::Message(flow, message, _credit) => self.floor.on_message(now, flow, message),
            Input::FlowFailed(flow) => self.floor.on_flow_failed(now, flow),
            Input::Recorded(call) => self.floor.on_recorded(now, call),
            Input::List(answer) => {
                let _ = answer.send(self.floor.list());
            }
            Input::Trace(answer) => {
                let _ = answer.send(self.floor.snapshot());
            }
            Input::HangUp(call, answer) => {
                let _ = answer.send(self.floor.end(now, call, EndReason::HungUpByOperator));
            }
            Input::Located(key, places) => self.floor.on_located(now, key, places),
            Input::Registrations(answer) => {
                let _ = answer.send(self.floor.registrations(now));
            }
            Input::RegisterNow(id, answer) => {
                let _ = answer.send(self.floor.register_now(now, id));
            }
            Input::Stop => {
                self.floor.stop(now);
                let patience = if self.floor.is_withdrawn() { LAST_WORDS } else { WITHDRAWALS };
                self.leave_at = Some(now.after(patience));
            }
        }
    }

    /// Looks up a server's name beside the shard's work.
    fn locate(&self, key: u64, uri: SipUri) {
        let inbox = self.shards[usize::from(self.number)].clone();
        let answer = Box::new(move |found| {
            let _ = inbox.send(Input::Located(key, found));
        });
        let _ = self.names.send(Wanted { uri, answer });
    }

    /// Records go to the spool before the datagrams of the same moment go out.
    fn send(&mut self) {
        while let Some(output) = self.floor.poll_output() {
            let (record, confirm) = match output {
                Output::Record(record, confirm) => (record, confirm),
                Output::Phone(told) => {
                    let _ = self.keeper.send(told);
                    continue;
                }
                Output::Locate(key, uri) => {
                    self.locate(key, uri);
                    continue;
                }
            };
            let confirm = confirm.map(|call| -> crate::spool::Confirm {
                let inbox = self.shards[usize::from(self.number)].clone();
                Box::new(move |_written| {
                    let _ = inbox.send(Input::Recorded(call));
                })
            });
            self.spool.append(Entry { record, confirm });
        }
        let now = Moment::now();
        while let Some(transmit) = self.floor.poll_transmit() {
            self.floor.note_sent(now, &transmit);
            if transmit.flow.transport.is_reliable() {
                self.connections.send(transmit.flow, transmit.bytes);
            } else {
                self.sockets.queue(transmit);
            }
        }
        self.sockets.send();
    }
}
