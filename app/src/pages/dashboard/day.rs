//! The day so far against yesterday, and where its calls go.

use chrono::{DateTime, Utc};
use domain::{Amounts, CdrRow, CdrTotals, Traffic};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{
    busiest::{Share, busiest},
    calls::{calls_table, failed_lately},
};
use crate::{
    access::inside,
    components::{Delta, HourlyRatio, HourlyTraffic, Tile, ZoneName},
    figures,
    load::LoadError,
    words::{fields, home, pages},
};

/// How many of the busiest are listed.
#[cfg(feature = "ssr")]
const BUSIEST: u32 = 6;
/// Calls in a short list.
#[cfg(feature = "ssr")]
const SOME: u32 = 8;

/// The day so far.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Day {
    at: DateTime<Utc>,
    traffic: Traffic,
    /// Yesterday until the same time.
    before: CdrTotals,
    failed: Vec<CdrRow>,
    /// The last calls of whoever is outside the administration.
    recent: Vec<CdrRow>,
    gateways: Vec<Share>,
    destinations: Vec<Share>,
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
    filter.limit = SOME;
    let lately = CdrFilter { answered: None, ..filter.clone() };
    let (failed, recent) = match asker.may(domain::Permission::ViewCdrs) {
        // People of a customer look for their own last calls, those of the operator for what goes wrong.
        true if *scope != store::Scope::All => (
            store::cdrs::list(pool, scope, &filter).await?.rows,
            store::cdrs::list(pool, scope, &lately).await?.rows,
        ),
        true => (store::cdrs::list(pool, scope, &filter).await?.rows, Vec::new()),
        false => (Vec::new(), Vec::new()),
    };
    let failed = crate::pages::cdrs::leave_seen(&asker, failed);
    let recent = crate::pages::cdrs::leave_seen(&asker, recent);
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
    Ok(Day { at, traffic, before, failed, recent, gateways, destinations })
}

/// What the day has brought.
pub(super) fn show_day(day: Day) -> impl IntoView {
    let Day { at, traffic, before, failed, recent, gateways, destinations } = day;
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
        .collect::<Vec<_>>();
    view! {
        <h2>{t.today} " " <span class="zone">{format!("{} UTC", at.format("%Y-%m-%d"))}</span></h2>
        <section class="tiles" aria-label=t.today>
            <Tile label=f.calls value=figures::count(traffic.calls) link="/cdrs" delta=Delta::of(traffic.calls, before.calls, true) spark=calls />
            <Tile label=f.answered value=figures::count(traffic.answered) delta=Delta::of(traffic.answered, before.answered, true) spark=answered />
            <Tile label=home().talked value=figures::duration(traffic.seconds) delta=Delta::of(traffic.seconds, before.seconds, true) />
            <Tile label=f.asr value=asr delta=Delta::of(traffic.asr_permille.unwrap_or(0), asr_before, true) spark=ratio />
            <Tile label=f.acd value=acd delta=Delta::of(traffic.acd_seconds.unwrap_or(0), acd_before, true) />
            <Tile label=f.pdd value=pdd />
        </section>
        {(!money.is_empty()).then(|| view! { <div class="tiles">{money}</div> })}
        <h2>{t.last_day}</h2>
        <HourlyTraffic hours=traffic.hours.clone() />
        <HourlyRatio hours=traffic.hours />
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
        {(!inside() && !recent.is_empty())
            .then(|| {
                view! {
                    <h2>{home().recent} {ZoneName::mark()}</h2>
                    {calls_table(home().recent, recent)}
                }
            })}
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
    // What is revenue to the operator is what the others have been charged.
    let charged = if inside() { f.revenue } else { home().charged };
    let more_is_better = inside();
    let revenue = against(Some(amounts.fee), before.map(|b| b.fee), more_is_better);
    let cost = against(amounts.cost, before.and_then(|b| b.cost), false);
    let profit = against(amounts.profit, before.and_then(|b| b.profit), true);
    view! {
        <Tile label=charged value=shown(amounts.fee) delta=revenue />
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
