//! Captures of the debug trace: messages kept aside beyond what the trace holds.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    CallId, CaptureEnd, CaptureView, Fields, Invalid, MappingGatewayId, PhoneNumber, RoutingGatewayId, Source,
};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use store::captures::{Deed, note};
use switch::{
    Trunk,
    trace::{CaptureOrder, CaptureRefused, Target},
};
use utoipa::ToSchema;

use crate::{
    admission::Asker,
    answer::{Ids, Listing, Made, Problem, Question, Sent, capture_state},
    online::Nothing,
    router::Api,
};

/// A capture. It lives in the switch's memory and ends with it.
#[derive(Serialize, ToSchema)]
#[schema(as = Capture)]
pub(crate) struct Captured {
    /// Counted from the start of the process.
    id: u64,
    /// Whose messages, in words.
    what: String,
    /// Who began it.
    by: String,
    started_at: DateTime<Utc>,
    /// When it ends by itself.
    ends_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    #[schema(schema_with = capture_state)]
    state: &'static str,
    messages: u64,
    /// Octets that they take.
    octets: u64,
    /// Octets at which it is full.
    most_octets: u64,
    /// Messages of the whole switch that came too fast to be looked at meanwhile.
    lost: u64,
}

fn view(capture: CaptureView) -> Captured {
    Captured {
        id: capture.id,
        what: capture.what,
        by: capture.by,
        started_at: capture.started_at,
        ends_at: capture.ends_at,
        ended_at: capture.ended_at,
        state: match capture.end {
            None => "running",
            Some(CaptureEnd::TimeOver) => "time_over",
            Some(CaptureEnd::Full) => "full",
            Some(CaptureEnd::Stopped) => "stopped",
        },
        messages: capture.messages,
        octets: capture.bytes,
        most_octets: capture.most_bytes,
        lost: capture.lost,
    }
}

/// Whose messages: exactly one of the gateways, address, number and call.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaptureOrder)]
pub(crate) struct CaptureBody {
    /// A customer's gateway: what comes from its addresses and goes there.
    mapping_gateway: Option<i64>,
    /// A vendor's gateway.
    routing_gateway: Option<i64>,
    /// An address, a network, or an address with a port.
    address: Option<String>,
    /// The beginning of a number: both legs of its calls, and its registrations.
    number: Option<String>,
    /// Both legs of this call.
    call: Option<String>,
    /// 1 to 1440; 30 when left out.
    minutes: Option<u32>,
    /// MiB that it may hold, 1 to 32; 8 when left out.
    megabytes: Option<u32>,
}

impl CaptureBody {
    fn given(&self) -> usize {
        let texts = [&self.address, &self.number, &self.call].into_iter().flatten().count();
        [self.mapping_gateway, self.routing_gateway].into_iter().flatten().count() + texts
    }

    async fn order(&self, api: &Api, asker: &Asker) -> Result<CaptureOrder, Problem> {
        let mut f = Fields::default();
        let within =
            |n: u32, most: u32, told: &'static str| if (1..=most).contains(&n) { Ok(n) } else { Err(told) };
        let minutes =
            f.take("minutes", within(self.minutes.unwrap_or(30), 1440, "write a number from 1 to 1440"));
        let megabytes =
            f.take("megabytes", within(self.megabytes.unwrap_or(8), 32, "write a number from 1 to 32"));
        let (minutes, megabytes) = f.finish(minutes.zip(megabytes))?;
        if self.given() != 1 {
            let told = "give one of mapping_gateway, routing_gateway, address, number and call";
            return Err(Invalid::field("address", told).into());
        }
        let (target, what) = self.target(api, asker).await?;
        Ok(CaptureOrder {
            target,
            what,
            by: asker.actor().name,
            lasting: TimeDelta::minutes(i64::from(minutes)),
            bytes: u64::from(megabytes) << 20,
        })
    }

    /// Whose messages, and the same in words.
    async fn target(&self, api: &Api, asker: &Asker) -> Result<(Target, String), Problem> {
        if let Some(text) = &self.address {
            let source: Source = text
                .parse()
                .map_err(|error: domain::SourceError| Invalid::field("address", error.to_string()))?;
            return Ok((Target::Address(vec![source]), source.to_string()));
        }
        if let Some(text) = &self.number {
            let number = text.trim().trim_start_matches('+');
            let number: PhoneNumber = number
                .parse()
                .map_err(|_| Invalid::field("number", "write the digits that it begins with"))?;
            return Ok((Target::Number(number.to_string()), format!("{number}…")));
        }
        if let Some(text) = &self.call {
            let id: CallId = text.parse().map_err(|_| Invalid::field("call", "write the id of a call"))?;
            let cdr = store::cdrs::find(&api.pool, &asker.scope(), id).await;
            let known = cdr.map(|cdr| std::iter::once(cdr.call_id_in).chain(cdr.call_id_out).collect());
            return Ok((Target::Call { id, call_ids: known.unwrap_or_default() }, format!("call {id}")));
        }
        let (field, trunk, name) = match (self.mapping_gateway, self.routing_gateway) {
            (Some(id), _) => {
                let id = MappingGatewayId(id);
                let found = store::mapping_gateways::find(&api.pool, &asker.scope(), id).await;
                ("mapping_gateway", Trunk::Mapping(id), found.map(|g| g.settings.name))
            }
            (None, id) => {
                let id = RoutingGatewayId(id.unwrap_or_default());
                let found = store::routing_gateways::find(&api.pool, &asker.scope(), id).await;
                ("routing_gateway", Trunk::Routing(id), found.map(|g| g.settings.name))
            }
        };
        match (name, api.switch.addresses_of(trunk)) {
            (Ok(name), Some(addresses)) if !addresses.is_empty() => {
                Ok((Target::Address(addresses), name.to_string()))
            }
            _ => Err(Invalid::field(field, "this gateway is not in use, or has no address").into()),
        }
    }
}

