//! Lists of calls, and sums over them.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{Amounts, CdrRow, CdrTotals};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    question::{CdrQuestion, key},
    show::side,
};
use crate::{
    admission::Asker,
    answer::{Cursor, Listing, Problem, Question, end_reason, release_side},
    router::Api,
};

/// A call in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = CdrRow)]
pub(crate) struct RowView {
    #[schema(format = "uuid")]
    id: String,
    /// When the INVITE arrived.
    started_at: DateTime<Utc>,
    /// When the caller was first told of ringing or progress.
    ringing_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    ended_at: DateTime<Utc>,
    /// Calling number as received.
    caller: String,
    /// Called number as received.
    callee: String,
    /// Who pays.
    account: i64,
    account_name: String,
    /// Null when a phone called.
    mapping_gateway: Option<i64>,
    /// The name of the gateway, or the number of the phone.
    mapping_gateway_name: String,
    /// Answer to hang-up in whole seconds.
    duration: u32,
    /// Rounded up to the customer's increment.
    billed: u32,
    currency: String,
    /// What the customer pays.
    #[schema(example = "0.0300")]
    fee: String,
    #[schema(schema_with = end_reason)]
    end_reason: &'static str,
    /// The final answer given to the caller.
    sip_code: u16,
    #[schema(schema_with = release_side)]
    released_by: &'static str,
    /// The gateway of the last attempt; null, as its vendor, without ViewGateways or ViewCosts.
    routing_gateway: Option<i64>,
    routing_gateway_name: Option<String>,
    vendor_account_name: Option<String>,
    /// Null without ViewCosts, as cost and profit.
    cost_currency: Option<String>,
    /// What the vendor is paid.
    cost: Option<String>,
    /// Fee less cost, when both are in one currency.
    profit: Option<String>,
}

fn view(row: CdrRow, asker: &Asker) -> RowView {
    let (routes, costs) = (asker.sees_routes(), asker.sees_costs());
    RowView {
        id: row.id.to_string(),
        started_at: row.started_at,
        ringing_at: row.ringing_at,
        answered_at: row.answered_at,
        ended_at: row.ended_at,
        caller: row.caller,
        callee: row.callee,
        account: row.account.0,
        account_name: row.account_name,
        mapping_gateway: row.mapping_gateway.map(|id| id.0),
        mapping_gateway_name: row.mapping_gateway_name,
        duration: row.duration.0,
        billed: row.billed.0,
        currency: row.currency.to_string(),
        fee: row.fee.to_string(),
        end_reason: row.end_reason.name(),
        sip_code: row.sip_code.0,
        released_by: side(row.released_by),
        routing_gateway: row.routing_gateway.filter(|_| routes).map(|id| id.0),
        routing_gateway_name: row.routing_gateway_name.filter(|_| routes),
        vendor_account_name: row.vendor_account_name.filter(|_| routes),
        cost_currency: row.cost_currency.filter(|_| costs).map(|currency| currency.to_string()),
        cost: row.cost.filter(|_| costs).map(|cost| cost.to_string()),
        profit: row.profit.filter(|_| costs).map(|profit| profit.to_string()),
    }
}

/// Lists ended calls, newest first.
#[utoipa::path(
    get, path = "/cdrs", tag = "Call records", operation_id = "list_cdrs",
    params(CdrQuestion),
    responses((status = 200, description = "A page of calls", body = Listing<RowView>)),
    security(("token" = ["ViewCdrs"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<CdrQuestion>,
) -> Result<Listing<RowView>, Problem> {
    let filter = asked.filter(Utc::now())?;
    asked.allowed(&api, &asker).await?;
    let page = store::cdrs::list(&api.pool, &asker.scope(), &filter).await.map_err(Problem::in_query)?;
    let next = page.rows.last().filter(|_| page.more).map(|last| Cursor::behind(key(last.cursor())));
    Ok(place.listing(page.rows.into_iter().map(|row| view(row, &asker)).collect(), next))
}

/// Sums over ended calls.
#[derive(Serialize, ToSchema)]
#[schema(as = CdrTotals)]
pub(crate) struct TotalsView {
    calls: i64,
    /// Of them, answered.
    answered: i64,
    /// Answer to hang-up in whole seconds, of all of them.
    seconds: i64,
    /// The money, an entry a currency.
    amounts: Vec<AmountsView>,
}

/// What calls brought and cost in one currency.
#[derive(Serialize, ToSchema)]
#[schema(as = Amounts)]
pub(crate) struct AmountsView {
    #[schema(example = "USD")]
    currency: String,
    /// What customers pay.
    fee: String,
    /// What vendors are paid; null without ViewCosts.
    cost: Option<String>,
    /// Fee less cost; null without ViewCosts.
    profit: Option<String>,
}

fn totals_view(totals: CdrTotals, costs: bool) -> TotalsView {
    let amounts = |amounts: Amounts| AmountsView {
        currency: amounts.currency.to_string(),
        fee: amounts.fee.to_string(),
        cost: amounts.cost.filter(|_| costs).map(|cost| cost.to_string()),
        profit: amounts.profit.filter(|_| costs).map(|profit| profit.to_string()),
    };
    // A currency without fees is a vendor's alone.
    let told = |one: &Amounts| costs || one.fee != domain::Money::ZERO;
    TotalsView {
        calls: totals.calls,
        answered: totals.answered,
        seconds: totals.seconds,
        amounts: totals.amounts.into_iter().filter(told).map(amounts).collect(),
    }
}

/// Sums over ended calls, with the filters of the list; limit and cursor change nothing.
#[utoipa::path(
    get, path = "/cdrs/totals", tag = "Call records", operation_id = "total_cdrs",
    params(CdrQuestion),
    responses((status = 200, description = "The sums", body = TotalsView)),
    security(("token" = ["ViewCdrs"])),
)]
pub(crate) async fn totals(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, .. }: Question<CdrQuestion>,
) -> Result<Json<TotalsView>, Problem> {
    let filter = asked.filter(Utc::now())?;
    asked.allowed(&api, &asker).await?;
    let totals = store::cdrs::totals(&api.pool, &asker.scope(), &filter).await.map_err(Problem::in_query)?;
    Ok(Json(totals_view(totals, asker.sees_costs())))
}
