//! Finds where the gateways are that are known by name, in the background (SIP-15, RFC 3263, decision 21).
//!
//! What was found is kept as long as the records say (30 s at least, an hour at most) and longer while the DNS gives no answer at
//! all: a resolver that is away must not stop calls that could go on. A name that the DNS says leads nowhere has no place, and its
//! gateway is offline. A gateway that was not reached is looked up again before its time.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{GatewayTransport, RoutingGateway, RoutingGatewayId, SipHost};
use futures_util::{StreamExt, stream};
use hashbrown::HashMap;
use hickory_resolver::{
    TokioResolver,
    net::NetError,
    proto::rr::{RData, RecordType},
};
use sip::{
    SipUri, Transport,
    locate::{Answer, Destination, Locate, Naptr, Need, Srv},
};
use tokio::sync::{Semaphore, mpsc::UnboundedReceiver};
use tokio_util::sync::CancellationToken;

use crate::{
    environment::Environment,
    places::{Found, Whereabouts},
};

/// Between one look at the configuration and the next.
const ROUND: Duration = Duration::from_secs(1);
/// Until a name is looked up again, at least.
const SOONEST: Duration = Duration::from_secs(30);
/// Names looked up at the same time.
const AT_ONCE: usize = 16;
/// Places of a server at which we register: each may take half a minute to be silent.
const MOST_PLACES: usize = 8;

/// What is looked up for a gateway; another question of the same gateway begins anew.
#[derive(Clone, PartialEq, Eq)]
struct Question {
    name: SipHost,
    transport: GatewayTransport,
    local: Option<domain::LocalAddress>,
}

struct Known {
    question: Question,
    places: Arc<[Destination]>,
    /// The resolver gave no answer the last time.
    stale: bool,
    asked: Instant,
    due: Instant,
}

/// The DNS is away: no name was confirmed or denied.
struct Away;

/// Looks up names until the end is called.
pub(crate) async fn keep(environment: Arc<Environment>, resolver: TokioResolver, end: CancellationToken) {
    let mut known: HashMap<RoutingGatewayId, Known> = HashMap::new();
    loop {
        let now = Instant::now();
        if environment.places.take_complaint() {
            known.values_mut().for_each(|known| known.due = known.due.min(known.asked + SOONEST));
        }
        if refresh(&environment, &resolver, &mut known, now).await {
            let of = known
                .iter()
                .map(|(id, known)| (*id, Whereabouts { places: known.places.clone(), stale: known.stale }));
            environment.places.update(Found::new(of.collect()));
        }
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(ROUND) => {}
        }
    }
}

