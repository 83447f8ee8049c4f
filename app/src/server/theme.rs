//! The theme toggle of browsers without JavaScript.

use axum::{Form, response::Redirect};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;

use super::session::{cookie, local_path};

#[derive(Deserialize)]
pub(super) struct Toggle {
    #[serde(default)]
    back: String,
}

/// Takes the other theme. The server cannot know what the system prefers, so the first press means dark.
pub(super) async fn toggle(
    headers: HeaderMap,
    Form(sent): Form<Toggle>,
) -> ([(header::HeaderName, HeaderValue); 1], Redirect) {
    let set = match cookie(&headers, "theme") {
        Some("dark") => "theme=light; Path=/; Max-Age=31536000; SameSite=Lax",
        _ => "theme=dark; Path=/; Max-Age=31536000; SameSite=Lax",
    };
    ([(header::SET_COOKIE, HeaderValue::from_static(set))], Redirect::to(local_path(&sent.back)))
}
