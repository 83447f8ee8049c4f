//! The list of calls, newest first, a page by key.

use domain::{CdrRow, CdrTotals, EndReason, FieldError, Page};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{LIST, question::Question};
use crate::{
    components::{Empty, EndBadge, FilterBar, FilterChoice, FilterText, Options, PageHead, Table},
    figures,
    load::{LoadError, loaded},
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
    let (site, asker) = crate::server::session::asking()?;
    let (pool, scope) = (&site.pool, &asker.scope);
    let mut question = question;
    let now = chrono::Utc::now();
    let asked = question.filter(now);
    let mut faults = Vec::new();
    let mut page = Page { rows: Vec::new(), more: false };
    let mut totals = CdrTotals::default();
    match asked {
        Ok(filter) => {
            question.from = super::filter::in_words(filter.from);
            match read(pool, scope, &filter).await {
                Ok(found) => (page, totals) = found,
                Err(store::StoreError::Invalid(invalid)) => faults = invalid.0,
                Err(error) => return Err(error.into()),
            }
        }
        Err(invalid) => faults = invalid.0,
    }
    let accounts = store::accounts::list(pool, scope, &domain::AccountFilter::default()).await?;
    let mapping = store::mapping_gateways::list(pool, scope, "").await?;
    let routing = store::routing_gateways::list(pool, scope, "").await?;
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
    let calls = Resource::new(move || question.get(), load_cdrs);
    view! {
        <PageHead title="Call records" />
        {loaded(calls, show)}
    }
}

fn show(calls: Calls) -> impl IntoView {
    let Calls { question, faults, page, totals, .. } = calls;
    let told = faults.clone();
    let wrong = move |field: &str| told.iter().find(|f| f.field == field).map(|f| f.message.clone());
    let reasons = EndReason::ALL.iter().map(|r| (r.name().to_owned(), r.name().to_owned())).collect();
    let answers =
        vec![("yes".to_owned(), "Answered".to_owned()), ("no".to_owned(), "Not answered".to_owned())];
    let asked = question.clone();
    let bar = view! {
        <FilterBar action=LIST>
            <FilterText name="from" label="From (UTC)" placeholder="2026-11-21 00:00" value=asked.from wrong=wrong("from") />
            <FilterText name="to" label="Until (UTC)" placeholder="2026-11-21 00:00" value=asked.to wrong=wrong("to") />
            <FilterText name="caller" label="Caller begins" value=asked.caller wrong=wrong("caller") />
            <FilterText name="callee" label="Called begins" value=asked.callee wrong=wrong("callee") />
            <FilterChoice name="account" label="Account" value=asked.account options=calls.accounts />
            <FilterChoice name="mapping_gateway" label="Mapping gateway" value=asked.mapping_gateway options=calls.mapping_gateways />
            <FilterChoice name="routing_gateway" label="Routing gateway" value=asked.routing_gateway options=calls.routing_gateways />
            <FilterChoice name="end_reason" label="End reason" value=asked.end_reason options=reasons />
            <FilterChoice name="answered" label="Answered" value=asked.answered options=answers />
        </FilterBar>
    };
    let elsewhere = faults
        .iter()
        .filter(|f| !["from", "to", "caller", "callee"].contains(&f.field.as_str()))
        .map(|f| view! { <p class="fault">{f.message.clone()}</p> })
        .collect_view();
    view! {
        {bar}
        {elsewhere}
        {faults.is_empty().then(|| list(page, totals, question))}
    }
}

fn list(page: Page<CdrRow>, totals: CdrTotals, question: Question) -> impl IntoView {
    let Some(last) = page.rows.last().map(CdrRow::cursor) else {
        return view! {
            <Empty title="No call matches">
                "Ask for a longer time or with fewer conditions, or " <a href=LIST>"look at today"</a>
            </Empty>
        }
        .into_any();
    };
    let newest = (!question.after.is_empty()).then(|| {
        view! {
            <a class="button" href=question.address(None)>
                "Newest"
            </a>
        }
    });
    let older = page.more.then(|| {
        view! {
            <a class="button" href=question.address(Some(&last))>
                "Older"
            </a>
        }
    });
    view! {
        {summary(&totals)}
        <Table
            label="Calls"
            columns=vec![
                ("Started (UTC)", false),
                ("Caller", false),
                ("Called", false),
                ("Duration", true),
                ("End reason", false),
                ("Fee", true),
                ("Cost", true),
                ("Profit", true),
                ("Account", false),
                ("From", false),
                ("To", false),
            ]
        >
            {page.rows.into_iter().map(row).collect_view()}
        </Table>
        <nav class="pager" aria-label="Pages">
            {newest}
            {older}
        </nav>
    }
    .into_any()
}

fn summary(totals: &CdrTotals) -> impl IntoView + use<> {
    let asr = (totals.calls > 0).then(|| figures::percent(totals.answered * 1000 / totals.calls));
    let money = totals
        .amounts
        .iter()
        .map(|amounts| {
            let shown = |money| figures::amount(money, amounts.currency);
            let cost = amounts.cost.map(|cost| format!(", cost {}", shown(cost))).unwrap_or_default();
            let profit =
                amounts.profit.map(|profit| format!(", profit {}", shown(profit))).unwrap_or_default();
            view! { <span>{format!("fee {}{cost}{profit}", shown(amounts.fee))}</span> }
        })
        .collect_view();
    view! {
        <p class="totals" role="status">
            <span>{format!("{} calls", figures::count(totals.calls))}</span>
            <span>
                {format!("{} answered ({})", figures::count(totals.answered), asr.unwrap_or_else(|| "–".to_owned()))}
            </span>
            <span>{format!("{} talked", figures::duration(totals.seconds))}</span>
            {money}
        </p>
    }
}

fn row(row: CdrRow) -> impl IntoView {
    // The currency of the cost is told only where it is another one than the fee's.
    let cost = match (row.cost, row.cost_currency) {
        (Some(cost), Some(currency)) if currency != row.currency => {
            format!("{} {currency}", figures::fine(cost))
        }
        (Some(cost), _) => figures::fine(cost),
        (None, _) => "–".to_owned(),
    };
    view! {
        <tr>
            <td>
                <a href=format!("{LIST}/{}", row.id)>{figures::moment_in_list(row.started_at)}</a>
            </td>
            <td class="digits">{row.caller}</td>
            <td class="digits">{row.callee}</td>
            <td class="num">{row.duration.to_string()}</td>
            <td>
                <EndBadge reason=row.end_reason />
            </td>
            <td class="num">{format!("{} {}", figures::fine(row.fee), row.currency)}</td>
            <td class="num">{cost}</td>
            <td class="num" class:negative=row.profit.is_some_and(domain::Money::is_negative)>
                {row.profit.map_or_else(|| "–".to_owned(), figures::fine)}
            </td>
            <td>{row.account_name}</td>
            <td>{row.mapping_gateway_name}</td>
            <td>{row.routing_gateway_name.unwrap_or_else(|| "–".to_owned())}</td>
        </tr>
    }
}
