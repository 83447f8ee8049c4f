//! What a call works with on its shard: the SIP endpoint, the shared environment, the indices that find calls again.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    net::IpAddr,
    sync::Arc,
    time::Instant,
};

use domain::CallId;
use hashbrown::{HashMap, HashSet};
use media::Side;
use sip::{ClientId, Endpoint, Flow, Message, ServerId, SipUri, Transmit};

use crate::{call::Moment, environment::Environment, spool::Record};

/// One shard's desk.
pub(crate) struct Desk {
    pub(crate) endpoint: Endpoint,
    pub(crate) environment: Arc<Environment>,
    /// INVITE server transactions, for CANCEL and ACK.
    pub(crate) servers: HashMap<ServerId, CallId>,
    /// What the client transactions are for.
    pub(crate) clients: HashMap<ClientId, ClientOf>,
    /// Dialogs by our own tag, which is unique.
    pub(crate) tags: HashMap<String, (CallId, Side)>,
    /// Calls by the connection that their caller has opened to us.
    pub(crate) streams: HashMap<Flow, HashSet<CallId>>,
    pub(crate) outputs: VecDeque<Output>,
    /// What goes out beside SIP: heartbeats.
    pub(crate) datagrams: VecDeque<Transmit>,
    /// What this shard sees.
    pub(crate) recorder: trace::Recorder,
    /// Where a request has come from whose sender has shown who it is; the guard is told.
    pub(crate) recognised: Option<IpAddr>,
    agenda: BinaryHeap<Reverse<(Instant, CallId)>>,
}

/// What a client transaction is for.
#[derive(Clone)]
pub(crate) enum ClientOf {
    /// The INVITE of a call's current attempt.
    Dial(CallId),
    /// The INVITE of an attempt that was given up. Its answer may have crossed our CANCEL and then needs ACK and BYE.
    GivenUp(Box<rsip::Request>, Flow),
    /// A re-INVITE or UPDATE passed on.
    Reoffer(CallId),
    /// A refresh of the session with this side; its CSeq.
    Refresh(CallId, Side, u32),
    /// Another request passed on within the dialog, for this request of the other leg.
    PassedOn(CallId, ServerId, Box<Message>),
    /// A registration of ours, by its key.
    Register(u64),
    /// The question whether a gateway is there, by its key.
    Probe(u64),
}

impl ClientOf {
    /// The call that it belongs to, if that is still interested.
    pub(crate) fn call(&self) -> Option<CallId> {
        match self {
            Self::GivenUp(..) | Self::Register(_) | Self::Probe(_) => None,
            Self::Dial(call) | Self::Reoffer(call) | Self::Refresh(call, ..) | Self::PassedOn(call, ..) => {
                Some(*call)
            }
        }
    }
}

/// What a call wants from its shard beside SIP messages.
pub(crate) enum Output {
    /// Write to the spool; then tell the call, if one is named.
    Record(Record, Option<CallId>),
    /// Something about phones to be written down or told.
    Phone(registrar::Output),
    /// Look up where this server is, for the registration with this key.
    Locate(u64, SipUri),
}

impl Desk {
    pub(crate) fn new(endpoint: Endpoint, environment: Arc<Environment>) -> Self {
        Self {
            recorder: trace::Recorder::new(&environment.trace),
            endpoint,
            environment,
            servers: HashMap::new(),
            clients: HashMap::new(),
            tags: HashMap::new(),
            streams: HashMap::new(),
            outputs: VecDeque::new(),
            datagrams: VecDeque::new(),
            recognised: None,
            agenda: BinaryHeap::new(),
        }
    }

    /// What Contact says to the far end of `flow`.
    pub(crate) fn contact(&self, flow: &Flow) -> &str {
        self.environment.listeners.contact(flow)
    }

    /// Messages so far that belonged to nothing.
    pub(crate) fn strays(&self) -> u64 {
        let stats = self.endpoint.stats();
        stats.stray_responses + stats.stray_acks
    }

    /// Tells the trace whether the message just read was one more of them.
    pub(crate) fn note_stray(&mut self, before: u64) {
        if self.strays() > before {
            self.recorder.explain(trace::Fate::Stray);
        }
    }

    /// A call has come over this way.
    pub(super) fn note_stream(&mut self, flow: Flow, call: CallId) {
        if flow.transport.is_reliable() {
            self.streams.entry(flow).or_default().insert(call);
        }
    }

    /// It is over.
    pub(super) fn forget_stream(&mut self, flow: Flow, call: CallId) {
        if let Some(calls) = self.streams.get_mut(&flow) {
            calls.remove(&call);
            if calls.is_empty() {
                self.streams.remove(&flow);
            }
        }
    }

    /// Puts a call into the agenda.
    pub(super) fn wake_at(&mut self, at: Instant, call: CallId) {
        self.agenda.push(Reverse((at, call)));
    }

    pub(crate) fn next_wake(&self) -> Option<Instant> {
        self.agenda.peek().map(|Reverse((at, _))| *at)
    }

    /// The next call whose time has come, with that time.
    pub(crate) fn due(&mut self, now: Moment) -> Option<(Instant, CallId)> {
        if self.next_wake()? > now.steady {
            return None;
        }
        self.agenda.pop().map(|Reverse(due)| due)
    }
}
