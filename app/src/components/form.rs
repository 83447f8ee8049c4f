//! A form that posts to its own page, and in the browser tells faults before it is sent.

use std::time::Duration;

use leptos::{ev::SubmitEvent, form::FromFormData, prelude::*};
use leptos_router::hooks::use_location;

use super::{Moment, Notice, NoticeKind, Options, unsaved::Unsaved};
use crate::{
    access::may_send,
    form::{Changed, Draft, Opened, Refusal},
    words::{fill, parts, told},
};

/// What is wrong with the form around a field, and how the fields are called.
#[derive(Clone, Copy)]
pub(super) struct Faults {
    refusal: RwSignal<Refusal>,
    labels: StoredValue<Vec<(&'static str, &'static str)>>,
    options: StoredValue<Vec<(&'static str, Options)>>,
}

impl Faults {
    /// What is wrong at `field`, tracked. The form learns the field's label.
    pub(super) fn at(field: &'static str, label: &'static str) -> Signal<Option<String>> {
        let faults = use_context::<Self>();
        if let Some(faults) = faults {
            faults.labels.update_value(|labels| labels.push((field, label)));
        }
        Signal::derive(move || faults.and_then(|f| f.refusal.with(|refusal| refusal.at(field))))
    }

    /// The form learns what the choices of `field` are called.
    pub(super) fn offers(field: &'static str, offered: &Options) {
        if let Some(faults) = use_context::<Self>() {
            faults.options.update_value(|options| options.push((field, offered.clone())));
        }
    }

    /// A value as the field shows it.
    fn shown(self, field: &str, value: String) -> String {
        self.options.with_value(|options| {
            let offered = options.iter().find(|(name, _)| *name == field).map(|(_, offered)| offered);
            let text = offered.and_then(|offered| offered.iter().find(|(sent, _)| *sent == value));
            text.map(|(_, text)| text.clone()).unwrap_or(value)
        })
    }

    fn label(self, field: &str) -> Option<&'static str> {
        self.labels
            .with_value(|labels| labels.iter().find(|(name, _)| *name == field).map(|(_, label)| *label))
    }
}

/// Stands in the context of forms that are only shown: leaving them loses nothing.
#[derive(Clone, Copy)]
pub(crate) struct Example;

/// The form of a draft `D`. Its fields are children that stand inside and find their errors by themselves.
#[component]
pub(crate) fn DraftForm<D: Draft>(
    opened: Opened<D>,
    /// What is told when somebody else has changed the thing meanwhile, with a place for its name.
    #[prop(default = parts().conflict)]
    conflict: &'static str,
    children: Children,
) -> impl IntoView {
    let refusal = RwSignal::new(opened.refusal);
    let form = NodeRef::<leptos::html::Form>::new();
    let faults =
        Faults { refusal, labels: StoredValue::new(Vec::new()), options: StoredValue::new(Vec::new()) };
    let fields = {
        provide_context(faults);
        children()
    };
    // Who may only look sees the values and cannot type.
    let fields = match can_be_sent() {
        true => fields.into_any(),
        false => view! {
            <fieldset class="read-only" disabled>
                {fields}
            </fieldset>
        }
        .into_any(),
    };
    // What came back refused is as unsaved as what is being typed.
    let only_shown = use_context::<Example>().is_some();
    let unsaved = RwSignal::new(!only_shown && !refusal.with_untracked(Refusal::is_none));
    let check = check_before_sending::<D>(refusal, unsaved, form);
    view! {
        <form class="form" method="post" novalidate node_ref=form on:submit=check on:input=move |_| unsaved.set(true)>
            <Summary faults conflict />
            {opened.now.map(|now| differences(now, faults))}
            <input type="hidden" name="row_version" value=opened.row_version />
            {fields}
        </form>
        <Unsaved unsaved />
    }
}

/// Whether the form of this page can be sent; one that is only shown looks as if.
fn can_be_sent() -> bool {
    use_context::<Example>().is_some() || may_send(&use_location().pathname.get_untracked())
}

