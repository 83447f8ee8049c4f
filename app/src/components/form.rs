//! A form that posts to its own page, and in the browser tells faults before it is sent.

use std::time::Duration;

use leptos::{ev::SubmitEvent, form::FromFormData, prelude::*};

use super::{Notice, NoticeKind};
use crate::form::{Draft, Opened, Refusal};

/// What is wrong with the form around a field.
#[derive(Clone, Copy)]
pub(super) struct Faults(RwSignal<Refusal>);

impl Faults {
    /// What is wrong at `field`, tracked.
    pub(super) fn at(field: &'static str) -> Signal<Option<String>> {
        let faults = use_context::<Self>();
        Signal::derive(move || faults.and_then(|f| f.0.with(|refusal| refusal.at(field))))
    }
}

/// The form of a draft `D`. Its fields are children that stand inside and find their errors by themselves.
#[component]
pub(crate) fn DraftForm<D: Draft>(opened: Opened<D>, children: Children) -> impl IntoView {
    let refusal = RwSignal::new(opened.refusal);
    let form = NodeRef::<leptos::html::Form>::new();
    let fields = {
        provide_context(Faults(refusal));
        children()
    };
    let check = check_before_sending::<D>(refusal, form);
    view! {
        <form class="form" method="post" novalidate node_ref=form on:submit=check>
            <Summary refusal />
            <input type="hidden" name="row_version" value=opened.row_version />
            {fields}
        </form>
    }
}

/// The server checks every form again: this only spares the way there.
fn check_before_sending<D: Draft>(
    refusal: RwSignal<Refusal>,
    form: NodeRef<leptos::html::Form>,
) -> impl Fn(SubmitEvent) + 'static {
    // A second press on the button must not send the form twice.
    let being_sent = StoredValue::new(false);
    move |event: SubmitEvent| {
        let Ok(draft) = D::from_event(&event) else { return };
        match draft.faults() {
            Ok(()) => {
                refusal.set(Refusal::default());
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

#[component]
fn Summary(refusal: RwSignal<Refusal>) -> impl IntoView {
    move || {
        let refusal = refusal.get();
        let text = match (&refusal.message, refusal.fields.len()) {
            _ if refusal.is_none() => return None,
            (Some(message), _) => message.clone(),
            (None, 1) => "One field needs another value.".to_owned(),
            (None, n) => format!("{n} fields need another value."),
        };
        let kind = if refusal.stale { NoticeKind::Caution } else { NoticeKind::Trouble };
        Some(view! { <Notice kind>{text}</Notice> })
    }
}

/// The end of a form: do it, or go back.
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
    view! {
        <div class="buttons">
            <button type="submit" class="button primary" class:danger=dangerous>
                {submit}
            </button>
            <a class="button" href=back>
                "Cancel"
            </a>
        </div>
    }
}
