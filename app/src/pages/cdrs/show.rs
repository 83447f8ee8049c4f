//! One call, explained.

use chrono::{DateTime, Utc};
use domain::{Attempt, CallId, Cdr, Permission, Price};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::price;
use crate::{
    access::{Way, inside, may},
    components::{Clock, Copy, EndBadge, Moment, PageHead, Table},
    figures,
    load::{LoadError, loaded},
    pages::{key, operation::trace::ladder_of_call},
    words::frame,
};

#[server(prefix = "/load", endpoint = "cdr", input = GetUrl)]
pub(crate) async fn load_cdr(id: CallId) -> Result<Cdr, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewCdrs)?;
    Ok(super::leave_seen_of_one(&asker, store::cdrs::find(&site.pool, &asker.scope, id).await?))
}

/// The page of one call.
#[component]
pub(crate) fn ShowCdr() -> impl IntoView {
    let id = key("id");
    let call = Resource::new(id, async |id: Option<CallId>| match id {
        Some(id) => load_cdr(id).await,
        None => Err(LoadError::NotFound),
    });
    loaded(call, show)
}

fn show(call: Cdr) -> impl IntoView {
    let ended = format!(
        "{} Released by the {}; SIP {}, Q.850 {}.",
        call.end_reason.explanation(),
        call.released_by,
        call.sip_code.0,
        call.q850.0
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
                <h2>"Timeline"</h2>
                {timeline(&call)}
            </section>
            <section class="card">
                <h2>"Money"</h2>
                {money(&call)}
            </section>
            <section class="card">
                <h2>"Media"</h2>
                {media(&call)}
            </section>
            <section class="card">
                <h2>"Details"</h2>
                {details(call.clone())}
            </section>
        </div>
        {inside()
            .then(|| {
                view! {
                    <h2>"Attempts"</h2>
                    {attempts(call.attempts)}
                }
            })}
    }
}

fn timeline(call: &Cdr) -> impl IntoView + use<> {
    let mut events: Vec<(DateTime<Utc>, String)> =
        vec![(call.started_at, format!("Call arrived from {}", call.mapping_gateway_name))];
    for attempt in &call.attempts {
        events.push((attempt.started_at, format!("Sent to {}", attempt.gateway_name)));
    }
    events.extend(call.ringing_at.map(|at| (at, "Caller hears ringing or progress".to_owned())));
    events.extend(call.answered_at.map(|at| (at, "Answered".to_owned())));
    events.sort_by_key(|(at, _)| *at);
    events.push((call.ended_at, format!("Ended: {}", call.end_reason)));
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
        "" => "prefix for every number".to_owned(),
        digits => format!("prefix {digits}"),
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
            <span class="about">{format!("{} {} a minute, {prefix}", price.rate, price.currency)}</span>
        </dd>
    }
}

fn money(call: &Cdr) -> impl IntoView + use<> {
    let vendor = call.vendor.as_ref().map(|price| leg("Vendor", price, call.duration_ms));
    let profit = match (call.profit(), &call.vendor) {
        (Some(profit), Some(vendor)) => format!(
            "{} − {} = {}",
            figures::fine(call.customer.amount),
            figures::fine(vendor.amount),
            figures::amount(profit, call.customer.currency)
        ),
        (Some(profit), None) => figures::amount(profit, call.customer.currency),
        (None, _) => "Fee and cost are in different currencies.".to_owned(),
    };
    let shown = inside() && may(Permission::ViewCosts);
    let negative = call.profit().is_some_and(domain::Money::is_negative);
    view! {
        <dl class="facts stacked">
            {leg("Customer", &call.customer, call.duration_ms)}
            {vendor}
            {shown
                .then(|| {
                    view! {
                        <dt>"Profit"</dt>
                        <dd class:negative=negative>{profit}</dd>
                    }
                })}
        </dl>
    }
}

fn media(call: &Cdr) -> impl IntoView + use<> {
    let side = |packets: u64, octets: u64| {
        format!("{} packets, {}", figures::count(packets), figures::octets(octets))
    };
    let media = call.media;
    view! {
        <dl class="facts">
            <dt>"From the caller"</dt>
            <dd>{side(media.caller_packets, media.caller_octets)}</dd>
            <dt>"From the called side"</dt>
            <dd>{side(media.callee_packets, media.callee_octets)}</dd>
            <dt>"Codec"</dt>
            <dd>{call.codec.clone().unwrap_or_else(|| "–".to_owned())}</dd>
        </dl>
    }
}

fn attempts(attempts: Vec<Attempt>) -> impl IntoView {
    if attempts.is_empty() {
        return view! { <p class="about">"No gateway was tried."</p> }.into_any();
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
                        {attempt.sip_code.map_or_else(|| "none".to_owned(), |code| code.0.to_string())}
                    </td>
                    <td>
                        {attempt.end_reason.name()} <span class="about">" " {attempt.end_reason.explanation()}</span>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label="Attempts"
            columns=vec![
                ("Gateway", false),
                ("Sent (UTC)", false),
                ("PDD", true),
                ("SIP answer", true),
                ("End", false),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn details(call: Cdr) -> impl IntoView {
    let changed = |before: &str, after: Option<String>| match after {
        Some(after) if after != before => format!("{before} → {after}"),
        _ => before.to_owned(),
    };
    let none = || "–".to_owned();
    let facts = [
        ("Caller, as received and sent", changed(&call.caller_in, call.caller_out)),
        ("Called, as received and sent", changed(&call.callee_in, call.callee_out)),
        ("Came from", format!("{} ({})", call.source, call.mapping_gateway_name)),
        (
            "Went to",
            match (call.destination, call.routing_gateway_name) {
                (Some(address), Some(name)) => format!("{address} ({name})"),
                (Some(address), None) => address.to_string(),
                (None, _) => none(),
            },
        ),
        ("Call-ID of the caller's leg", call.call_id_in),
        ("Call-ID of the called leg", call.call_id_out.unwrap_or_else(none)),
        ("Key", call.id.to_string()),
        ("Configuration", format!("version {}", call.config_version)),
    ];
    let rows = facts
        .into_iter()
        .map(|(name, value)| {
            let copied = name.starts_with("Call-ID") || name == "Key";
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
