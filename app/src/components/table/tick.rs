//! Ticked rows: what can be done with several at once.

use leptos::prelude::*;

use crate::{
    list::Address,
    words::{pages, parts},
};

/// What can be done with the rows that are ticked: the word that is sent, and the button's text.
pub(crate) struct Bulk {
    pub(crate) action: &'static str,
    pub(crate) text: &'static str,
    pub(crate) dangerous: bool,
}

impl Bulk {
    /// What can be done with things that take part or not: switch them on, switch them off, delete them.
    pub(crate) fn switching() -> Vec<Self> {
        let t = pages();
        vec![
            Self { action: "on", text: t.switch_on, dangerous: false },
            Self { action: "off", text: t.switch_off, dangerous: false },
            Self { action: "delete", text: parts().delete_more, dangerous: true },
        ]
    }
}

pub(super) fn bulk_bar(form: String, here: &Address, bulk: Vec<Bulk>) -> impl IntoView + use<> {
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

/// Ticks or unticks every row of the same table.
#[cfg(feature = "hydrate")]
pub(super) fn tick_all(event: leptos::ev::Event) {
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
pub(super) fn tick_all(_: leptos::ev::Event) {}
