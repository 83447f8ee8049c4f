//! Messages as a ladder. Each rung opens its message; nothing of it needs a script.

use chrono::{DateTime, Utc};
use domain::{FieldError, TraceKind, TraceLadder, TraceLane, TraceStep};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{
    LIST,
    list::goes_back,
    message::message,
    question::Question,
    reason::{is_plain, is_trouble, reason, sentence},
};
use crate::{
    access::Way,
    components::{Badge, Clock, Empty, PageHead, Tone},
    load::{LoadError, loaded, read},
    words::{fill, frame, trace},
};

/// A ladder with what was asked.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Drawn {
    question: Question,
    faults: Vec<FieldError>,
    ladder: TraceLadder,
}

#[server(prefix = "/load", endpoint = "trace-ladder", input = GetUrl)]
pub(crate) async fn load_ladder(question: Question) -> Result<Drawn, LoadError> {
    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewTrace))?;
    let (ladder, faults) = match question.find(&site, &asker, super::found::MOST_SHOWN).await {
        Ok(found) => (site.switch.ladder(found).await, Vec::new()),
        Err(LoadError::Invalid(invalid)) => (TraceLadder::default(), invalid.0),
        Err(error) => return Err(error),
    };
    Ok(Drawn { question, faults, ladder })
}

/// The page of a ladder.
#[component]
pub(crate) fn Ladder() -> impl IntoView {
    let question = Question::asked();
    let drawn = read(move || question.get(), load_ladder);
    loaded(drawn, show)
}

fn show(drawn: Drawn) -> impl IntoView {
    let Drawn { question, faults, ladder } = drawn;
    let t = trace();
    let has_messages = !ladder.steps.is_empty();
    let file = has_messages.then(|| {
        view! {
            <a class="button" href=question.packets() download rel="external">
                {t.packets}
            </a>
        }
    });
    let capture = question.capture().map(|to| view! { <Way to class="button">{t.capture_this}</Way> });
    let call = (!question.call.is_empty()).then(|| {
        view! {
            <Way to=format!("/cdrs/{}", question.call) class="button">
                {t.its_record}
            </Way>
        }
    });
    let lost = lacks_its_beginning(&question, ladder.since);
    let faults = faults
        .into_iter()
        .map(|f| view! { <p class="fault">{crate::words::told(&f.message)}</p> })
        .collect_view();
    view! {
        <PageHead title=t.ladder about=about(&question)>
            {call} {capture} {file}
            <a class="button" href=question.ladder() rel="external">
                {t.refresh}
            </a>
        </PageHead>
        {faults}
        {(has_messages && lost).then(|| view! { <p class="about">{t.beginning_lost} " " {goes_back(ladder.since)}</p> })}
        {if has_messages { drawing(ladder).into_any() } else { nothing(ladder.since).into_any() }}
    }
}

/// True when a call began before the trace does: its id tells when that was (UUIDv7).
fn lacks_its_beginning(question: &Question, since: Option<DateTime<Utc>>) -> bool {
    let began = question.call.parse::<domain::CallId>().ok().and_then(|id| id.0.get_timestamp());
    let began = began.and_then(|at| i64::try_from(at.to_unix().0).ok());
    began.zip(since).is_some_and(|(began, since)| began < since.timestamp())
}

/// What is shown, in words.
fn about(question: &Question) -> String {
    let t = trace();
    let parts = [
        (t.of_call, &question.call),
        (t.of_dialog, &question.dialog),
        (t.of_gateway, &question.gateway),
        (t.of_address, &question.address),
        (t.of_number, &question.number),
        (t.of_capture, &question.capture),
    ];
    let said = parts.into_iter().find(|(_, value)| !value.is_empty());
    said.map_or_else(|| t.of_everything.to_owned(), |(words, value)| fill(words, &[value]))
}

fn nothing(since: Option<DateTime<Utc>>) -> impl IntoView {
    let t = trace();
    view! {
        <Empty title=t.lost>
            {t.lost_text} " " {goes_back(since)} " "
            <a href=LIST>{frame().trace}</a>
        </Empty>
    }
}

