//! How the portal, the API and jobs speak to the running switch.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use domain::{
    AccountId, CallId, ConfigVersion, GatewayStatus, Happening, LiveCall, Money, OutboundView, RegistrationId,
};
use registrar::Registrar;
use tokio::sync::{Notify, broadcast, mpsc::UnboundedSender, oneshot};

use crate::{environment::Environment, listener::Listener, shard::Input, spool::Spool};

/// A running switch, for those who ask it. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    pub(crate) environment: Arc<Environment>,
    pub(crate) shards: Arc<[UnboundedSender<Input>]>,
    pub(crate) spool: Spool,
    pub(crate) hint: Arc<Notify>,
    pub(crate) started: Instant,
}

/// A moment's picture of the switch.
#[derive(Clone, Debug)]
pub struct Status {
    /// Calls in progress.
    pub active_calls: u32,
    /// Calls of known sources since start.
    pub calls_total: u64,
    /// Answered calls since start.
    pub answered_total: u64,
    /// Calls of the last whole second.
    pub calls_per_second: u32,
    /// Requests refused because nobody knows their source.
    pub refused_unknown_source: u64,
    /// Datagrams that are no SIP.
    pub malformed: u64,
    /// What the next call is under.
    pub configuration: ConfigVersion,
    /// CDRs that the database does not have yet.
    pub spool_pending: u64,
    /// True while CDRs cannot even be written to the disk.
    pub spool_failing: bool,
    /// Time since start.
    pub uptime: Duration,
    /// Where calls are sent to.
    pub sip_listen: SocketAddr,
}

impl Handle {
    /// The calls in progress, oldest first. A shard that does not answer within a second is left out.
    pub async fn calls(&self) -> Vec<LiveCall> {
        let asked: Vec<_> = self
            .shards
            .iter()
            .map(|shard| {
                let (answer, calls) = oneshot::channel();
                let _ = shard.send(Input::List(answer));
                calls
            })
            .collect();
        let mut calls = Vec::new();
        for answer in asked {
            if let Ok(Ok(mut part)) = tokio::time::timeout(Duration::from_secs(1), answer).await {
                calls.append(&mut part);
            }
        }
        calls.sort_by_key(|call| call.id);
        calls
    }

    /// Ends a call; `false` when there is none with this id.
    pub async fn hang_up(&self, id: CallId) -> bool {
        for shard in self.shards.iter() {
            let (answer, found) = oneshot::channel();
            let _ = shard.send(Input::HangUp(id, answer));
            if found.await.unwrap_or(false) {
                return true;
            }
        }
        false
    }

    /// The counters of this moment.
    pub fn status(&self) -> Status {
        let counters = &self.environment.counters;
        Status {
            active_calls: counters.active.load(Ordering::Relaxed),
            calls_total: counters.calls.load(Ordering::Relaxed),
            answered_total: counters.answered.load(Ordering::Relaxed),
            calls_per_second: counters.per_second.load(Ordering::Relaxed),
            refused_unknown_source: counters.unknown_source.load(Ordering::Relaxed),
            malformed: counters.malformed.load(Ordering::Relaxed),
            configuration: self.environment.tables.load().version,
            spool_pending: self.spool.pending(),
            spool_failing: self.spool.is_failing(),
            uptime: self.started.elapsed(),
            sip_listen: self.environment.listeners.first().local,
        }
    }

    /// Where it listens, and what went through.
    pub fn listeners(&self) -> Vec<domain::ListenerView> {
        self.environment.listeners.iter().map(Listener::view).collect()
    }

    /// Where the names of gateways have led; one without a place is offline.
    pub fn named_gateways(&self) -> Vec<domain::NamedGatewayView> {
        self.environment.places.view()
    }

    /// What was refused without being read, by reason.
    pub fn refusals(&self) -> Vec<domain::RefusalView> {
        let counts = self.environment.counters.refused.iter();
        let of = |(why, count): (sip::guard::Refused, &std::sync::atomic::AtomicU64)| domain::RefusalView {
            reason: why.to_string(),
            count: count.load(Ordering::Relaxed),
        };
        sip::guard::Refused::ALL.into_iter().zip(counts).map(of).collect()
    }

    /// What calls in progress hold of an account, and what is left for new ones.
    pub fn held(&self, account: AccountId) -> Option<(Money, Money)> {
        self.environment.purses.of(account).map(|purse| (purse.held(), purse.available()))
    }

    /// Who phones are and where they are.
    pub fn registrar(&self) -> &Registrar {
        &self.environment.registrar
    }

    /// Where the registrations of ours stand; none when the shard does not answer within a second.
    pub async fn registrations(&self) -> Vec<OutboundView> {
        let Some(first) = self.shards.first() else { return Vec::new() };
        let (answer, view) = oneshot::channel();
        let _ = first.send(Input::Registrations(answer));
        match tokio::time::timeout(Duration::from_secs(1), view).await {
            Ok(Ok(view)) => view,
            _ => Vec::new(),
        }
    }

    /// Sends a registration of ours at once; `false` when it is none, or on its way already.
    pub async fn register_now(&self, id: RegistrationId) -> bool {
        let Some(first) = self.shards.first() else { return false };
        let (answer, found) = oneshot::channel();
        let _ = first.send(Input::RegisterNow(id, answer));
        found.await.unwrap_or(false)
    }

    /// Which vendors' gateways are there, by id.
    pub fn gateways(&self) -> Vec<GatewayStatus> {
        self.environment.reach.view()
    }

    /// Tells whoever listens what somebody outside of the switch has found.
    pub fn tell(&self, what: domain::Happened) {
        self.environment.tell(crate::call::Moment::now(), what);
    }

    /// What happens from now on. Who is slow misses some, and is told how many.
    pub fn happenings(&self) -> broadcast::Receiver<Happening> {
        self.environment.news.subscribe()
    }

    /// Tells that the configuration has changed, so that the next call sees it.
    pub fn reload(&self) {
        self.hint.notify_one();
    }
}
