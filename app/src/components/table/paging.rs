//! Pages of a list: how many rows there are, and the way to the others.

use leptos::prelude::*;

use crate::{
    list::{Address, Stretch},
    words::{fill, parts},
};

/// How a list is paged.
pub(crate) enum Paging {
    /// Its length is known.
    Counted { total: usize, before: usize, previous: Option<String>, next: Option<String> },
    /// Newest first, without an end that is known: whether this is the first page, and the place behind it.
    Endless { first: bool, older: Option<String> },
    /// In the order of a key.
    Keyed { first: bool, next: Option<String> },
}

impl<R> Stretch<R> {
    /// Its rows, and how they are paged.
    pub(crate) fn apart(self) -> (Vec<R>, Paging) {
        let Self { rows, total, before, previous, next } = self;
        (rows, Paging::Counted { total, before, previous, next })
    }
}

pub(super) fn count(paging: &Paging, rows: usize) -> Option<String> {
    let t = parts();
    match paging {
        Paging::Counted { total: 1, .. } => Some(t.one_row.to_owned()),
        Paging::Counted { total, .. } if *total == rows => {
            Some(fill(t.rows, &[&crate::figures::count(*total)]))
        }
        Paging::Counted { total, before, .. } => Some(fill(
            t.rows_of,
            &[
                &crate::figures::count(before + 1),
                &crate::figures::count(before + rows),
                &crate::figures::count(*total),
            ],
        )),
        Paging::Endless { .. } | Paging::Keyed { .. } => None,
    }
}

pub(super) fn pager(paging: &Paging, here: &Address) -> impl IntoView + use<> {
    let t = parts();
    let to = |text: &'static str, after: &str| {
        view! {
            <a class="button small" href=here.with("after", after).link()>
                {text}
            </a>
        }
        .into_any()
    };
    let links: Vec<AnyView> = match paging {
        Paging::Counted { before, previous, next, .. } => {
            let back = (*before > 0).then(|| to(t.previous, previous.as_deref().unwrap_or_default()));
            let first = previous.is_some().then(|| to(t.first, ""));
            first.into_iter().chain(back).chain(next.as_deref().map(|after| to(t.next, after))).collect()
        }
        Paging::Endless { first, older } => {
            let newest = (!first).then(|| to(t.newest, ""));
            newest.into_iter().chain(older.as_deref().map(|after| to(t.older, after))).collect()
        }
        Paging::Keyed { first, next } => {
            let first = (!first).then(|| to(t.first, ""));
            first.into_iter().chain(next.as_deref().map(|after| to(t.next, after))).collect()
        }
    };
    (!links.is_empty()).then(|| {
        view! {
            <nav class="pager" aria-label=t.pages>
                {links}
            </nav>
        }
    })
}
