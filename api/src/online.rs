//! Who is online: gateways, registrations of ours, phones against what is usual, and where they come from.

use axum::{Json, extract::State};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Baseline, GatewayStatus, OutboundState, OutboundView, PresenceHour, PresenceOrigin, Standing};
use serde::{Deserialize, Serialize};
use store::{
    Scope,
    presence::{self, Breadth},
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{Limit, Listing, Problem, Question, gateway_state, origin_breadth, outbound_state, standing},
    router::Api,
};

/// Whether a routing gateway is there.
#[derive(Serialize, ToSchema)]
#[schema(as = GatewayStatus)]
pub(crate) struct GatewayView {
    routing_gateway: i64,
    name: String,
    /// Calls pass over what is `unavailable` or `offline`.
    #[schema(schema_with = gateway_state)]
    state: &'static str,
    since: DateTime<Utc>,
    /// How and where it was asked last.
    #[schema(example = "UDP 192.0.2.7:5060")]
    way: Option<String>,
    /// How long its last answer took, in microseconds.
    round_trip_us: Option<u32>,
    /// The status of its last answer.
    code: Option<u16>,
    /// When it was asked last.
    asked: Option<DateTime<Utc>>,
    /// Seconds between two checks; null when it is not asked.
    period: Option<u32>,
}

fn gateway_view(status: GatewayStatus, name: String) -> GatewayView {
    GatewayView {
        routing_gateway: status.gateway.0,
        name,
        state: status.state.name(),
        since: status.since,
        way: status.way,
        round_trip_us: status.round_trip_us,
        code: status.code,
        asked: status.asked,
        period: status.period,
    }
}

/// Lists the routing gateways in use with what the check by OPTIONS knows of them. Only the administration sees any.
#[utoipa::path(
    get, path = "/online/gateways", tag = "Online status", operation_id = "list_gateway_statuses",
    responses((status = 200, description = "Every routing gateway in use", body = Listing<GatewayView>)),
    security(("token" = ["ViewGateways"])),
)]
pub(crate) async fn gateways(
    State(api): State<Api>,
    asker: Asker,
    Question { place, .. }: Question<Nothing>,
) -> Result<Listing<GatewayView>, Problem> {
    let known = store::routing_gateways::list(&api.pool, &asker.scope(), "").await?;
    let statuses = api.switch.gateways().into_iter().filter_map(|status| {
        let row = known.iter().find(|row| row.gateway.id == status.gateway)?;
        Some(gateway_view(status, row.gateway.settings.name.to_string()))
    });
    Ok(place.listing(statuses.collect(), None))
}

/// A query without conditions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Where a registration of ours stands.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistrationStatus)]
pub(crate) struct OutboundStatus {
    registration: i64,
    #[schema(schema_with = outbound_state)]
    state: &'static str,
    /// Until when the other server knows us, if we said nothing more.
    until: Option<DateTime<Utc>>,
    /// When it is tried again.
    next: Option<DateTime<Utc>>,
    /// Why it failed last, also when it has been mended since.
    last_failure: Option<String>,
}

fn outbound_view(view: OutboundView) -> OutboundStatus {
    let (state, until) = match view.state {
        OutboundState::Idle => ("idle", None),
        OutboundState::Asking => ("asking", None),
        OutboundState::Registered { until } => ("registered", Some(until)),
        OutboundState::Waiting { .. } => ("failed", None),
        OutboundState::Cancelling => ("cancelling", None),
    };
    let (next, last_failure) = (view.next, view.last_failure);
    OutboundStatus { registration: view.id.0, state, until, next, last_failure }
}

/// Lists where the registrations of ours stand at other servers. Only the administration sees any.
#[utoipa::path(
    get, path = "/online/registrations", tag = "Online status", operation_id = "list_registration_statuses",
    responses((status = 200, description = "Every registration in use", body = Listing<OutboundStatus>)),
    security(("token" = ["ViewPhones"])),
)]
pub(crate) async fn registrations(
    State(api): State<Api>,
    asker: Asker,
    Question { place, .. }: Question<Nothing>,
) -> Result<Listing<OutboundStatus>, Problem> {
    let all = match asker.scope() {
        Scope::All => api.switch.registrations().await,
        _ => Vec::new(),
    };
    Ok(place.listing(all.into_iter().map(outbound_view).collect(), None))
}

/// The phones that the asker may see, counted, and how that stands to what is usual.
#[derive(Serialize, ToSchema)]
#[schema(as = PhonesOnline)]
pub(crate) struct PhonesView {
    at: DateTime<Utc>,
    /// Phones that register and are switched on.
    phones: i64,
    /// Of them, those with a registered device.
    online: i64,
    /// Registered devices of all of them.
    contacts: i64,
    /// Devices behind address translation.
    nat: i64,
    /// Phones at fixed addresses.
    fixed: i64,
    /// Phones that are switched off.
    disabled: i64,
    /// What is usual at this hour of the week; null before there are three weeks to compare with, and for those who see a part.
    baseline: Option<BaselineView>,
}

