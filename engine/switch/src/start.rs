//! Start and stop of the switch.

use std::{
    io,
    net::{IpAddr, SocketAddr, UdpSocket},
    path::PathBuf,
    sync::Arc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use hickory_resolver::TokioResolver;
use media::{Address, MediaPlane, PlaneConfig, PortRange};
use registrar::Registrar;
use sip::Transport;
use store::{Pool, Seal};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::{
    Handle, balances,
    configuration::{self, Database},
    connection::{self, Connections, Reception, Switchboard, Tls, TlsError, TlsFiles},
    environment::{self, Counters, Environment},
    listener::{Listener, Listeners},
    lookup,
    phone::{self, Keeper},
    shard::{self, Input},
    spool::{self, Drain, Drained, Writer},
};

/// Size at which a spool segment is closed.
const SEGMENT_SIZE: u64 = 64 << 20;
/// Longest time that a stop waits for the last CDRs to reach the database; what is left is brought at the next start.
const DRAIN_AT_STOP: Duration = Duration::from_secs(10);

/// What a switch needs to run.
pub struct Settings {
    /// Where it listens for SIP over UDP first of all; media has the same address.
    pub sip: SocketAddr,
    /// Where else it listens.
    pub listeners: Vec<Listen>,
    /// For those with TLS, and for gateways that are reached so.
    pub tls: Option<TlsFiles>,
    /// The address that far ends are told.
    pub advertise: IpAddr,
    /// Ports of the relay.
    pub rtp_ports: PortRange,
    /// Signalling threads, 1 to 255.
    pub shards: usize,
    /// Media threads.
    pub media_workers: usize,
    /// Directory of the spool; created when it is not there.
    pub spool: PathBuf,
    /// The database, migrated.
    pub pool: Pool,
    /// Opens the secrets of phones and registrations.
    pub seal: Arc<Seal>,
    /// Signs the challenges to phones: 32 bytes of good chance that outlive a restart, so that none has to be challenged anew.
    pub nonce_secret: [u8; 32],
    /// For `User-Agent` and `Server`.
    pub user_agent: String,
}

/// One more place to listen at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Listen {
    /// How.
    pub transport: Transport,
    /// Where.
    pub address: SocketAddr,
    /// The address that far ends are told.
    pub told: IpAddr,
}

