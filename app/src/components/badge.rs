//! A word in a coloured pill. The word carries the meaning; the colour only helps to find it.

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
