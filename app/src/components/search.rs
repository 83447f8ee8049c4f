//! A search box above a list. The text stands in the address, so that a search can be sent to somebody.

use leptos::prelude::*;
use leptos_router::components::Form;

use super::{Icon, Picture};

/// Searches the list of the page at `action`.
#[component]
pub(crate) fn SearchBox(
    action: &'static str,
    label: &'static str,
    #[prop(into)] value: Signal<String>,
) -> impl IntoView {
    view! {
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
                <button type="submit" class="button small">
                    "Search"
                </button>
            </Form>
        </search>
    }
}
