//! Light or dark: as the system has it, until a person chooses. The choice is a cookie, so that the server renders it.

use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_location;

use crate::words::frame;

/// The button that changes between light and dark. Without JavaScript it is a form.
#[component]
pub(crate) fn ThemeToggle() -> impl IntoView {
    let location = use_location();
    let here = move || {
        let (path, query) = (location.pathname.get(), location.search.get());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    };
    view! {
        <form method="post" action="/theme" on:submit=change class="inline">
            <input type="hidden" name="back" value=here />
            <button type="submit" class="button quiet" title=frame().light_or_dark>
                <super::Icon picture=super::Picture::Light />
                <span class="unseen">{frame().light_or_dark}</span>
            </button>
        </form>
    }
}

#[cfg(feature = "hydrate")]
fn change(event: SubmitEvent) {
    use leptos::wasm_bindgen::JsCast;

    let Some(window) = web_sys::window() else { return };
    let Some(document) = window.document() else { return };
    let Some(root) = document.document_element() else { return };
    let system_is_dark =
        window.match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|m| m.matches());
    let is_dark = root.get_attribute("data-theme").map_or(system_is_dark, |theme| theme == "dark");
    let theme = if is_dark { "light" } else { "dark" };
    let Some(cookies) = document.dyn_ref::<web_sys::HtmlDocument>() else { return };
    let cookie = format!("theme={theme}; Path=/; Max-Age=31536000; SameSite=Lax");
    if root.set_attribute("data-theme", theme).is_ok() && cookies.set_cookie(&cookie).is_ok() {
        event.prevent_default();
    }
}

#[cfg(not(feature = "hydrate"))]
fn change(_: SubmitEvent) {}