/// Looks up what is new or due; `true` when something may have changed.
async fn refresh(
    environment: &Environment,
    resolver: &TokioResolver,
    known: &mut HashMap<RoutingGatewayId, Known>,
    now: Instant,
) -> bool {
    let tables = environment.tables.load_full();
    let questions: HashMap<_, _> =
        tables.routing_gateways().filter_map(|gateway| Some((gateway.id, question(gateway)?))).collect();
    let before = known.len();
    known.retain(|id, known| questions.get(id) == Some(&known.question));
    let forgotten = known.len() != before;
    let due = questions.into_iter().filter(|(id, _)| known.get(id).is_none_or(|known| known.due <= now));
    let asked: Vec<_> = stream::iter(due)
        .map(|(id, question)| async move {
            let found = look_up(environment, resolver, &question).await;
            (id, question, found)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let changed = forgotten || !asked.is_empty();
    for (id, question, found) in asked {
        let before = known.remove(&id);
        let (places, stale, ttl) = match (found, before) {
            (Ok((places, ttl)), before) => {
                if places.is_empty() && before.is_none_or(|before| !before.places.is_empty()) {
                    tracing::warn!(name = %question.name, "a gateway's name has no address that can be called");
                }
                (places, false, ttl)
            }
            (Err(Away), Some(before)) => (before.places, true, SOONEST),
            (Err(Away), None) => {
                tracing::warn!(name = %question.name, "a gateway's name cannot be looked up: the DNS gives no answer");
                (Arc::from([]), true, SOONEST)
            }
        };
        let due = now + ttl.max(SOONEST);
        known.insert(id, Known { question, places, stale, asked: now, due });
    }
    changed
}

fn question(gateway: &RoutingGateway) -> Option<Question> {
    let settings = &gateway.settings;
    let name = settings.address.name()?.clone();
    Some(Question { name, transport: settings.transport, local: settings.local })
}

/// The places of a name that one of our listeners can reach, in the order in which to try them, and for how long they hold.
async fn look_up(
    environment: &Environment,
    resolver: &TokioResolver,
    question: &Question,
) -> Result<(Arc<[Destination]>, Duration), Away> {
    let mut uri = SipUri::sip("", &question.name.host, question.name.port);
    uri.user = None;
    let able: &[Transport] = match question.transport {
        GatewayTransport::Auto => &[Transport::Udp, Transport::Tcp, Transport::Tls],
        GatewayTransport::Udp => &[Transport::Udp],
        GatewayTransport::Tcp => &[Transport::Tcp],
        GatewayTransport::Tls => &[Transport::Tls],
    };
    let listeners = &environment.listeners;
    let able: Vec<_> =
        able.iter().copied().filter(|way| listeners.iter().any(|l| l.transport == *way)).collect();
    // A transport that is set is asked for; otherwise the domain says which it prefers (RFC 3263 §4.1).
    if question.transport != GatewayTransport::Auto {
        uri.params.set("transport", Some(question.transport.name()));
    }
    let (destinations, ttl) = find(resolver, &uri, &able).await?;
    let reachable = destinations
        .into_iter()
        .filter(|place| listeners.towards(place.transport, place.address, question.local).is_some());
    Ok((reachable.collect(), ttl))
}

/// Everything that a URI leads to by these transports (RFC 3263 §4), in the order in which to try it, and for how long it holds.
async fn find(
    resolver: &TokioResolver,
    uri: &SipUri,
    able: &[Transport],
) -> Result<(Vec<Destination>, Duration), Away> {
    let Ok(mut locate) = Locate::new(uri, able) else { return Ok((Vec::new(), SOONEST)) };
    while let Some(need) = locate.need() {
        let (answer, ttl) = ask(resolver, &need).await?;
        locate.answer(answer, ttl, &mut |most| rand::random_range(0..=most));
    }
    let found = locate.found();
    Ok((found.destinations, found.ttl))
}

/// A server at which we register, to be found.
pub(crate) struct Wanted {
    /// Its URI, with the transport if it is not UDP.
    pub(crate) uri: SipUri,
    /// Is told where it is, the place to try first before the others; none when its name has no address.
    pub(crate) answer: Box<dyn FnOnce(Vec<SocketAddr>) + Send>,
}

/// Finds servers until nobody asks any more.
pub(crate) async fn find_servers(
    environment: Arc<Environment>,
    resolver: Option<TokioResolver>,
    mut wanted: UnboundedReceiver<Wanted>,
) {
    let at_once = Arc::new(Semaphore::new(AT_ONCE));
    while let Some(Wanted { uri, answer }) = wanted.recv().await {
        let (environment, resolver) = (environment.clone(), resolver.clone());
        let Ok(permit) = at_once.clone().acquire_owned().await else { return };
        tokio::spawn(async move {
            let transport = match uri.params.get("transport") {
                Some(word) if word.eq_ignore_ascii_case("tcp") => Transport::Tcp,
                _ => Transport::Udp,
            };
            let mut found: Vec<SocketAddr> = match resolver {
                Some(resolver) => match find(&resolver, &uri, &[transport]).await {
                    Ok((found, _)) => found.into_iter().map(|place| place.address).collect(),
                    Err(Away) => Vec::new(),
                },
                // Without a resolver of ours that of the system knows addresses at least.
                None => {
                    let port = uri.effective_port().unwrap_or(5060);
                    let found = tokio::net::lookup_host((uri.host.as_str(), port)).await;
                    found.map(Iterator::collect).unwrap_or_default()
                }
            };
            found.retain(|at| environment.listeners.towards(transport, *at, None).is_some());
            found.truncate(MOST_PLACES);
            answer(found);
            drop(permit);
        });
    }
}

/// One question to the DNS. That there is nothing is an answer; that nobody answers is not.
async fn ask(resolver: &TokioResolver, need: &Need) -> Result<(Answer, Duration), Away> {
    // Names in settings are whole: a search list would make others of them.
    let whole = |name: &str| format!("{}.", name.trim_end_matches('.'));
    let (name, kind) = match need {
        Need::Naptr(name) => (whole(name), RecordType::NAPTR),
        Need::Srv(name) => (whole(name), RecordType::SRV),
        Need::Address(name) => return addresses(resolver, whole(name)).await,
    };
    let found = resolver.lookup(name, kind).await;
    let (records, ttl) = match &found {
        Ok(found) => (found.answers(), found.valid_until().saturating_duration_since(Instant::now())),
        Err(error) => (&[][..], nothing(error)?),
    };
    let answer = match need {
        Need::Naptr(_) => Answer::Naptr(records.iter().filter_map(|record| naptr(&record.data)).collect()),
        _ => Answer::Srv(records.iter().filter_map(|record| srv(&record.data)).collect()),
    };
    Ok((answer, ttl))
}

async fn addresses(resolver: &TokioResolver, name: String) -> Result<(Answer, Duration), Away> {
    match resolver.lookup_ip(name).await {
        Ok(found) => {
            let ttl = found.valid_until().saturating_duration_since(Instant::now());
            Ok((Answer::Address(found.iter().collect()), ttl))
        }
        Err(error) => Ok((Answer::Address(Vec::new()), nothing(&error)?)),
    }
}

/// How long "there is nothing" holds, if that is what the resolver says.
fn nothing(error: &NetError) -> Result<Duration, Away> {
    if error.is_no_records_found() { Ok(SOONEST) } else { Err(Away) }
}

fn naptr(data: &RData) -> Option<Naptr> {
    let RData::NAPTR(naptr) = data else { return None };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some(Naptr {
        order: naptr.order,
        preference: naptr.preference,
        flags: text(&naptr.flags),
        service: text(&naptr.services),
        replacement: naptr.replacement.to_ascii(),
    })
}

fn srv(data: &RData) -> Option<Srv> {
    let RData::SRV(srv) = data else { return None };
    Some(Srv { priority: srv.priority, weight: srv.weight, port: srv.port, target: srv.target.to_ascii() })
}

#[cfg(test)]
mod tests;
