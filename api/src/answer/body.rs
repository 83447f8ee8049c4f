//! Bodies.

use axum::{
    Json,
    extract::{FromRequest, Request, rejection::JsonRejection},
};
use http::StatusCode;
use serde::de::DeserializeOwned;

use super::{Problem, reason::wrong_field};

/// What a program sent, as JSON.
pub(crate) struct Sent<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::from_request(request, state).await {
            Ok(Json(sent)) => Ok(Self(sent)),
            Err(JsonRejection::JsonDataError(error)) => Err(Problem::invalid(vec![wrong_field(&error)])),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Problem::other_media_type()),
            Err(JsonRejection::JsonSyntaxError(error)) => Err(Problem::no_json(wrong_field(&error).message)),
            Err(other) if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Problem::too_large()),
            Err(_) => Err(Problem::no_json("The body did not arrive whole.".to_owned())),
        }
    }
}
