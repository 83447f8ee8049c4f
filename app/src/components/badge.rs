//! A word in a coloured pill. The word carries the meaning; the colour only helps to find it.

use domain::EndReason;
use leptos::prelude::*;

/// What a badge means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Neutral,
    Caution,
    Bad,
}

/// A short state.
#[component]
pub(crate) fn Badge(tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    let class = match tone {
        Tone::Good => "badge good",
        Tone::Neutral => "badge",
        Tone::Caution => "badge caution",
        Tone::Bad => "badge bad",
    };
    view! { <span class=class>{text}</span> }
}

/// Whether something is in use.
#[component]
pub(crate) fn OnOff(on: bool) -> impl IntoView {
    let t = crate::words::parts();
    if on {
        view! { <Badge tone=Tone::Good text=t.on /> }
    } else {
        view! { <Badge tone=Tone::Neutral text=t.off /> }
    }
}

/// Why a call ended; the sentence stands in its title.
#[component]
pub(crate) fn EndBadge(reason: EndReason) -> impl IntoView {
    let tone = match reason {
        EndReason::NormalClearing => Tone::Good,
        EndReason::CallerCancelled | EndReason::CalleeBusy | EndReason::CalleeRejected => Tone::Caution,
        EndReason::HungUpByOperator | EndReason::MaxDurationReached => Tone::Neutral,
        _ => Tone::Bad,
    };
    view! {
        <span title=crate::words::end_reason(reason)>
            <Badge tone text=reason.name() />
        </span>
    }
}
