//! A switch's life: the order in which it starts and stops stands in [`run`], [`work`] and [`operate`].

use std::{
    net::{SocketAddr, UdpSocket},
    sync::Arc,
};

use switch::{StartError, Switch};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    administrator, advertise, certificate,
    database::Database,
    demo,
    failure::Failure,
    farewell, files_limit, jobs, keys,
    options::{Place, Serve},
    pages::{self, Pages},
    portal_files,
    progress::Progress,
    state_directory::{StateDirectory, StateLock},
    summary, webhooks,
};

/// Starts everything, waits for the end, stops everything in reverse.
pub(crate) async fn run(place: &Place, serve: &Serve) -> Result<(), Failure> {
    let progress = Progress::Stdout;
    let end = farewell::listen(progress)?;
    files_limit::raise();
    if let Some(password) = &serve.admin_password {
        administrator::checked(password, administrator::NAME)?;
    }
    let state = StateDirectory::open(&place.state)?;
    let lock = state
        .lock()?
        .ok_or_else(|| Failure::StateInUse { path: state.path().to_owned(), holder: state.holder() })?;
    let receivers =
        webhooks::Client::new(serve.webhook_authorities.as_deref(), serve.webhooks_to_private_addresses)
            .map_err(|error| Failure::Switch(error.to_string()))?;
    // Before the slow steps: who starts a second process by mistake learns it at once.
    let http = pages::listen(serve.http).await?;
    probe_sip(serve.sip)?;

    let database = Database::for_switch(place.database_url.as_deref(), &state, progress).await?;
    let outcome = work(serve, &state, &lock, Web { http, receivers }, &database, end, progress).await;
    progress.say("stopping: the database");
    database.close().await;
    progress.say("stopped");
    outcome
}

/// What is opened before the slow steps: a second process, or a wrong file, is told at once.
struct Web {
    /// The portal's address.
    http: TcpListener,
    /// What posts to webhooks' receivers.
    receivers: webhooks::Client,
}

/// What needs the database, until the switch has stopped.
async fn work(
    serve: &Serve,
    state: &StateDirectory,
    lock: &StateLock,
    web: Web,
    database: &Database,
    end: CancellationToken,
    progress: Progress,
) -> Result<(), Failure> {
    let pool = database.pool();
    for step in store::migrate(pool).await?.applied {
        progress.say(format_args!("database: {step}"));
    }
    jobs::make_partitions(pool).await?;
    if serve.demo && demo::load_into_empty(pool).await? {
        progress.say("loaded the demo configuration");
    }
    // It settles the calls that a crash left in its spool before it takes new ones.
    let switch = switch::start(switch_settings(serve, state, pool)?).await.map_err(refused_start)?;
    let outcome = operate(serve, lock, web, pool, &switch, end, progress).await;
    progress.say("stopping: calls and their records");
    switch.stop().await;
    outcome
}

/// What needs the running switch, until somebody wants the end.
async fn operate(
    serve: &Serve,
    lock: &StateLock,
    web: Web,
    pool: &store::Pool,
    switch: &Switch,
    end: CancellationToken,
    progress: Progress,
) -> Result<(), Failure> {
    let Web { http, receivers } = web;
    let address = http.local_addr().map_err(Failure::system("read the portal's address"))?;
    let seal = keys::seal(lock.directory())?;
    let sip = SocketAddr::new(serve.sip.ip(), switch.handle().status().sip_listen.port());
    // As late as this, because a password that is generated must be shown: nothing that may fail comes between.
    let password = administrator::ensure(pool, serve.admin_password.as_deref()).await?;

    let partitions = tokio::spawn(jobs::keep_partitions(pool.clone(), end.clone()));
    let presence = tokio::spawn(jobs::keep_presence(pool.clone(), switch.handle(), end.clone()));
    let delivering =
        tokio::spawn(webhooks::keep(pool.clone(), seal.clone(), switch.handle(), receivers, end.clone()));
    let files = portal_files::find(serve.site.as_deref());
    let pages = Pages::serve(
        http,
        pages::leptos_options(address, &files.directory),
        pool.clone(),
        switch.handle(),
        seal,
        serve.secure_cookies,
        end.clone(),
    );
    summary::print(progress, address, &switch.handle().listeners(), &password, &files);
    lock.announce(address, sip, &switch.handle().listeners())?;

    end.cancelled().await;
    progress.say("stopping: the portal");
    pages.finish().await;
    partitions.await.ok();
    presence.await.ok();
    delivering.await.ok();
    Ok(())
}

fn probe_sip(address: SocketAddr) -> Result<(), Failure> {
    UdpSocket::bind(address).map(drop).map_err(|cause| refused_start(StartError::Sip(address, cause)))
}

fn refused_start(error: StartError) -> Failure {
    Failure::Switch(match error {
        StartError::Sip(..) => format!("{error}; choose another address with --sip"),
        StartError::Listener(..) => format!("{error}; choose other addresses with --sip-listen"),
        StartError::Tls(_) => format!("{error}; give others with --tls-certificate and --tls-key"),
        StartError::Media(_) => format!("{error}; choose other ports with --rtp-ports"),
        _ => error.to_string(),
    })
}

fn switch_settings(
    serve: &Serve,
    state: &StateDirectory,
    pool: &store::Pool,
) -> Result<switch::Settings, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let advertise = serve.advertise.unwrap_or_else(|| advertise::address(serve.sip));
    let listen = |transport, address| switch::Listen {
        transport,
        address,
        told: advertise::of_listener(address, serve.sip, advertise),
    };
    let listeners = match &serve.sip_listen {
        Some(listeners) => listeners.0.iter().map(|one| listen(one.transport, one.address)).collect(),
        None => vec![listen(switch::Transport::Tcp, serve.sip)],
    };
    Ok(switch::Settings {
        sip: serve.sip,
        listeners,
        tls: Some(certificate::files(serve, state, advertise)?),
        advertise,
        rtp_ports: serve.rtp_ports,
        shards: serve.shards.map_or(cores, usize::from),
        media_workers: serve.media_workers.map_or(cores, usize::from),
        spool: state.spool()?,
        pool: pool.clone(),
        seal: Arc::new(keys::seal(state.path())?),
        nonce_secret: keys::nonce(state.path())?,
        user_agent: format!("Tandem/{}", env!("CARGO_PKG_VERSION")),
    })
}
