//! The command palette: any page, account or gateway by its name, calls by a number. Without a script its button leads to the
//! search page, which finds the same.

use leptos::{html::Dialog, prelude::*};

use super::{Icon, Picture};
use crate::{
    pages::search::{Found, load_palette},
    words::{frame, parts},
};

/// The button, and the dialog that it opens.
#[component]
pub(crate) fn Palette(dialog: NodeRef<Dialog>) -> impl IntoView {
    let t = frame();
    let open = move |event: leptos::ev::MouseEvent| {
        if let Some(dialog) = dialog.get_untracked()
            && dialog.show_modal().is_ok()
        {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    view! {
        <a class="find" href="/search" title=t.find on:click=open>
            <Icon picture=Picture::Search />
            <span class="find-text">{t.find_short}</span>
            <kbd class="needs-script" aria-hidden="true">
                "Ctrl K"
            </kbd>
        </a>
        <dialog class="palette" node_ref=dialog aria-label=t.find>
            <Finder dialog />
        </dialog>
    }
}

/// How long a person's fingers rest before the server is asked, in milliseconds.
const REST: u64 = 120;

#[component]
fn Finder(dialog: NodeRef<Dialog>) -> impl IntoView {
    let t = frame();
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Vec<Found>>);
    let chosen = RwSignal::new(0usize);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let ask = move || {
        let asked = text.get_untracked();
        leptos::task::spawn_local(async move {
            let answer = load_palette(asked.clone()).await.unwrap_or_default();
            // An answer to what is not asked any more comes too late.
            if text.try_get_untracked() == Some(asked) {
                found.set(Some(answer));
                chosen.set(0);
            }
        });
    };
    let typed = move |event| {
        text.set(event_target_value(&event));
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        timer.set_value(set_timeout_with_handle(ask, std::time::Duration::from_millis(REST)).ok());
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let go = go_to(close);
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let count = found.with_untracked(|found| found.as_ref().map_or(0, Vec::len));
        match event.key().as_str() {
            "ArrowDown" if count > 0 => chosen.update(|place| *place = (*place + 1) % count),
            "ArrowUp" if count > 0 => chosen.update(|place| *place = (*place + count - 1) % count),
            "Enter" => {
                let path = found.with_untracked(|found| {
                    found.as_ref().and_then(|found| Some(found.get(chosen.get_untracked())?.path.clone()))
                });
                if let Some(path) = path {
                    go.run(path);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let results = move || {
        let Some(found) = found.get() else { return ().into_any() };
        options("found", found, chosen, go).into_any()
    };
    let active = move || {
        found
            .with(|found| found.as_ref().is_some_and(|f| !f.is_empty()))
            .then(|| format!("found-{}", chosen.get()))
    };
    view! {
        <div class="palette-head">
            <Icon picture=Picture::Search />
            <input
                type="text"
                role="combobox"
                aria-label=t.find
                aria-expanded="true"
                aria-controls="found"
                aria-autocomplete="list"
                aria-activedescendant=active
                placeholder=t.find
                autocomplete="off"
                spellcheck="false"
                maxlength="64"
                autofocus
                prop:value=text
                on:input=typed
                on:keydown=keys
                on:focus=move |_| ask()
            />
            <button type="button" class="button quiet small" on:click=move |_| close()>
                <Icon picture=Picture::Close />
                <span class="unseen">{parts().dismiss}</span>
            </button>
        </div>
        <ul id="found" class="palette-found" role="listbox" aria-label=t.results>
            {results}
        </ul>
        <p class="palette-foot faint">{t.choose_keys}</p>
    }
}

/// What was found, one of it chosen; `id` is the list's.
fn options(
    id: &'static str,
    found: Vec<Found>,
    chosen: RwSignal<usize>,
    go: Callback<String>,
) -> impl IntoView {
    if found.is_empty() {
        let nothing = frame().nothing_found;
        return view! { <li class="palette-none" role="option" aria-disabled="true">{nothing}</li> }
            .into_any();
    }
    let option = move |(place, Found { kind, title, path }): (usize, Found)| {
        view! {
            <li
                role="option"
                id=format!("{id}-{place}")
                aria-selected=move || (chosen.get() == place).to_string()
                on:pointermove=move |_| chosen.set(place)
                on:click=move |_| go.run(path.clone())
            >
                <span>{title}</span>
                <span class="faint">{kind.text()}</span>
            </li>
        }
    };
    found.into_iter().enumerate().map(option).collect_view().into_any()
}

/// The palette as it looks when something was asked: for the style guide.
#[component]
pub(crate) fn PaletteBox(
    /// Of its list.
    id: &'static str,
    #[prop(into)] asked: String,
    found: Vec<Found>,
) -> impl IntoView {
    let t = frame();
    let results = options(id, found, RwSignal::new(0), go_to(|| ()));
    view! {
        <div class="palette-head">
            <Icon picture=Picture::Search />
            <input type="text" aria-label=t.find placeholder=t.find value=asked readonly />
        </div>
        <ul id=id class="palette-found" role="listbox" aria-label=t.results>
            {results}
        </ul>
        <p class="palette-foot faint">{t.choose_keys}</p>
    }
}

#[cfg(feature = "hydrate")]
fn go_to(close: impl Fn() + Copy + Send + Sync + 'static) -> Callback<String> {
    let navigate = leptos_router::hooks::use_navigate();
    let navigate = StoredValue::new_local(navigate);
    Callback::new(move |path: String| {
        close();
        navigate.with_value(|navigate| navigate(&path, leptos_router::NavigateOptions::default()));
    })
}

#[cfg(not(feature = "hydrate"))]
fn go_to(_: impl Fn() + Copy + Send + Sync + 'static) -> Callback<String> {
    Callback::new(|_: String| {})
}
