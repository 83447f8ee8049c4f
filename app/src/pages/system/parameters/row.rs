//! One parameter on its page: name, control, and what is known about it.

use domain::{ParameterRow, parameter::Effect};
use leptos::prelude::*;

use super::{
    address, as_read,
    draft::{Edit, read_field},
};
use crate::{
    access::may_open,
    components::{Badge, Moment, ParameterInput, ParameterName, Tone, with_unit},
    words::{fill, system},
};

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
    let set = is_set.then(|| view! { <Badge tone=Tone::Caution text=system().changed /> }.into_any());
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
    let (t, entry) = (system(), parameter.entry());
    let page = address(parameter);
    let default = with_unit(parameter, &parameter.default_value().to_string());
    let reset = (row.set.is_some() && may_open(&format!("{page}/reset"))).then(|| {
        let label = fill(t.reset_of, &[parameter.name()]);
        view! { <a href=format!("{page}/reset") aria-label=label>{t.reset_more}</a> }
    });
    let gateways = (owners > 0).then(|| {
        let text = if owners == 1 { t.one_owner.to_owned() } else { fill(t.owners, &[&owners.to_string()]) };
        view! {
            <span class="fact">
                <a href=format!("{page}#gateways") rel="external">
                    {text}
                </a>
                {t.with_own}
            </span>
        }
    });
    let changed = row.last_change.map(|change| {
        view! { <span class="fact"><Moment at=change.at /> " " {fill(t.by, &[&change.user_name])}</span> }
    });
    let history = fill(t.history_of, &[parameter.name()]);
    view! {
        <div class="parameter-facts">
            <span class="fact">{t.default} " " <b>{default}</b></span>
            <span class="fact range">{parameter.range()}</span>
            <span class="fact">{effect(entry.effect)}</span>
            {gateways}
            {changed}
            <span class="fact links">
                {reset} <a href=page.clone() aria-label=history>
                    {t.history}
                </a>
            </span>
        </div>
    }
}

/// What a change reaches, in a few words.
pub(super) fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::NewCalls => system().reaches_new_calls,
        Effect::NewSessions => system().reaches_new_sessions,
        Effect::Immediately => system().reaches_all,
    }
}

/// What a change reaches, in a sentence.
pub(super) fn effect_at_length(effect: Effect) -> &'static str {
    match effect {
        Effect::NewCalls => system().new_calls_long,
        Effect::NewSessions => system().new_sessions_long,
        Effect::Immediately => system().all_long,
    }
}
