//! The dashboard: the switch now, the day so far against yesterday, where the calls go, what failed lately.

use chrono::{DateTime, Utc};
use domain::{Amounts, CdrRow, CdrTotals, Permission, Traffic};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::{
    access::{inside, may},
    components::{
        Delta, Empty, EndBadge, HourlyTraffic, ListMoment, Number, PageHead, ShareBar, Table, Tile, ZoneName,
    },
    figures,
    live::{Link, LiveMark, LiveStatus, follow},
    load::{LoadError, loaded},
    pages::business::accounts::OwnMoney,
    words::{fields, fill, frame, pages},
};

/// How often the figures of the day are read anew, in seconds. The live ones come every second.
const DAY_EVERY: u64 = 30;
/// How many seconds the sparks of the live figures reach back.
const REMEMBERED: usize = 120;
/// How many of the busiest are listed.
#[cfg(feature = "ssr")]
const BUSIEST: u32 = 6;

/// The day so far.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Day {
    at: DateTime<Utc>,
    traffic: Traffic,
    /// Yesterday until the same time.
    before: CdrTotals,
    failed: Vec<CdrRow>,
    gateways: Vec<Share>,
    destinations: Vec<Share>,
}

/// Calls that have something in common.
#[derive(Clone, Serialize, Deserialize)]
struct Share {
    name: String,
    /// Where its calls are listed; none where they cannot be asked for.
    path: Option<String>,
    calls: i64,
    answered: i64,
    seconds: i64,
}

#[server(prefix = "/load", endpoint = "day", input = GetUrl)]
pub(crate) async fn load_day() -> Result<Day, LoadError> {
    use chrono::{NaiveTime, TimeDelta};
    use domain::CdrFilter;
    use store::traffic_top;

    let (site, asker) = crate::server::session::asking(domain::Permission::ViewDashboard)?;
    let (pool, scope) = (&site.pool, &asker.scope);
    let at = Utc::now();
    let day = TimeDelta::days(1);
    let midnight = at.date_naive().and_time(NaiveTime::MIN).and_utc();
    let traffic = store::traffic::today(pool, scope, at).await?;
    let before = store::cdrs::totals(pool, scope, &CdrFilter::between(midnight - day, at - day)).await?;
    let mut filter = CdrFilter::between(at - day, at);
    filter.answered = Some(false);
    filter.limit = 8;
    let failed = match asker.may(domain::Permission::ViewCdrs) {
        true => store::cdrs::list(pool, scope, &filter).await?.rows,
        false => Vec::new(),
    };
    let failed = crate::pages::cdrs::leave_seen(&asker, failed);
    let (mut traffic, mut before) = (traffic, before);
    crate::pages::cdrs::leave_seen_amounts(&asker, &mut traffic.amounts);
    crate::pages::cdrs::leave_seen_amounts(&asker, &mut before.amounts);
    let today = (midnight, at);
    let share = |share: traffic_top::Share, name: String, path| Share {
        name,
        path,
        calls: share.calls,
        answered: share.answered,
        seconds: share.seconds,
    };
    let gateways = match asker.sees_routes() {
        true => traffic_top::gateways(pool, scope, today, BUSIEST).await?,
        false => Vec::new(),
    };
    let gateways = gateways.into_iter().map(|gateway| {
        let (name, path) = (gateway.name.clone(), format!("/cdrs?routing_gateway={}", gateway.key));
        share(gateway, name, Some(path))
    });
    let destinations = traffic_top::destinations(pool, scope, today, BUSIEST).await?;
    let destinations = destinations.into_iter().map(|destination| {
        let name = format!("{} {}", destination.key, destination.name).trim().to_owned();
        let path = (!destination.key.is_empty()).then(|| format!("/cdrs?callee={}", destination.key));
        share(destination, name, path)
    });
    let (gateways, destinations) = (gateways.collect(), destinations.collect());
    Ok(Day { at, traffic, before, failed, gateways, destinations })
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
    if !may(Permission::ViewDashboard) {
        // Everybody lands here; whoever has no dashboard goes on by the menu.
        return view! { <PageHead title="Welcome" about="What you may see stands in the menu." /> }
            .into_any();
    }
    let now = Resource::new(|| (), |()| load_status());
    let today = Resource::new(|| (), |()| load_day());
    read_anew(today);
    view! {
        {loaded(now, |status| view! { <Now status /> })}
        {(!inside() && may(Permission::ViewAccounts)).then(|| view! { <OwnMoney /> })}
        {loaded(today, show_day)}
    }
    .into_any()
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

/// What `of` was at each of the last pictures; it begins empty when the page is opened.
fn remembered(now: ReadSignal<LiveStatus>, of: fn(&LiveStatus) -> u32) -> Signal<Vec<i64>> {
    let values = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        let value = now.with(of);
        values.update(|values: &mut Vec<i64>| {
            if values.len() >= REMEMBERED {
                values.remove(0);
            }
            values.push(i64::from(value));
        });
    });
    values.into()
}

