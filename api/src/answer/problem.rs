//! What went wrong, as problem details (RFC 9457).

use std::time::Duration;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::{Invalid, Permission};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::Value;
use store::StoreError;
use utoipa::ToSchema;

use crate::admission::KEY;

/// Why a request was not done.
#[derive(Debug)]
pub(crate) struct Problem(Box<Told>);

#[derive(Debug)]
struct Told {
    details: Details,
    headers: HeaderMap,
}

/// What is wrong with a request (RFC 9457).
#[derive(Serialize, ToSchema, Debug)]
#[schema(as = Problem)]
pub(crate) struct Details {
    /// Which kind of problem: `urn:tandem:problem:invalid`, `urn:tandem:problem:not-found` …; stays the same for ever.
    #[serde(rename = "type")]
    #[schema(example = "urn:tandem:problem:invalid")]
    kind: String,
    /// The kind in a few words.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What it was this time.
    detail: String,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<WrongField>,
    /// The thing as it is now, when somebody else has changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    current: Option<Value>,
    /// What was sent, beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    sent: Option<Value>,
}

/// What is wrong with one field.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema, Debug)]
pub(crate) struct WrongField {
    /// Its name in the body or the query; empty for the whole.
    pub(crate) field: String,
    /// What to do about it.
    pub(crate) message: String,
}

impl Problem {
    pub(crate) const CONTENT_TYPE: &str = "application/problem+json";

    fn new(status: StatusCode, kind: &str, title: &'static str, detail: impl Into<String>) -> Self {
        let details = Details {
            kind: format!("urn:tandem:problem:{kind}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            current: None,
            sent: None,
        };
        Self(Box::new(Told { details, headers: HeaderMap::new() }))
    }

    fn header(mut self, name: header::HeaderName, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("our own headers are visible ASCII");
        self.0.headers.insert(name, value);
        self
    }

    fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_millis().div_ceil(1000).max(1);
        self.header(header::RETRY_AFTER, &seconds.to_string())
    }

    fn errors(mut self, errors: Vec<WrongField>) -> Self {
        self.0.details.errors = errors;
        self
    }

