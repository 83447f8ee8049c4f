//! The server's half of the portal: the router and what stands before every page.

pub(crate) mod csv;
pub(crate) mod document;
pub(crate) mod files;
pub(crate) mod flash;
pub(crate) mod once;
pub(crate) mod posted;
pub(crate) mod sent;
pub(crate) mod session;

mod events;
mod headers;
#[cfg(test)]
mod matrix;
mod origin;
pub(crate) mod preferences;
mod router;
mod views;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use leptos::prelude::use_context;

pub use router::{Portal, router};
pub(crate) use router::{Site, render};

/// Why a file cannot be sent, as an answer.
pub(crate) struct Broken(store::StoreError);

impl From<store::StoreError> for Broken {
    fn from(error: store::StoreError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Broken {
    fn into_response(self) -> Response {
        let status = match &self.0 {
            store::StoreError::NotFound => StatusCode::NOT_FOUND,
            store::StoreError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            error => {
                tracing::error!(%error, "a file could not be made");
                StatusCode::SERVICE_UNAVAILABLE
            }
        };
        (status, format!("{}\n", self.0.user_message())).into_response()
    }
}

/// Sets the status of the page being rendered.
pub(crate) fn answer_with(status: StatusCode) {
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(status);
    }
}
