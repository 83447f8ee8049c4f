//! What stands where a list has nothing to show.

use leptos::prelude::*;

/// Says that there is nothing, and what to do next.
#[component]
pub(crate) fn Empty(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="title">{title}</p>
            <p>{children()}</p>
        </div>
    }
}
