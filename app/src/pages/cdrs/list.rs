//! The list of calls, newest first, a page by key.

use domain::{CdrRow, CdrTotals, EndReason, FieldError, Page, Permission};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{LIST, question::Question};
use crate::{
    access::{inside, may},
    components::{
        Column, DataTable, Empty, EndBadge, FilterBar, FilterChoice, FilterText, ListMoment, Number, Options,
        PageHead, Paging,
    },
    figures,
    list::Address,
    load::{self, LoadError, loaded},
    words::{fields, fill, frame, pages},
};

/// A page of calls with what stands around it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Calls {
    /// What was asked, with the beginning filled in.
    question: Question,
    faults: Vec<FieldError>,
    page: Page<CdrRow>,
    totals: CdrTotals,
    accounts: Options,
    mapping_gateways: Options,
    routing_gateways: Options,
}

#[server(prefix = "/load", endpoint = "cdrs", input = GetUrl)]
pub(crate) async fn load_cdrs(question: Question) -> Result<Calls, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewCdrs)?;
    let (pool, scope) = (&site.pool, &asker.scope);
    let mut question = question;
    if !asker.sees_routes() {
        // What is not shown is not found either: a filter would tell it.
        question.routing_gateway.clear();
    }
    let now = chrono::Utc::now();
    let asked = question.filter(now);
    let mut faults = Vec::new();
    let mut page = Page { rows: Vec::new(), more: false };
    let mut totals = CdrTotals::default();
    match asked {
        Ok(filter) => {
            question.from = super::filter::in_words(filter.from);
            match read(pool, scope, &filter).await {
                Ok((found, sums)) => {
                    page = Page { rows: super::leave_seen(&asker, found.rows), more: found.more };
                    totals = sums;
                    super::leave_seen_amounts(&asker, &mut totals.amounts);
                }
                Err(store::StoreError::Invalid(invalid)) => faults = invalid.0,
                Err(error) => return Err(error.into()),
            }
        }
        Err(invalid) => faults = invalid.0,
    }
    let accounts = store::accounts::list(pool, scope, &domain::AccountFilter::default()).await?;
    let mapping = store::mapping_gateways::list(pool, scope, "").await?;
    let routing = match asker.sees_routes() {
        true => store::routing_gateways::list(pool, scope, "").await?,
        false => Vec::new(),
    };
    let named = |id: String, name: &domain::Name| (id, name.to_string());
    Ok(Calls {
        question,
        faults,
        page,
        totals,
        accounts: accounts.iter().map(|a| named(a.id.to_string(), &a.settings.name)).collect(),
        mapping_gateways: mapping
            .iter()
            .map(|row| named(row.gateway.id.to_string(), &row.gateway.settings.name))
            .collect(),
        routing_gateways: routing
            .iter()
            .map(|row| named(row.gateway.id.to_string(), &row.gateway.settings.name))
            .collect(),
    })
}

#[cfg(feature = "ssr")]
async fn read(
    pool: &store::Pool,
    scope: &store::Scope,
    filter: &domain::CdrFilter,
) -> Result<(Page<CdrRow>, CdrTotals), store::StoreError> {
    let page = store::cdrs::list(pool, scope, filter).await?;
    Ok((page, store::cdrs::totals(pool, scope, filter).await?))
}

/// The list of finished calls.
#[component]
pub(crate) fn Cdrs() -> impl IntoView {
    let question = Question::asked();
    let here = Address::here();
    let calls = load::read(move || question.get(), load_cdrs);
    view! {
        <PageHead title=frame().call_records />
        {loaded(calls, move |calls| show(calls, here()))}
    }
}

fn show(calls: Calls, here: Address) -> impl IntoView {
    let Calls { question, faults, page, totals, .. } = calls;
    let t = fields();
    let told = faults.clone();
    let wrong =
        move |field: &str| told.iter().find(|f| f.field == field).map(|f| crate::words::told(&f.message));
    let reasons = EndReason::ALL.iter().map(|r| (r.name().to_owned(), r.name().to_owned())).collect();
    let answers =
        vec![("yes".to_owned(), t.answered.to_owned()), ("no".to_owned(), t.not_answered.to_owned())];
    let asked = question.clone();
    let bar = view! {
        <FilterBar action=LIST>
            <FilterText name="from" label=t.from_utc placeholder="2026-11-21 00:00" value=asked.from wrong=wrong("from") />
            <FilterText name="to" label=t.to_utc placeholder="2026-11-21 00:00" value=asked.to wrong=wrong("to") />
            <FilterText name="caller" label=t.caller_begins value=asked.caller wrong=wrong("caller") />
            <FilterText name="callee" label=t.called_begins value=asked.callee wrong=wrong("callee") />
            <FilterChoice name="account" label=t.account value=asked.account options=calls.accounts />
            <FilterChoice name="mapping_gateway" label=t.mapping_gateway value=asked.mapping_gateway options=calls.mapping_gateways />
            {(!calls.routing_gateways.is_empty())
                .then(|| {
                    view! { <FilterChoice name="routing_gateway" label=t.routing_gateway value=asked.routing_gateway options=calls.routing_gateways /> }
                })}
            <FilterChoice name="end_reason" label=t.end_reason value=asked.end_reason options=reasons />
            <FilterChoice name="answered" label=t.answered value=asked.answered options=answers />
        </FilterBar>
    };
    let elsewhere = faults
        .iter()
        .filter(|f| !["from", "to", "caller", "callee"].contains(&f.field.as_str()))
        .map(|f| view! { <p class="fault">{crate::words::told(&f.message)}</p> })
        .collect_view();
    view! {
        {bar}
        {elsewhere}
        {faults.is_empty().then(|| list(page, totals, &question, here))}
    }
}

