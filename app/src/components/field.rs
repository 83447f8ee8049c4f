//! The fields of a form: a label, the control with its unit, a hint, and what is wrong, tied together for screen readers.

use leptos::prelude::*;

use super::{Options, form::Faults, unparsed::unparsed};
use crate::words::parts;

fn described(name: &str, hint: &str, wrong: bool) -> Option<String> {
    let hint = (!hint.is_empty()).then(|| format!("{name}-hint"));
    let fault = wrong.then(|| format!("{name}-fault"));
    let ids: Vec<String> = fault.into_iter().chain(hint).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

fn hint_line(name: &str, hint: &'static str) -> Option<impl IntoView + use<>> {
    let id = format!("{name}-hint");
    (!hint.is_empty()).then(|| {
        view! {
            <p class="hint" id=id>
                {hint}
            </p>
        }
    })
}

#[component]
fn Frame(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    required: bool,
    fault: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    // The mark is for the eye; `aria-required` tells the rest.
    let mark = required.then(|| {
        view! {
            <span class="required" aria-hidden="true" title=parts().needed>
                "*"
            </span>
        }
    });
    view! {
        <div class="field" class:wrong=move || fault.get().is_some()>
            <span class="label-line">
                <label for=name>{label}</label>
                {mark}
            </span>
            {children()}
            {move || {
                fault
                    .get()
                    .map(|text| {
                        view! {
                            <p class="fault" id=format!("{name}-fault")>
                                {text}
                            </p>
                        }
                    })
            }}
            {hint_line(name, hint)}
        </div>
    }
}

/// One line of text.
#[component]
pub(crate) fn Text(
    /// As the draft's field is called.
    name: &'static str,
    label: &'static str,
    #[prop(into)] value: String,
    #[prop(optional)] hint: &'static str,
    /// `text`, `password` …
    #[prop(default = "text")]
    kind: &'static str,
    /// The keyboard that a phone shows: `text`, `numeric`, `decimal` …
    #[prop(default = "text")]
    keyboard: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] autofocus: bool,
    /// A figure: as wide as one, and aligned as one.
    #[prop(optional)]
    figure: bool,
    /// A word of a few letters.
    #[prop(optional)]
    short: bool,
    /// The form is refused without it.
    #[prop(optional)]
    required: bool,
    /// What the figure counts: `seconds`, `USD`.
    #[prop(into, optional)]
    unit: String,
    /// What can be chosen instead of typing: the value, and what it means.
    #[prop(optional)]
    suggestions: Options,
) -> impl IntoView {
    let fault = Faults::at(name, label);
    let list = (!suggestions.is_empty()).then(|| format!("{name}-list"));
    let suggested = list.clone().map(|id| {
        view! { <datalist id=id>{option_list(suggestions, "")}</datalist> }
    });
    let unit = (!unit.is_empty()).then(|| view! { <span class="unit">{unit}</span> });
    view! {
        <Frame name label hint required fault>
            <span class="control">
                <input
                    id=name
                    name=name
                    type=kind
                    value=value
                    class:figure=figure
                    class:short=short
                    inputmode=keyboard
                    autocomplete=autocomplete
                    autofocus=autofocus
                    list=list
                    spellcheck="false"
                    maxlength="4000"
                    aria-required=required.then_some("true")
                    aria-invalid=move || fault.get().map(|_| "true")
                    aria-describedby=move || described(name, hint, fault.get().is_some())
                />
                {unit}
                {suggested}
            </span>
        </Frame>
    }
}

/// Several lines of text.
#[component]
pub(crate) fn Area(
    name: &'static str,
    label: &'static str,
    #[prop(into)] value: String,
    #[prop(optional)] hint: &'static str,
    #[prop(default = 3)] rows: u32,
    /// The form is refused without it.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let fault = Faults::at(name, label);
    view! {
        <Frame name label hint required fault>
            <textarea
                id=name
                name=name
                rows=rows
                spellcheck="false"
                aria-required=required.then_some("true")
                aria-invalid=move || fault.get().map(|_| "true")
                aria-describedby=move || described(name, hint, fault.get().is_some())
            >
                {unparsed(&value)}
            </textarea>
        </Frame>
    }
}

/// One of several.
#[component]
pub(crate) fn Choice(
    name: &'static str,
    label: &'static str,
    #[prop(into)] value: String,
    options: Options,
    #[prop(optional)] hint: &'static str,
    /// The form is refused without it.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let fault = Faults::at(name, label);
    Faults::offers(name, &options);
    let options = option_list(options, &value);
    view! {
        <Frame name label hint required fault>
            <select
                id=name
                name=name
                aria-required=required.then_some("true")
                aria-invalid=move || fault.get().map(|_| "true")
                aria-describedby=move || described(name, hint, fault.get().is_some())
            >
                {options}
            </select>
        </Frame>
    }
}

/// The options of a `select`, the chosen one marked.
pub(super) fn option_list(options: Options, chosen: &str) -> impl IntoView + use<> {
    let chosen = chosen.to_owned();
    options
        .into_iter()
        .map(|(value, text)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {text}
                </option>
            }
        })
        .collect_view()
}

/// Yes or no. An unticked box sends nothing.
#[component]
pub(crate) fn Tick(
    name: &'static str,
    label: &'static str,
    #[prop(into)] value: String,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    // Registers its label, so that a conflict can name it.
    let _ = Faults::at(name, label);
    view! {
        <div class="field tick">
            <label>
                <input
                    type="checkbox"
                    name=name
                    id=name
                    value="on"
                    checked=!value.is_empty()
                    aria-describedby=described(name, hint, false)
                />
                {label}
            </label>
            {hint_line(name, hint)}
        </div>
    }
}
