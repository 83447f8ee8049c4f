//! A gateway's own values of parameters, as the last part of its form.

use std::collections::BTreeMap;

use domain::{Parameter, parameter::Level};
use leptos::prelude::*;

use super::Text;

/// A field for each parameter of which a gateway of this kind may have its own value. Closed as long as it has none: every
/// field is sent all the same, so that saving loses nothing.
#[component]
pub(crate) fn Overrides(level: Level, values: BTreeMap<String, String>) -> impl IntoView {
    let open = !values.is_empty();
    let fields: Vec<_> = Parameter::all()
        .filter(|parameter| parameter.overridable_by(level))
        .map(|parameter| {
            let value = values.get(parameter.name()).cloned().unwrap_or_default();
            view! { <Text name=parameter.name() label=parameter.name() value hint=parameter.about() /> }
        })
        .collect();
    view! {
        <details class="own-values" open=open>
            <summary>"Its own values of parameters"</summary>
            <p class="hint">"An empty field takes the system’s value."</p>
            {fields}
        </details>
    }
}
