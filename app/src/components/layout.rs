//! What stands around every page: menu, top bar, flash.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};

use super::{
    Flash, Icon, NotFound, Picture, ThemeToggle, crumbs::Crumbs, look::LookMenu, menu::Menu,
    palette::Palette, shortcuts::Shortcuts,
};
use crate::{
    access::{is_closed, who},
    words::frame,
};

/// The frame of all pages behind the log-in.
#[component]
pub(crate) fn Layout() -> impl IntoView {
    let menu = NodeRef::<leptos::html::Details>::new();
    let here = use_location().pathname;
    Effect::new(move |_| {
        here.track();
        if let Some(menu) = menu.get() {
            menu.set_open(false);
        }
    });
    let user = who().map(|who| who.name).unwrap_or_default();
    let palette = NodeRef::<leptos::html::Dialog>::new();
    let t = frame();
    view! {
        <a class="skip" href="#content">
            {t.skip}
        </a>
        <div class="frame">
            <header class="side">
                <div class="side-inner">
                    <a class="brand" href="/">
                        <Icon picture=Picture::Tandem />
                        {t.tandem}
                    </a>
                    <div class="wide-menu">
                        <Menu />
                    </div>
                    <details class="narrow-menu" node_ref=menu>
                        <summary class="button quiet">
                            <Icon picture=Picture::Menu />
                            {t.menu}
                        </summary>
                        <Menu />
                    </details>
                </div>
            </header>
            <div class="main">
                <section class="top" aria-label=t.place_and_person>
                    <Crumbs />
                    <div class="person">
                        <Palette dialog=palette />
                        <LookMenu />
                        <ThemeToggle />
                        <a class="user" href="/me" title=t.logged_in_as>
                            {user}
                        </a>
                        <form method="post" action="/logout" class="inline">
                            <button type="submit" class="button quiet" title=t.log_out>
                                <Icon picture=Picture::Leave />
                                <span class="unseen">{t.log_out}</span>
                            </button>
                        </form>
                    </div>
                </section>
                <main id="content" tabindex="-1">
                    <Flash />
                    <Show when=move || !here.with(|here| is_closed(here)) fallback=NotFound>
                        <Outlet />
                    </Show>
                </main>
            </div>
        </div>
        <Shortcuts palette />
    }
}
