//! Calls as a file, newest first, all that the question finds.

use axum::{
    extract::{Query, State},
    response::Response,
};
use domain::{CdrRow, Money, Page};

use super::question::Question;
use crate::server::{
    Broken, Site,
    csv::{self, Sheet},
    session::Asker,
};

/// Rows read at once; the store gives no more.
const STRETCH: u32 = 1000;

const HEAD: [&str; 18] = [
    "started_at",
    "answered_at",
    "ended_at",
    "caller",
    "called",
    "account",
    "mapping_gateway",
    "routing_gateway",
    "seconds",
    "billed_seconds",
    "currency",
    "fee",
    "cost_currency",
    "cost",
    "profit",
    "end_reason",
    "sip_code",
    "id",
];

/// The list as a file. It is read stretch by stretch while it is sent, so that it may be of any length.
pub(crate) async fn export(
    State(site): State<Site>,
    asker: Asker,
    Query(question): Query<Question>,
) -> Result<Response, Broken> {
    let mut asked = Question { after: String::new(), ..question };
    if !asker.sees_routes() {
        asked.routing_gateway.clear();
    }
    let mut filter = asked.filter(chrono::Utc::now()).map_err(store::StoreError::Invalid)?;
    filter.limit = STRETCH;
    let mut page = store::cdrs::list(&site.pool, &asker.scope, &filter).await?;
    Ok(csv::file("calls", |mut sheet| async move {
        sheet.line(HEAD);
        loop {
            let Page { rows, more } = page;
            filter.after = rows.last().map(CdrRow::cursor);
            super::leave_seen(&asker, rows).into_iter().for_each(|row| line(&mut sheet, row));
            if !sheet.send().await || !more {
                return;
            }
            match store::cdrs::list(&site.pool, &asker.scope, &filter).await {
                Ok(next) => page = next,
                Err(error) => return tracing::error!(%error, "a file of calls ends before its end"),
            }
        }
    }))
}

fn line(sheet: &mut Sheet, row: CdrRow) {
    let moment = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let money = |money: Option<Money>| money.map(|money| money.to_string()).unwrap_or_default();
    sheet.line([
        moment(row.started_at),
        row.answered_at.map(moment).unwrap_or_default(),
        moment(row.ended_at),
        row.caller,
        row.callee,
        row.account_name,
        row.mapping_gateway_name,
        row.routing_gateway_name.unwrap_or_default(),
        row.duration.0.to_string(),
        row.billed.0.to_string(),
        row.currency.to_string(),
        row.fee.to_string(),
        row.cost_currency.map(|currency| currency.to_string()).unwrap_or_default(),
        money(row.cost),
        money(row.profit),
        row.end_reason.name().to_owned(),
        row.sip_code.0.to_string(),
        row.id.to_string(),
    ]);
}
