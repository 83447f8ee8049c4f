//! What a list was asked, as it stands in the page's address, and the stretch of rows that answers it.

use std::cmp::Ordering;

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use serde::{Deserialize, Serialize};

use crate::figures::in_query;

/// Rows on a page.
pub(crate) const ROWS: usize = 50;

/// A list's question: what to search, in which order, behind which row to begin.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuestion {
    pub(crate) search: String,
    /// A column's key, with `-` before it for descending; empty is the list's own order.
    pub(crate) sort: String,
    /// The key of the row behind which the page begins; empty is the first page.
    pub(crate) after: String,
}

impl ListQuestion {
    /// The one that the page's address asks.
    pub(crate) fn asked() -> Memo<Self> {
        let query = use_query_map();
        Memo::new(move |_| {
            query.with(|query| {
                let get = |name| query.get(name).unwrap_or_default();
                Self { search: get("search"), sort: get("sort"), after: get("after") }
            })
        })
    }

    /// The rows in the order asked for: `compare` knows the columns that can be sorted, by their key.
    #[cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "the server sorts"))]
    pub(crate) fn sort<R>(&self, rows: &mut [R], compare: impl Fn(&str, &R, &R) -> Ordering) {
        match self.sort.strip_prefix('-') {
            Some(column) => rows.sort_by(|a, b| compare(column, b, a)),
            None => rows.sort_by(|a, b| compare(&self.sort, a, b)),
        }
    }

    /// The page asked for of sorted `rows`. A row that is gone meanwhile leads to the first page.
    #[cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "the server cuts"))]
    pub(crate) fn stretch<R>(&self, mut rows: Vec<R>, key: impl Fn(&R) -> String) -> Stretch<R> {
        let total = rows.len();
        let before = rows.iter().position(|row| key(row) == self.after).map_or(0, |place| place + 1);
        let previous = (before > ROWS).then(|| key(&rows[before - ROWS - 1]));
        rows.drain(..before);
        rows.truncate(ROWS);
        let more = before + rows.len() < total;
        let next = rows.last().filter(|_| more).map(key);
        Stretch { rows, total, before, previous, next }
    }
}

/// A page of a list whose length is known.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Stretch<R> {
    pub(crate) rows: Vec<R>,
    /// Rows of the whole list.
    pub(crate) total: usize,
    /// Rows before this page.
    pub(crate) before: usize,
    /// Where the page before begins; none when that is the first page.
    pub(crate) previous: Option<String>,
    /// Where the next page begins; none on the last.
    pub(crate) next: Option<String>,
}

/// The address of the page being shown, for links to the same page with something changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Address {
    path: String,
    query: Vec<(String, String)>,
}

impl Address {
    /// Of the page at `path`.
    pub(crate) fn of(path: &str) -> Self {
        Self { path: path.to_owned(), query: Vec::new() }
    }

    /// Of the page being shown. Call it in a component; the closure it gives may be called anywhere.
    pub(crate) fn here() -> impl Fn() -> Self + Copy + Send + Sync + 'static {
        let (path, query) = (use_location().pathname, use_query_map());
        move || Self {
            path: path.get_untracked(),
            query: query.with_untracked(|query| {
                query.latest_values().map(|(name, value)| (name.to_string(), value.to_owned())).collect()
            }),
        }
    }

    /// Where `name` is `value`; an empty value takes it out.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.query.retain(|(n, _)| n != name);
        if !value.is_empty() {
            changed.query.push((name.to_owned(), value.to_owned()));
        }
        changed
    }

    /// The path alone, with `more` behind it: `/cdrs/export.csv`.
    pub(crate) fn below(&self, more: &str) -> Self {
        Self { path: format!("{}{more}", self.path), ..self.clone() }
    }

    /// Without its question.
    pub(crate) fn path(&self) -> String {
        self.path.clone()
    }

    /// The value of `name`, empty without one.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.query.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// As a link.
    pub(crate) fn link(&self) -> String {
        let pairs: Vec<String> = self
            .query
            .iter()
            .map(|(name, value)| format!("{}={}", in_query(name), in_query(value)))
            .collect();
        if pairs.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, pairs.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(sort: &str, after: &str) -> ListQuestion {
        ListQuestion { search: String::new(), sort: sort.to_owned(), after: after.to_owned() }
    }

    #[test]
    fn a_walk_by_next_and_back_by_previous_meets_every_row_once() {
        let rows: Vec<u32> = (0..120).collect();
        let mut after = String::new();
        let mut met = Vec::new();
        let mut starts = Vec::new();
        loop {
            let page = asked("", &after).stretch(rows.clone(), u32::to_string);
            assert_eq!((page.total, page.before), (120, met.len()));
            met.extend(page.rows);
            starts.push(after);
            match page.next {
                Some(next) => after = next,
                None => {
                    assert_eq!(page.previous.as_deref(), Some("49"));
                    break;
                }
            }
        }
        assert_eq!(met, rows);
        assert_eq!(starts, ["", "49", "99"]);
        assert_eq!(asked("", "49").stretch(rows, u32::to_string).previous, None);
    }

    #[test]
    fn a_place_that_is_gone_is_the_first_page() {
        let page = asked("", "999").stretch(vec![1, 2], i32::to_string);
        assert_eq!((page.rows, page.before, page.next), (vec![1, 2], 0, None));
    }

    #[test]
    fn a_minus_turns_the_order_round() {
        let mut rows = vec![2, 3, 1];
        let compare = |column: &str, a: &i32, b: &i32| if column == "n" { a.cmp(b) } else { Ordering::Equal };
        asked("-n", "").sort(&mut rows, compare);
        assert_eq!(rows, [3, 2, 1]);
        asked("n", "").sort(&mut rows, compare);
        assert_eq!(rows, [1, 2, 3]);
        asked("unknown", "").sort(&mut rows, compare);
        assert_eq!(rows, [1, 2, 3]);
    }

    #[test]
    fn an_address_keeps_the_rest_of_its_question() {
        let here = Address {
            path: "/business/accounts".to_owned(),
            query: vec![("search".to_owned(), "a&b".to_owned()), ("sort".to_owned(), "name".to_owned())],
        };
        assert_eq!(here.with("sort", "-name").link(), "/business/accounts?search=a%26b&sort=-name");
        assert_eq!(
            here.with("search", "").below("/export.csv").link(),
            "/business/accounts/export.csv?sort=name"
        );
    }
}
