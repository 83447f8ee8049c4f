//! Routing gateways: vendor trunks.

use std::collections::BTreeMap;

use axum::extract::State;
use domain::{
    GatewayTransport, PrefixMode, Redirects, RoutingGateway, RoutingGatewayDraft, RoutingGatewayId,
    RowVersion,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{
        Cursor, Ids, IfMatch, Limit, Listing, Made, Problem, Question, Sent, Versioned, by_id,
        gateway_transport, or_empty, prefix_mode, redirects,
    },
    gateway_identity::Outgoing,
    router::Api,
    versioned::{self, Kind, Read},
};

/// A vendor trunk, where calls go out.
#[derive(Serialize, ToSchema)]
#[schema(as = RoutingGateway)]
pub(crate) struct RouteView {
    id: i64,
    /// How often it has been changed; also its ETag.
    version: i64,
    name: String,
    /// Who is paid for its calls.
    account: i64,
    /// Where its calls are sent: an address or a name.
    #[schema(example = "192.0.2.7:5060")]
    address: String,
    /// How its SIP travels.
    #[schema(schema_with = gateway_transport)]
    transport: &'static str,
    /// Which of the switch's addresses speaks to it; null is the first one that can.
    local: Option<String>,
    /// What becomes of its 3xx.
    #[schema(schema_with = redirects)]
    redirects: &'static str,
    /// Beginnings of the numbers it takes; an empty one takes all.
    #[schema(example = json!(["44", "1"]))]
    prefixes: Vec<String>,
    /// Whether it is also tried after the gateways with longer matching prefixes have failed.
    #[schema(schema_with = prefix_mode)]
    prefix_mode: &'static str,
    /// Lower is tried first.
    priority: u16,
    /// The name in the credentials with which its challenges are answered.
    user: Option<String>,
    /// Whether a password is set. It is never shown.
    has_password: bool,
    /// Calls at once; null is unlimited.
    max_calls: Option<u32>,
    enabled: bool,
    /// What its calls tell about their caller, and which further headers they carry.
    identity: Outgoing,
    /// Its own values of parameters.
    parameters: BTreeMap<String, String>,
}

/// What people set on a routing gateway.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoutingGatewaySettings)]
pub(crate) struct RouteBody {
    /// Unique among routing gateways.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// A vendor's id.
    account: i64,
    /// An address, with a port unless it is the transport's usual one, or a name, which is looked up.
    #[schema(example = "192.0.2.7:5060")]
    address: String,
    /// How its SIP travels; `auto` when left out.
    #[serde(default = "auto")]
    #[schema(schema_with = gateway_transport)]
    transport: String,
    /// Which of the switch's addresses speaks to it; the first one that can when left out.
    #[schema(example = "192.0.2.1:5060")]
    local: Option<String>,
    /// What becomes of its 3xx; `refuse` when left out.
    #[serde(default = "refuse")]
    #[schema(schema_with = redirects)]
    redirects: String,
    /// Beginnings of the numbers it takes; an empty one, or none at all, takes every number.
    #[serde(default)]
    #[schema(max_items = 2000, example = json!(["44", "1"]))]
    prefixes: Vec<String>,
    /// `extension` when left out.
    #[serde(default = "extension")]
    #[schema(schema_with = prefix_mode)]
    prefix_mode: String,
    /// Lower is tried first; 100 when left out.
    #[schema(minimum = 0, maximum = 1000)]
    priority: Option<u32>,
    /// The name in the credentials with which its challenges are answered.
    #[schema(min_length = 1, max_length = 64)]
    user: Option<String>,
    /// A new password for the user; the present one stays when left out. It is never shown again.
    #[serde(skip_serializing_if = "crate::answer::withheld")]
    #[schema(max_length = 128, write_only)]
    password: Option<String>,
    /// Calls at once; unlimited when left out.
    #[schema(minimum = 1, maximum = 100_000)]
    max_calls: Option<u32>,
    /// True when left out.
    #[serde(default = "yes")]
    enabled: bool,
    /// What its calls tell about their caller, and which further headers they carry. As usual when left out.
    #[serde(default)]
    identity: Outgoing,
    /// Its own values of parameters, in place of the system's.
    #[serde(default)]
    parameters: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

fn auto() -> String {
    GatewayTransport::default().to_string()
}

fn refuse() -> String {
    Redirects::default().to_string()
}

fn extension() -> String {
    PrefixMode::default().to_string()
}

impl From<&RouteBody> for RoutingGatewayDraft {
    fn from(body: &RouteBody) -> Self {
        Self {
            name: body.name.clone(),
            account: body.account.to_string(),
            address: body.address.clone(),
            transport: body.transport.clone(),
            local: body.local.clone().unwrap_or_default(),
            redirects: body.redirects.clone(),
            prefixes: body.prefixes.iter().map(|prefix| prefix_word(prefix)).collect::<Vec<_>>().join(","),
            prefix_mode: body.prefix_mode.clone(),
            priority: body.priority.unwrap_or(100).to_string(),
            user: body.user.clone().unwrap_or_default(),
            password: body.password.clone().unwrap_or_default(),
            max_calls: or_empty(body.max_calls),
            enabled: if body.enabled { "on" } else { "" }.to_owned(),
            identity: (&body.identity).into(),
            overrides: body.parameters.clone(),
        }
    }
}

/// The empty prefix is a word in the form.
fn prefix_word(prefix: &str) -> &str {
    if prefix.trim().is_empty() { "all" } else { prefix }
}

fn view(gateway: &RoutingGateway, has_password: bool) -> RouteView {
    let settings = &gateway.settings;
    RouteView {
        id: gateway.id.0,
        version: gateway.version.0,
        name: settings.name.to_string(),
        account: settings.account.0,
        address: settings.address.to_string(),
        transport: settings.transport.name(),
        local: settings.local.map(|local| local.to_string()),
        redirects: settings.redirects.name(),
        prefixes: settings.prefixes.iter().map(ToString::to_string).collect(),
        prefix_mode: settings.prefix_mode.name(),
        priority: settings.priority,
        user: settings.user.as_ref().map(ToString::to_string),
        has_password,
        max_calls: settings.max_calls,
        enabled: settings.enabled,
        identity: (&settings.identity).into(),
        parameters: settings.overrides.clone().into(),
    }
}

/// How they are made, changed and removed.
pub(crate) enum Routes {}

impl Kind for Routes {
    type Id = RoutingGatewayId;
    type Body = RouteBody;
    type View = RouteView;

