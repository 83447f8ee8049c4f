//! The calls in progress.

use std::collections::BTreeMap;

use domain::{CallId, LiveCall, LiveState};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{
    access::{Way, inside, may_send},
    components::{Badge, Empty, PageHead, Table, Tone},
    figures,
    live::{LiveCalls, LiveMark, MOST_CALLS, follow},
    load::{LoadError, loaded, once},
    pages::operation::trace::ladder_of_call,
    words::{fields, fill, frame, pages},
};

const PAGE: &str = "/operation/calls";

#[server(prefix = "/load", endpoint = "calls", input = GetUrl)]
pub(crate) async fn load_live_calls() -> Result<LiveCalls, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewCalls)?;
    let sight = asker.scope.sight(&site.pool).await?;
    Ok(LiveCalls::of(&site.switch).await.seen_by(&sight))
}

/// Which call to hang up.
#[cfg(feature = "ssr")]
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct HangUp {
    id: String,
}

#[cfg(feature = "ssr")]
impl crate::form::Draft for HangUp {
    fn faults(&self) -> Result<(), domain::Invalid> {
        Ok(())
    }
}

/// The list of calls in progress: live, or as loaded where no script runs.
#[component]
pub(crate) fn Calls() -> impl IntoView {
    let first = once(load_live_calls);
    loaded(first, |first| view! { <LiveList first /> })
}

#[component]
fn LiveList(first: LiveCalls) -> impl IntoView {
    let t = fields();
    let (now, link) = follow("/events/calls", first);
    let calls = Memo::new(move |_| {
        now.with(|now| now.calls.iter().map(|call| (call.id, call.clone())).collect::<BTreeMap<_, _>>())
    });
    let total = move || now.with(|now| now.total);
    let about = move || match total() {
        1 => pages().one_call.to_owned(),
        n => fill(pages().several_calls, &[&figures::count(n)]),
    };
    // A row belongs to a call, not to a place: a button never comes to mean another call than the one it was drawn for.
    let rows = move || calls.with(|calls| calls.keys().copied().collect::<Vec<CallId>>());
    view! {
        <PageHead title=frame().current_calls>
            <LiveMark link />
            <a class="button" href=PAGE rel="external">
                {pages().refresh}
            </a>
        </PageHead>
        <p class="about above">{about}</p>
        <Show when=move || { total() > MOST_CALLS }>
            <p class="about">{fill(pages().oldest_listed, &[&MOST_CALLS.to_string()])}</p>
        </Show>
        <Show
            when=move || total() != 0
            fallback=|| {
                view! {
                    <Empty title=pages().no_call>
                        {pages().no_call_text} <a href="/cdrs">{pages().finished_ones}</a>
                    </Empty>
                }
            }
        >
            <Table
                label=frame().current_calls
                columns=[
                    Some((t.state, false)),
                    Some((t.time, true)),
                    Some((t.caller, false)),
                    Some((t.called, false)),
                    Some((t.account, false)),
                    Some((t.came_from, false)),
                    inside().then_some((t.went_to, false)),
                    Some((t.codec, false)),
                    Some((t.packets, true)),
                    Some((t.held, true)),
                    Some(("", false)),
                ]
                    .into_iter()
                    .flatten()
                    .collect()
            >
                <For each=rows key=|id| *id let:id>
                    <Row id calls now />
                </For>
            </Table>
        </Show>
    }
}

#[component]
fn Row(id: CallId, calls: Memo<BTreeMap<CallId, LiveCall>>, now: ReadSignal<LiveCalls>) -> impl IntoView {
    // The row outlives its call by a moment, while it is taken away: it then keeps what it showed.
    let shown = StoredValue::new(calls.with_untracked(|calls| calls.get(&id).cloned()));
    let call = Memo::new(move |_| {
        if let Some(call) = calls.with(|calls| calls.get(&id).cloned()) {
            shown.set_value(Some(call));
        }
        shown.get_value()
    });
    let text = move |of: fn(&LiveCall) -> String| {
        move || call.with(|call| call.as_ref().map(of).unwrap_or_default())
    };
    let time = move || {
        let at = now.with(|now| now.at);
        call.with(|call| {
            let since = call.as_ref().map_or(at, |c| c.answered_at.unwrap_or(c.started_at));
            figures::duration((at - since).num_seconds())
        })
    };
    view! {
        <tr>
            <td>{move || call.with(|call| call.as_ref().map(|call| state(call.state)))}</td>
            <td class="num">{time}</td>
            <td class="digits">{text(|call| call.caller.clone())}</td>
            <td class="digits">{text(|call| call.callee.clone())}</td>
            <td>{text(|call| call.account_name.clone())}</td>
            <td>{text(|call| call.mapping_gateway_name.clone())}</td>
            {inside()
                .then(|| view! { <td>{text(|call| call.routing_gateway_name.clone().unwrap_or_default())}</td> })}
            <td>{text(|call| call.codec.clone().unwrap_or_default())}</td>
            <td class="num">
                {text(|call| {
                    let media = call.media;
                    format!("{} / {}", figures::count(media.caller_packets), figures::count(media.callee_packets))
                })}
            </td>
            <td class="num">{text(|call| figures::grouped(&call.held.to_string()))}</td>
            <td class="row-actions">
                <Way to=ladder_of_call(id) class="button small quiet">
                    {frame().trace}
                </Way>
                {may_send(PAGE)
                    .then(|| {
                        view! {
                            <form method="post" action=PAGE class="inline">
                                <input type="hidden" name="id" value=id.to_string() />
                                <button type="submit" class="button small danger">
                                    {pages().hang_up}
                                </button>
                            </form>
                        }
                    })}
            </td>
        </tr>
    }
}

fn state(state: LiveState) -> impl IntoView {
    let t = pages();
    let (tone, text) = match state {
        LiveState::Dialling => (Tone::Neutral, t.dialling),
        LiveState::Ringing => (Tone::Caution, t.ringing),
        LiveState::Answered => (Tone::Good, t.answered),
        LiveState::Ending => (Tone::Neutral, t.ending),
    };
    view! { <Badge tone text /> }
}

/// Hangs a call up.
#[cfg(feature = "ssr")]
pub(crate) async fn hang_up(posted: crate::server::posted::Posted<HangUp>) -> axum::response::Response {
    use crate::{
        form::Refusal,
        server::{posted::Posted, sent::Done},
        words::pages,
    };

    posted
        .answer(async |Posted { site, asker, sent, .. }| {
            let id: CallId = sent.draft.id.parse().map_err(|_| Refusal::saying(pages().no_such_call))?;
            let said = if site.switch.hang_up(id).await {
                tracing::info!(call = %id, by = %asker.actor.name, "a call was hung up from the portal");
                pages().call_hung_up
            } else {
                pages().call_had_ended
            };
            Ok(Done::to(PAGE, said))
        })
        .await
}
