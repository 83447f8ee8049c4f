//! The portal's pages, the REST API and the health routes, served over HTTP.

use std::{future::IntoFuture, io, net::SocketAddr, path::Path, time::Duration};

use axum::Router;
use leptos::config::{Env, LeptosOptions};
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{failure::Failure, health};

/// How long open pages may keep the process from ending: live ones hold their connection as long as they are looked at.
const FAREWELL: Duration = Duration::from_secs(2);

/// Takes the portal's address.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|cause| Failure::Http { address, cause })
}

/// Pages that are being served.
#[derive(Debug)]
pub(crate) struct Pages {
    task: JoinHandle<io::Result<()>>,
}

impl Pages {
    /// Serves until `end` is cancelled.
    pub(crate) fn serve(
        listener: TcpListener,
        leptos: LeptosOptions,
        pool: store::Pool,
        switch: switch::Handle,
        seal: store::Seal,
        secure_cookies: bool,
        end: CancellationToken,
    ) -> Self {
        let health = health::routes(pool.clone(), switch.clone());
        let (pool_too, switch_too, seal_too) = (pool.clone(), switch.clone(), seal.clone());
        let programs =
            api::Api { pool: pool_too, switch: switch_too, seal: seal_too, pace: api::Pace::default() };
        // The portal's fall-back is the one that counts: whoever is merged later gives theirs.
        let routes: Router = api::router(programs)
            .merge(app::router(app::Portal { pool, switch, leptos, seal, secure_cookies }))
            .merge(health);
        let server = axum::serve(listener, routes.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(end.cancelled_owned());
        Self { task: tokio::spawn(server.into_future()) }
    }

    /// Waits for the last answers, not for ever.
    pub(crate) async fn finish(self) {
        let task = self.task.abort_handle();
        if timeout(FAREWELL, self.task).await.is_err() {
            task.abort();
        }
    }
}

/// What the portal's pages must know of their place; `site` is the directory of the portal's files.
pub(crate) fn leptos_options(address: SocketAddr, site: &Path) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name("portal")
        .site_root(site.to_string_lossy())
        .site_pkg_dir("pkg")
        .site_addr(address)
        .env(Env::PROD)
        .build()
}
