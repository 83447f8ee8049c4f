//! What the HTML document needs of its request: the chosen theme, and protection of its scripts.

use http::{HeaderValue, header, request::Parts};
use leptos::{nonce::Nonce, prelude::use_context};

use super::session::cookie;

/// The theme that the person has chosen.
pub(crate) fn theme() -> Option<&'static str> {
    let parts = use_context::<Parts>()?;
    match cookie(&parts.headers, "theme")? {
        "light" => Some("light"),
        "dark" => Some("dark"),
        _ => None,
    }
}

/// Only our own scripts run on the page: those of our files and those with this request's nonce. WASM has to be allowed by
/// name; nothing is evaluated from text.
pub(crate) fn protect(nonce: Option<&Nonce>) {
    let Some(options) = use_context::<leptos_axum::ResponseOptions>() else { return };
    let nonce = nonce.map(|n| format!(" 'nonce-{n}'")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{nonce}; style-src 'self'; img-src 'self'; \
         connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    let policy = HeaderValue::from_str(&policy).expect("a nonce is base64");
    options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
}
