//! The keyboard: `g` and a letter lead to a page, `/` to the search of the list, `?` shows all of them.

use leptos::{html::Dialog, prelude::*};

use super::{Icon, Picture, menu::menu};
use crate::words::{frame, parts};

/// The list of shortcuts as a dialog, and whoever listens to them.
#[component]
pub(crate) fn Shortcuts(palette: NodeRef<Dialog>) -> impl IntoView {
    let help = NodeRef::<Dialog>::new();
    listen(palette, help);
    view! {
        <dialog class="help" node_ref=help aria-labelledby="shortcuts-title">
            <form method="dialog" class="dialog-head">
                <h2 id="shortcuts-title">{frame().shortcuts}</h2>
                <button type="submit" class="button quiet small">
                    <Icon picture=Picture::Close />
                    <span class="unseen">{parts().dismiss}</span>
                </button>
            </form>
            <ShortcutList />
        </dialog>
    }
}

/// Every shortcut and what it does.
#[component]
pub(crate) fn ShortcutList() -> impl IntoView {
    let t = frame();
    let pages = menu()
        .into_iter()
        .flat_map(|group| group.entries)
        .map(|entry| {
            view! {
                <dt>
                    <kbd>"g"</kbd>
                    " "
                    <span class="faint">{t.shortcut_then}</span>
                    " "
                    <kbd>{entry.letter}</kbd>
                </dt>
                <dd>{entry.text}</dd>
            }
        })
        .collect_view();
    let others = [
        ("Ctrl K", t.shortcut_find),
        ("/", t.shortcut_search),
        ("?", t.shortcut_help),
        ("Esc", t.shortcut_close),
    ]
    .into_iter()
    .map(|(key, text)| {
        view! {
            <dt>
                <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
        }
    })
    .collect_view();
    view! { <dl class="keys" tabindex="0">{others} {pages}</dl> }
}

#[cfg(feature = "hydrate")]
fn listen(palette: NodeRef<Dialog>, help: NodeRef<Dialog>) {
    use std::time::Duration;

    use leptos::{
        ev,
        wasm_bindgen::JsCast,
        web_sys::{Element, HtmlElement},
    };
    use leptos_router::hooks::use_navigate;

    /// How long `g` waits for its letter.
    const PATIENCE: Duration = Duration::from_millis(1500);

    let navigate = use_navigate();
    let waits = StoredValue::new(None::<TimeoutHandle>);
    let stop_waiting = move || {
        waits.update_value(|waits| {
            if let Some(timer) = waits.take() {
                timer.clear();
            }
        });
    };
    let keys = window_event_listener(ev::keydown, move |event| {
        let dialog_open = document().query_selector("dialog[open]").ok().flatten().is_some();
        if event.key().eq_ignore_ascii_case("k") && (event.ctrl_key() || event.meta_key()) && !event.alt_key()
        {
            event.prevent_default();
            if !dialog_open && let Some(palette) = palette.get_untracked() {
                let _ = palette.show_modal();
            }
            return;
        }
        let writes =
            event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|element| {
                element.matches("input:not([type=checkbox]), textarea, select").unwrap_or(false)
            });
        if writes || dialog_open || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let key = event.key();
        if waits.with_value(Option::is_some) {
            stop_waiting();
            let page = menu().into_iter().flat_map(|group| group.entries).find(|entry| entry.letter == key);
            if let Some(page) = page {
                event.prevent_default();
                navigate(page.path, leptos_router::NavigateOptions::default());
            }
            return;
        }
        match key.as_str() {
            "g" => {
                let timer = set_timeout_with_handle(move || waits.set_value(None), PATIENCE).ok();
                waits.set_value(timer);
            }
            "?" => {
                if let Some(help) = help.get_untracked() {
                    let _ = help.show_modal();
                }
            }
            "/" => {
                let search = document().get_element_by_id("search");
                if let Some(search) = search.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
                    event.prevent_default();
                    let _ = search.focus();
                }
            }
            "Escape" => close_drops(None),
            _ => {}
        }
    });
    let clicks = window_event_listener(ev::click, move |event| {
        close_drops(event.target().and_then(|target| target.dyn_into::<Element>().ok()).as_ref());
    });
    on_cleanup(move || {
        keys.remove();
        clicks.remove();
    });
}

#[cfg(not(feature = "hydrate"))]
fn listen(_: NodeRef<Dialog>, _: NodeRef<Dialog>) {}

/// Closes every menu that hangs open, but for the one around `inside`.
#[cfg(feature = "hydrate")]
fn close_drops(inside: Option<&leptos::web_sys::Element>) {
    use leptos::{wasm_bindgen::JsCast, web_sys::Element};

    let kept = inside.and_then(|element| element.closest("details.drop").ok().flatten());
    let Ok(open) = document().query_selector_all("details.drop[open]") else { return };
    for place in 0..open.length() {
        let Some(drop) = open.get(place).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        if kept.as_ref() != Some(&drop) {
            let _ = drop.remove_attribute("open");
        }
    }
}
