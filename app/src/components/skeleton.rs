//! What stands where a page is being loaded for the first time.

use leptos::prelude::*;

use crate::words::parts;

/// Grey lines in the shape of a list. Screen readers hear that it is loading.
#[component]
pub(crate) fn Skeleton(#[prop(default = 8)] lines: usize) -> impl IntoView {
    let lines = (0..lines).map(|_| view! { <span class="skeleton-line"></span> }).collect_view();
    view! {
        <div class="skeleton" role="status" aria-busy="true">
            <span class="unseen">{parts().loading}</span>
            {lines}
        </div>
    }
}
