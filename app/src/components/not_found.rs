//! The page for an address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

/// Answers 404 and shows a way on.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::answer_with(http::StatusCode::NOT_FOUND);
    view! {
        <Title text="Not found" />
        <div class="empty">
            <h1 class="title">"There is nothing here"</h1>
            <p>
                "The address is wrong, or what stood here has been deleted. "
                <a href="/">"Go to the dashboard"</a>
            </p>
        </div>
    }
}
