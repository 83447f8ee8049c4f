//! A table in its own scrolling box, so that a narrow screen scrolls the table and not the page.

use leptos::prelude::*;

/// A table with a head that stays in sight. `label` names it for screen readers.
#[component]
pub(crate) fn Table(
    label: &'static str,
    /// The heads of the columns: text, and whether the column holds figures.
    columns: Vec<(&'static str, bool)>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="table-box" tabindex="0" role="region" aria-label=label>
            <table>
                <thead>
                    <tr>
                        {columns
                            .into_iter()
                            .map(|(text, figures)| {
                                view! {
                                    <th scope="col" class:num=figures>
                                        {if text.is_empty() {
                                            view! { <span class="unseen">"Actions"</span> }.into_any()
                                        } else {
                                            text.into_any()
                                        }}
                                    </th>
                                }
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
