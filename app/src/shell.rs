//! The HTML document around the portal, and its root.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::Router;

use crate::routes::Pages;

/// The portal. The browser takes it over inside the body that the server has rendered.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    #[cfg(feature = "ssr")]
    provide_context(crate::server::document::language());
    provide_context(SharedValue::new(asked_by).into_inner());
    crate::preferences::Zone::provide();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Tandem".to_owned() } else { format!("{title} — Tandem") } />
        <Router>
            <Pages />
        </Router>
    }
}

/// The person for whom the page is rendered; it travels to the browser with the page.
fn asked_by() -> Option<crate::access::Who> {
    #[cfg(feature = "ssr")]
    return crate::server::session::person().map(|person| person.who());
    #[cfg(not(feature = "ssr"))]
    None
}

/// Tells whoever drives the browser that buttons are alive now.
#[cfg(feature = "hydrate")]
pub(crate) fn mark_taken_over() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
}

/// Shows that a page was asked for and its part has still to come; nothing on the server, which has all parts.
pub(crate) fn mark_on_the_way(is_on_the_way: bool) {
    #[cfg(feature = "hydrate")]
    if let Some(root) = document().document_element() {
        let _ = root.toggle_attribute_with_force("data-on-the-way", is_on_the_way);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = is_on_the_way;
}

/// Lets the browser ask the server for the page at `address`, instead of making it itself.
pub(crate) fn open_anew(address: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(window) = web_sys::window()
        && window.location().assign(address).is_err()
    {
        leptos::logging::warn!("{address} cannot be opened");
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = address;
}

/// The document for one request. Its scripts carry the nonce of the request's Content-Security-Policy; without the portal's
/// files it is a page without scripts.
#[cfg(feature = "ssr")]
pub fn shell(_options: LeptosOptions) -> impl IntoView {
    use leptos_meta::MetaTags;

    use crate::server::{document, files::Files};

    let files = use_context::<Files>().unwrap_or_default();
    let nonce = leptos::nonce::use_nonce();
    document::protect(nonce.as_ref());
    let theme = document::theme();
    let density = document::density();
    let language = document::language().tag();
    let scheme = theme.unwrap_or("light dark");
    let css = files.address("portal.css");
    let take_over = files.are_there().then(|| {
        let script = format!(
            "import init, {{ hydrate }} from '{}'; await init({{ module_or_path: '{}' }}); hydrate();",
            files.address("portal.js"),
            files.address("portal_bg.wasm"),
        );
        view! {
            <link rel="modulepreload" href=files.address("portal.js") nonce=nonce.clone() />
            <link
                rel="preload"
                href=files.address("portal_bg.wasm")
                r#as="fetch"
                r#type="application/wasm"
                crossorigin="anonymous"
            />
            <script type="module" nonce=nonce.clone()>
                {script}
            </script>
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang=language data-theme=theme data-density=density>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=scheme />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=css />
                {take_over}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
