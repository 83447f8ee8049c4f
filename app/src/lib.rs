//! The portal: pages rendered on the server, taken over in the browser.
//!
//! Every page and every form works without JavaScript; the browser half only makes them quicker and alive. A page is a file
//! in `pages/<area>/` with its loader (a server function) and the handlers of its forms beside it; the routes of all of them
//! stand in [`routes`]. A form is an ordinary HTML post to its page's own address, answered by a redirect or by the same
//! page with the errors at their fields: there is no second mechanism for browsers with JavaScript.
//!
//! Invariant: no loader and no handler reaches `store` without the scope of a session, which only [`server::session`] makes.
#![recursion_limit = "256"]
#![allow(unreachable_pub, reason = "the component and server macros write `pub` inside private modules")]

mod access;
mod components;
mod figures;
mod form;
mod list;
mod live;
mod load;
mod pages;
mod parts;
mod preferences;
mod routes;
mod shell;
mod words;

#[cfg(feature = "ssr")]
mod server;

#[cfg(feature = "ssr")]
pub use server::{Portal, router};
pub use shell::App;
#[cfg(feature = "ssr")]
pub use shell::shell;

/// Takes over the page that the server has rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    if let Err(missing) = parts::load_named_in_head().await {
        return leptos::logging::warn!("{missing}");
    }
    // In one go: what an effect changes before the page is taken over whole would not be shown.
    leptos::mount::hydrate_body(App);
    shell::mark_taken_over();
}
