//! Queries.

use axum::extract::{FromRequestParts, OriginalUri, Query};
use chrono::{DateTime, Datelike, Utc};
use http::request::Parts;
use serde::{Deserialize, de::DeserializeOwned};

use super::{Listing, Problem, reason::wrong_field};

/// What a query asks for, and what is needed for the link to the next page.
pub(crate) struct Question<T> {
    /// The question.
    pub(crate) asked: T,
    /// Where it was asked.
    pub(crate) place: Asked,
}

/// Path and query of a question.
pub(crate) struct Asked {
    path: String,
    query: String,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Question<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Query(asked) =
            Query::try_from_uri(&parts.uri).map_err(|error| Problem::bad_query(vec![wrong_field(&error)]))?;
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
        let place = Asked { path: uri.path().to_owned(), query: uri.query().unwrap_or_default().to_owned() };
        Ok(Self { asked, place })
    }
}

impl Asked {
    /// A page of a list, with the link to the page behind `next`.
    pub(crate) fn listing<T>(&self, items: Vec<T>, next: Option<String>) -> Listing<T> {
        let next = next.map(|cursor| {
            let others = self.query.split('&').filter(|pair| !pair.is_empty() && !is_cursor(pair));
            let query: Vec<&str> = others.collect();
            let gap = if query.is_empty() { "" } else { "&" };
            format!("{}?{}{gap}cursor={cursor}", self.path, query.join("&"))
        });
        Listing { items, next }
    }
}

fn is_cursor(pair: &str) -> bool {
    pair.split('=').next() == Some("cursor")
}

/// A moment of the years 2000 to 2199, as RFC 3339 writes it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Moment(pub(crate) DateTime<Utc>);

impl TryFrom<String> for Moment {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        DateTime::parse_from_rfc3339(&text)
            .ok()
            .map(|moment| moment.to_utc())
            .filter(|moment| (2000..2200).contains(&moment.year()))
            .map(Self)
            .ok_or("write a moment like 2026-11-21T14:30:00Z, of the years 2000 to 2199")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(query: &str) -> String {
        let place = Asked { path: "/api/v1/cdrs".into(), query: query.into() };
        place.listing(vec![1], Some("c7".into())).next.unwrap()
    }

    #[test]
    fn the_next_page_is_asked_for_with_the_same_filters() {
        assert_eq!(next(""), "/api/v1/cdrs?cursor=c7");
        assert_eq!(next("limit=5&cursor=c3&caller=44%2A"), "/api/v1/cdrs?limit=5&caller=44%2A&cursor=c7");
    }

    #[test]
    fn a_moment_that_the_database_could_not_hold_is_refused() {
        let read = |text: &str| Moment::try_from(text.to_owned());
        assert_eq!(read("2026-11-21T14:30:00+02:00").unwrap().0.to_rfc3339(), "2026-11-21T12:30:00+00:00");
        for wrong in ["", "now", "2026-11-21", "0001-01-01T00:00:00Z", "+99999-01-01T00:00:00Z"] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
