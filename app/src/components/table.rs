//! Tables: one component for every list.
//!
//! A list's state stands in its address, so that it works without JavaScript and can be sent to somebody: heads are links
//! that sort, pages are links by key. Which columns are shown is a cookie. What is ticked is sent as a form.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Icon, Picture};
use crate::{
    access::{may_open, may_send},
    list::{Address, Stretch},
    preferences::preference,
    words::{fill, parts},
};

/// How the values of a column stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    /// Numbers and addresses: figures of equal width, from the left.
    Digits,
    /// Amounts and counts: from the right.
    Figure,
}

/// Draws the end of a row.
type RowActions<R> = fn(&R) -> AnyView;
/// Tells a row's key and its name.
type RowName<R> = fn(&R) -> (String, String);
type Cell<R> = Arc<dyn Fn(&R) -> AnyView + Send + Sync>;

/// A column of rows `R`.
pub(crate) struct Column<R> {
    key: &'static str,
    title: AnyTitle,
    shape: Shape,
    sorts: bool,
    hidden: bool,
    cell: Cell<R>,
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

/// What can be done with the rows that are ticked: the word that is sent, and the button's text.
pub(crate) struct Bulk {
    pub(crate) action: &'static str,
    pub(crate) text: &'static str,
    pub(crate) dangerous: bool,
}

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

/// A list of rows. `name` is the word under which its columns are kept; `label` names it for screen readers.
#[component]
pub(crate) fn DataTable<R: 'static>(
    name: &'static str,
    label: &'static str,
    columns: Vec<Column<R>>,
    rows: Vec<R>,
    /// The page's address, for the links of heads and pages.
    here: Address,
    paging: Paging,
    /// What can be done at the end of each row: links.
    #[prop(optional)]
    actions: Option<RowActions<R>>,
    /// Key and name of a row, for ticking it.
    #[prop(optional)]
    tick: Option<RowName<R>>,
    /// What can be done with ticked rows; the choice is sent to `<path>/several`.
    #[prop(optional)]
    bulk: Vec<Bulk>,
    /// The list can be taken as a file from `<path>/export.csv`.
    #[prop(optional)]
    export: bool,
) -> impl IntoView {
    let shown = shown_columns(name, &columns);
    let t = parts();
    let bulk = if may_send(&here.below("/several").path()) { bulk } else { Vec::new() };
    let export = export && may_open(&here.below("/export.csv").path());
    let form = (!bulk.is_empty()).then(|| format!("several-{name}"));
    let ticked = tick.filter(|_| form.is_some());
    let head = columns
        .iter()
        .zip(&shown)
        .filter(|(_, shown)| **shown)
        .map(|(column, _)| head_of(column, &here))
        .collect_view();
    let body = rows
        .iter()
        .map(|row| {
            let cells = columns
                .iter()
                .zip(&shown)
                .filter(|(_, shown)| **shown)
                .map(|(column, _)| {
                    let class = class_of(column.shape);
                    view! { <td class=class>{(column.cell)(row)}</td> }
                })
                .collect_view();
            let tick = ticked.map(|tick| {
                let (key, name) = tick(row);
                let told = fill(t.select_row, &[&name]);
                view! {
                    <td class="tick-cell">
                        <input type="checkbox" name="id" value=key form=form.clone() aria-label=told />
                    </td>
                }
            });
            let actions = actions.map(|actions| view! { <td class="row-actions">{actions(row)}</td> });
            view! { <tr>{tick} {cells} {actions}</tr> }
        })
        .collect_view();
    let tick_head = ticked.map(|_| {
        view! {
            <th scope="col" class="tick-cell">
                <input type="checkbox" class="needs-script" aria-label=t.select_all on:change=tick_all />
            </th>
        }
    });
    let action_head = actions.map(|_| {
        view! {
            <th scope="col" class="row-actions">
                <span class="unseen">{t.actions}</span>
            </th>
        }
    });
    view! {
        <div class="list">
            <div class="list-bar">
                <p class="list-count">{count(&paging, rows.len())}</p>
                {form.map(|form| bulk_bar(form, &here, bulk))}
                <div class="list-tools">
                    {export.then(|| export_link(&here))}
                    {chooser(name, &columns, &shown, &here)}
                </div>
            </div>
            <div class="table-box" tabindex="0" role="region" aria-label=label>
                <table>
                    <thead>
                        <tr>{tick_head} {head} {action_head}</tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            {pager(&paging, &here)}
        </div>
    }
}