#[component]
fn Now(status: LiveStatus) -> impl IntoView {
    let (now, link): (ReadSignal<LiveStatus>, ReadSignal<Link>) = follow("/events/status", status);
    let t = pages();
    let figure = move |of: fn(&LiveStatus) -> String| Signal::derive(move || now.with(of));
    let calls = remembered(now, |s| s.active_calls);
    let rate = remembered(now, |s| s.calls_per_second);
    let running = move || {
        now.with(|s| {
            let up = figures::duration(i64::try_from(s.uptime_seconds).unwrap_or(i64::MAX));
            fill(t.sip_on, &[&s.sip_listen, &up])
        })
    };
    // The figures of the switch as a whole are the operator's.
    let of_switch = inside().then(|| {
        view! {
            <Tile label=t.calls_per_second value=figure(|s| figures::count(s.calls_per_second)) strong=true spark=rate />
            <Tile label=t.calls_since_start value=figure(|s| figures::count(s.calls_total)) />
            <Tile label=t.answered_since_start value=figure(|s| figures::count(s.answered_total)) />
            <Tile label=t.unknown_sources value=figure(|s| figures::count(s.refused_unknown_source)) />
            <Tile label=t.malformed value=figure(|s| figures::count(s.malformed)) />
        }
    });
    view! {
        <PageHead title=frame().dashboard>
            <LiveMark link />
        </PageHead>
        {move || now.with(warning)}
        <section class="tiles" aria-label=t.now>
            <Tile label=t.calls_now value=figure(|s| figures::count(s.active_calls)) link="/operation/calls" strong=true spark=calls />
            {of_switch}
        </section>
        {inside().then(|| view! { <p class="about digits">{running}</p> })}
    }
}

fn warning(status: &LiveStatus) -> Option<impl IntoView + use<>> {
    use crate::components::{Notice, NoticeKind};

    let t = pages();
    let text = if status.spool_failing {
        t.spool_failing.to_owned()
    } else if status.spool_pending > 1000 {
        fill(t.spool_waits, &[&figures::count(status.spool_pending)])
    } else {
        return None;
    };
    Some(view! { <Notice kind=NoticeKind::Caution>{text}</Notice> })
}

fn show_day(day: Day) -> impl IntoView {
    let Day { at, traffic, before, failed, gateways, destinations } = day;
    let (t, f) = (pages(), fields());
    let figure = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let asr = figure(traffic.asr_permille.map(figures::percent));
    let acd = figure(traffic.acd_seconds.map(figures::duration));
    let pdd = figure(traffic.pdd_ms.map(figures::seconds_of));
    let asr_before = if before.calls > 0 { before.answered * 1000 / before.calls } else { 0 };
    let acd_before = if before.answered > 0 { before.seconds / before.answered } else { 0 };
    let hourly = |of: fn(&domain::TrafficHour) -> i64| traffic.hours.iter().map(of).collect::<Vec<_>>();
    let calls = hourly(|hour| hour.calls);
    let answered = hourly(|hour| hour.answered);
    let ratio = hourly(|hour| if hour.calls > 0 { hour.answered * 1000 / hour.calls } else { 0 });
    let whole = traffic.calls;
    let money = traffic
        .amounts
        .iter()
        .map(|amounts| {
            let before = before.amounts.iter().find(|before| before.currency == amounts.currency);
            money(amounts, before)
        })
        .collect_view();
    view! {
        <h2>{t.today} " " <span class="zone">{format!("{} UTC", at.format("%Y-%m-%d"))}</span></h2>
        <section class="tiles" aria-label=t.today>
            <Tile label=f.calls value=figures::count(traffic.calls) link="/cdrs" delta=Delta::of(traffic.calls, before.calls, true) spark=calls />
            <Tile label=f.answered value=figures::count(traffic.answered) delta=Delta::of(traffic.answered, before.answered, true) spark=answered />
            <Tile label=f.asr value=asr delta=Delta::of(traffic.asr_permille.unwrap_or(0), asr_before, true) spark=ratio />
            <Tile label=f.acd value=acd delta=Delta::of(traffic.acd_seconds.unwrap_or(0), acd_before, true) />
            <Tile label=f.pdd value=pdd />
            {money}
        </section>
        <h2>{t.last_day}</h2>
        <HourlyTraffic hours=traffic.hours />
        <div class="columns">
            {inside()
                .then(|| {
                    view! {
                        <section class="card">
                            <h2>{t.top_gateways}</h2>
                            {busiest(t.top_gateways, f.gateway, gateways, whole)}
                        </section>
                    }
                })}
            <section class="card">
                <h2>{t.top_destinations}</h2>
                {busiest(t.top_destinations, f.destination, destinations, whole)}
            </section>
        </div>
        <h2>{t.failed_lately} {ZoneName::mark()}</h2>
        {failed_lately(failed)}
    }
}