/// What is usual at this hour of the week, by the weeks before.
#[derive(Serialize, ToSchema)]
#[schema(as = Baseline)]
pub(crate) struct BaselineView {
    /// The middle one of those hours.
    usual: i64,
    /// Below this it is unusual.
    low: i64,
    /// Above this it is unusual.
    high: i64,
    /// How many weeks it rests upon.
    weeks: u64,
    #[schema(schema_with = standing)]
    standing: &'static str,
}

/// Counts who is online.
#[utoipa::path(
    get, path = "/online/phones", tag = "Online status", operation_id = "count_phones_online",
    responses((status = 200, description = "The counts of this moment", body = PhonesView)),
    security(("token" = ["ViewPhones"])),
)]
pub(crate) async fn phones(
    State(api): State<Api>,
    asker: Asker,
    _: Question<Nothing>,
) -> Result<Json<PhonesView>, Problem> {
    let (scope, at) = (asker.scope(), Utc::now());
    let counts = presence::counts(&api.pool, &scope).await?;
    let hours = presence::hours(&api.pool, &scope, Baseline::begins(at)).await?;
    let baseline = Baseline::at(at, &hours).map(|baseline| BaselineView {
        usual: baseline.usual,
        low: baseline.low,
        high: baseline.high,
        weeks: baseline.weeks as u64,
        standing: match baseline.judge(counts.online) {
            Standing::Usual => "usual",
            Standing::Low => "low",
            Standing::High => "high",
        },
    });
    Ok(Json(PhonesView {
        at,
        phones: counts.phones,
        online: counts.online,
        contacts: counts.contacts,
        nat: counts.nat,
        fixed: counts.fixed,
        disabled: counts.disabled,
        baseline,
    }))
}

/// How widely devices are counted together.
#[derive(Clone, Copy, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub(crate) enum By {
    #[default]
    Address,
    Network,
}

/// Where devices come from.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OriginQuestion {
    /// `address` when left out; `network` counts 24 bits of IPv4 and 64 bits of IPv6 together.
    #[param(schema_with = origin_breadth)]
    by: Option<By>,
    /// At most this many, those with most devices; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
}

/// An address or network that registered devices come from.
#[derive(Serialize, ToSchema)]
#[schema(as = Origin)]
pub(crate) struct OriginView {
    /// The network; of 32 or 128 bits for a single address.
    #[schema(example = "192.0.2.0/24")]
    network: String,
    /// Addresses in it that devices come from.
    addresses: i64,
    phones: i64,
    /// Registered devices.
    contacts: i64,
}

fn origin_view(origin: PresenceOrigin) -> OriginView {
    let PresenceOrigin { network, addresses, phones, contacts } = origin;
    OriginView { network: network.to_string(), addresses, phones, contacts }
}

/// Lists where registered devices come from, most first.
#[utoipa::path(
    get, path = "/online/origins", tag = "Online status", operation_id = "list_origins",
    params(OriginQuestion),
    responses((status = 200, description = "Addresses or networks", body = Listing<OriginView>)),
    security(("token" = ["ViewPhones"])),
)]
pub(crate) async fn origins(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<OriginQuestion>,
) -> Result<Listing<OriginView>, Problem> {
    let breadth = match asked.by.unwrap_or_default() {
        By::Address => Breadth::Address,
        By::Network => Breadth::Network,
    };
    let limit = Limit::or_default(asked.limit);
    let found = presence::origins(&api.pool, &asker.scope(), breadth, limit).await?;
    Ok(place.listing(found.into_iter().map(origin_view).collect(), None))
}

/// The phones that were online in an hour.
#[derive(Serialize, ToSchema)]
#[schema(as = OnlineHour)]
pub(crate) struct HourView {
    /// Its beginning.
    hour: DateTime<Utc>,
    /// Phones online, on average.
    online: i64,
    least: i64,
    most: i64,
}

fn hour_view(hour: PresenceHour) -> HourView {
    let PresenceHour { hour, online, least, most } = hour;
    HourView { hour, online, least, most }
}

/// Lists the hours of the last eight weeks, oldest first: what the baseline rests upon. Only the administration sees any.
#[utoipa::path(
    get, path = "/online/hours", tag = "Online status", operation_id = "list_online_hours",
    responses((status = 200, description = "Hours", body = Listing<HourView>)),
    security(("token" = ["ViewPhones"])),
)]
pub(crate) async fn hours(
    State(api): State<Api>,
    asker: Asker,
    Question { place, .. }: Question<Nothing>,
) -> Result<Listing<HourView>, Problem> {
    let from = Utc::now() - TimeDelta::weeks(Baseline::WEEKS);
    let hours = presence::hours(&api.pool, &asker.scope(), from).await?;
    Ok(place.listing(hours.into_iter().map(hour_view).collect(), None))
}
