//! Bodies.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request, rejection::JsonRejection},
};
use http::{HeaderMap, StatusCode, header};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::{Problem, WrongField, reason::wrong_field};

/// What a program sent, as a JSON object.
pub(crate) struct Sent<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::other_media_type());
        }
        let body = Bytes::from_request(request, state).await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
            _ => Problem::no_json("The body did not arrive whole.".to_owned()),
        })?;
        object(&body)?;
        match Json::from_bytes(&body) {
            Ok(Json(sent)) => Ok(Self(sent)),
            Err(JsonRejection::JsonDataError(error)) => Err(Problem::invalid(vec![wrong_field(&error)])),
            Err(error) => Err(Problem::no_json(wrong_field(&error).message)),
        }
    }
}

/// For a field that is taken and never told again, not even to whoever has just sent it.
pub(crate) fn withheld<T>(_: &T) -> bool {
    true
}

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let kind = essence.strip_prefix("application/").unwrap_or_default();
    kind == "json" || kind.ends_with("+json")
}

/// Refuses what is no object: a list would be read as the values of the fields, in their order.
fn object(body: &[u8]) -> Result<(), Problem> {
    if body.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{') {
        return Ok(());
    }
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(body) {
        return Err(Problem::no_json(wrong_field(&error).message));
    }
    let message = "send an object with named fields".to_owned();
    Err(Problem::invalid(vec![WrongField { field: String::new(), message }]))
}