    /// There is no such thing, or the token may not see it.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", "There is no such thing.")
    }

    /// The path exists, but not with this method.
    pub(crate) fn method_not_allowed() -> Self {
        let detail = "This method does not exist here; the header Allow names those that do.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Method not allowed", detail)
    }

    /// No token, or one that is not taken: unknown, ended, revoked, or sent from elsewhere than it may be.
    pub(crate) fn unauthenticated(given: bool) -> Self {
        let (detail, challenge) = match given {
            false => ("Send a token: Authorization: Bearer tdm_…", "Bearer realm=\"tandem\""),
            true => (
                "This token is not taken: it is unknown, has ended, was revoked, or may not be used from here.",
                "Bearer realm=\"tandem\", error=\"invalid_token\"",
            ),
        };
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Not authenticated", detail)
            .header(header::WWW_AUTHENTICATE, challenge)
    }

    /// The token does not have the permission.
    pub(crate) fn forbidden(needed: Permission) -> Self {
        let detail = format!("This token lacks the permission {needed}: {}", needed.sentence());
        let challenge = format!("Bearer realm=\"tandem\", error=\"insufficient_scope\", scope=\"{needed}\"");
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
            .header(header::WWW_AUTHENTICATE, &challenge)
    }

    /// The token sends more than its pace.
    pub(crate) fn too_many(wait: Duration) -> Self {
        let detail = "Too many requests; Retry-After says when to go on.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "Too many requests", detail)
            .retry_after(wait)
    }

    /// The query cannot be understood.
    pub(crate) fn bad_query(errors: Vec<WrongField>) -> Self {
        let detail = "The query cannot be understood.";
        Self::new(StatusCode::BAD_REQUEST, "bad-query", "Bad query", detail).errors(errors)
    }

    /// One value of the query is wrong.
    pub(crate) fn bad_value(field: &str, message: &str) -> Self {
        Self::bad_query(vec![WrongField { field: field.to_owned(), message: message.to_owned() }])
    }

    /// A value of the query that the store refused.
    pub(crate) fn in_query(error: StoreError) -> Self {
        match error {
            StoreError::Invalid(invalid) => Self::bad_query(wrong_fields(invalid)),
            other => other.into(),
        }
    }

    /// The body is no JSON.
    pub(crate) fn no_json(detail: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "no-json", "No JSON", detail)
    }

    /// The body is something else than JSON.
    pub(crate) fn other_media_type() -> Self {
        let detail = "Send the body as JSON, with Content-Type: application/json.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Unsupported media type", detail)
    }

    /// The body is larger than is read.
    pub(crate) fn too_large() -> Self {
        let detail = "The body is larger than a megabyte, or did not arrive whole.";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large", detail)
    }

    /// Fields of the body cannot be as they are.
    pub(crate) fn invalid(errors: Vec<WrongField>) -> Self {
        let detail = errors
            .iter()
            .map(|wrong| match wrong.field.as_str() {
                "" => wrong.message.clone(),
                field => format!("{field}: {}", wrong.message),
            })
            .collect::<Vec<_>>()
            .join("; ");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Invalid", detail).errors(errors)
    }

    /// A change must name the version it was made from.
    pub(crate) fn no_version() -> Self {
        let detail = "Send the ETag of what you change as If-Match.";
        Self::new(StatusCode::PRECONDITION_REQUIRED, "version-required", "Version required", detail)
    }

    /// Somebody else has changed it in the meantime; tells both values.
    pub(crate) fn stale(current: &impl Serialize, sent: Option<&impl Serialize>) -> Self {
        let detail = "Somebody else has changed it in the meantime; both values are here.";
        let mut problem = Self::new(StatusCode::PRECONDITION_FAILED, "stale", "Changed meanwhile", detail);
        problem.0.details.current = serde_json::to_value(current).ok();
        problem.0.details.sent = sent.and_then(|sent| serde_json::to_value(sent).ok());
        problem
    }

    fn in_use(detail: String) -> Self {
        Self::new(StatusCode::CONFLICT, "in-use", "In use", detail)
    }

    /// The same request is being worked on.
    pub(crate) fn busy() -> Self {
        let detail = "A request with this Idempotency-Key is being worked on; ask again in a moment.";
        Self::new(StatusCode::CONFLICT, "busy", "Being worked on", detail).retry_after(Duration::from_secs(1))
    }

    /// The key was used for another request.
    pub(crate) fn misused_key() -> Self {
        let message = "this key was used for another request";
        Self::invalid(vec![WrongField { field: KEY.to_owned(), message: message.to_owned() }])
    }

    /// A fault that stands in the log.
    pub(crate) fn our_fault() -> Self {
        let detail = "Something went wrong on our side; it stands in the log under this X-Request-Id.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "our-fault", "Our fault", detail)
    }

    fn unavailable() -> Self {
        let detail = "The database is not available at the moment; try again.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not available", detail)
            .retry_after(Duration::from_secs(5))
    }
}

fn wrong_fields(invalid: Invalid) -> Vec<WrongField> {
    invalid.0.into_iter().map(|wrong| WrongField { field: wrong.field, message: wrong.message }).collect()
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Self::invalid(wrong_fields(invalid))
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Invalid(invalid) => invalid.into(),
            StoreError::NotFound => Self::not_found(),
            StoreError::InUse { .. } => Self::in_use(error.user_message()),
            StoreError::Unavailable(_) => {
                tracing::warn!(%error, "the database is not available");
                Self::unavailable()
            }
            // Changes tell it themselves, with both values; elsewhere there is nothing to compare.
            StoreError::Conflict { .. } => Self::in_use(error.user_message()),
            StoreError::Migration(_) | StoreError::Unreadable { .. } | StoreError::Database(_) => {
                tracing::error!(%error, "a request failed");
                Self::our_fault()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Told { details, headers } = *self.0;
        let status = StatusCode::from_u16(details.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, headers, Json(details)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(Self::CONTENT_TYPE));
        response
    }
}