fn list(page: Page<CdrRow>, totals: CdrTotals, question: &Question, here: Address) -> impl IntoView + use<> {
    let Some(last) = page.rows.last().map(CdrRow::cursor) else {
        let t = pages();
        return view! {
            <Empty title=t.no_call_matches>
                {t.no_call_matches_text} <a href=LIST>{t.look_at_today}</a>
            </Empty>
        }
        .into_any();
    };
    let older = page.more.then(|| super::question::write_cursor(&last));
    let paging = Paging::Endless { first: question.after.is_empty(), older };
    view! {
        {summary(&totals)}
        <DataTable name="calls" label=fields().calls columns=columns() rows=page.rows here paging export=true />
    }
    .into_any()
}

fn summary(totals: &CdrTotals) -> impl IntoView + use<> {
    let t = pages();
    let asr = (totals.calls > 0).then(|| figures::percent(totals.answered * 1000 / totals.calls));
    let asr = asr.unwrap_or_else(|| "–".to_owned());
    let (calls, answered) = (figures::count(totals.calls), figures::count(totals.answered));
    let money = totals
        .amounts
        .iter()
        .map(|amounts| {
            let t = fields();
            let shown = |what: &str, money| {
                format!("{} {}", what.to_lowercase(), figures::amount(money, amounts.currency))
            };
            let parts = std::iter::once(shown(t.fee, amounts.fee))
                .chain(amounts.cost.map(|cost| shown(t.cost, cost)))
                .chain(amounts.profit.map(|profit| shown(t.profit, profit)));
            view! { <span>{parts.collect::<Vec<_>>().join(", ")}</span> }
        })
        .collect_view();
    view! {
        <p class="totals" role="status">
            <span>{fill(t.total_calls, &[&calls])}</span>
            <span>{fill(t.total_answered, &[&answered, &asr])}</span>
            <span>{fill(t.total_talked, &[&figures::duration(totals.seconds)])}</span>
            {money}
        </p>
    }
}

fn columns() -> Vec<Column<CdrRow>> {
    let t = fields();
    let none = || "–".to_owned();
    let mut columns = vec![
        Column::text("started", t.started, |row: &CdrRow| {
            view! {
                <a href=format!("{LIST}/{}", row.id)>
                    <ListMoment at=row.started_at />
                </a>
            }
        })
        .zoned(),
        Column::digits("caller", t.caller, |row: &CdrRow| view! { <Number number=row.caller.clone() /> }),
        Column::digits("callee", t.called, |row: &CdrRow| view! { <Number number=row.callee.clone() /> }),
        Column::figure("duration", t.duration, |row: &CdrRow| row.duration.to_string()),
        Column::text("reason", t.end_reason, |row: &CdrRow| view! { <EndBadge reason=row.end_reason /> }),
        Column::figure("sip", t.sip, |row: &CdrRow| row.sip_code.0.to_string()).hidden(),
        Column::figure("fee", t.fee, |row: &CdrRow| format!("{} {}", figures::fine(row.fee), row.currency)),
        Column::text("account", t.account, |row: &CdrRow| row.account_name.clone()),
        Column::text("from", t.came_from, |row: &CdrRow| row.mapping_gateway_name.clone()),
    ];
    if inside() && (may(Permission::ViewCosts) || may(Permission::ViewGateways)) {
        columns.push(Column::text("to", t.went_to, move |row: &CdrRow| {
            row.routing_gateway_name.clone().unwrap_or_else(none)
        }));
    }
    if inside() && may(Permission::ViewCosts) {
        columns.push(Column::figure("cost", t.cost, cost));
        columns.push(Column::figure("profit", t.profit, move |row: &CdrRow| {
            let negative = row.profit.is_some_and(domain::Money::is_negative);
            view! { <span class:negative=negative>{row.profit.map_or_else(none, figures::fine)}</span> }
        }));
    }
    columns
}

/// The currency of the cost is told only where it is another one than the fee's.
fn cost(row: &CdrRow) -> String {
    match (row.cost, row.cost_currency) {
        (Some(cost), Some(currency)) if currency != row.currency => {
            format!("{} {currency}", figures::fine(cost))
        }
        (Some(cost), _) => figures::fine(cost),
        (None, _) => "–".to_owned(),
    }
}