/// The server checks every form again: this only spares the way there.
fn check_before_sending<D: Draft>(
    refusal: RwSignal<Refusal>,
    unsaved: RwSignal<bool>,
    form: NodeRef<leptos::html::Form>,
) -> impl Fn(SubmitEvent) + 'static {
    // A second press on the button must not send the form twice.
    let being_sent = StoredValue::new(false);
    let only_shown = use_context::<Example>().is_some();
    move |event: SubmitEvent| {
        if only_shown {
            return event.prevent_default();
        }
        let Ok(draft) = D::from_event(&event) else {
            unsaved.set(false);
            return;
        };
        match draft.faults() {
            Ok(()) => {
                refusal.set(Refusal::default());
                unsaved.set(false);
                if being_sent.get_value() {
                    event.prevent_default();
                } else {
                    being_sent.set_value(true);
                    // Not for ever: the browser keeps this page as it is for the way back.
                    set_timeout(move || being_sent.set_value(false), Duration::from_secs(4));
                }
            }
            Err(invalid) => {
                event.prevent_default();
                refusal.set(invalid.into());
                focus_first_fault(form);
            }
        }
    }
}

fn focus_first_fault(form: NodeRef<leptos::html::Form>) {
    request_animation_frame(move || {
        use leptos::{wasm_bindgen::JsCast, web_sys::HtmlElement};
        let first = form.get_untracked().and_then(|f| f.query_selector("[aria-invalid=true]").ok().flatten());
        if let Some(first) = first.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
            let _ = first.focus();
        }
    });
}

/// What is wrong, in one place, with a link to each field.
#[component]
fn Summary(faults: Faults, conflict: &'static str) -> impl IntoView {
    let t = parts();
    move || {
        let refusal = faults.refusal.get();
        let text = match (&refusal.message, refusal.fields.len()) {
            _ if refusal.is_none() => return None,
            (Some(subject), _) if refusal.stale => fill(conflict, &[&told(subject)]),
            (Some(message), _) => message.clone(),
            (None, 1) => t.one_field.to_owned(),
            (None, n) => fill(t.several_fields, &[&n.to_string()]),
        };
        let kind = if refusal.stale { NoticeKind::Caution } else { NoticeKind::Trouble };
        let by = refusal.changed.clone().map(changed_by);
        let links: Vec<_> = refusal
            .fields
            .iter()
            .filter_map(|fault| Some((fault.field.clone(), faults.label(&fault.field)?)))
            .map(|(field, label)| view! { <li><a href=format!("#{field}") rel="external">{label}</a></li> })
            .collect();
        let links = (!links.is_empty()).then(|| view! { <ul class="fault-links">{links}</ul> });
        Some(view! { <Notice kind>{text} {by} {links}</Notice> })
    }
}

fn changed_by(changed: Changed) -> impl IntoView {
    let text = parts().changed_by;
    let (before, rest) = text.split_once("{}").unwrap_or((text, ""));
    let (between, after) = rest.split_once("{}").unwrap_or((rest, ""));
    view! {
        " "
        {before}
        <strong>{changed.by}</strong>
        {between}
        <Moment at=changed.at />
        {after}
    }
}

/// Both values of each field that is another one now.
fn differences(now: Vec<crate::form::Difference>, faults: Faults) -> impl IntoView {
    let t = parts();
    let shown = |text: String| {
        if text.is_empty() {
            view! { <span class="faint">{t.empty_value}</span> }.into_any()
        } else {
            text.into_any()
        }
    };
    let rows: Vec<_> = now
        .into_iter()
        .map(|difference| {
            let yours = faults.shown(&difference.field, difference.yours);
            let now = faults.shown(&difference.field, difference.now);
            let label = faults.label(&difference.field).map_or(difference.field, str::to_owned);
            view! {
                <tr>
                    <th scope="row">{label}</th>
                    <td>{shown(yours)}</td>
                    <td>{shown(now)}</td>
                </tr>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <table class="differences">
                <thead>
                    <tr>
                        <th scope="col">{t.field}</th>
                        <th scope="col">{t.your_value}</th>
                        <th scope="col">{t.value_now}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
    })
}

/// The end of a form: do it, or go back. It stays in sight while a long form scrolls.
#[component]
pub(crate) fn Buttons(
    /// What pressing it does, as a verb.
    #[prop(into)]
    submit: String,
    /// Where giving up leads.
    #[prop(into)]
    back: String,
    /// The action destroys something.
    #[prop(optional)]
    dangerous: bool,
) -> impl IntoView {
    // Who may only look sees the values and nothing to press.
    let may_send = can_be_sent();
    view! {
        <div class="buttons">
            {may_send
                .then(|| {
                    view! {
                        <button type="submit" class="button primary" class:danger=dangerous>
                            {submit}
                        </button>
                    }
                })}
            <a class="button" href=back>
                {parts().cancel}
            </a>
        </div>
    }
}
