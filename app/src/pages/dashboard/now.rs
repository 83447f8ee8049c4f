//! The switch at this moment.

use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{
    access::inside,
    components::{PageHead, Tile},
    figures,
    live::{Link, LiveMark, LiveStatus, follow},
    load::LoadError,
    words::{fill, frame, pages},
};

/// How many seconds the sparks of the live figures reach back.
const REMEMBERED: usize = 120;

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

/// The figures of this moment, second by second.
#[component]
pub(super) fn Now(status: LiveStatus) -> impl IntoView {
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
