//! The debug trace of the running switch (OPS-4): its settings, and how people look into it.

use std::{net::SocketAddr, path::Path, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    CallId, MappingGatewayId, Parameter, ParameterValues, RoutingGateway, RoutingGatewayId, Source,
    TraceLadder, TraceOverview,
};
use tokio::sync::oneshot;
use trace::{Found, HepSettings, Question, Snapshot, Target, Trace};

use crate::{Handle, shard::Input};

/// How long a shard may take to answer; one that takes longer is left out.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long before its record says, and after, messages of a call may have been seen.
const AROUND: TimeDelta = TimeDelta::minutes(2);

/// What a stop keeps: at most so many messages of so long before it, in this file of the spool's directory.
const LAST_MINUTES: TimeDelta = TimeDelta::minutes(5);
const MOST_KEPT: usize = 20_000;
const LAST_STOP: &str = "last-stop.pcapng";

/// Takes up the parameters of trace and export.
pub(crate) fn take_up(trace: &Trace, values: &ParameterValues) {
    trace.resize(u64::from(values.whole(Parameter::SERVER_SIP_TRACE_MEGABYTES)) << 20);
    let host = values.text(Parameter::SERVER_HEP_COLLECTOR);
    trace.export_to((!host.is_empty()).then(|| HepSettings {
        host: host.to_owned(),
        port: u16::try_from(values.whole(Parameter::SERVER_HEP_COLLECTOR_PORT)).unwrap_or(9060),
        node: values.whole(Parameter::SERVER_HEP_NODE),
    }));
}

/// Writes the messages of the last minutes before a stop into a file: the ends of calls and registrations are looked at when the
/// process is gone.
pub(crate) fn keep_last(directory: &Path, snapshots: &[Snapshot]) {
    let until = Utc::now();
    let from = until - LAST_MINUTES;
    let question = Question { target: Target::All, only_refused: false, from, until, most: MOST_KEPT };
    let messages = trace::search(snapshots, &question).messages;
    if messages.is_empty() {
        return;
    }
    let file = directory.join(LAST_STOP);
    match std::fs::write(&file, trace::pcapng(&messages, "Tandem")) {
        Ok(()) => {
            tracing::info!(file = %file.display(), messages = messages.len(), "the last messages are kept")
        }
        Err(error) => tracing::warn!(file = %file.display(), %error, "the last messages could not be kept"),
    }
}

/// A gateway of either kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trunk {
    /// A customer's.
    Mapping(MappingGatewayId),
    /// A vendor's.
    Routing(RoutingGatewayId),
}

impl Handle {
    /// Captures, export and size.
    pub fn tracing(&self) -> &Trace {
        &self.environment.trace
    }

    /// What a question finds in the trace, in the order of time.
    pub async fn traced(&self, question: Question) -> Found {
        let asked: Vec<_> = self
            .shards
            .iter()
            .map(|shard| {
                let (answer, snapshot) = oneshot::channel();
                let _ = shard.send(Input::Trace(answer));
                snapshot
            })
            .collect();
        let mut snapshots = Vec::new();
        for answer in asked {
            if let Ok(Ok(snapshot)) = tokio::time::timeout(PATIENCE, answer).await {
                snapshots.push(snapshot);
            }
        }
        // It may look through all the memory of the trace: not work for a thread that others wait for.
        tokio::task::spawn_blocking(move || trace::search(&snapshots, &question)).await.unwrap_or_default()
    }

    /// The ladder of messages, with the names of our gateways.
    pub async fn ladder(&self, found: Found) -> TraceLadder {
        let environment = self.environment.clone();
        let tables = environment.tables.load_full();
        let made = tokio::task::spawn_blocking(move || {
            let is_at = |gateway: &RoutingGateway, at| environment.places.addresses(gateway).contains(&at);
            let name_of = |address: SocketAddr| {
                let vendor = || tables.routing_gateways().find(|g| is_at(g, address));
                let customer = || tables.mapping_gateway_at(address);
                vendor()
                    .map(|gateway| gateway.settings.name.to_string())
                    .or_else(|| customer().map(|gateway| gateway.settings.name.to_string()))
            };
            trace::ladder(&found, name_of)
        });
        made.await.unwrap_or_default()
    }

    /// The exchanges in messages that were found, the latest first.
    pub async fn overview(&self, found: Found, most: usize) -> TraceOverview {
        tokio::task::spawn_blocking(move || trace::overview(&found, most)).await.unwrap_or_default()
    }

    /// Where a gateway's messages come from and go to; none when it is not in use.
    pub fn addresses_of(&self, trunk: Trunk) -> Option<Vec<Source>> {
        let tables = self.environment.tables.load();
        match trunk {
            Trunk::Mapping(id) => {
                tables.mapping_gateways().find(|g| g.id == id).map(|g| g.settings.sources.clone())
            }
            Trunk::Routing(id) => tables.routing_gateways().find(|g| g.id == id).map(|g| {
                let addresses = self.environment.places.addresses(g).into_iter();
                let source =
                    |at: SocketAddr| Source { net: at.ip().to_canonical().into(), port: Some(at.port()) };
                addresses.map(source).collect()
            }),
        }
    }

    /// The question for a call's messages: both legs and every gateway that was tried. `until` is when it ended, and `call_ids`
    /// what its record knows, should the trace have lost how it began.
    pub fn question_of_call(
        id: CallId,
        until: Option<DateTime<Utc>>,
        call_ids: Vec<String>,
        most: usize,
    ) -> Question {
        Question {
            target: Target::Call { id, call_ids },
            only_refused: false,
            from: began(id).map_or(DateTime::UNIX_EPOCH, |at| at - AROUND),
            until: until.map_or_else(Utc::now, |at| at + AROUND),
            most,
        }
    }
}

/// When a call began: its id tells (UUIDv7).
fn began(id: CallId) -> Option<DateTime<Utc>> {
    let (seconds, nanos) = id.0.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}
