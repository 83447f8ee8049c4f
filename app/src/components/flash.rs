//! The sentence that tells, on the next page, what was just done.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Notice, NoticeKind};

/// Shows the sentence that a form left behind, until the person goes to another page.
#[component]
pub(crate) fn Flash() -> impl IntoView {
    let said = SharedValue::new(left_behind).into_inner();
    let location = use_location();
    let at_first = (location.pathname.get_untracked(), location.search.get_untracked());
    let text = RwSignal::new(said);
    Effect::new(move |_| {
        if (location.pathname.get(), location.search.get()) != at_first {
            text.set(None);
        }
    });
    move || {
        text.get().map(|text| {
            view! { <Notice kind=NoticeKind::Done>{text}</Notice> }
        })
    }
}

fn left_behind() -> Option<String> {
    #[cfg(feature = "ssr")]
    return crate::server::flash::take();
    #[cfg(not(feature = "ssr"))]
    None
}
