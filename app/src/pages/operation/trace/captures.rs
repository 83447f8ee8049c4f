//! The captures, running and ended.

use domain::{CaptureEnd, CaptureView};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::{CAPTURES, question::Question};
use crate::{
    components::{Badge, Empty, ListMoment, PageHead, Table, Tone},
    figures,
    load::{LoadError, loaded, once},
    words::{fields, frame, trace},
};
#[cfg(feature = "ssr")]
use crate::{
    form::Refusal,
    server::{posted::Posted, sent::Done},
};

#[server(prefix = "/load", endpoint = "captures", input = GetUrl)]
pub(crate) async fn load_captures() -> Result<Vec<CaptureView>, LoadError> {
    let (site, _) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewTrace))?;
    Ok(site.switch.tracing().captures())
}

/// Which capture, and what to do with it: `stop` or `remove`.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Deed {
    id: String,
    action: String,
}

#[cfg(feature = "ssr")]
impl crate::form::Draft for Deed {
    fn faults(&self) -> Result<(), domain::Invalid> {
        Ok(())
    }
}

/// The list of captures.
#[component]
pub(crate) fn Captures() -> impl IntoView {
    let captures = once(load_captures);
    let t = trace();
    view! {
        <PageHead title=frame().captures about=t.captures_about>
            <a class="button" href=CAPTURES rel="external">
                {t.refresh}
            </a>
            <a class="button primary" href=format!("{CAPTURES}/new")>
                {t.new_capture}
            </a>
        </PageHead>
        {loaded(captures, list)}
    }
}

fn list(captures: Vec<CaptureView>) -> impl IntoView {
    let (t, f) = (trace(), fields());
    if captures.is_empty() {
        return view! { <Empty title=t.no_capture>{t.no_capture_text}</Empty> }.into_any();
    }
    let rows = captures.into_iter().map(row).collect_view();
    view! {
        <Table
            label=frame().captures
            columns=vec![
                (t.captured, false),
                (f.started, false),
                (t.by, false),
                (f.state, false),
                (t.ends, false),
                (t.messages, true),
                (t.size, true),
                (t.lost_count, true),
                ("", false),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn row(capture: CaptureView) -> impl IntoView {
    let t = trace();
    let (tone, state) = match capture.end {
        None => (Tone::Good, t.running),
        Some(CaptureEnd::TimeOver) => (Tone::Neutral, t.time_over),
        Some(CaptureEnd::Full) => (Tone::Caution, t.full),
        Some(CaptureEnd::Stopped) => (Tone::Neutral, t.stopped),
    };
    let question = Question { capture: capture.id.to_string(), ..Question::default() };
    let (text, action) = match capture.end {
        None => (t.stop, "stop"),
        Some(_) => (t.remove, "remove"),
    };
    view! {
        <tr>
            <td>
                <a href=question.list()>{capture.what}</a>
            </td>
            <td>
                <ListMoment at=capture.started_at />
            </td>
            <td>{capture.by}</td>
            <td>
                <Badge tone text=state />
            </td>
            <td>
                <ListMoment at=capture.ended_at.unwrap_or(capture.ends_at) />
            </td>
            <td class="num">{figures::count(capture.messages)}</td>
            <td class="num">
                {format!("{} / {}", figures::octets(capture.bytes), figures::octets(capture.most_bytes))}
            </td>
            <td class="num">{figures::count(capture.lost)}</td>
            <td class="row-actions">
                <a class="button small" href=question.packets() download rel="external">
                    {t.packets}
                </a>
                <form method="post" action=CAPTURES class="inline">
                    <input type="hidden" name="id" value=capture.id.to_string() />
                    <input type="hidden" name="action" value=action />
                    <button type="submit" class="button small" class:danger=capture.end.is_some()>
                        {text}
                    </button>
                </form>
            </td>
        </tr>
    }
}

/// Stops or removes a capture.
#[cfg(feature = "ssr")]
pub(crate) async fn change(posted: Posted<Deed>) -> axum::response::Response {
    use store::captures::{Deed, note};

    posted
        .answer_at(CAPTURES, async |Posted { site, asker, sent, .. }| {
            let (t, tracing) = (trace(), site.switch.tracing());
            let gone = || Refusal::saying(t.capture_gone);
            let id: u64 = sent.draft.id.parse().map_err(|_| gone())?;
            let known = tracing.captures().into_iter().find(|capture| capture.id == id).ok_or_else(gone)?;
            // Noted first: what cannot be written down is not done.
            if sent.draft.action == "stop" {
                note(&site.pool, &asker.actor, Deed::Stop, &known).await?;
                tracing.end_capture(chrono::Utc::now(), id);
                Ok(Done::to(CAPTURES, t.capture_stopped))
            } else {
                note(&site.pool, &asker.actor, Deed::Remove, &known).await?;
                tracing.forget_capture(id);
                Ok(Done::to(CAPTURES, t.capture_removed))
            }
        })
        .await
}
