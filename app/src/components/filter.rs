//! The filter bar above a long list: an ordinary GET form, so that every choice stands in the address.

use leptos::prelude::*;
use leptos_router::components::Form;

use super::{Options, SavedViews, field::option_list, or_empty};
use crate::words::parts;

/// The bar; its fields are children.
#[component]
pub(crate) fn FilterBar(action: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="asking">
        <search class="filter">
            <Form method="GET" action=action>
                {children()}
                <div class="filter-buttons">
                    <button type="submit" class="button primary">
                        {parts().show}
                    </button>
                    <a class="button" href=action>
                        {parts().reset}
                    </a>
                </div>
            </Form>
        </search>
        <SavedViews />
        </div>
    }
}

/// A text to filter by; `wrong` says what is wrong with it.
#[component]
pub(crate) fn FilterText(
    name: &'static str,
    label: &'static str,
    #[prop(into)] value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] placeholder: &'static str,
    #[prop(default = None)] wrong: Option<String>,
) -> impl IntoView {
    let fault = format!("{name}-fault");
    let is_wrong = wrong.is_some();
    let described = is_wrong.then(|| fault.clone());
    view! {
        <div class="filter-field" class:wrong=is_wrong>
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                value=value
                placeholder=placeholder
                maxlength="64"
                autocomplete="off"
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=described
            />
            {wrong
                .map(|text| {
                    view! {
                        <p class="fault" id=fault>
                            {text}
                        </p>
                    }
                })}
        </div>
    }
}

/// One of several to filter by; the empty value is "all".
#[component]
pub(crate) fn FilterChoice(
    name: &'static str,
    label: &'static str,
    #[prop(into)] value: String,
    options: Options,
) -> impl IntoView {
    let options = or_empty(parts().all, options);
    let options = option_list(options, &value);
    view! {
        <div class="filter-field">
            <label for=name>{label}</label>
            <select id=name name=name>
                {options}
            </select>
        </div>
    }
}
