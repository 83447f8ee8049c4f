//! The number of a request, and the headers of every answer.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue, header};
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request a number, or takes the one that the program gave it, and writes it into the log and the answer.
pub(crate) async fn label(request: Request, next: Next) -> Response {
    let id = request.headers().get(&REQUEST_ID).filter(|id| is_plain(id)).cloned().unwrap_or_else(own);
    let span = tracing::info_span!("api", request = id.to_str().unwrap_or_default());
    let mut response = next.run(request).instrument(span).await;
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    response
}

fn own() -> HeaderValue {
    HeaderValue::try_from(format!("{:032x}", rand::random::<u128>())).expect("digits are plain ASCII")
}

/// It goes into the log: nothing that could look like something else there.
fn is_plain(id: &HeaderValue) -> bool {
    (1..=64).contains(&id.len())
        && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_could_forge_a_line_of_the_log_is_replaced() {
        assert!(is_plain(&HeaderValue::from_static("job-7_a.b")));
        for wrong in ["", "a b", "a=b", "\"x\"", &"x".repeat(65)] {
            assert!(!is_plain(&HeaderValue::from_str(wrong).unwrap()), "{wrong:?}");
        }
    }
}
