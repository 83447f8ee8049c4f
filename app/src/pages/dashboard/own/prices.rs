//! What calls cost.

use domain::RateTableRow;
use leptos::prelude::*;
use leptos_router::components::Form;

use crate::{
    components::{Icon, Picture},
    figures,
    list::{ListQuestion, Stretch},
    load::{loaded, once},
    pages::business::rate_tables::load_rate_tables,
    words::{fill, home, parts},
};

/// Each price list, with a box that finds the price of a number's beginning in it. It is not read anew while somebody types.
#[component]
pub(super) fn Prices() -> impl IntoView {
    let tables = once(|| load_rate_tables(ListQuestion::default()));
    loaded(tables, prices)
}

fn prices(tables: Stretch<RateTableRow>) -> impl IntoView {
    let t = home();
    let none = tables.rows.is_empty().then(|| view! { <p class="about">{t.no_price}</p> });
    let lists = tables.rows.into_iter().take(super::SHOWN).map(price_list).collect_view();
    view! {
        <section class="card">
            <h2>{t.prices}</h2>
            {none}
            {lists}
        </section>
    }
}

fn price_list(row: RateTableRow) -> impl IntoView {
    let t = home();
    let path = format!("/business/rate-tables/{}", row.table.id);
    let id = format!("price-{}", row.table.id);
    let settings = row.table.settings;
    let told = fill(t.rates_in, &[&figures::count(row.rates), settings.currency.as_str()]);
    let label = format!("{}: {}", settings.name, t.price_of);
    view! {
        <p>
            <a href=path.clone()>{settings.name.to_string()}</a>
            <span class="about">" " {told}</span>
        </p>
        <search class="search">
            <Form method="GET" action=path>
                <label class="unseen" for=id.clone()>
                    {label}
                </label>
                <Icon picture=Picture::Search />
                <input id=id name="search" type="search" maxlength="64" placeholder=t.price_of />
                <button type="submit" class="button small">
                    {parts().search}
                </button>
            </Form>
        </search>
    }
}
