use leptos::prelude::*;

use crate::words::parts;

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
