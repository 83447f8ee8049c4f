//! Versions: what was read is named by what changes it (RFC 9110 §13).

use axum::{
    Json,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use domain::RowVersion;
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use serde::Serialize;

use super::Problem;

/// A thing with its version as ETag.
pub(crate) struct Versioned<T>(pub(crate) RowVersion, pub(crate) T);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        ([(header::ETAG, tag(self.0))], Json(self.1)).into_response()
    }
}

/// A thing that has just been made, and where it is.
pub(crate) struct Made<T> {
    /// Its path.
    pub(crate) place: String,
    /// Its version, where it has one.
    pub(crate) version: Option<RowVersion>,
    /// The thing.
    pub(crate) thing: T,
}

impl<T: Serialize> IntoResponse for Made<T> {
    fn into_response(self) -> Response {
        let place = [(header::LOCATION, self.place)];
        let version = self.version.map(|version| [(header::ETAG, tag(version))]);
        let mut response = (StatusCode::CREATED, place, Json(self.thing)).into_response();
        if let Some([(name, version)]) = version {
            response.headers_mut().insert(name, version);
        }
        response
    }
}

fn tag(version: RowVersion) -> HeaderValue {
    HeaderValue::try_from(format!("\"{version}\"")).expect("a number is visible ASCII")
}

/// The versions that `If-Match` allows; 428 without it.
pub(crate) struct IfMatch(Vec<String>);

impl IfMatch {
    fn read(headers: &HeaderMap) -> Option<Self> {
        let lines: Vec<_> = headers.get_all(header::IF_MATCH).iter().collect();
        let tags = lines.iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
        (!lines.is_empty()).then(|| Self(tags.map(|tag| tag.trim().to_owned()).collect()))
    }

    /// True for the version that the program has seen. A tag that we did not make matches nothing.
    pub(crate) fn allows(&self, version: RowVersion) -> bool {
        let ours = format!("\"{version}\"");
        self.0.iter().any(|tag| tag == "*" || *tag == ours)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::read(&parts.headers).ok_or_else(Problem::no_version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(value: &'static str) -> IfMatch {
        let headers = HeaderMap::from_iter([(header::IF_MATCH, HeaderValue::from_static(value))]);
        IfMatch::read(&headers).unwrap()
    }

    #[test]
    fn only_a_strong_tag_of_the_same_version_matches() {
        assert!(matched("\"7\"").allows(RowVersion(7)));
        assert!(matched("\"6\", \"7\"").allows(RowVersion(7)));
        assert!(matched("*").allows(RowVersion(7)));
        for other in ["\"70\"", "W/\"7\"", "7", ""] {
            assert!(!matched(other).allows(RowVersion(7)), "{other:?}");
        }
        assert!(IfMatch::read(&HeaderMap::new()).is_none());
    }
}
