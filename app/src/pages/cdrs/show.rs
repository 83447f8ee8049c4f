//! One call, explained.

use chrono::{DateTime, Utc};
use domain::{Attempt, CallId, Cdr, Permission, Price};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::price;
use crate::{
    access::{Way, inside, may},
    components::{Clock, Copy, EndBadge, Moment, PageHead, Table},
    figures,
    load::{LoadError, by_key, loaded},
    pages::{key, operation::trace::ladder_of_call},
    words::{fields, fill, frame, pages},
};

#[server(prefix = "/load", endpoint = "cdr", input = GetUrl)]
pub(crate) async fn load_cdr(id: CallId) -> Result<Cdr, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewCdrs)?;
    Ok(super::leave_seen_of_one(&asker, store::cdrs::find(&site.pool, &asker.scope, id).await?))
}

/// The page of one call.
#[component]
pub(crate) fn ShowCdr() -> impl IntoView {
    let call = by_key(key("id"), load_cdr);
    loaded(call, show)
}

fn show(call: Cdr) -> impl IntoView {
    let t = pages();
    let ended = fill(
        t.released,
        &[
            crate::words::end_reason(call.end_reason),
            &call.released_by.to_string(),
            &call.sip_code.0.to_string(),
            &call.q850.0.to_string(),
        ],
    );
    view! {
        <PageHead title=format!("{} → {}", call.caller_in, call.callee_in)>
            <EndBadge reason=call.end_reason />
            <Way to=ladder_of_call(call.id) class="button">
                {frame().trace}
            </Way>
        </PageHead>
        <p class="lead">{ended}</p>
        <div class="columns">
            <section class="card">
                <h2>{t.timeline}</h2>
                {timeline(&call)}
            </section>
            <section class="card">
                <h2>{t.money}</h2>
                {money(&call)}
            </section>
            <section class="card">
                <h2>{t.media}</h2>
                {media(&call)}
            </section>
            <section class="card">
                <h2>{t.details}</h2>
                {details(call.clone())}
            </section>
        </div>
        {inside()
            .then(|| {
                view! {
                    <h2>{t.attempts}</h2>
                    {attempts(call.attempts)}
                }
            })}
    }
}

