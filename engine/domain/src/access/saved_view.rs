//! Lists with their filters, kept under a name.

use serde::{Deserialize, Serialize};

use crate::{Fields, Invalid, Name, SavedViewId};

/// A list as a person wants to see it again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SavedView {
    /// Its key.
    pub id: SavedViewId,
    /// The page's path: `/cdrs`.
    pub page: String,
    /// What its owner calls it; unique on the page.
    pub name: Name,
    /// The query string, without the question mark.
    pub query: String,
}

/// A view as sent by its form.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedViewDraft {
    /// See [`SavedView::page`].
    pub page: String,
    /// See [`SavedView::name`].
    pub name: String,
    /// See [`SavedView::query`].
    pub query: String,
}

impl SavedViewDraft {
    /// Page, name and query, or what is wrong at each field.
    pub fn check(&self) -> Result<(String, Name, String), Invalid> {
        let mut f = Fields::default();
        let name = f.parse("name", &self.name);
        // It becomes a link: a path of ours and nothing that a browser could take for another site.
        let page = self.page.trim();
        let ours = page.starts_with('/')
            && !page.starts_with("//")
            && page.len() <= 200
            && page.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_'));
        if !ours {
            f.refuse("page", "this page has no address of ours");
        }
        let query = self.query.trim().trim_start_matches('?');
        if query.len() > 2000 || !query.bytes().all(|b| b.is_ascii_graphic() && b != b'#') {
            f.refuse("query", "these filters cannot be kept: they are too long, or not a query string");
        }
        f.finish(name.map(|name| (page.to_owned(), name, query.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_leads_to_a_page_of_ours_only() {
        let draft = |page: &str, query: &str| SavedViewDraft {
            page: page.into(),
            name: "Failed today".into(),
            query: query.into(),
        };
        assert!(draft("/cdrs", "?answered=false&from=2026-11-21T00%3A00").check().is_ok());
        for page in ["//evil.example", "https://evil.example", "cdrs", "/a\\b", "", "/a?b"] {
            assert!(draft(page, "").check().is_err(), "{page}");
        }
        for query in ["a b", "#x", &"x".repeat(2001)] {
            assert!(draft("/cdrs", query).check().is_err(), "{query}");
        }
    }
}
