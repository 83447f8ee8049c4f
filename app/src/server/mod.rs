//! The server's half of the portal: the router and what stands before every page.

pub(crate) mod document;
pub(crate) mod files;
pub(crate) mod flash;
pub(crate) mod once;
pub(crate) mod patience;
pub(crate) mod sent;
pub(crate) mod session;

mod events;
mod headers;
mod origin;
mod router;
mod theme;

use leptos::prelude::use_context;

pub use router::{Portal, router};
pub(crate) use router::{Site, render};

/// Sets the status of the page being rendered.
pub(crate) fn answer_with(status: http::StatusCode) {
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(status);
    }
}
