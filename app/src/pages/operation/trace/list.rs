//! What was signalled lately, put together to calls, registrations and the rest, the latest first.

use domain::{FieldError, TraceExchange, TraceOverview};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{
    CAPTURES, LIST,
    question::Question,
    reason::{is_trouble, reason_with},
};
use crate::{
    components::{
        Badge, Empty, FilterBar, FilterChoice, FilterText, ListMoment, Options, PageHead, Table, Tone,
    },
    figures,
    load::{LoadError, loaded, read},
    words::{fields, fill, frame, trace},
};

/// Exchanges on the page.
#[cfg(feature = "ssr")]
const MOST: usize = 100;

/// The list with what stands around it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Traced {
    question: Question,
    faults: Vec<FieldError>,
    overview: TraceOverview,
    gateways: Options,
}

#[server(prefix = "/load", endpoint = "trace", input = GetUrl)]
pub(crate) async fn load_trace(question: Question) -> Result<Traced, LoadError> {
    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewTrace))?;
    let gateways = super::found::gateways(&site, &asker).await?;
    let (overview, faults) = match question.find(&site, &asker, super::found::MOST_LISTED).await {
        Ok(found) => (site.switch.overview(found, MOST).await, Vec::new()),
        Err(LoadError::Invalid(invalid)) => (TraceOverview::default(), invalid.0),
        Err(error) => return Err(error),
    };
    Ok(Traced { question, faults, overview, gateways })
}

/// The list of what was signalled lately.
#[component]
pub(crate) fn Trace() -> impl IntoView {
    let question = Question::asked();
    let traced = read(move || question.get(), load_trace);
    let t = trace();
    view! {
        <PageHead title=frame().trace about=t.about>
            <a class="button" href=CAPTURES>
                {frame().captures}
            </a>
        </PageHead>
        {loaded(traced, show)}
    }
}

fn show(traced: Traced) -> impl IntoView {
    let Traced { question, faults, overview, gateways } = traced;
    let (t, f) = (trace(), fields());
    let told = faults.clone();
    let wrong =
        move |field: &str| told.iter().find(|f| f.field == field).map(|f| crate::words::told(&f.message));
    let asked = question.clone();
    let elsewhere = faults
        .iter()
        .filter(|f| !["from", "to", "address", "number"].contains(&f.field.as_str()))
        .map(|f| view! { <p class="fault">{crate::words::told(&f.message)}</p> })
        .collect_view();
    view! {
        <FilterBar action=LIST>
            <FilterChoice name="gateway" label=f.gateway value=asked.gateway options=gateways />
            <FilterText name="address" label=t.address placeholder="192.0.2.0/24" value=asked.address wrong=wrong("address") />
            <FilterText name="number" label=t.number placeholder="4420" value=asked.number wrong=wrong("number") />
            <FilterText name="from" label=f.from_utc placeholder="2026-11-21 00:00" value=asked.from wrong=wrong("from") />
            <FilterText name="to" label=f.to_utc placeholder="2026-11-21 00:00" value=asked.to wrong=wrong("to") />
            <FilterChoice
                name="refused"
                label=t.what
                value=asked.refused
                options=vec![("yes".to_owned(), t.only_refused.to_owned())]
            />
        </FilterBar>
        {elsewhere}
        {faults.is_empty().then(|| list(overview, &question))}
    }
}

fn list(overview: TraceOverview, question: &Question) -> impl IntoView + use<> {
    let (t, f) = (trace(), fields());
    let since = goes_back(overview.since);
    if overview.exchanges.is_empty() {
        return view! { <Empty title=t.nothing>{t.nothing_text} " " {since}</Empty> }.into_any();
    }
    let ladder = (!question.is_open()).then(|| {
        view! {
            <a class="button small" href=question.ladder()>
                {t.all_in_a_ladder}
            </a>
        }
    });
    let count = match overview.cut {
        true => fill(t.latest, &[&overview.exchanges.len().to_string()]),
        false => fill(t.exchanges, &[&overview.exchanges.len().to_string()]),
    };
    let rows = overview.exchanges.iter().map(row).collect_view();
    view! {
        <p class="totals" role="status">
            <span>{count}</span>
            <span>{since}</span>
            {ladder}
        </p>
        <Table
            label=frame().trace
            columns=vec![
                (f.started, false),
                (t.request, false),
                (f.caller, false),
                (f.called, false),
                (t.far_end, false),
                (f.sip_answer, true),
                (t.messages, true),
                (t.outcome, false),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn row(exchange: &TraceExchange) -> impl IntoView + use<> {
    let t = trace();
    let address = Question::of(exchange).ladder();
    let tone = match exchange.answer {
        None => Tone::Neutral,
        Some(..=299) => Tone::Good,
        Some(300..=499) => Tone::Caution,
        Some(_) => Tone::Bad,
    };
    let answer = exchange.answer.map(|code| view! { <Badge tone text=code.to_string() /> });
    let fate = exchange.fate.as_deref().map(|code| {
        let tone = if is_trouble(code) { Tone::Bad } else { Tone::Neutral };
        view! { <Badge tone text=reason_with(code, &exchange.fate_detail) /> }
    });
    let call = exchange.call.map(|_| view! { <span class="about">{t.call_of_ours}</span> });
    let method = match exchange.method.as_str() {
        "" => t.no_request.to_owned(),
        method => method.to_owned(),
    };
    view! {
        <tr>
            <td>
                <a href=address>
                    <ListMoment at=exchange.first_at />
                </a>
            </td>
            <td>{method}</td>
            <td class="digits">{exchange.caller.clone()}</td>
            <td class="digits">{exchange.called.clone()}</td>
            <td class="digits">{exchange.remote.clone()}</td>
            <td class="num">{answer}</td>
            <td class="num">{figures::count(exchange.messages)}</td>
            <td>{fate} {call}</td>
        </tr>
    }
}

/// How far the trace goes back.
pub(super) fn goes_back(since: Option<chrono::DateTime<chrono::Utc>>) -> impl IntoView {
    let t = trace();
    match since {
        Some(at) => view! {
            {t.goes_back}
            " "
            <crate::components::Moment at />
        }
        .into_any(),
        None => t.nothing_seen.into_any(),
    }
}
