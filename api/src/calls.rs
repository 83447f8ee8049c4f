//! Calls in progress.

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{CallId, LiveCall, LiveState};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{Cursor, Ids, Limit, Listing, Problem, Question, live_state},
    cdrs::MediaView,
    router::Api,
};

/// A call in progress.
#[derive(Serialize, ToSchema)]
#[schema(as = Call)]
pub(crate) struct CallView {
    /// Its record will have the same.
    #[schema(format = "uuid")]
    id: String,
    #[schema(schema_with = live_state)]
    state: &'static str,
    /// When the INVITE arrived.
    started_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
    /// Calling number as received.
    caller: String,
    /// Called number as received.
    callee: String,
    /// Who pays.
    account: i64,
    account_name: String,
    /// Null when a phone calls.
    mapping_gateway: Option<i64>,
    /// The name of the gateway, or the number of the phone.
    mapping_gateway_name: String,
    /// Null without ViewGateways or ViewCosts.
    routing_gateway: Option<i64>,
    /// Null without ViewGateways or ViewCosts.
    routing_gateway_name: Option<String>,
    codec: Option<String>,
    media: MediaView,
    /// Money held for it.
    held: String,
}

fn view(call: LiveCall, routes: bool) -> CallView {
    CallView {
        id: call.id.to_string(),
        state: match call.state {
            LiveState::Dialling => "dialling",
            LiveState::Ringing => "ringing",
            LiveState::Answered => "answered",
            LiveState::Ending => "ending",
        },
        started_at: call.started_at,
        answered_at: call.answered_at,
        caller: call.caller,
        callee: call.callee,
        account: call.account.0,
        account_name: call.account_name,
        mapping_gateway: call.mapping_gateway.map(|id| id.0),
        mapping_gateway_name: call.mapping_gateway_name,
        routing_gateway: call.routing_gateway.filter(|_| routes).map(|id| id.0),
        routing_gateway_name: call.routing_gateway_name.filter(|_| routes),
        codec: call.codec,
        media: call.media.into(),
        held: call.held.to_string(),
    }
}

/// The calls that the asker may see, oldest first.
async fn seen(api: &Api, asker: &Asker) -> Result<Vec<LiveCall>, Problem> {
    let sight = asker.scope().sight(&api.pool).await?;
    Ok(sight.live_calls(api.switch.calls().await))
}

async fn one(api: &Api, asker: &Asker, id: CallId) -> Result<LiveCall, Problem> {
    seen(api, asker).await?.into_iter().find(|call| call.id == id).ok_or_else(Problem::not_found)
}

/// Which calls.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CallQuestion {
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists the calls in progress, oldest first.
#[utoipa::path(
    get, path = "/calls", tag = "Current calls", operation_id = "list_calls",
    params(CallQuestion),
    responses((status = 200, description = "A page of calls", body = Listing<CallView>)),
    security(("token" = ["ViewCalls"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<CallQuestion>,
) -> Result<Listing<CallView>, Problem> {
    let after = Cursor::key_of::<CallId>(asked.cursor.as_ref())?;
    let limit = Limit::or_default(asked.limit) as usize;
    // Ids grow with time, so that a page stays where it is while calls come and go.
    let mut calls = seen(&api, &asker).await?;
    calls.retain(|call| after.is_none_or(|after| call.id > after));
    let more = calls.len() > limit;
    calls.truncate(limit);
    let next = calls.last().filter(|_| more).map(|last| Cursor::behind(last.id));
    Ok(place.listing(calls.into_iter().map(|call| view(call, asker.sees_routes())).collect(), next))
}

/// Shows a call in progress.
#[utoipa::path(
    get, path = "/calls/{call}", tag = "Current calls", operation_id = "show_call",
    params(("call" = String, Path, description = "Its id", format = "uuid")),
    responses((status = 200, description = "The call", body = CallView)),
    security(("token" = ["ViewCalls"])),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<CallId>,
) -> Result<axum::Json<CallView>, Problem> {
    Ok(axum::Json(view(one(&api, &asker, id).await?, asker.sees_routes())))
}

/// Ends a call in progress.
#[utoipa::path(
    delete, path = "/calls/{call}", tag = "Current calls", operation_id = "end_call",
    params(("call" = String, Path, description = "Its id", format = "uuid")),
    responses((status = 204, description = "Both sides are being told")),
    security(("token" = ["EndCalls"])),
)]
pub(crate) async fn hang_up(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<CallId>,
) -> Result<StatusCode, Problem> {
    let call = one(&api, &asker, id).await?;
    if !api.switch.hang_up(call.id).await {
        return Err(Problem::not_found());
    }
    tracing::info!(call = %call.id, by = %asker.actor().name, "a call is ended through the API");
    Ok(StatusCode::NO_CONTENT)
}
