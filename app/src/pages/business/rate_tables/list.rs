use domain::RateTableRow;
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Column, Listing, Nothing, listing},
    figures,
    list::{ListQuestion, Stretch},
    load::LoadError,
    words::{fields, frame, pages},
};

#[server(prefix = "/load", endpoint = "rate-tables", input = GetUrl)]
pub(crate) async fn load_rate_tables(question: ListQuestion) -> Result<Stretch<RateTableRow>, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewRates)?;
    let rows = server::asked(&site, &asker, &question).await?;
    Ok(question.stretch(rows, |row| row.table.id.to_string()))
}

/// The list of rate tables.
#[component]
pub(crate) fn RateTables() -> impl IntoView {
    let t = pages();
    let list = Listing {
        page: LIST,
        name: "rate-tables",
        title: frame().rate_tables,
        about: t.rate_tables_about,
        new: t.new_rate_table,
        search: None,
        none: Some(Nothing { title: t.no_rate_table, text: t.no_rate_table_text, add: t.add_first_table }),
        unmatched: t.name_not_found,
        columns,
        tick: None,
        bulk: Vec::new,
        export: true,
        actions: |row| {
            let page = format!("{LIST}/{}", row.table.id);
            view! {
                <Way to=format!("{page}/edit")>{frame().edit}</Way>
                <Way to=format!("{page}/delete")>{frame().delete}</Way>
            }
            .into_any()
        },
    };
    listing(list, load_rate_tables)
}

fn columns() -> Vec<Column<RateTableRow>> {
    let t = fields();
    vec![
        Column::text("name", t.name, |row: &RateTableRow| {
            view! { <a href=format!("{LIST}/{}", row.table.id)>{row.table.settings.name.to_string()}</a> }
        })
        .sorted(),
        Column::text("currency", t.currency, |row: &RateTableRow| row.table.settings.currency.to_string())
            .sorted(),
        Column::figure("unit", t.billing_unit, |row: &RateTableRow| match row.table.settings.billing_unit {
            Some(unit) => format!("{} s", unit.seconds()).into_any(),
            None => view! { <span class="faint">{fields().of_system}</span> }.into_any(),
        })
        .sorted(),
        Column::figure("rates", t.rates_count, |row: &RateTableRow| figures::count(row.rates)).sorted(),
        Column::figure("used", t.used_by, |row: &RateTableRow| figures::count(row.used_by)).sorted(),
    ]
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{
        extract::{Query, State},
        response::Response,
    };
    use domain::RateTableRow;
    use store::StoreError;

    use crate::{
        list::ListQuestion,
        server::{Site, csv, session::Asker},
    };

    /// All tables, in the question's order.
    pub(super) async fn asked(
        site: &Site,
        asker: &Asker,
        question: &ListQuestion,
    ) -> Result<Vec<RateTableRow>, StoreError> {
        let mut rows = store::rate_tables::list(&site.pool, &asker.scope).await?;
        question.sort(&mut rows, |column, a, b| {
            let (x, y) = (&a.table.settings, &b.table.settings);
            let unit = |settings: &domain::RateTableSettings| settings.billing_unit.map(|u| u.seconds());
            match column {
                "name" => x.name.as_str().to_lowercase().cmp(&y.name.as_str().to_lowercase()),
                "currency" => x.currency.cmp(&y.currency),
                "unit" => unit(x).cmp(&unit(y)),
                "rates" => a.rates.cmp(&b.rates),
                "used" => a.used_by.cmp(&b.used_by),
                _ => std::cmp::Ordering::Equal,
            }
        });
        Ok(rows)
    }

    /// The list as a file.
    pub(crate) async fn export(
        State(site): State<Site>,
        asker: Asker,
        Query(question): Query<ListQuestion>,
    ) -> Result<Response, crate::server::Broken> {
        let rows = asked(&site, &asker, &question).await?;
        let heads = ["name", "currency", "billing_unit", "rates", "accounts"];
        Ok(csv::list("rate-tables", heads, rows, |row| {
            let settings = row.table.settings;
            [
                settings.name.to_string(),
                settings.currency.to_string(),
                csv::if_any(settings.billing_unit.map(|unit| unit.seconds())),
                row.rates.to_string(),
                row.used_by.to_string(),
            ]
        }))
    }
}
