//! Who is online: counted, against what is usual at this hour, and where they come from (OPS-3).

mod curve;
mod gateways;
mod origins;

use chrono::{DateTime, Utc};
use domain::{Baseline, PresenceCounts, PresenceHour, PresenceOrigin, Standing};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use self::{
    curve::Curve,
    gateways::{Gateways, NamedStatus},
    origins::Origins,
};
use crate::{
    components::{Badge, PageHead, Tile, Tone},
    figures,
    load::{LoadError, loaded, once},
    words::{fill, frame, pages, phones},
};

const PAGE: &str = "/operation/online";

/// Where the list of origins ends.
#[cfg(feature = "ssr")]
const ORIGINS: u32 = 20;

/// What the page shows, at a moment.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Online {
    at: DateTime<Utc>,
    counts: PresenceCounts,
    /// Registrations of ours that the other servers know, and those that they should.
    ours: (usize, usize),
    /// Vendors' gateways, for those who may see them.
    gateways: Vec<NamedStatus>,
    baseline: Option<Baseline>,
    /// The last seven days.
    hours: Vec<PresenceHour>,
    addresses: Vec<PresenceOrigin>,
    networks: Vec<PresenceOrigin>,
}

#[server(prefix = "/load", endpoint = "online", input = GetUrl)]
pub(crate) async fn load_online() -> Result<Online, LoadError> {
    use store::presence::{self, Breadth};

    let need = crate::access::Need::Inside(domain::Permission::ViewPhones);
    let (site, asker) = crate::server::session::asking(need)?;
    let (pool, scope, at) = (&site.pool, &asker.scope, Utc::now());
    let mut hours = presence::hours(pool, scope, Baseline::begins(at)).await?;
    let baseline = Baseline::at(at, &hours);
    hours.retain(|hour| at - hour.hour < chrono::TimeDelta::days(7));
    let ours = site.switch.registrations().await;
    let known =
        ours.iter().filter(|one| matches!(one.state, domain::OutboundState::Registered { .. })).count();
    Ok(Online {
        at,
        gateways: named_gateways().await?,
        ours: (known, ours.len()),
        counts: presence::counts(pool, scope).await?,
        baseline,
        hours,
        addresses: presence::origins(pool, scope, Breadth::Address, ORIGINS).await?,
        networks: presence::origins(pool, scope, Breadth::Network, ORIGINS).await?,
    })
}

/// Where vendors' gateways stand; none for those who may not see them.
#[cfg(feature = "ssr")]
async fn named_gateways() -> Result<Vec<NamedStatus>, LoadError> {
    let need = crate::access::Need::Inside(domain::Permission::ViewGateways);
    let Ok((site, asker)) = crate::server::session::asking(need) else { return Ok(Vec::new()) };
    let rows = store::routing_gateways::list(&site.pool, &asker.scope, "").await?;
    let statuses = site.switch.gateways().into_iter().filter_map(|status| {
        let row = rows.iter().find(|row| row.gateway.id == status.gateway)?;
        Some(NamedStatus { name: row.gateway.settings.name.to_string(), status })
    });
    let mut named: Vec<NamedStatus> = statuses.collect();
    gateways::sort(&mut named);
    Ok(named)
}

/// The online status.
#[component]
pub(crate) fn OnlineStatus() -> impl IntoView {
    let online = once(load_online);
    view! {
        <PageHead title=frame().online about=phones().online_about>
            <a class="button" href=PAGE rel="external">
                {pages().refresh}
            </a>
        </PageHead>
        {loaded(online, show)}
    }
}

fn show(online: Online) -> impl IntoView {
    let t = phones();
    let counts = online.counts;
    let spark: Vec<i64> = online.hours.iter().map(|hour| hour.online).collect();
    let shown = |number: i64| Signal::stored(figures::count(number));
    view! {
        <div class="tiles">
            <Tile
                label=t.phones_online
                value=shown(counts.online)
                link="/operation/phones?state=online"
                strong=true
                spark=Signal::stored(spark)
            />
            <Tile
                label=t.phones_offline
                value=shown(counts.phones - counts.online)
                link="/operation/phones?state=offline"
                strong=true
            />
            <Tile label=t.contacts value=shown(counts.contacts) />
            <Tile label=t.behind_nat_long value=shown(counts.nat) />
            <Tile label=t.at_fixed_address value=shown(counts.fixed) link="/operation/phones?state=fixed" />
            <Tile
                label=t.ours_registered
                value=Signal::stored(format!("{} / {}", online.ours.0, online.ours.1))
                link="/operation/registrations"
            />
            <Tile
                label=t.switched_off
                value=shown(counts.disabled)
                link="/operation/phones?state=disabled"
            />
        </div>
        <p class="about above">{against_baseline(counts.online, online.baseline)}</p>
        <Curve hours=online.hours />
        <Gateways gateways=online.gateways />
        <h2>{t.by_address}</h2>
        <Origins label=t.by_address origins=online.addresses />
        <h2>{t.by_network}</h2>
        <p class="about above">{t.by_network_about}</p>
        <Origins label=t.by_network origins=online.networks />
    }
}

/// How the count stands to the same hour of the weeks before.
fn against_baseline(online: i64, baseline: Option<Baseline>) -> impl IntoView {
    let t = phones();
    let Some(baseline) = baseline else {
        let weeks = Baseline::ENOUGH.to_string();
        return fill(t.no_baseline, &[&weeks]).into_any();
    };
    let (tone, word, advice) = match baseline.judge(online) {
        Standing::Usual => (Tone::Good, t.usual, ""),
        Standing::Low => (Tone::Bad, t.unusually_low, t.unusually_low_about),
        Standing::High => (Tone::Bad, t.unusually_high, t.unusually_high_about),
    };
    let numbers = [baseline.usual, baseline.low, baseline.high].map(figures::count);
    let [usual, low, high] = numbers.each_ref().map(String::as_str);
    let weeks = baseline.weeks.to_string();
    view! {
        <Badge tone text=word />
        " "
        {fill(t.baseline, &[usual, low, high, &weeks])}
        " "
        {advice}
    }
    .into_any()
}
