//! Lists that are read page by page.

use std::str::FromStr;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Problem;

/// A page of a list.
#[derive(Serialize, ToSchema, Debug)]
pub(crate) struct Listing<T> {
    /// What is on it.
    pub(crate) items: Vec<T>,
    /// Where the next page is, with the same filters; null on the last one. The header `Link` says the same.
    pub(crate) next: Option<String>,
}

impl<T: Serialize> IntoResponse for Listing<T> {
    fn into_response(self) -> Response {
        let link =
            self.next.as_ref().and_then(|next| HeaderValue::try_from(format!("<{next}>; rel=\"next\"")).ok());
        let mut response = Json(self).into_response();
        if let Some(link) = link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// How many entries a page has.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u32")]
pub(crate) struct Limit(u32);

impl TryFrom<u32> for Limit {
    type Error = &'static str;

    fn try_from(limit: u32) -> Result<Self, Self::Error> {
        if (1..=500).contains(&limit) { Ok(Self(limit)) } else { Err("write a number from 1 to 500") }
    }
}

impl Limit {
    /// The number asked for, or 100.
    pub(crate) fn or_default(limit: Option<Self>) -> u32 {
        limit.map_or(100, |limit| limit.0)
    }
}

/// A place in a list. Programs take it from the link and do not look inside; it is the key of the last entry, in hexadecimal so
/// that it needs no escaping.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Cursor(String);

impl Cursor {
    /// The place behind the entry with this key.
    pub(crate) fn behind(key: impl ToString) -> String {
        key.to_string().bytes().map(|b| format!("{b:02x}")).collect()
    }

    /// The key that it stands for.
    pub(crate) fn key<T: FromStr>(&self) -> Result<T, Problem> {
        let wrong = || Problem::bad_value("cursor", "take the cursor from a link to a next page");
        let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
        let text = self.0.as_bytes();
        if !text.len().is_multiple_of(2) || text.len() > 200 {
            return Err(wrong());
        }
        let bytes: Option<Vec<u8>> =
            text.chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect();
        bytes
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|key| key.parse().ok())
            .ok_or_else(wrong)
    }

    /// As [`Self::key`], for a list that may begin at its beginning.
    pub(crate) fn key_of<T: FromStr>(cursor: Option<&Self>) -> Result<Option<T>, Problem> {
        cursor.map(Self::key).transpose()
    }
}

/// A page, by number, of a list that is read whole: entries behind the cursor, and the cursor of the next page.
pub(crate) fn by_id<T>(
    mut rows: Vec<T>,
    id: impl Fn(&T) -> i64,
    cursor: Option<&Cursor>,
    limit: Option<Limit>,
) -> Result<(Vec<T>, Option<String>), Problem> {
    let (after, limit) = (Cursor::key_of::<i64>(cursor)?, Limit::or_default(limit) as usize);
    rows.retain(|row| after.is_none_or(|after| id(row) > after));
    rows.sort_by_key(&id);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| Cursor::behind(id(last)));
    Ok((rows, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_to_its_end_without_losing_or_repeating_an_entry() {
        let all: Vec<i64> = vec![9, 3, 7, 1, 5];
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let (page, next) = by_id(all.clone(), |n| *n, cursor.as_ref(), Some(Limit(2))).unwrap();
            assert!(page.len() <= 2);
            seen.extend(page);
            match next {
                Some(next) => cursor = Some(Cursor(next)),
                None => break,
            }
        }
        assert_eq!(seen, [1, 3, 5, 7, 9]);
    }

    #[test]
    fn a_cursor_that_somebody_made_up_is_refused() {
        let cursor = Cursor(Cursor::behind("1*#"));
        assert_eq!(cursor.key::<domain::Prefix>().unwrap().as_str(), "1*#");
        for wrong in ["", "3", "zz", "é", "ff", "31 ", &"31".repeat(101)] {
            assert!(Cursor(wrong.into()).key::<i64>().is_err(), "{wrong:?}");
        }
    }
}
