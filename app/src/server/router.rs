//! The router of the portal.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, FromRef, Request},
    middleware::{from_fn, from_fn_with_state},
    response::Response,
    routing::{get, post},
};
use http::request::Parts;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use tower_http::compression::CompressionLayer;

use super::{
    document,
    events::{self, Feeds},
    files::{self, Files},
    headers,
    once::Once,
    origin, preferences, session, views,
};
use crate::{
    routes,
    shell::{App, shell},
};

/// The largest form that is read, in octets.
const LARGEST_FORM: usize = 256 * 1024;

/// What the process gives the portal.
#[derive(Clone)]
pub struct Portal {
    /// The database.
    pub pool: store::Pool,
    /// The running switch.
    pub switch: switch::Handle,
    /// Where the portal's files are: `site_root` is the directory that `cargo xtask portal` wrote.
    pub leptos: LeptosOptions,
    /// The key of secrets in the database.
    pub seal: store::Seal,
    /// True when people reach the portal by https only: cookies are then bound to it.
    pub secure_cookies: bool,
}

impl FromRef<Portal> for LeptosOptions {
    fn from_ref(portal: &Portal) -> Self {
        portal.leptos.clone()
    }
}

/// The portal and what it keeps in memory; cheap to clone.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) pool: store::Pool,
    pub(crate) switch: switch::Handle,
    pub(crate) leptos: LeptosOptions,
    pub(crate) secure_cookies: bool,
    /// For second factors.
    pub(crate) seal: store::Seal,
    pub(crate) once: Once,
    pub(super) feeds: Feeds,
    files: Files,
}

impl FromRef<Site> for LeptosOptions {
    fn from_ref(site: &Site) -> Self {
        site.leptos.clone()
    }
}

/// Every route of the portal: pages, loaders, forms, event streams and files. Call it inside the tokio runtime. It wants the
/// client's address as `ConnectInfo<SocketAddr>`, to count failed log-ins by it.
pub fn router(portal: Portal) -> Router {
    let Portal { pool, switch, leptos, seal, secure_cookies } = portal;
    let site = Site {
        feeds: Feeds::start(switch.clone()),
        files: Files::find(&leptos),
        once: Once::default(),
        seal,
        pool,
        switch,
        leptos,
        secure_cookies,
    };
    let options = site.leptos.clone();
    let context = provide_files(site.files.clone());
    Router::new()
        .leptos_routes_with_context(&site, generate_route_list(App), context, move || shell(options.clone()))
        .merge(routes::forms())
        .route("/theme", post(preferences::toggle_theme))
        .route("/preferences", post(preferences::choose))
        .route("/columns", post(preferences::choose_columns))
        .route("/views", post(views::keep))
        .route("/views/{id}/delete", post(views::forget))
        .route("/events/calls", get(events::calls))
        .route("/events/status", get(events::status))
        .route("/events/listeners", get(events::listeners))
        .layer(from_fn_with_state(site.clone(), session::guard))
        .merge(files::routes(&site.leptos))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(from_fn(origin::check))
        .layer(CompressionLayer::new())
        .layer(from_fn(document::note_language))
        .layer(from_fn(headers::protect))
        .with_state(site)
}

fn provide_files(files: Files) -> impl Fn() + Clone + Send + Sync + 'static {
    move || provide_context(files.clone())
}

/// Renders the page that `parts` ask for, with more context than an ordinary request has.
pub(crate) async fn render(
    site: &Site,
    parts: Parts,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    let (options, site) = (site.leptos.clone(), site.clone());
    let files = provide_files(site.files.clone());
    let everything = move || {
        provide_context(site.clone());
        files();
        context();
    };
    render_app_async_with_context(everything, move || shell(options.clone()))(Request::from_parts(
        parts,
        Body::empty(),
    ))
    .await
}

/// How often a running stream asks whether its session is still open.
pub(super) const STILL_THERE: Duration = Duration::from_secs(5);
