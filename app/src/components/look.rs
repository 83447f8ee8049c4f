//! The choices of the look: density, time zone, language. Each is a form, so that it works without JavaScript.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Icon, Picture};
use crate::{
    preferences::preference,
    words::{Language, frame, language},
};

/// The menu of choices.
#[component]
pub(crate) fn LookMenu() -> impl IntoView {
    let t = frame();
    let is = |name: &str, value: &str| preference(name).as_deref() == Some(value);
    let compact = is("density", "compact");
    let utc = is("times", "utc");
    let languages = Language::ALL.map(|l| (l.tag(), l.name(), l == language())).to_vec();
    view! {
        <details class="drop">
            <summary class="button quiet" title=t.look>
                <Icon picture=Picture::Look />
                <span class="unseen">{t.look}</span>
            </summary>
            <div class="drop-box look">
                <Choices
                    name="density"
                    title=t.density
                    choices=vec![("comfortable", t.comfortable, !compact), ("compact", t.compact, compact)]
                />
                <Choices
                    name="times"
                    title=t.times
                    choices=vec![("local", t.times_local, !utc), ("utc", t.times_utc, utc)]
                />
                <Choices name="language" title=t.language choices=languages />
            </div>
        </details>
    }
}

/// The value sent, its text, and whether it is the one in force.
type Choice = (&'static str, &'static str, bool);

#[component]
fn Choices(name: &'static str, title: &'static str, choices: Vec<Choice>) -> impl IntoView {
    let location = use_location();
    let here = move || {
        let (path, query) = (location.pathname.get(), location.search.get());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    };
    let buttons = choices
        .into_iter()
        .map(|(value, text, chosen)| {
            let lang = (name == "language").then_some(value);
            view! {
                <button type="submit" name="value" value=value class="choice" aria-pressed=chosen.to_string() lang=lang>
                    {text}
                </button>
            }
        })
        .collect_view();
    view! {
        <form method="post" action="/preferences">
            <input type="hidden" name="name" value=name />
            <input type="hidden" name="back" value=here />
            <fieldset>
                <legend>{title}</legend>
                {buttons}
            </fieldset>
        </form>
    }
}