fn money(amounts: &Amounts, before: Option<&Amounts>) -> impl IntoView + use<> {
    let (f, currency) = (fields(), amounts.currency);
    let shown = move |money| figures::about(money, currency);
    let against = |now: Option<domain::Money>, before: Option<domain::Money>, more_is_better| {
        Delta::of(now?.micros(), before?.micros(), more_is_better)
    };
    let margin = amounts.profit.and_then(|profit| {
        let fee = i128::from(amounts.fee.micros());
        let permille = (fee > 0).then(|| i128::from(profit.micros()) * 1000 / fee)?;
        i64::try_from(permille).ok().filter(|p| *p >= 0).map(figures::percent)
    });
    let revenue = against(Some(amounts.fee), before.map(|b| b.fee), true);
    let cost = against(amounts.cost, before.and_then(|b| b.cost), false);
    let profit = against(amounts.profit, before.and_then(|b| b.profit), true);
    view! {
        <Tile label=f.revenue value=shown(amounts.fee) delta=revenue />
        {amounts.cost.map(|amount| view! { <Tile label=f.cost value=shown(amount) delta=cost /> })}
        {amounts
            .profit
            .map(|amount| {
                let value = match margin {
                    Some(percent) => format!("{} ({percent})", shown(amount)),
                    None => shown(amount),
                };
                view! { <Tile label=f.margin value delta=profit /> }
            })}
    }
}

fn busiest(label: &'static str, head: &'static str, shares: Vec<Share>, whole: i64) -> impl IntoView {
    let f = fields();
    if shares.is_empty() {
        return view! { <p class="about">{pages().no_traffic}</p> }.into_any();
    }
    let rows = shares
        .into_iter()
        .map(|share| {
            let asr = if share.calls > 0 {
                figures::percent(share.answered * 1000 / share.calls)
            } else {
                "–".to_owned()
            };
            let acd = if share.answered > 0 {
                figures::duration(share.seconds / share.answered)
            } else {
                "–".to_owned()
            };
            let name = match share.path {
                Some(path) => view! { <a href=path>{share.name}</a> }.into_any(),
                None if share.name.is_empty() => fields().every_other.into_any(),
                None => share.name.into_any(),
            };
            view! {
                <tr>
                    <td>{name}</td>
                    <td class="num">
                        <ShareBar part=share.calls whole />
                        {figures::count(share.calls)}
                    </td>
                    <td class="num">{asr}</td>
                    <td class="num">{acd}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label columns=vec![(head, false), (f.calls, true), (f.asr, true), (f.acd, true)]>
            {rows}
        </Table>
    }
    .into_any()
}

fn failed_lately(rows: Vec<CdrRow>) -> impl IntoView {
    let (t, f) = (pages(), fields());
    if rows.is_empty() {
        return view! {
            <Empty title=t.nothing_failed>
                <a href="/cdrs">{t.look_at_all}</a>
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
                        <a href=format!("/cdrs/{}", row.id)>
                            <ListMoment at=row.started_at />
                        </a>
                    </td>
                    <td class="digits">
                        <Number number=row.caller />
                    </td>
                    <td class="digits">
                        <Number number=row.callee />
                    </td>
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
            label=t.failed_lately
            columns=vec![
                (f.started, false),
                (f.caller, false),
                (f.called, false),
                (f.account, false),
                (f.sip, true),
                (f.end_reason, false),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}