fn known(api: &Api, id: u64) -> Result<CaptureView, Problem> {
    let all = api.switch.tracing().captures();
    all.into_iter().find(|capture| capture.id == id).ok_or_else(Problem::not_found)
}

/// Lists the captures, running and ended; 20 at most are kept.
#[utoipa::path(
    get, path = "/captures", tag = "Signalling trace", operation_id = "list_captures",
    responses((status = 200, description = "Every capture", body = Listing<Captured>)),
    security(("token" = ["ViewTrace"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    _: Asker,
    Question { place, .. }: Question<Nothing>,
) -> Result<Listing<Captured>, Problem> {
    Ok(place.listing(api.switch.tracing().captures().into_iter().map(view).collect(), None))
}

/// Begins a capture; five run at the same time at most. It stands in the audit log.
#[utoipa::path(
    post, path = "/captures", tag = "Signalling trace", operation_id = "begin_capture",
    request_body = CaptureBody,
    responses((status = 201, description = "It runs", body = Captured)),
    security(("token" = ["ViewTrace"])),
)]
pub(crate) async fn begin(
    State(api): State<Api>,
    asker: Asker,
    Sent(sent): Sent<CaptureBody>,
) -> Result<Made<Captured>, Problem> {
    let order = sent.order(&api, &asker).await?;
    let tracing = api.switch.tracing();
    let begun = tracing.capture(Utc::now(), order).map_err(|refused| match refused {
        CaptureRefused::TooMany => Invalid::field("", "as many captures run as may: stop one of them"),
        CaptureRefused::TooMuch => Invalid::field("", "it would run longer, or hold more, than any may"),
    })?;
    if let Err(error) = note(&api.pool, &asker.actor(), Deed::Start, &begun).await {
        // What cannot be written down is not done.
        tracing.forget_capture(begun.id);
        return Err(error.into());
    }
    let place = format!("/api/v1/captures/{}", begun.id);
    Ok(Made { place, version: None, thing: view(begun) })
}

/// Shows a capture.
#[utoipa::path(
    get, path = "/captures/{capture}", tag = "Signalling trace", operation_id = "show_capture",
    params(("capture" = u64, Path, description = "Its number")),
    responses((status = 200, description = "The capture", body = Captured)),
    security(("token" = ["ViewTrace"])),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    _: Asker,
    Ids(id): Ids<u64>,
) -> Result<axum::Json<Captured>, Problem> {
    known(&api, id).map(|capture| axum::Json(view(capture)))
}

/// Gives the messages of a capture as a PCAP-NG file, for Wireshark, tcpdump and sngrep; also while it runs.
#[utoipa::path(
    get, path = "/captures/{capture}/packets", tag = "Signalling trace", operation_id = "take_capture",
    params(("capture" = u64, Path, description = "Its number")),
    responses((status = 200, description = "The file", body = String, content_type = "application/vnd.tcpdump.pcap")),
    security(("token" = ["ViewTrace"])),
)]
pub(crate) async fn packets(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<u64>,
) -> Result<Response, Problem> {
    let messages = api.switch.tracing().captured(id).ok_or_else(Problem::not_found)?;
    tracing::info!(messages = messages.len(), by = %asker.actor().name, "messages of a capture were taken as a file");
    // Megabytes to print are no work for a thread that others wait for.
    let file = tokio::task::spawn_blocking(move || switch::trace::pcapng(&messages, "Tandem"));
    let file = file.await.map_err(|_| Problem::our_fault())?;
    let name = format!("attachment; filename=\"capture-{id}.pcapng\"");
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.tcpdump.pcap".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, file).into_response())
}

/// Stops a capture before its time; what it holds stays. It stands in the audit log.
#[utoipa::path(
    post, path = "/captures/{capture}/stop", tag = "Signalling trace", operation_id = "stop_capture",
    params(("capture" = u64, Path, description = "Its number")),
    responses((status = 200, description = "The capture as it is now", body = Captured)),
    security(("token" = ["ViewTrace"])),
)]
pub(crate) async fn stop(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<u64>,
) -> Result<axum::Json<Captured>, Problem> {
    let capture = known(&api, id)?;
    if capture.end.is_none() {
        note(&api.pool, &asker.actor(), Deed::Stop, &capture).await?;
        api.switch.tracing().end_capture(Utc::now(), id);
    }
    known(&api, id).map(|capture| axum::Json(view(capture)))
}

/// Removes a capture with what it holds. It stands in the audit log.
#[utoipa::path(
    delete, path = "/captures/{capture}", tag = "Signalling trace", operation_id = "remove_capture",
    params(("capture" = u64, Path, description = "Its number")),
    responses((status = 204, description = "It is gone")),
    security(("token" = ["ViewTrace"])),
)]
pub(crate) async fn remove(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<u64>,
) -> Result<StatusCode, Problem> {
    note(&api.pool, &asker.actor(), Deed::Remove, &known(&api, id)?).await?;
    api.switch.tracing().forget_capture(id);
    Ok(StatusCode::NO_CONTENT)
}
