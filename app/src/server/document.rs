//! What the HTML document needs of its request: the chosen theme, and protection of its scripts.

use http::{HeaderValue, header, request::Parts};
use leptos::{nonce::Nonce, prelude::use_context};

use super::session::cookie;
use crate::words::Language;

/// The theme that the person has chosen.
pub(crate) fn theme() -> Option<&'static str> {
    let parts = use_context::<Parts>()?;
    match cookie(&parts.headers, "theme")? {
        "light" => Some("light"),
        "dark" => Some("dark"),
        _ => None,
    }
}

/// How dense tables are, where the person has chosen.
pub(crate) fn density() -> Option<&'static str> {
    let parts = use_context::<Parts>()?;
    (cookie(&parts.headers, "density")? == "compact").then_some("compact")
}

/// The language of the page being rendered.
pub(crate) fn language() -> Language {
    use_context::<Parts>().map_or_else(Language::default, |parts| language_of(&parts.headers))
}

/// The language that the person has chosen, else the first one of the browser's that the portal speaks.
pub(crate) fn language_of(headers: &http::HeaderMap) -> Language {
    let chosen = cookie(headers, "language").and_then(Language::of_tag);
    let accepted = || Language::first_accepted(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?);
    chosen.or_else(accepted).unwrap_or_default()
}

/// Notes the language of each request, so that forms are answered in it.
pub(super) async fn note_language(
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> axum::response::Response {
    let language = language_of(request.headers());
    crate::words::ASKED_IN.scope(language, next.run(request)).await
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
