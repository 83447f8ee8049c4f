//! Where the switch listens for SIP, what goes through there, and what is refused: live, or as loaded where no script runs.

use domain::ListenerView;
use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{
    components::{PageHead, Table},
    figures,
    live::{LiveListeners, LiveMark, follow},
    load::{LoadError, loaded, once},
    words::{frame, system},
};

#[server(prefix = "/load", endpoint = "listeners", input = GetUrl)]
pub(crate) async fn load_listeners() -> Result<LiveListeners, LoadError> {
    let (site, _) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewParameters))?;
    Ok(LiveListeners::of(&site.switch))
}

/// The listeners and their transports.
#[component]
pub(crate) fn Listeners() -> impl IntoView {
    let first = once(load_listeners);
    loaded(first, |first| view! { <Live first /> })
}

#[component]
fn Live(first: LiveListeners) -> impl IntoView {
    let (now, link) = follow("/events/listeners", first);
    let t = system();
    // They are fixed from start to stop: a row belongs to a place.
    let count = Memo::new(move |_| now.with(|now| now.listeners.len()));
    let reasons = Memo::new(move |_| now.with(|now| now.refusals.len()));
    view! {
        <PageHead title=frame().listeners about=t.listeners_about>
            <LiveMark link />
        </PageHead>
        <Table
            label=frame().listeners
            columns=vec![
                (t.transport, false),
                (t.bound, false),
                (t.told, false),
                (t.received, true),
                (t.sent, true),
                (t.open, true),
                (t.accepted, true),
                (t.refused, true),
            ]
        >
            {move || (0..count.get()).map(|place| listener(now, place)).collect_view()}
        </Table>
        <h2>{t.refusals}</h2>
        <p class="about above">{t.refusals_about}</p>
        <Table label=t.refusals columns=vec![(t.reason, false), (t.messages, true)]>
            {move || (0..reasons.get()).map(|place| refusal(now, place)).collect_view()}
            <tr>
                <td>{t.malformed}</td>
                <td class="num">{move || figures::count(now.with(|now| now.malformed))}</td>
            </tr>
            <tr>
                <td>{t.strangers}</td>
                <td class="num">{move || figures::count(now.with(|now| now.strangers))}</td>
            </tr>
        </Table>
    }
}

fn listener(now: ReadSignal<LiveListeners>, place: usize) -> impl IntoView {
    let of = move |read: fn(&ListenerView) -> String| {
        move || now.with(|now| now.listeners.get(place).map(read).unwrap_or_default())
    };
    // Datagrams have no connections.
    fn connections(listener: &ListenerView, number: u64) -> String {
        if listener.transport == "UDP" { "–".to_owned() } else { figures::count(number) }
    }
    view! {
        <tr>
            <td>{of(|l| l.transport.clone())}</td>
            <td class="digits">{of(|l| l.bound.to_string())}</td>
            <td class="digits">{of(|l| l.told.to_string())}</td>
            <td class="num">{of(|l| figures::count(l.received))}</td>
            <td class="num">{of(|l| figures::count(l.sent))}</td>
            <td class="num">{of(|l| connections(l, l.open))}</td>
            <td class="num">{of(|l| connections(l, l.accepted))}</td>
            <td class="num">{of(|l| connections(l, l.refused))}</td>
        </tr>
    }
}

fn refusal(now: ReadSignal<LiveListeners>, place: usize) -> impl IntoView {
    let reason =
        move || now.with(|now| now.refusals.get(place).map(|r| r.reason.clone()).unwrap_or_default());
    let count =
        move || now.with(|now| now.refusals.get(place).map(|r| figures::count(r.count)).unwrap_or_default());
    view! {
        <tr>
            <td>{reason}</td>
            <td class="num">{count}</td>
        </tr>
    }
}
