//! What somebody outside the administration has left: on their first page.

use leptos::prelude::*;

use super::{
    LIST,
    list::{Row, load_accounts},
};
use crate::{figures, list::ListQuestion, load::loaded, words::fields};

/// The most accounts that are shown one by one; a reseller's others stand in the list.
const SHOWN: usize = 12;

/// Balance, held and available of one's own accounts.
#[component]
pub(crate) fn OwnMoney() -> impl IntoView {
    let rows = Resource::new(|| (), |()| load_accounts(ListQuestion::default()));
    loaded(rows, |found| {
        let tiles = found.rows.into_iter().take(SHOWN).map(tiles).collect_view();
        view! { {tiles} }
    })
}

fn tiles(row: Row) -> impl IntoView {
    let t = fields();
    let settings = row.account.settings.clone();
    let shown = |money| figures::amount(money, settings.currency);
    let balance = row.account.balance();
    let available = row.available.map_or_else(|| "–".to_owned(), shown);
    let name = settings.name.to_string();
    let tile = |label: &'static str, value: String, negative: bool| {
        view! {
            <div class="tile">
                <p class="label">{label}</p>
                <p class="value" class:negative=negative>
                    {value}
                </p>
            </div>
        }
    };
    view! {
        <h2>
            <a href=format!("{LIST}/{}", row.account.id)>{name.clone()}</a>
        </h2>
        <section class="tiles" aria-label=name>
            {tile(t.balance, shown(balance), balance.is_negative())}
            {tile(t.held, shown(row.held), false)}
            {tile(t.available, available, false)}
            {tile(t.credit_limit, shown(settings.credit_limit), false)}
        </section>
    }
}
