//! The parts of a long form, one shown at a time.
//!
//! They are radio buttons and style only, so that they work without a script; all parts belong to one form and are sent
//! together. A part that holds a fault, or the field that the address names, is shown whichever is chosen.

use leptos::prelude::*;

use crate::words::system;

/// Two parts: the heads, and which is shown first.
#[component]
pub(crate) fn FormTabs(
    first: &'static str,
    second: &'static str,
    /// How many values the second part holds, shown beside its head.
    count: usize,
    /// Begins with the second part.
    at_second: bool,
    /// The first part.
    children: Children,
    /// The second part.
    more: Children,
) -> impl IntoView {
    let count = (count > 0).then(|| view! { <span class="tab-count">{count}</span> });
    view! {
        <div class="form-tabs">
            <fieldset class="tab-heads">
                <legend class="unseen">{system().part_of_form}</legend>
                <label>
                    <input type="radio" name="part" value="1" checked=!at_second />
                    <span>{first}</span>
                </label>
                <label>
                    <input type="radio" name="part" value="2" checked=at_second />
                    <span>{second} {count}</span>
                </label>
            </fieldset>
            <div class="tab-part one">{children()}</div>
            <div class="tab-part two">{more()}</div>
        </div>
    }
}
