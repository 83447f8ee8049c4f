//! The dashboard: the switch now, the day so far.

use chrono::{DateTime, Utc};
use domain::{Amounts, CdrRow, Traffic};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::{
    components::{Empty, EndBadge, HourlyTraffic, ListMoment, PageHead, Table},
    figures,
    live::{Link, LiveMark, LiveStatus, follow},
    load::{LoadError, loaded},
};

/// How often the figures of the day are read anew, in seconds. The live ones come every second.
const DAY_EVERY: u64 = 30;

/// The day so far.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Day {
    at: DateTime<Utc>,
    traffic: Traffic,
    failed: Vec<CdrRow>,
}

#[server(prefix = "/load", endpoint = "day", input = GetUrl)]
pub(crate) async fn load_day() -> Result<Day, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewDashboard)?;
    let at = Utc::now();
    let traffic = store::traffic::today(&site.pool, &asker.scope, at).await?;
    let mut filter = domain::CdrFilter::between(at - chrono::TimeDelta::days(1), at);
    filter.answered = Some(false);
    filter.limit = 8;
    let mut traffic = traffic;
    crate::pages::cdrs::leave_seen_amounts(&asker, &mut traffic.amounts);
    let failed = match asker.may(domain::Permission::ViewCdrs) {
        true => store::cdrs::list(&site.pool, &asker.scope, &filter).await?.rows,
        false => Vec::new(),
    };
    let failed = crate::pages::cdrs::leave_seen(&asker, failed);
    Ok(Day { at, traffic, failed })
}

#[server(prefix = "/load", endpoint = "status", input = GetUrl)]
pub(crate) async fn load_status() -> Result<LiveStatus, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewDashboard)?;
    Ok(match asker.scope {
        store::Scope::All => LiveStatus::from(&site.switch.status()),
        scope => {
            let sight = scope.sight(&site.pool).await?;
            LiveStatus::of_some(&crate::live::LiveCalls::of(&site.switch).await, &sight)
        }
    })
}

/// The first page that people see, and leave open.
#[component]
pub(crate) fn Dashboard() -> impl IntoView {
    let now = Resource::new(|| (), |()| load_status());
    let today = Resource::new(|| (), |()| load_day());
    read_anew(today);
    view! {
        {loaded(now, |status| view! { <Now status /> })}
        {loaded(today, show_day)}
    }
}

