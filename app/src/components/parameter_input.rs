//! The control for a parameter's value: of the parameter's kind, with its unit and what is wrong with it.

use domain::{
    Parameter,
    parameter::{Beside, Kind, Unit, Value},
};
use leptos::prelude::*;

use super::{Badge, Options, Tone, field::option_list, form::Faults, unparsed::unparsed};
use crate::words::{fill, system};

/// A parameter's name as the label of its control, marks, and what it does.
#[component]
pub(crate) fn ParameterName(
    parameter: Parameter,
    /// More marks behind the name.
    #[prop(default = None)]
    marks: Option<AnyView>,
) -> impl IntoView {
    let name = parameter.name();
    let unbuilt = (!parameter.entry().built).then(|| {
        view! {
            <span title=system().unbuilt_title>
                <Badge tone=Tone::Neutral text=system().unbuilt />
            </span>
        }
    });
    view! {
        <div class="parameter-name">
            <label for=name>{breakable(name)}</label>
            {unbuilt}
            {marks}
            <p class="hint" id=format!("{name}-about")>
                {parameter.about()}
            </p>
        </div>
    }
}

/// A name that a narrow column breaks between its words.
fn breakable(name: &'static str) -> impl IntoView {
    name.split_inclusive('_').map(|word| view! { {word} <wbr /> }).collect_view()
}

/// The control. With an inherited value it may be left empty, and then says what it inherits.
#[component]
pub(crate) fn ParameterInput(
    parameter: Parameter,
    value: String,
    #[prop(default = None)] inherited: Option<String>,
) -> impl IntoView {
    let name = parameter.name();
    let fault = Faults::at(name, name);
    let unit = match parameter.entry().unit {
        Unit::None => None,
        unit => Some(view! { <span class="unit">{unit.to_string()}</span> }),
    };
    view! {
        <div class="field parameter-value" class:wrong=move || fault.get().is_some()>
            <div class="control">{control(parameter, value, inherited, fault)} {unit}</div>
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
        </div>
    }
}

fn control(
    parameter: Parameter,
    value: String,
    inherited: Option<String>,
    fault: Signal<Option<String>>,
) -> AnyView {
    let name = parameter.name();
    let invalid = move || fault.get().map(|_| "true");
    let described = move || match fault.get() {
        Some(_) => format!("{name}-fault {name}-about"),
        None => format!("{name}-about"),
    };
    let placeholder = inherited.clone().unwrap_or_default();
    if let Some(options) = options(parameter, inherited) {
        return view! {
            <select id=name name=name aria-invalid=invalid aria-describedby=described>
                {option_list(options, &value)}
            </select>
        }
        .into_any();
    }
    let keyboard = match &parameter.entry().kind {
        Kind::OnOff => {
            let on = parameter.parse(&value).is_ok_and(|value| value == Value::OnOff(true));
            return view! {
                <input
                    type="checkbox"
                    role="switch"
                    class="switch"
                    id=name
                    name=name
                    value="On"
                    checked=on
                    aria-describedby=described
                />
            }
            .into_any();
        }
        Kind::Numbers { .. } => {
            return view! {
                <textarea
                    id=name
                    name=name
                    rows="2"
                    spellcheck="false"
                    placeholder=placeholder
                    aria-invalid=invalid
                    aria-describedby=described
                >
                    {unparsed(&value)}
                </textarea>
            }
            .into_any();
        }
        // A word is no number, and a phone's keyboard of figures has no letters.
        Kind::Whole { beside: Beside::Word(_), .. } => "text",
        Kind::Whole { .. } => "numeric",
        _ => "text",
    };
    let figure = matches!(parameter.entry().kind, Kind::Whole { .. } | Kind::Amount(_));
    view! {
        <input
            type="text"
            id=name
            name=name
            value=value
            class:figure=figure
            inputmode=keyboard
            placeholder=placeholder
            autocomplete="off"
            spellcheck="false"
            maxlength="4000"
            aria-invalid=invalid
            aria-describedby=described
        />
    }
    .into_any()
}

/// What there is to choose from, if it is a choice: with something to inherit, On and Off are one as well.
fn options(parameter: Parameter, inherited: Option<String>) -> Option<Options> {
    let choices: Options = match &parameter.entry().kind {
        Kind::OnOff if inherited.is_some() => {
            ["On", "Off"].map(|value| (value.to_owned(), value.to_owned())).to_vec()
        }
        Kind::Choice(values) => values
            .iter()
            .map(|(value, meaning)| {
                let text =
                    if meaning.is_empty() { (*value).to_owned() } else { format!("{value}: {meaning}") };
                ((*value).to_owned(), text)
            })
            .collect(),
        _ => return None,
    };
    let inherits = inherited.map(|inherited| (String::new(), fill(system().inherited, &[&inherited])));
    Some(inherits.into_iter().chain(choices).collect())
}

/// A value with its unit, for reading.
pub(crate) fn with_unit(parameter: Parameter, value: &str) -> String {
    match parameter.entry().unit {
        _ if value.is_empty() => system().nothing.to_owned(),
        Unit::None => value.to_owned(),
        unit if value.bytes().all(|b| b.is_ascii_digit()) => format!("{value} {unit}"),
        _ => value.to_owned(),
    }
}
