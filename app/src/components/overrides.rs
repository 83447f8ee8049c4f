//! The signalling part of a gateway's form: its own values of parameters.

use std::collections::BTreeMap;

use domain::{
    Parameter,
    parameter::{Kind, Layering, Level, Topic},
};
use leptos::prelude::*;

use super::{ParameterInput, ParameterName, with_unit};
use crate::{
    form::Refusal,
    words::{fill, system as words},
};

/// What the system set, by name: what a gateway inherits where it differs from the default.
pub(crate) type SystemValues = BTreeMap<String, String>;

/// The values that differ from their defaults.
#[cfg(feature = "ssr")]
pub(crate) fn system_values(rows: Vec<domain::ParameterRow>) -> SystemValues {
    rows.into_iter().filter_map(|row| Some((row.parameter.to_string(), row.set?))).collect()
}

/// Whether one of the faults of a form lies in this part.
pub(crate) fn fault_in_overrides(refusal: &Refusal) -> bool {
    refusal.fields.iter().any(|fault| fault.field.parse::<Parameter>().is_ok())
}

/// A field for each parameter of which a gateway of this kind may have its own value, by topic.
#[component]
pub(crate) fn Overrides(
    level: Level,
    values: BTreeMap<String, String>,
    system: SystemValues,
) -> impl IntoView {
    let mut topics: Vec<(Topic, Vec<Parameter>)> = Vec::new();
    for parameter in Parameter::all().filter(|parameter| parameter.overridable_by(level)) {
        let topic = parameter.entry().topic;
        match topics.iter_mut().find(|(known, _)| *known == topic) {
            Some((_, parameters)) => parameters.push(parameter),
            None => topics.push((topic, vec![parameter])),
        }
    }
    let sections: Vec<_> = topics
        .into_iter()
        .map(|(topic, parameters)| {
            let rows: Vec<_> = parameters
                .into_iter()
                .map(|parameter| {
                    let value = values.get(parameter.name()).cloned().unwrap_or_default();
                    row(parameter, value, system.get(parameter.name()))
                })
                .collect();
            view! {
                <fieldset class="topic">
                    <legend>{topic.to_string()}</legend>
                    <ul>{rows}</ul>
                </fieldset>
            }
        })
        .collect();
    view! {
        <div class="own-values">
            <p class="hint">
                {words().inherits_hint}
            </p>
            {sections}
        </div>
    }
}

fn row(parameter: Parameter, value: String, system: Option<&String>) -> impl IntoView + use<> {
    let t = words();
    let (inherited, origin) = match system {
        Some(value) => (value.clone(), t.set_for_system),
        None => (parameter.default_value().to_string(), t.the_default),
    };
    let own = !value.is_empty();
    let tightens = (parameter.entry().layering == Layering::Tightens).then_some(t.only_shorter);
    // A choice shows by itself what it allows.
    let chooses = matches!(parameter.entry().kind, Kind::OnOff | Kind::Choice(_));
    let range = (!chooses).then(|| fill(t.allowed, &[&parameter.range()]));
    let verb = if own { t.instead_of } else { t.inherits };
    let shown = with_unit(parameter, &inherited);
    view! {
        <li class="parameter" class:own=own>
            <ParameterName parameter />
            <ParameterInput parameter value inherited=Some(inherited) />
            <p class="parameter-facts">
                {verb} <b>{shown}</b> {origin} {tightens} {range}
            </p>
        </li>
    }
}