fn drawing(ladder: TraceLadder) -> impl IntoView {
    let t = trace();
    let lanes = ladder.lanes.len().clamp(2, 8);
    let first = ladder.steps.first().map(|step| step.at).unwrap_or_default();
    let heads = ladder.lanes.iter().map(head).collect_view();
    let findings: Vec<_> = ladder.findings.iter().map(|f| (sentence(f), is_plain(f))).collect();
    let findings = (!findings.is_empty()).then(|| {
        let lines = findings
            .into_iter()
            .map(|(text, plain)| view! { <li class:plain=plain>{text}</li> })
            .collect_view();
        view! {
            <section class="findings">
                <h2>{t.findings}</h2>
                <ul>{lines}</ul>
            </section>
        }
    });
    let names: Vec<String> = ladder.lanes.iter().map(name).collect();
    let steps = ladder.steps.into_iter().map(|step| rung(step, first, &names)).collect_view();
    view! {
        {findings}
        {ladder.cut.then(|| view! { <p class="about">{t.cut}</p> })}
        <div class=format!("ladder lanes-{lanes}") tabindex="0" role="region" aria-label=t.ladder>
            <div class="rungs">
                <div class="ladder-head">
                    <span class="when">{t.time}</span>
                    <span class="lanes">{heads}</span>
                </div>
                <ol>{steps}</ol>
            </div>
        </div>
    }
}

/// What a lane is called.
fn name(lane: &TraceLane) -> String {
    let t = trace();
    match (lane.ours, lane.name.as_str(), lane.address.as_str()) {
        (true, ..) => frame().tandem.to_owned(),
        (false, "", "") => t.others.to_owned(),
        (false, "", address) => address.to_owned(),
        (false, name, _) => name.to_owned(),
    }
}

fn head(lane: &TraceLane) -> impl IntoView + use<> {
    let address = (!lane.ours && !lane.name.is_empty()).then(|| lane.address.clone());
    view! {
        <span class="lane" class:ours=lane.ours>
            <span class="lane-name">{name(lane)}</span>
            <span class="lane-address">{address}</span>
        </span>
    }
}

fn rung(step: TraceStep, first: DateTime<Utc>, names: &[String]) -> impl IntoView + use<> {
    let t = trace();
    let (left, right) = (step.from.min(step.to), step.from.max(step.to));
    let width = right - left + 1;
    let direction = if step.to >= step.from { "right" } else { "left" };
    let kind = match step.kind {
        TraceKind::Request => "request",
        TraceKind::Provisional => "provisional",
        TraceKind::Success => "success",
        TraceKind::Redirection => "challenge",
        TraceKind::Failure => "failure",
        TraceKind::Unreadable => "unreadable",
    };
    let at_lane = |lane: usize| names.get(lane).cloned().unwrap_or_default();
    let way = format!("{} → {}", at_lane(step.from), at_lane(step.to));
    let after = (step.at - first).num_microseconds().unwrap_or_default();
    let fate = step.fate.as_deref().map(|code| {
        let tone = if is_trouble(code) { Tone::Bad } else { Tone::Neutral };
        view! { <Badge tone text=reason(code) /> }
    });
    let dropped = step.fate.as_deref().is_some_and(is_trouble);
    let sdp = step.has_sdp.then(|| view! { <span class="mark">"SDP"</span> });
    let again = step.is_repeated.then(|| view! { <span class="mark again">{t.again}</span> });
    let digest = (!step.digests.is_empty()).then(|| view! { <span class="mark">{t.digest_mark}</span> });
    let marks = step.marks.join(" · ");
    let (label, repeated) = (step.label.clone(), step.is_repeated);
    view! {
        <li>
            <details class=format!("rung {kind}") class:repeated=repeated class:dropped=dropped>
                <summary>
                    <span class="when">
                        <Clock at=step.at />
                        <span class="after">{format!("+{}.{:06}", after / 1_000_000, after % 1_000_000)}</span>
                    </span>
                    <span class="lanes">
                        <span class=format!("arrow {direction} c-{left} w-{width}")>
                            <span class="label">
                                <span class="unseen">{way} ": "</span>
                                <span class="label-text">{label}</span>
                                {sdp} {digest} {again} {fate}
                            </span>
                            <span class="line" aria-hidden="true"></span>
                            <span class="marks">{marks}</span>
                        </span>
                    </span>
                </summary>
                {message(step)}
            </details>
        </li>
    }
}