fn read_anew(day: Resource<Result<Day, LoadError>>) {
    Effect::new(move |_| {
        let timer =
            set_interval_with_handle(move || day.refetch(), std::time::Duration::from_secs(DAY_EVERY));
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
}

#[component]
fn Now(status: LiveStatus) -> impl IntoView {
    let (now, link): (ReadSignal<LiveStatus>, ReadSignal<Link>) = follow("/events/status", status);
    let up = move || now.with(|s| figures::duration(i64::try_from(s.uptime_seconds).unwrap_or(i64::MAX)));
    let listen = move || now.with(|s| s.sip_listen.clone());
    view! {
        <PageHead title="Dashboard">
            <LiveMark link />
        </PageHead>
        {move || now.with(warning)}
        <section class="tiles" aria-label="Now">
            <Tile label="Calls now" value=Signal::derive(move || now.with(|s| figures::count(s.active_calls))) link="/operation/calls" strong=true />
            <Show when=move || !now.with(|s| s.of_some)>
            <Tile label="Calls per second" value=Signal::derive(move || now.with(|s| figures::count(s.calls_per_second))) strong=true />
            <Tile label="Calls since start" value=Signal::derive(move || now.with(|s| figures::count(s.calls_total))) />
            <Tile label="Answered since start" value=Signal::derive(move || now.with(|s| figures::count(s.answered_total))) />
            <Tile label="Unknown sources" value=Signal::derive(move || now.with(|s| figures::count(s.refused_unknown_source))) />
            <Tile label="Malformed" value=Signal::derive(move || now.with(|s| figures::count(s.malformed))) />
            </Show>
        </section>
        <Show when=move || !now.with(|s| s.of_some)>
            <p class="about">
                "SIP on " <span class="digits">{listen}</span> ", up for " <span class="digits">{up}</span>
            </p>
        </Show>
    }
}

fn warning(status: &LiveStatus) -> Option<impl IntoView + use<>> {
    use crate::components::{Notice, NoticeKind};

    let text = if status.spool_failing {
        "Call records cannot be written to the disk. Look at the disk of the state directory.".to_owned()
    } else if status.spool_pending > 1000 {
        format!(
            "{} call records wait for the database; they are safe on the disk.",
            figures::count(status.spool_pending)
        )
    } else {
        return None;
    };
    Some(view! { <Notice kind=NoticeKind::Caution>{text}</Notice> })
}

#[component]
fn Tile(
    label: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(optional)] link: &'static str,
    /// One of the figures that people look for first.
    #[prop(optional)]
    strong: bool,
) -> impl IntoView {
    let name = if link.is_empty() { label.into_any() } else { view! { <a href=link>{label}</a> }.into_any() };
    view! {
        <div class="tile" class:strong=strong>
            <p class="label">{name}</p>
            <p class="value">{move || value.get()}</p>
        </div>
    }
}

fn show_day(day: Day) -> impl IntoView {
    let traffic = day.traffic;
    let figure = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let asr = figure(traffic.asr_permille.map(figures::percent));
    let acd = figure(traffic.acd_seconds.map(figures::duration));
    let pdd = figure(traffic.pdd_ms.map(figures::seconds_of));
    view! {
        <h2>"Today " <span class="zone">{format!("{} UTC", day.at.format("%Y-%m-%d"))}</span></h2>
        <section class="tiles" aria-label="Today">
            <Tile label="Calls" value=figures::count(traffic.calls) link="/cdrs" />
            <Tile label="Answered" value=figures::count(traffic.answered) />
            <Tile label="ASR" value=asr />
            <Tile label="ACD" value=acd />
            <Tile label="PDD" value=pdd />
            {traffic.amounts.into_iter().map(money).collect_view()}
        </section>
        <h2>"Last 24 hours"</h2>
        <HourlyTraffic hours=traffic.hours />
        <h2>"Failed lately"</h2>
        {failed(day.failed)}
    }
}

fn money(amounts: Amounts) -> impl IntoView {
    let currency = amounts.currency;
    let shown = move |money| figures::about(money, currency);
    let margin = amounts.profit.and_then(|profit| {
        let fee = i128::from(amounts.fee.micros());
        let permille = (fee > 0).then(|| i128::from(profit.micros()) * 1000 / fee)?;
        i64::try_from(permille).ok().filter(|p| *p >= 0).map(figures::percent)
    });
    view! {
        <Tile label="Revenue" value=shown(amounts.fee) />
        {amounts.cost.map(|cost| view! { <Tile label="Cost" value=shown(cost) /> })}
        {amounts
            .profit
            .map(|profit| {
                let value = match margin {
                    Some(percent) => format!("{} ({percent})", shown(profit)),
                    None => shown(profit),
                };
                view! { <Tile label="Margin" value /> }
            })}
    }
}

fn failed(rows: Vec<CdrRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <Empty title="No call failed in the last 24 hours">
                <a href="/cdrs">"Look at all calls"</a>
            </Empty>
        }
        .into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <td>
                        <a href=format!("/cdrs/{}", row.id)><ListMoment at=row.started_at /></a>
                    </td>
                    <td class="digits">{row.caller}</td>
                    <td class="digits">{row.callee}</td>
                    <td>{row.account_name}</td>
                    <td class="num">{row.sip_code.0}</td>
                    <td>
                        <EndBadge reason=row.end_reason />
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label="Failed calls"
            columns=vec![
                ("Started (UTC)", false),
                ("Caller", false),
                ("Called", false),
                ("Account", false),
                ("SIP", true),
                ("End reason", false),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}
