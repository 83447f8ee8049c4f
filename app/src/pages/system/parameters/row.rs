//! One parameter on its page: name, control, and what is known about it.

use domain::{ParameterRow, parameter::Effect};
use leptos::prelude::*;

use super::{
    address, as_read,
    draft::{Edit, read_field},
    moment,
};
use crate::components::{Badge, ParameterInput, ParameterName, Tone, with_unit};

/// The row; `edit` is what was typed before, if it was not taken.
pub(super) fn row(row: ParameterRow, owners: i64, edit: Option<Edit>) -> impl IntoView {
    let parameter = row.parameter;
    let stands = row.value();
    let (value, read) = match edit {
        Some(edit) => {
            let read = as_read(edit.version, &edit.read);
            (edit.typed, read)
        }
        None => (stands.clone(), as_read(row.version, &stands)),
    };
    let is_set = row.set.is_some();
    let set = is_set.then(|| view! { <Badge tone=Tone::Caution text="changed" /> }.into_any());
    view! {
        <li class="parameter" class:own=is_set>
            <ParameterName parameter marks=set />
            <input type="hidden" name=read_field(parameter) value=read />
            <ParameterInput parameter value />
            {facts(row, owners)}
        </li>
    }
}

fn facts(row: ParameterRow, owners: i64) -> impl IntoView {
    let parameter = row.parameter;
    let entry = parameter.entry();
    let page = address(parameter);
    let default = with_unit(parameter, &parameter.default_value().to_string());
    let reset = row.set.is_some().then(|| {
        let label = format!("Reset {parameter}");
        view! { <a href=format!("{page}/reset") aria-label=label>"Reset …"</a> }
    });
    let gateways = (owners > 0).then(|| {
        let text = if owners == 1 { "1 gateway".to_owned() } else { format!("{owners} gateways") };
        view! {
            <span class="fact">
                <a href=format!("{page}#gateways") rel="external">
                    {text}
                </a>
                " with a value of its own"
            </span>
        }
    });
    let changed = row.last_change.map(|change| {
        view! { <span class="fact">{moment(change.at)} " by " {change.user_name}</span> }
    });
    let history = format!("About {parameter}, with its history");
    view! {
        <div class="parameter-facts">
            <span class="fact">"Default " <b>{default}</b></span>
            <span class="fact range">{parameter.range()}</span>
            <span class="fact">{effect(entry.effect)}</span>
            {gateways}
            {changed}
            <span class="fact links">
                {reset} <a href=page.clone() aria-label=history>
                    "History"
                </a>
            </span>
        </div>
    }
}

/// What a change reaches, in a few words.
pub(super) fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::NewCalls => "Reaches new calls",
        Effect::NewSessions => "Reaches new sessions",
        Effect::Immediately => "Reaches all at once",
    }
}

/// What a change reaches, in a sentence.
pub(super) fn effect_at_length(effect: Effect) -> &'static str {
    match effect {
        Effect::NewCalls => "Calls that begin afterwards. Calls in progress keep what they began with.",
        Effect::NewSessions => "Registrations and authentications that begin afterwards.",
        Effect::Immediately => "Everything, at once.",
    }
}