    fn place(id: RoutingGatewayId) -> String {
        format!("/routing-gateways/{id}")
    }

    async fn one(api: &Api, asker: &Asker, id: RoutingGatewayId) -> Read<Self> {
        let gateway = store::routing_gateways::find(&api.pool, &asker.scope(), id).await?;
        let has_password = store::routing_gateways::has_password(&api.pool, &asker.scope(), id).await?;
        Ok(Versioned(gateway.version, view(&gateway, has_password)))
    }

    async fn replace(
        api: &Api,
        asker: &Asker,
        id: RoutingGatewayId,
        version: RowVersion,
        sent: &RouteBody,
    ) -> Result<(), StoreError> {
        let draft = RoutingGatewayDraft::from(sent);
        let (settings, password, by) = (draft.check()?, draft.new_password(), asker.actor());
        let (pool, seal, password) = (&api.pool, &api.seal, password.as_ref());
        store::routing_gateways::update_with(pool, &by, seal, id, version, &settings, password).await
    }

    async fn remove(
        api: &Api,
        asker: &Asker,
        id: RoutingGatewayId,
        version: RowVersion,
    ) -> Result<(), StoreError> {
        store::routing_gateways::remove(&api.pool, &asker.actor(), id, Some(version)).await
    }
}

/// Which routing gateways.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RouteQuestion {
    /// Part of the name, in any case.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    search: String,
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists routing gateways, by id.
#[utoipa::path(
    get, path = "/routing-gateways", tag = "Gateways", operation_id = "list_routing_gateways",
    params(RouteQuestion),
    responses((status = 200, description = "A page of gateways", body = Listing<RouteView>)),
    security(("token" = ["ViewGateways"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<RouteQuestion>,
) -> Result<Listing<RouteView>, Problem> {
    let rows = store::routing_gateways::list(&api.pool, &asker.scope(), &asked.search)
        .await
        .map_err(Problem::in_query)?;
    let (rows, next) = by_id(rows, |row| row.gateway.id.0, asked.cursor.as_ref(), asked.limit)?;
    Ok(place.listing(rows.iter().map(|row| view(&row.gateway, row.has_password)).collect(), next))
}

/// Adds a routing gateway.
#[utoipa::path(
    post, path = "/routing-gateways", tag = "Gateways", operation_id = "create_routing_gateway",
    request_body = RouteBody,
    responses((status = 201, description = "It has been added", body = RouteView)),
    security(("token" = ["EditGateways"])),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    asker: Asker,
    Sent(sent): Sent<RouteBody>,
) -> Result<Made<RouteView>, Problem> {
    let draft = RoutingGatewayDraft::from(&sent);
    let (settings, password, by) = (draft.check()?, draft.new_password(), asker.actor());
    let id =
        store::routing_gateways::create_with(&api.pool, &by, &api.seal, &settings, password.as_ref()).await?;
    versioned::made::<Routes>(&api, &asker, id).await
}

/// Shows a routing gateway.
#[utoipa::path(
    get, path = "/routing-gateways/{gateway}", tag = "Gateways", operation_id = "show_routing_gateway",
    params(("gateway" = i64, Path, description = "Its id")),
    responses((status = 200, description = "The gateway", body = RouteView)),
    security(("token" = ["ViewGateways"])),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<RoutingGatewayId>,
) -> Result<Versioned<RouteView>, Problem> {
    Routes::one(&api, &asker, id).await
}

/// Changes a routing gateway.
#[utoipa::path(
    put, path = "/routing-gateways/{gateway}", tag = "Gateways", operation_id = "change_routing_gateway",
    params(("gateway" = i64, Path, description = "Its id")),
    request_body = RouteBody,
    responses((status = 200, description = "The gateway as it is now", body = RouteView)),
    security(("token" = ["EditGateways"])),
)]
pub(crate) async fn change(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<RoutingGatewayId>,
    matched: IfMatch,
    Sent(sent): Sent<RouteBody>,
) -> Result<Versioned<RouteView>, Problem> {
    versioned::change::<Routes>(&api, &asker, id, &matched, &sent).await
}

/// Removes a routing gateway; its calls keep its name.
#[utoipa::path(
    delete, path = "/routing-gateways/{gateway}", tag = "Gateways", operation_id = "remove_routing_gateway",
    params(("gateway" = i64, Path, description = "Its id")),
    responses((status = 204, description = "It is gone")),
    security(("token" = ["EditGateways"])),
)]
pub(crate) async fn remove(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<RoutingGatewayId>,
    matched: IfMatch,
) -> Result<StatusCode, Problem> {
    versioned::remove::<Routes>(&api, &asker, id, &matched).await
}