fn timeline(call: &Cdr) -> impl IntoView + use<> {
    let mut events: Vec<(DateTime<Utc>, String)> =
        vec![(call.started_at, fill(pages().arrived_from, &[&call.mapping_gateway_name]))];
    for attempt in &call.attempts {
        events.push((attempt.started_at, fill(pages().sent_to, &[&attempt.gateway_name])));
    }
    events.extend(call.ringing_at.map(|at| (at, pages().hears_ringing.to_owned())));
    events.extend(call.answered_at.map(|at| (at, fields().answered.to_owned())));
    events.sort_by_key(|(at, _)| *at);
    events.push((call.ended_at, fill(pages().ended_because, &[&call.end_reason.to_string()])));
    let first = call.started_at;
    let rows = events
        .into_iter()
        .map(|(at, text)| {
            let after = (at - first).num_milliseconds();
            view! {
                <li>
                    <span class="at"><Clock at /></span>
                    <span class="after">{format!("+{}.{:03} s", after / 1000, after % 1000)}</span>
                    <span>{text}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="about"><Moment at=first /></p>
        <ol class="timeline">{rows}</ol>
    }
}

fn leg(title: &'static str, price: &Price, duration_ms: i64) -> impl IntoView + use<> {
    let prefix = match price.prefix.as_str() {
        "" => pages().prefix_others.to_owned(),
        digits => fill(pages().prefix_is, &[digits]),
    };
    let name = price.account_name.clone();
    view! {
        <dt>
            {title} " "
            <Way to=format!("/business/accounts/{}", price.account) text_stays=true>
                {name}
            </Way>
        </dt>
        <dd>
            <span class="arithmetic">{price::steps(price, duration_ms)}</span>
            <span class="about">{fill(pages().rate_of_leg, &[&price.rate.to_string(), price.currency.as_str(), &prefix])}</span>
        </dd>
    }
}

fn money(call: &Cdr) -> impl IntoView + use<> {
    let vendor = call.vendor.as_ref().map(|price| leg(pages().vendor, price, call.duration_ms));
    let profit = match (call.profit(), &call.vendor) {
        (Some(profit), Some(vendor)) => format!(
            "{} − {} = {}",
            figures::fine(call.customer.amount),
            figures::fine(vendor.amount),
            figures::amount(profit, call.customer.currency)
        ),
        (Some(profit), None) => figures::amount(profit, call.customer.currency),
        (None, _) => pages().other_currencies.to_owned(),
    };
    let shown = inside() && may(Permission::ViewCosts);
    let negative = call.profit().is_some_and(domain::Money::is_negative);
    view! {
        <dl class="facts stacked">
            {leg(pages().customer, &call.customer, call.duration_ms)}
            {vendor}
            {shown
                .then(|| {
                    view! {
                        <dt>{fields().profit}</dt>
                        <dd class:negative=negative>{profit}</dd>
                    }
                })}
        </dl>
    }
}

fn media(call: &Cdr) -> impl IntoView + use<> {
    let side = |packets: u64, octets: u64| {
        fill(pages().packets, &[&figures::count(packets), &figures::octets(octets)])
    };
    let media = call.media;
    view! {
        <dl class="facts">
            <dt>{pages().from_caller}</dt>
            <dd>{side(media.caller_packets, media.caller_octets)}</dd>
            <dt>{pages().from_called}</dt>
            <dd>{side(media.callee_packets, media.callee_octets)}</dd>
            <dt>{fields().codec}</dt>
            <dd>{call.codec.clone().unwrap_or_else(|| "–".to_owned())}</dd>
        </dl>
    }
}

fn attempts(attempts: Vec<Attempt>) -> impl IntoView {
    if attempts.is_empty() {
        return view! { <p class="about">{pages().no_gateway_tried}</p> }.into_any();
    }
    let rows = attempts
        .into_iter()
        .map(|attempt| {
            view! {
                <tr>
                    <td>{attempt.gateway_name}</td>
                    <td>
                        <Clock at=attempt.started_at />
                    </td>
                    <td class="num">
                        {attempt.post_dial_delay_ms.map_or_else(|| "–".to_owned(), figures::seconds_of)}
                    </td>
                    <td class="num">
                        {attempt.sip_code.map_or_else(|| pages().no_answer_came.to_owned(), |code| code.0.to_string())}
                    </td>
                    <td>
                        {attempt.end_reason.name()} <span class="about">" " {crate::words::end_reason(attempt.end_reason)}</span>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label=pages().attempts
            columns=vec![
                (fields().gateway, false),
                (pages().sent_utc, false),
                (fields().pdd, true),
                (fields().sip_answer, true),
                (fields().end, false),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn details(call: Cdr) -> impl IntoView {
    let t = pages();
    let changed = |before: &str, after: Option<String>| match after {
        Some(after) if after != before => format!("{before} → {after}"),
        _ => before.to_owned(),
    };
    let none = || "–".to_owned();
    let facts = [
        (t.numbers_caller, changed(&call.caller_in, call.caller_out)),
        (t.numbers_called, changed(&call.callee_in, call.callee_out)),
        (t.came_from, format!("{} ({})", call.source, call.mapping_gateway_name)),
        (
            t.went_to,
            match (call.destination, call.routing_gateway_name) {
                (Some(address), Some(name)) => format!("{address} ({name})"),
                (Some(address), None) => address.to_string(),
                (None, _) => none(),
            },
        ),
        (t.call_id_in, call.call_id_in),
        (t.call_id_out, call.call_id_out.unwrap_or_else(none)),
        (t.key, call.id.to_string()),
        (t.configuration, fill(t.configuration_version, &[&call.config_version.to_string()])),
    ];
    let rows = facts
        .into_iter()
        .map(|(name, value)| {
            let copied = [t.call_id_in, t.call_id_out, t.key].contains(&name);
            view! {
                <dt>{name}</dt>
                <dd class="digits">
                    {value.clone()}
                    {copied.then(|| view! { <Copy text=value /> })}
                </dd>
            }
        })
        .collect_view();
    view! { <dl class="facts">{rows}</dl> }
}
