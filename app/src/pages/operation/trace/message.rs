//! One message of a ladder, opened: where it went, what its credentials say, and all its text.

use domain::{TraceDigest, TraceStep};
use leptos::prelude::*;

use super::{question::Question, reason::reason_with};
use crate::{
    components::{Copy, Moment},
    figures,
    words::{fill, trace},
};

/// The opened message.
pub(super) fn message(step: TraceStep) -> impl IntoView {
    let t = trace();
    let fate = step.fate.as_deref().map(|code| {
        view! {
            <dt>{t.outcome}</dt>
            <dd>{reason_with(code, &step.fate_detail)}</dd>
        }
    });
    let dialog = (!step.call_id.is_empty()).then(|| {
        let question = Question { dialog: step.call_id.clone(), ..Question::default() };
        view! {
            <dt>"Call-ID"</dt>
            <dd class="digits">
                <a href=question.ladder()>{step.call_id.clone()}</a>
            </dd>
        }
    });
    let digests = step.digests.into_iter().map(digest).collect_view();
    let text = match step.text {
        Some(text) => view! {
            <Copy text=text.clone() />
            {written(&text)}
        }
        .into_any(),
        None => view! { <p class="about">{t.too_much_text}</p> }.into_any(),
    };
    let micros = step.at.timestamp_subsec_micros();
    view! {
        <div class="opened">
            <dl class="facts">
                <dt>{t.time}</dt>
                <dd>
                    <Moment at=step.at />
                    <span class="about">" " {format!("{micros:06} µs")}</span>
                </dd>
                <dt>{t.way}</dt>
                <dd class="digits">
                    {format!("{} → {} ({}, {})", step.source, step.target, step.transport, figures::octets(step.octets))}
                </dd>
                {dialog}
                {fate}
            </dl>
            {digests}
            {text}
        </div>
    }
}

/// A challenge or its answer, part by part, with what each part means.
fn digest(digest: TraceDigest) -> impl IntoView {
    let t = trace();
    let title = fill(if digest.is_challenge { t.challenge } else { t.credentials }, &[&digest.header]);
    let fault = digest.fault.map(|fault| view! { <p class="fault">{t.digest_unreadable} " " {fault}</p> });
    let rows = digest
        .parts
        .into_iter()
        .map(|(name, value)| {
            let meaning = meaning(&name, &value);
            view! {
                <dt>{name}</dt>
                <dd>
                    <span class="digits">{value}</span>
                    <span class="about">" " {meaning}</span>
                </dd>
            }
        })
        .collect_view();
    view! {
        <section class="digest">
            <h3>{title}</h3>
            {fault}
            <dl class="facts">{rows}</dl>
        </section>
    }
}

/// What a part of a challenge or of credentials means.
fn meaning(name: &str, value: &str) -> &'static str {
    let t = trace();
    match (name, value) {
        ("realm", _) => t.realm_means,
        ("nonce", _) => t.nonce_means,
        ("algorithm", _) => t.algorithm_means,
        ("qop", _) => t.qop_means,
        ("nc", _) => t.nc_means,
        ("cnonce", _) => t.cnonce_means,
        ("response", _) => t.response_means,
        ("stale", "true") => t.stale_means,
        ("username", _) => t.username_means,
        ("uri", _) => t.uri_means,
        _ => "",
    }
}

/// The text of a message with the names of its headers set apart, and its body below.
fn written(text: &str) -> impl IntoView + use<> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let start = lines.next().unwrap_or_default().to_owned();
    let lines = lines
        .map(|line| match line.split_once(':') {
            // A folded line belongs to the header above it.
            Some((name, value)) if !line.starts_with([' ', '\t']) => view! {
                <span class="header-name">{name.to_owned()}</span>
                {format!(":{value}\n")}
            }
            .into_any(),
            _ => format!("{line}\n").into_any(),
        })
        .collect_view();
    let body = (!body.is_empty()).then(|| {
        view! {
            <pre class="message body" tabindex="0">{body.to_owned()}</pre>
        }
    });
    view! {
        <pre class="message" tabindex="0"><span class="start-line">{format!("{start}\n")}</span>{lines}</pre>
        {body}
    }
}
