//! The page for an address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

/// Answers 404 and shows a way on.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::answer_with(http::StatusCode::NOT_FOUND);
    let t = crate::words::parts();
    view! {
        <Title text=t.not_found />
        <div class="empty">
            <h1 class="title">{t.nothing_here}</h1>
            <p>
                {t.nothing_here_text}
                <a href="/">{t.to_dashboard}</a>
            </p>
        </div>
    }
}
