//! Asks before a person leaves a form whose changes are not saved: by a link of the portal with a dialog, by closing the
//! window with the browser's own question.

use leptos::{html::Dialog, prelude::*};

use crate::words::parts;

/// Stands beside a form; `unsaved` tells whether there is something to lose.
#[component]
pub(super) fn Unsaved(unsaved: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let wanted = RwSignal::new(None::<String>);
    Effect::new(move |_| watch(unsaved, dialog, wanted));
    let leave = leave(unsaved, dialog, wanted);
    view! {
        <dialog node_ref=dialog aria-labelledby="unsaved-title" class="question">
            <UnsavedQuestion title="unsaved-title" leave />
        </dialog>
    }
}

/// What the dialog asks.
#[component]
pub(crate) fn UnsavedQuestion(
    /// The id of its title.
    title: &'static str,
    #[prop(optional)] leave: Option<Callback<()>>,
) -> impl IntoView {
    let t = parts();
    let left = move |_| {
        if let Some(leave) = leave {
            leave.run(());
        }
    };
    view! {
        <div class="dialog-head">
            <h2 id=title>{t.unsaved}</h2>
        </div>
        <form method="dialog" class="dialog-body">
            <p>{t.unsaved_text}</p>
            <div class="buttons plain">
                <button type="submit" class="button primary">
                    {t.stay}
                </button>
                <button type="button" class="button danger" on:click=left>
                    {t.leave}
                </button>
            </div>
        </form>
    }
}

#[cfg(feature = "hydrate")]
fn leave(unsaved: RwSignal<bool>, dialog: NodeRef<Dialog>, wanted: RwSignal<Option<String>>) -> Callback<()> {
    Callback::new(move |()| {
        unsaved.set(false);
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        if let Some(address) = wanted.get_untracked() {
            let _ = window().location().assign(&address);
        }
    })
}

#[cfg(not(feature = "hydrate"))]
fn leave(_: RwSignal<bool>, _: NodeRef<Dialog>, _: RwSignal<Option<String>>) -> Callback<()> {
    Callback::new(|()| {})
}

#[cfg(feature = "hydrate")]
fn watch(unsaved: RwSignal<bool>, dialog: NodeRef<Dialog>, wanted: RwSignal<Option<String>>) {
    use leptos::{
        ev,
        wasm_bindgen::{JsCast, closure::Closure},
        web_sys::{Element, Event},
    };

    let closing = window_event_listener(ev::beforeunload, move |event| {
        if unsaved.get_untracked() {
            event.prevent_default();
        }
    });
    // Links are caught on the way down, before the router takes them.
    let links = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if !unsaved.try_get_untracked().unwrap_or(false) {
            return;
        }
        let link = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|element| element.closest("a[href]").ok().flatten());
        let Some(link) = link else { return };
        let href = link.get_attribute("href").unwrap_or_default();
        if href.starts_with('#') || link.has_attribute("download") || link.has_attribute("target") {
            return;
        }
        if let Some(dialog) = dialog.get_untracked()
            && dialog.show_modal().is_ok()
        {
            event.prevent_default();
            event.stop_propagation();
            wanted.set(Some(href));
        }
    });
    let listener = links.as_ref().unchecked_ref();
    if document().add_event_listener_with_callback_and_bool("click", listener, true).is_err() {
        return;
    }
    let links = StoredValue::new_local(links);
    on_cleanup(move || {
        closing.remove();
        links.with_value(|links| {
            let listener = links.as_ref().unchecked_ref();
            let _ = document().remove_event_listener_with_callback_and_bool("click", listener, true);
        });
    });
}

#[cfg(not(feature = "hydrate"))]
fn watch(_: RwSignal<bool>, _: NodeRef<Dialog>, _: RwSignal<Option<String>>) {}
