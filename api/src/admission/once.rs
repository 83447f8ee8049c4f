//! Requests that may be sent twice and are done once.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::ApiTokenId;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use store::{
    Pool,
    idempotency::{self, Claim},
};
use tracing::Instrument;

use super::{Asker, Gate};
use crate::{answer::Problem, router::LARGEST_BODY};

/// The header under which a program names a request.
pub(crate) const KEY: &str = "Idempotency-Key";
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// Headers of an answer that are kept with it, in this order.
const KEPT: [HeaderName; 2] = [header::LOCATION, header::ETAG];

/// Does a write that carries a key, unless it was done before: then the first answer is given again.
pub(crate) async fn once(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let asker = request.extensions().get::<Asker>().map(Asker::token);
    let (Some(token), false) = (asker, request.method().is_safe()) else { return next.run(request).await };
    let mut keys = request.headers().get_all(KEY).iter();
    let key = match (keys.next(), keys.next()) {
        (None, _) => return next.run(request).await,
        // What is no text is no key; the store says what one is.
        (Some(key), None) => key.to_str().unwrap_or_default().to_owned(),
        (Some(_), Some(_)) => String::new(),
    };
    match claimed(&gate.api.pool, token, key, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn claimed(
    pool: &Pool,
    token: ApiTokenId,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await.map_err(|_| Problem::too_large())?;
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let matched = parts.headers.get(header::IF_MATCH).map_or(&b""[..], HeaderValue::as_bytes);
    let asked = [path.as_bytes(), matched].map(String::from_utf8_lossy).join("\n");
    let print = idempotency::fingerprint(parts.method.as_str(), &asked, &body);
    match idempotency::claim(pool, token, &key, &print).await? {
        Claim::Busy => return Err(Problem::busy()),
        Claim::Misused => return Err(Problem::misused_key()),
        Claim::Done { status, body } => return Ok(replay(status, body)),
        Claim::Mine => {}
    }
    let request = Request::from_parts(parts, Body::from(body));
    // A program that hangs up must not leave it half done: the key would stay taken and the answer lost.
    let work = work(pool.clone(), token, key, request, next).in_current_span();
    Ok(tokio::spawn(work).await.unwrap_or_else(|_| Problem::our_fault().into_response()))
}

async fn work(pool: Pool, token: ApiTokenId, key: String, request: Request, next: Next) -> Response {
    let (parts, body) = next.run(request).await.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    // These say nothing about the request, only about the moment.
    let passing = parts.status.is_server_error() || parts.status == StatusCode::TOO_MANY_REQUESTS;
    let noted = if passing {
        idempotency::abandon(&pool, token, &key).await
    } else {
        idempotency::finish(&pool, token, &key, parts.status.as_u16(), &kept(&parts.headers, &body)).await
    };
    if let Err(error) = noted {
        tracing::error!(%error, "the answer to a request with a key could not be kept");
    }
    Response::from_parts(parts, Body::from(body))
}

/// An answer as it is stored: the kept headers a line each, then the body.
fn kept(headers: &HeaderMap, body: &Bytes) -> Vec<u8> {
    let mut kept = Vec::with_capacity(body.len() + 64);
    for name in KEPT {
        kept.extend_from_slice(headers.get(name).map_or(b"", HeaderValue::as_bytes));
        kept.push(b'\n');
    }
    kept.extend_from_slice(body);
    kept
}

fn replay(status: u16, stored: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut lines = stored.splitn(KEPT.len() + 1, |b| *b == b'\n');
    let headers: Vec<_> = KEPT.into_iter().zip(lines.by_ref()).collect();
    let body = lines.next().unwrap_or_default().to_vec();
    let is_empty = body.is_empty();
    let mut response = (status, body).into_response();
    for (name, value) in headers {
        if let Some(value) = HeaderValue::from_bytes(value).ok().filter(|value| !value.is_empty()) {
            response.headers_mut().insert(name, value);
        }
    }
    let content = if status.is_success() { "application/json" } else { Problem::CONTENT_TYPE };
    match is_empty {
        true => response.headers_mut().remove(header::CONTENT_TYPE),
        false => response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content)),
    };
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
