//! A switch's life: the order in which it starts and stops stands in [`run`] and [`work`].

use std::{future::IntoFuture, net::SocketAddr, time::Duration};

use leptos::config::{Env, LeptosOptions};
use tokio::{net::TcpListener, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    administrator::{self, Password},
    advertise,
    database::Database,
    demo,
    failure::Failure,
    farewell, files_limit, health, jobs,
    options::{Place, Serve},
    portal_files,
    progress::Progress,
    state_directory::{StateDirectory, StateLock},
};

/// How long open pages may keep the process from ending.
const FAREWELL: Duration = Duration::from_secs(2);

/// Starts everything, waits for the end, stops everything in reverse.
pub(crate) async fn run(place: &Place, serve: &Serve) -> Result<(), Failure> {
    let progress = Progress::Stdout;
    let end = farewell::listen(progress)?;
    files_limit::raise();
    let state = StateDirectory::open(&place.state)?;
    let lock = state
        .lock()?
        .ok_or_else(|| Failure::StateInUse { path: state.path().to_owned(), holder: state.holder() })?;
    // Taken before the slow steps: who starts a second process by mistake should learn it at once.
    let http =
        TcpListener::bind(serve.http).await.map_err(|cause| Failure::Http { address: serve.http, cause })?;
    let database = Database::for_switch(place.database_url.as_deref(), &state, progress).await?;
    let outcome = work(serve, &state, &lock, http, &database, end, progress).await;
    progress.say("stopping: the database");
    database.close().await;
    progress.say("stopped");
    outcome
}

async fn work(
    serve: &Serve,
    state: &StateDirectory,
    lock: &StateLock,
    http: TcpListener,
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
    let password = administrator::ensure(pool, serve.admin_password.as_deref()).await?;

    // It settles the calls that a crash left in its spool before it takes new ones.
    let switch = switch::start(switch_settings(serve, state, pool)?)
        .await
        .map_err(|e| Failure::Switch(e.to_string()))?;
    let sip = SocketAddr::new(serve.sip.ip(), switch.handle().status().sip_listen.port());
    let address = http.local_addr().map_err(Failure::system("read the portal's address"))?;

    let partitions = tokio::spawn(jobs::keep_partitions(pool.clone(), end.clone()));
    let files = portal_files::find(serve.site.as_deref());
    let portal = app::Portal {
        pool: pool.clone(),
        switch: switch.handle(),
        leptos: leptos_options(address, &files.directory.to_string_lossy()),
        secure_cookies: serve.secure_cookies,
    };
    let routes = app::router(portal).merge(health::routes(pool.clone(), switch.handle()));
    let pages = tokio::spawn(
        axum::serve(http, routes.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(end.clone().cancelled_owned())
            .into_future(),
    );
    lock.announce(address, sip)?;
    summary(progress, address, sip, &password, &files);

    end.cancelled().await;
    progress.say("stopping: the portal");
    // Live pages hold their connection open as long as they are looked at.
    let pages_end = pages.abort_handle();
    if timeout(FAREWELL, pages).await.is_err() {
        pages_end.abort();
    }
    progress.say("stopping: calls and their records");
    switch.stop().await;
    partitions.await.ok();
    Ok(())
}

fn switch_settings(
    serve: &Serve,
    state: &StateDirectory,
    pool: &store::Pool,
) -> Result<switch::Settings, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    Ok(switch::Settings {
        sip: serve.sip,
        advertise: serve.advertise.unwrap_or_else(|| advertise::address(serve.sip)),
        rtp_ports: serve.rtp_ports,
        shards: serve.shards.map_or(cores, usize::from),
        media_workers: serve.media_workers.map_or(cores, usize::from),
        spool: state.spool()?,
        pool: pool.clone(),
        user_agent: format!("Tandem/{}", env!("CARGO_PKG_VERSION")),
    })
}

fn leptos_options(address: SocketAddr, site: &str) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name("portal")
        .site_root(site)
        .site_pkg_dir("pkg")
        .site_addr(address)
        .env(Env::PROD)
        .build()
}

fn summary(
    progress: Progress,
    http: SocketAddr,
    sip: SocketAddr,
    password: &Password,
    files: &portal_files::PortalFiles,
) {
    if !files.complete {
        progress.say(format_args!(
            "the portal's files are missing in {}: pages work, but without live parts and styles (cargo xtask portal makes them)",
            files.directory.display()
        ));
    }
    let shown = |address: SocketAddr| match address.ip().is_unspecified() {
        true => format!("127.0.0.1:{}", address.port()),
        false => address.to_string(),
    };
    progress.say("");
    progress.say(format_args!("  Portal    http://{}/", shown(http)));
    progress.say(format_args!("  SIP       {sip} (UDP)"));
    match password {
        Password::Generated(password) => {
            progress.say(format_args!(
                "  Log in    {} / {password}   (shown only this once)",
                administrator::NAME
            ));
        }
        Password::Given => {
            progress.say(format_args!("  Log in    {} / the password you gave", administrator::NAME))
        }
        Password::Unchanged => progress.say(format_args!(
            "  Log in    {} / the password as it was (tandem user password {} sets a new one)",
            administrator::NAME,
            administrator::NAME
        )),
    }
    progress.say("");
    progress.say("running; Ctrl-C stops");
}