fn class_of(shape: Shape) -> Option<&'static str> {
    match shape {
        Shape::Text => None,
        Shape::Digits => Some("digits"),
        Shape::Figure => Some("num"),
    }
}

/// Which columns are shown: those chosen, else those not hidden. A choice of nothing that exists is no choice.
fn shown_columns<R>(name: &str, columns: &[Column<R>]) -> Vec<bool> {
    let chosen = preference(&format!("columns-{name}"));
    let chosen: Vec<&str> = chosen.as_deref().unwrap_or_default().split('.').collect();
    let shown: Vec<bool> = columns.iter().map(|column| chosen.contains(&column.key)).collect();
    if shown.contains(&true) { shown } else { columns.iter().map(|column| !column.hidden).collect() }
}

fn head_of<R>(column: &Column<R>, here: &Address) -> impl IntoView + use<R> {
    let (t, key, class) = (parts(), column.key, class_of(column.shape));
    let text = column.title.text;
    let zoned = column.title.zoned.then(super::ZoneName::mark);
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

fn count(paging: &Paging, rows: usize) -> Option<String> {
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

fn bulk_bar(form: String, here: &Address, bulk: Vec<Bulk>) -> impl IntoView + use<> {
    let buttons = bulk
        .into_iter()
        .map(|bulk| {
            view! {
                <button type="submit" name="action" value=bulk.action class="button small" class:danger=bulk.dangerous>
                    {bulk.text}
                </button>
            }
        })
        .collect_view();
    // Shown by the style sheet while something is ticked.
    view! {
        <form id=form class="bulk" method="get" action=here.below("/several").path()>
            <span>{parts().selected}</span>
            {buttons}
        </form>
    }
}

fn export_link(here: &Address) -> impl IntoView + use<> {
    let t = parts();
    view! {
        <a class="button small quiet" href=here.with("after", "").below("/export.csv").link() download title=t.csv_hint>
            <Icon picture=Picture::Download />
            {t.csv}
        </a>
    }
}

fn chooser<R>(
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

fn pager(paging: &Paging, here: &Address) -> impl IntoView + use<> {
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

/// Ticks or unticks every row of the same table.
#[cfg(feature = "hydrate")]
fn tick_all(event: leptos::ev::Event) {
    use leptos::{wasm_bindgen::JsCast, web_sys::HtmlInputElement};

    let all: HtmlInputElement = event_target(&event);
    let Ok(Some(table)) = all.closest("table") else { return };
    let Ok(boxes) = table.query_selector_all("tbody input[name=id]") else { return };
    for place in 0..boxes.length() {
        if let Some(one) = boxes.get(place).and_then(|node| node.dyn_into::<HtmlInputElement>().ok()) {
            one.set_checked(all.checked());
        }
    }
}

#[cfg(not(feature = "hydrate"))]
fn tick_all(_: leptos::ev::Event) {}

/// A small table inside a page, in its own scrolling box, so that a narrow screen scrolls the table and not the page.
#[component]
pub(crate) fn Table(
    label: &'static str,
    /// The heads of the columns: text, and whether the column holds figures.
    columns: Vec<(&'static str, bool)>,
    children: Children,
) -> impl IntoView {
    let heads = columns
        .into_iter()
        .map(|(text, figures)| {
            let shown = if text.is_empty() {
                view! { <span class="unseen">{parts().actions}</span> }.into_any()
            } else {
                text.into_any()
            };
            view! {
                <th scope="col" class:num=figures>
                    {shown}
                </th>
            }
        })
        .collect_view();
    view! {
        <div class="table-box" tabindex="0" role="region" aria-label=label>
            <table>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
