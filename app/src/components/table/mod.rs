//! Tables: one component for every list.
//!
//! A list's state stands in its address, so that it works without JavaScript and can be sent to somebody: heads are links
//! that sort, pages are links by key. Which columns are shown is a cookie. What is ticked is sent as a form.

mod column;
mod paging;
mod small;
mod tick;

use leptos::prelude::*;

pub(crate) use self::{column::Column, paging::Paging, small::Table, tick::Bulk};
use self::{
    column::{chooser, class_of, head_of, shown_columns},
    paging::{count, pager},
    tick::{bulk_bar, tick_all},
};
use super::{Icon, Picture};
use crate::{
    access::{may_open, may_send},
    list::Address,
    words::{fill, parts},
};

/// Draws the end of a row.
pub(super) type RowActions<R> = fn(&R) -> AnyView;
/// Tells a row's key and its name.
pub(super) type RowName<R> = fn(&R) -> (String, String);

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
    #[prop(optional_no_strip)]
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

fn export_link(here: &Address) -> impl IntoView + use<> {
    let t = parts();
    view! {
        <a class="button small quiet" href=here.with("after", "").below("/export.csv").link() download title=t.csv_hint>
            <Icon picture=Picture::Download />
            {t.csv}
        </a>
    }
}