/// Why a switch did not start; each is a sentence for the person who started it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody else has the SIP port, or the address is not this machine's.
    #[error("cannot listen for SIP on {0}: {1}")]
    Sip(SocketAddr, io::Error),
    /// Another listener.
    #[error("cannot listen for SIP over {0} on {1}: {2}")]
    Listener(Transport, SocketAddr, io::Error),
    /// Its certificate.
    #[error("cannot use the certificate for TLS: {0}")]
    Tls(#[from] TlsError),
    /// The media ports.
    #[error("cannot relay media: {0}")]
    Media(#[from] media::MediaError),
    /// The spool's directory.
    #[error("cannot use the CDR spool {0}: {1}")]
    Spool(PathBuf, io::Error),
    /// The database.
    #[error("cannot read from the database: {0}")]
    Store(#[from] store::StoreError),
    /// Threads.
    #[error("cannot start a thread: {0}")]
    Thread(io::Error),
}

/// A running switch.
pub struct Switch {
    handle: Handle,
    shards: Vec<JoinHandle<trace::Snapshot>>,
    watching: tokio::task::JoinHandle<()>,
    keeping: tokio::task::JoinHandle<()>,
    stop: CancellationToken,
    /// Ends connections, after the shards have said their last.
    hung_up: CancellationToken,
    writer: JoinHandle<()>,
    /// Gives messages to captures and export.
    collecting: JoinHandle<()>,
    /// Where the messages before the stop are kept.
    directory: PathBuf,
    drain: tokio::task::JoinHandle<Drained>,
}

/// Starts a switch: brings what an earlier run left in the spool into the database, then balances and configuration into
/// memory, then takes calls. The order matters: balances are right only after the last run's charges are in them.
pub async fn start(settings: Settings) -> Result<Switch, StartError> {
    let threads = settings.shards.clamp(1, 255);
    let mut sockets: Vec<Vec<(usize, UdpSocket)>> = (0..threads).map(|_| Vec::new()).collect();
    let mut listeners = Vec::new();
    let first = Listen { transport: Transport::Udp, address: settings.sip, told: settings.advertise };
    let (datagrams, connections): (Vec<_>, Vec<_>) =
        settings.listeners.iter().copied().partition(|listen| listen.transport == Transport::Udp);
    for listen in std::iter::once(first).chain(datagrams) {
        let failed = |e| StartError::Sip(listen.address, e);
        let opened = shard::listen(listen.address, threads).map_err(failed)?;
        let bound = opened[0].local_addr().map_err(failed)?;
        for (shard, socket) in sockets.iter_mut().zip(opened) {
            shard.push((listeners.len(), socket));
        }
        listeners.push(Listener::new(Transport::Udp, bound, SocketAddr::new(listen.told, bound.port())));
    }
    let mut opened = Vec::new();
    for Listen { transport, address, told } in connections {
        let failed = |e| StartError::Listener(transport, address, e);
        let listener = connection::bind(address).map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        let told = SocketAddr::new(told, bound.port());
        listeners.push(Listener::new(transport, bound, told));
        opened.push((transport, told, listener));
    }
    let tls = settings.tls.as_ref().map(Tls::load).transpose()?;

    let spooled = |e| StartError::Spool(settings.spool.clone(), e);
    std::fs::create_dir_all(&settings.spool).map_err(spooled)?;
    bring_in(&settings).await?;
    let writer = Writer::start(&settings.spool, SEGMENT_SIZE).map_err(spooled)?;
    let drain = tokio::spawn(Drain::new(&settings.spool, settings.pool.clone(), &writer).run());

    let address = Address { bind: settings.sip.ip(), advertise: settings.advertise };
    // Who is reached by the other version of IP for signalling is so for media.
    let second = settings.listeners.iter().find(|listen| listen.address.is_ipv4() != address.bind.is_ipv4());
    let plane = MediaPlane::start(PlaneConfig {
        address,
        second: second.map(|listen| Address { bind: listen.address.ip(), advertise: listen.told }),
        ports: settings.rtp_ports,
        workers: settings.media_workers.max(1),
    })?;
    let (trace, collector) = trace::Trace::new(sockets.len(), 0);
    let environment = Arc::new(Environment {
        listeners: Listeners::new(listeners),
        tables: ArcSwap::default(),
        purses: Default::default(),
        customer_lines: Default::default(),
        vendor_lines: Default::default(),
        phone_lines: Default::default(),
        registrar: Registrar::new(settings.nonce_secret),
        outbound: ArcSwap::default(),
        vendor_pauses: Default::default(),
        places: Default::default(),
        reach: Default::default(),
        suspensions_changed: Default::default(),
        news: environment::news(),
        plane,
        counters: Counters::default(),
        rules: Default::default(),
        trace,
    });
    let database = Database { pool: settings.pool.clone(), seal: settings.seal.clone() };
    let first = store::snapshot::load_with(&database.pool, &database.seal).await?;
    configuration::take_up(&environment, first);
    let restored = phone::restore(&environment, &settings.pool).await?;
    if restored > 0 {
        tracing::info!(restored, "contacts of phones are back");
    }

    let shut_out = phone::restore_suspensions(&environment, &settings.pool).await?;

    let (senders, inboxes): (Vec<mpsc::UnboundedSender<Input>>, Vec<_>) =
        sockets.iter().map(|_| mpsc::unbounded_channel()).unzip();
    let senders: Arc<[_]> = senders.into();
    let (hint, stop, hung_up) = (Arc::new(Notify::new()), CancellationToken::new(), CancellationToken::new());
    let (connections, orders) = Connections::new();
    let (to_keeper, from_shards) = mpsc::unbounded_channel();
    let (names, wanted) = mpsc::unbounded_channel();
    let mut shards = Vec::new();
    for (number, (sockets, inbox)) in sockets.into_iter().zip(inboxes).enumerate() {
        let shard = shard::Shard {
            number: number as u8,
            sockets,
            inbox,
            shards: senders.clone(),
            environment: environment.clone(),
            spool: writer.spool.clone(),
            connections: connections.clone(),
            keeper: to_keeper.clone(),
            names: names.clone(),
            user_agent: settings.user_agent.clone(),
        };
        let thread = std::thread::Builder::new().name(format!("shard-{number}")).spawn(move || shard.run());
        shards.push(thread.map_err(StartError::Thread)?);
    }
    let collecting = std::thread::Builder::new().name("trace".to_owned()).spawn(move || collector.run());
    let collecting = collecting.map_err(StartError::Thread)?;
    let reception = Reception {
        environment: environment.clone(),
        shards: senders.clone(),
        connections,
        tls,
        end: hung_up.clone(),
    };
    for (transport, told, listener) in opened {
        tokio::spawn(connection::serve(listener, transport, told, reception.clone()));
    }
    tokio::spawn(Switchboard::new(reception).run(orders));
    let watching = tokio::spawn(configuration::watch(
        environment.clone(),
        database,
        to_keeper,
        hint.clone(),
        stop.clone(),
    ));
    let keeper = Keeper {
        environment: environment.clone(),
        pool: settings.pool.clone(),
        told: from_shards,
        waiting: Default::default(),
        shut_out,
    };
    let keeping = tokio::spawn(keeper.run(hung_up.clone()));
    tokio::spawn(balances::watch(environment.clone(), stop.clone()));
    let resolver = TokioResolver::builder_tokio().and_then(|builder| builder.build());
    let resolver = resolver.inspect_err(|error| {
        tracing::warn!(%error, "gateways cannot be looked up: names have no addresses");
    });
    let resolver = resolver.ok();
    tokio::spawn(lookup::find_servers(environment.clone(), resolver.clone(), wanted));
    if let Some(resolver) = resolver {
        tokio::spawn(lookup::keep(environment.clone(), resolver, stop.clone()));
    }
    let Writer { spool, thread, .. } = writer;
    let handle = Handle { environment, shards: senders, spool, hint, started: Instant::now() };
    let directory = settings.spool;
    Ok(Switch {
        handle,
        shards,
        watching,
        keeping,
        stop,
        hung_up,
        writer: thread,
        collecting,
        directory,
        drain,
    })
}

/// Brings calls that an earlier run left in the spool into the database.
async fn bring_in(settings: &Settings) -> Result<(), StartError> {
    let directory = settings.spool.clone();
    let spooled = |e| StartError::Spool(settings.spool.clone(), e);
    let found = tokio::task::spawn_blocking(move || spool::replay(&directory))
        .await
        .map_err(|e| spooled(io::Error::other(e)))?
        .map_err(spooled)?;
    if !found.closed.is_empty() || !found.interrupted.is_empty() {
        tracing::info!(
            closed = found.closed.len(),
            interrupted = found.interrupted.len(),
            "bringing in the calls of the last run"
        );
    }
    for segment in &found.damaged {
        tracing::warn!(
            segment,
            "the end of a spool segment was cut short; what stood there was never confirmed"
        );
    }
    for batch in found.closed.chunks(500).chain(found.interrupted.chunks(500)) {
        store::cdrs::insert(&settings.pool, batch).await?;
    }
    found.discard(&settings.spool).map_err(spooled)
}

impl Switch {
    /// For those who ask the switch.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Ends every call with `SwitchStopped`, lets the last messages out, and brings the last CDRs into the database.
    pub async fn stop(self) {
        let Self { handle, shards, watching, keeping, stop, hung_up, writer, collecting, directory, drain } =
            self;
        stop.cancel();
        for shard in handle.shards.iter() {
            let _ = shard.send(Input::Stop);
        }
        let environment = handle.environment.clone();
        let joined = tokio::task::spawn_blocking(move || {
            let seen: Vec<_> = shards.into_iter().filter_map(|shard| shard.join().ok()).collect();
            crate::traced::keep_last(&directory, &seen);
            // The writer ends when the last handle to the spool is gone, and the portal still holds some.
            handle.spool.close();
            let _ = writer.join();
            // The shards' last words are exported too.
            environment.trace.stop();
            let _ = collecting.join();
            environment.plane.stop();
        });
        let _ = joined.await;
        hung_up.cancel();
        match tokio::time::timeout(DRAIN_AT_STOP, drain).await {
            Ok(Ok(Drained::Everything)) => {}
            _ => tracing::warn!("some CDRs wait in the spool for the next start"),
        }
        let _ = watching.await;
        let _ = keeping.await;
    }
}
