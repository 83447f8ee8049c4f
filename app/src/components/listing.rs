//! The page of a list whose length is known: its head, its search, and its rows or what stands in their place.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Bulk, Column, DataTable, Empty, PageHead, SearchBox,
    table::{RowActions, RowName},
};
use crate::{
    access::Way,
    list::{Address, ListQuestion, Stretch},
    load::{LoadError, loaded, read},
    words::parts,
};

/// What is special about such a list.
pub(crate) struct Listing<R: 'static> {
    /// Its address; a new thing is made at `/new` below it.
    pub(crate) page: &'static str,
    /// The word under which its columns are kept.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    /// What the button says that leads to a new thing.
    pub(crate) new: &'static str,
    /// What can be searched; none for a list that needs no search.
    pub(crate) search: Option<&'static str>,
    /// What is said while there is nothing; none where there is always something.
    pub(crate) none: Option<Nothing>,
    /// What is said when the search finds nothing.
    pub(crate) unmatched: &'static str,
    pub(crate) columns: fn() -> Vec<Column<R>>,
    /// Key and name of a row, for ticking it; none where nothing can be done with several.
    pub(crate) tick: Option<RowName<R>>,
    /// What can be done with ticked rows.
    pub(crate) bulk: fn() -> Vec<Bulk>,
    /// The list can be taken as a file.
    pub(crate) export: bool,
    /// What can be done with a row: links.
    pub(crate) actions: RowActions<R>,
}

impl<R> Clone for Listing<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Listing<R> {}

/// What is said where there is nothing yet.
#[derive(Clone, Copy)]
pub(crate) struct Nothing {
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
    /// What the link says that leads to the first thing.
    pub(crate) add: &'static str,
}

/// Shows the rows that `load` finds for the question in the page's address.
pub(crate) fn listing<R, F>(
    listing: Listing<R>,
    load: impl Fn(ListQuestion) -> F + Send + Sync + 'static,
) -> impl IntoView
where
    R: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<Stretch<R>, LoadError>> + Send + 'static,
{
    let question = ListQuestion::asked();
    let here = Address::here();
    let rows = read(move || question.get(), load);
    let Listing { page, title, about, new, search, .. } = listing;
    view! {
        <PageHead title about>
            <Way class="button primary" to=format!("{page}/new")>
                {new}
            </Way>
        </PageHead>
        {search.map(|label| view! { <SearchBox action=page label value=question /> })}
        {loaded(rows, move |rows| show(listing, rows, here()))}
    }
}

fn show<R>(listing: Listing<R>, rows: Stretch<R>, here: Address) -> AnyView {
    let Listing { page, name, title, none, unmatched, columns, tick, bulk, export, actions, .. } = listing;
    if rows.total == 0 {
        return match none.filter(|_| here.get("search").is_empty()) {
            Some(Nothing { title, text, add }) => view! {
                <Empty title>
                    {text} <Way to=format!("{page}/new")>{add}</Way>
                </Empty>
            }
            .into_any(),
            None => view! {
                <Empty title=unmatched>
                    <a href=page>{parts().show_all}</a>
                </Empty>
            }
            .into_any(),
        };
    }
    let (rows, paging) = rows.apart();
    view! {
        <DataTable
            name
            label=title
            columns=columns()
            rows
            here
            paging
            tick
            bulk=bulk()
            export
            actions
        />
    }
    .into_any()
}
