//! Refuses changes that another site's page asks a person's browser to make.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, Uri, header};

/// Lets a request that may change something pass only when it comes from our own pages (or from no page at all, as a command
/// line client's does: that one carries no cookie by itself).
pub(super) async fn check(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_ours(request.headers(), request.uri()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "This form was sent from another site and has been refused.\n")
            .into_response()
    }
}

fn is_ours(headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => return true,
        Some(_) => return false,
        None => {}
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = text("host").or_else(|| uri.authority().map(|a| a.as_str()));
    let origin = origin.to_str().ok().and_then(|o| o.split_once("://")).map(|(_, authority)| authority);
    origin.is_some() && origin == host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers =
            pairs.iter().map(|(n, v)| (n.parse().unwrap(), http::HeaderValue::from_static(v))).collect();
        is_ours(&headers, &Uri::from_static("/login"))
    }

    #[test]
    fn a_form_of_another_site_is_refused() {
        assert!(!ours(&[("host", "portal.example"), ("origin", "https://evil.example")]));
        assert!(!ours(&[("host", "portal.example"), ("origin", "null")]));
        assert!(!ours(&[("host", "portal.example"), ("sec-fetch-site", "cross-site")]));
        assert!(!ours(&[("host", "portal.example"), ("sec-fetch-site", "same-site")]));
        assert!(!ours(&[
            ("host", "portal.example"),
            ("origin", "https://portal.example"),
            ("sec-fetch-site", "cross-site")
        ]));
    }

    #[test]
    fn our_own_form_and_a_command_line_pass() {
        assert!(ours(&[("host", "portal.example:8080"), ("origin", "http://portal.example:8080")]));
        assert!(ours(&[("host", "portal.example"), ("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("host", "portal.example")]));
    }
}
