//! The head of a page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::unparsed::unparsed;

/// The page's name, and what can be done on it at the right.
#[component]
pub(crate) fn PageHead(
    #[prop(into)] title: String,
    /// A sentence below the name.
    #[prop(into, optional)]
    about: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <Title text=unparsed(&title) />
        <div class="page-head">
            <div>
                <h1>{title}</h1>
                {(!about.is_empty()).then(|| view! { <p class="about">{about}</p> })}
            </div>
            {children.map(|actions| view! { <div class="actions">{actions()}</div> })}
        </div>
    }
}
