//! A search box above a list. The text stands in the address, so that a search can be sent to somebody.

use leptos::prelude::*;
use leptos_router::components::Form;

use super::{Example, Icon, Picture, SavedViews};
use crate::{list::ListQuestion, words::parts};

/// What is searched for now.
pub(crate) struct Searched(Signal<String>);

impl From<Memo<ListQuestion>> for Searched {
    fn from(question: Memo<ListQuestion>) -> Self {
        Self(Signal::derive(move || question.with(|question| question.search.clone())))
    }
}

impl From<String> for Searched {
    fn from(text: String) -> Self {
        Self(Signal::stored(text))
    }
}

/// Searches the list of the page at `action`. `/` on the keyboard leads here.
#[component]
pub(crate) fn SearchBox(
    #[prop(into)] action: String,
    label: &'static str,
    #[prop(into)] value: Searched,
) -> impl IntoView {
    let value = value.0;
    // The search over everything is no list to keep.
    let is_list = action != "/search" && use_context::<Example>().is_none();
    let views = is_list.then(|| view! { <SavedViews /> });
    view! {
        <div class="asking">
        <search class="search">
            <Form method="GET" action=action>
                <label class="unseen" for="search">
                    {label}
                </label>
                <Icon picture=Picture::Search />
                <input
                    id="search"
                    name="search"
                    type="search"
                    placeholder=label
                    maxlength="64"
                    value=move || value.get()
                />
                <kbd class="needs-script" aria-hidden="true">"/"</kbd>
                <button type="submit" class="button small">
                    {parts().search}
                </button>
            </Form>
        </search>
        {views}
        </div>
    }
}
