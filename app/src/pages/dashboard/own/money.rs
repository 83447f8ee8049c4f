//! What is left of one's own accounts.

use leptos::prelude::*;

use super::OwnAccount;
use crate::{figures, pages::business::accounts::LIST, words::fields};

/// Balance, held, available and limit of each account.
pub(super) fn tiles(accounts: Vec<OwnAccount>) -> impl IntoView {
    accounts.into_iter().take(super::SHOWN).map(account).collect_view()
}

fn account(own: OwnAccount) -> impl IntoView {
    let OwnAccount { account, held, available, .. } = own;
    let t = fields();
    let shown = |money| figures::amount(money, account.settings.currency);
    let balance = account.balance();
    let name = account.settings.name.to_string();
    let tile = |label: &'static str, value: String, negative: bool, strong: bool| {
        view! {
            <div class="tile" class:strong=strong>
                <p class="label">{label}</p>
                <p class="value" class:negative=negative>
                    {value}
                </p>
            </div>
        }
    };
    let left = available.map_or_else(|| "–".to_owned(), shown);
    let nothing_left = available.is_some_and(|left| left <= domain::Money::ZERO);
    view! {
        <h2>
            <a href=format!("{LIST}/{}", account.id)>{name.clone()}</a>
        </h2>
        <section class="tiles" aria-label=name>
            {tile(t.available, left, nothing_left, true)}
            {tile(t.balance, shown(balance), balance.is_negative(), false)}
            {tile(t.held, shown(held), false, false)}
            {tile(t.credit_limit, shown(account.settings.credit_limit), false, false)}
        </section>
    }
}
