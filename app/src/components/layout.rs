//! What stands around every page: menu, top bar, flash.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};

use super::{Flash, Icon, Picture, ThemeToggle, crumbs::Crumbs, menu::Menu};

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
    let user = SharedValue::new(user_name).into_inner();
    view! {
                <a class="skip" href="#content">
                    "Skip to the content"
                </a>
                <div class="frame">
                    <header class="side">
        <div class="side-inner">
                        <a class="brand" href="/">
                            <Icon picture=Picture::Tandem />
                            "Tandem"
                        </a>
                        <div class="wide-menu">
                            <Menu />
                        </div>
                        <details class="narrow-menu" node_ref=menu>
                            <summary class="button quiet">
                                <Icon picture=Picture::Menu />
                                "Menu"
                            </summary>
                            <Menu />
                        </details>
    </div>
    </header>
                    <div class="main">
                        <section class="top" aria-label="Place and person">
                            <Crumbs />
                            <div class="person">
                                <span class="user" title="Logged in as">
                                    {user}
                                </span>
                                <ThemeToggle />
                                <form method="post" action="/logout" class="inline">
                                    <button type="submit" class="button quiet" title="Log out">
                                        <Icon picture=Picture::Leave />
                                        <span class="unseen">"Log out"</span>
                                    </button>
                                </form>
                            </div>
                        </section>
                        <main id="content" tabindex="-1">
                            <Flash />
                            <Outlet />
                        </main>
                    </div>
                </div>
            }
}

fn user_name() -> String {
    #[cfg(feature = "ssr")]
    return crate::server::session::user_name().unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    String::new()
}
