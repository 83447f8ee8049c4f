//! Every route in one place.

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get},
};
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts,
    admission::{self, Gate, Pace},
    answer::Problem,
    audit, calls, captures, cdrs, document, ledger, mapping_gateways, online, parameters, phones,
    rate_tables, rates, registrations, routing_gateways, suspensions, tokens, trace, webhooks,
};

/// Where the API is mounted.
pub(crate) const BASE: &str = "/api/v1";

/// The largest request body, in octets.
pub(crate) const LARGEST_BODY: usize = 1024 * 1024;

/// What the process gives the API.
#[derive(Clone)]
pub struct Api {
    /// The database.
    pub pool: store::Pool,
    /// The running switch.
    pub switch: switch::Handle,
    /// For the passwords of phones and registrations.
    pub seal: store::Seal,
    /// How many requests a token may send.
    pub pace: Pace,
}

/// Every route of the API, under `/api/v1`. It wants the client's address as `ConnectInfo<SocketAddr>`.
pub fn router(api: Api) -> Router {
    let (operations, described) = operations().split_for_parts();
    let document = document::finished(described);
    let gate = Gate::new(api.clone(), &document);
    operations
        .with_state(api)
        .merge(outside(document))
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(gate.clone(), admission::once))
        .layer(from_fn_with_state(gate, admission::admit))
        .layer(from_fn(admission::label))
}

/// What nobody needs a token for: the description, and the word that there is nothing here.
fn outside(document: Value) -> Router {
    Router::new()
        .route(&format!("{BASE}/openapi.json"), get(async move || Json(document.clone())))
        .route("/api", any(async || Problem::not_found()))
        .route("/api/{*rest}", any(async || Problem::not_found()))
}

/// The operations with their descriptions.
pub(crate) fn operations() -> OpenApiRouter<Api> {
    let things = OpenApiRouter::new()
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::show, accounts::change, accounts::remove))
        .routes(routes!(ledger::list))
        .routes(routes!(ledger::pay))
        .routes(routes!(mapping_gateways::list, mapping_gateways::create))
        .routes(routes!(mapping_gateways::show, mapping_gateways::change, mapping_gateways::remove))
        .routes(routes!(routing_gateways::list, routing_gateways::create))
        .routes(routes!(routing_gateways::show, routing_gateways::change, routing_gateways::remove))
        .routes(routes!(phones::list, phones::create))
        .routes(routes!(phones::show, phones::change, phones::remove))
        .routes(routes!(registrations::list, registrations::create))
        .routes(routes!(registrations::show, registrations::change, registrations::remove))
        .routes(routes!(suspensions::list))
        .routes(routes!(suspensions::release))
        .routes(routes!(rate_tables::list, rate_tables::create))
        .routes(routes!(rate_tables::show, rate_tables::change, rate_tables::remove))
        .routes(routes!(rates::list, rates::create))
        .routes(routes!(rates::show, rates::change, rates::remove))
        .routes(routes!(cdrs::list))
        .routes(routes!(cdrs::totals))
        .routes(routes!(cdrs::show))
        .routes(routes!(calls::list))
        .routes(routes!(calls::show, calls::hang_up))
        .routes(routes!(online::gateways))
        .routes(routes!(online::registrations))
        .routes(routes!(online::phones))
        .routes(routes!(online::origins))
        .routes(routes!(online::hours))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::show, webhooks::change, webhooks::remove))
        .routes(routes!(webhooks::test))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::resend))
        .routes(routes!(parameters::list))
        .routes(routes!(parameters::show, parameters::set, parameters::reset))
        .routes(routes!(parameters::history))
        .routes(routes!(audit::list))
        .routes(routes!(trace::list))
        .routes(routes!(captures::list, captures::begin))
        .routes(routes!(captures::show, captures::remove))
        .routes(routes!(captures::packets))
        .routes(routes!(captures::stop))
        .routes(routes!(tokens::list))
        .routes(routes!(tokens::revoke));
    OpenApiRouter::with_openapi(document::preface()).nest(BASE, things)
}
