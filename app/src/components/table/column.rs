//! Columns: what they show, which of them are shown, and their heads.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    components::{Icon, Picture, ZoneName},
    list::Address,
    preferences::preference,
    words::{fill, parts},
};

/// How the values of a column stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    /// Numbers and addresses: figures of equal width, from the left.
    Digits,
    /// Amounts and counts: from the right.
    Figure,
}

type Cell<R> = Arc<dyn Fn(&R) -> AnyView + Send + Sync>;

/// A column of rows `R`.
pub(crate) struct Column<R> {
    key: &'static str,
    title: AnyTitle,
    pub(super) shape: Shape,
    sorts: bool,
    hidden: bool,
    pub(super) cell: Cell<R>,
}

/// A title, and whether it is followed by the zone of the times below it.
struct AnyTitle {
    text: &'static str,
    zoned: bool,
}

impl<R> Column<R> {
    fn of<V: IntoAny>(
        key: &'static str,
        text: &'static str,
        shape: Shape,
        cell: impl Fn(&R) -> V + Send + Sync + 'static,
    ) -> Self {
        let cell: Cell<R> = Arc::new(move |row| cell(row).into_any());
        Self { key, title: AnyTitle { text, zoned: false }, shape, sorts: false, hidden: false, cell }
    }

    /// Words.
    pub(crate) fn text<V: IntoAny>(
        key: &'static str,
        title: &'static str,
        cell: impl Fn(&R) -> V + Send + Sync + 'static,
    ) -> Self {
        Self::of(key, title, Shape::Text, cell)
    }

    /// Numbers and addresses.
    pub(crate) fn digits<V: IntoAny>(
        key: &'static str,
        title: &'static str,
        cell: impl Fn(&R) -> V + Send + Sync + 'static,
    ) -> Self {
        Self::of(key, title, Shape::Digits, cell)
    }

    /// Amounts, counts and durations.
    pub(crate) fn figure<V: IntoAny>(
        key: &'static str,
        title: &'static str,
        cell: impl Fn(&R) -> V + Send + Sync + 'static,
    ) -> Self {
        Self::of(key, title, Shape::Figure, cell)
    }

    /// The head is a link that sorts by it; the loader knows it by its key.
    pub(crate) fn sorted(mut self) -> Self {
        self.sorts = true;
        self
    }

    /// Shown only to people who have chosen it.
    pub(crate) fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Holds moments: the head tells the zone.
    pub(crate) fn zoned(mut self) -> Self {
        self.title.zoned = true;
        self
    }
}

pub(super) fn class_of(shape: Shape) -> Option<&'static str> {
    match shape {
        Shape::Text => None,
        Shape::Digits => Some("digits"),
        Shape::Figure => Some("num"),
    }
}

/// Which columns are shown: those chosen, else those not hidden. A choice of nothing that exists is no choice.
pub(super) fn shown_columns<R>(name: &str, columns: &[Column<R>]) -> Vec<bool> {
    let chosen = preference(&format!("columns-{name}"));
    let chosen: Vec<&str> = chosen.as_deref().unwrap_or_default().split('.').collect();
    let shown: Vec<bool> = columns.iter().map(|column| chosen.contains(&column.key)).collect();
    if shown.contains(&true) { shown } else { columns.iter().map(|column| !column.hidden).collect() }
}

pub(super) fn head_of<R>(column: &Column<R>, here: &Address) -> impl IntoView + use<R> {
    let (t, key, class) = (parts(), column.key, class_of(column.shape));
    let text = column.title.text;
    let zoned = column.title.zoned.then(ZoneName::mark);
    if !column.sorts {
        return view! {
            <th scope="col" class=class>
                {text}
                {zoned}
            </th>
        }
        .into_any();
    }
    let sort = here.get("sort");
    let (up, down) = (sort == key, sort.strip_prefix('-') == Some(key));
    let (next, told) = if up { (format!("-{key}"), t.sort_down) } else { (key.to_owned(), t.sort_up) };
    let direction = if up {
        "ascending"
    } else if down {
        "descending"
    } else {
        "none"
    };
    view! {
        <th scope="col" class=class aria-sort=direction>
            <a href=here.with("after", "").with("sort", &next).link() title=fill(told, &[text])>
                {text}
                {zoned}
                <span class="arrow" aria-hidden="true">
                    {if up { "↑" } else if down { "↓" } else { "↕" }}
                </span>
            </a>
        </th>
    }
    .into_any()
}

/// Where columns are chosen.
pub(super) fn chooser<R>(
    name: &'static str,
    columns: &[Column<R>],
    shown: &[bool],
    here: &Address,
) -> impl IntoView + use<R> {
    let t = parts();
    let boxes = columns
        .iter()
        .zip(shown)
        .map(|(column, shown)| {
            view! {
                <label>
                    <input type="checkbox" name=format!("column-{}", column.key) checked=*shown />
                    {column.title.text}
                </label>
            }
        })
        .collect_view();
    view! {
        <details class="drop">
            <summary class="button small quiet">
                <Icon picture=Picture::Columns />
                {t.columns}
            </summary>
            <form class="drop-box" method="post" action="/columns">
                <input type="hidden" name="table" value=name />
                <input type="hidden" name="back" value=here.link() />
                {boxes}
                <button type="submit" class="button small primary">
                    {t.apply}
                </button>
            </form>
        </details>
    }
}
