//! One rate table with its rates, a page by key.

use domain::{Money, Page, RateRow, RateTable, RateTableId};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::{
    access::Way,
    components::{Bulk, Column, DataTable, Empty, PageHead, Paging, SearchBox},
    list::Address,
    load::{LoadError, by_key, loaded},
    pages::{key, query},
    words::{fields, fill, frame, pages, parts},
};

#[cfg(feature = "ssr")]
const ROWS: u32 = 100;

/// A table and one page of its rates.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Rates {
    table: RateTable,
    page: Page<RateRow>,
    search: String,
    /// True when the page is not the first.
    further: bool,
}

/// `after` is the prefix behind which the page begins; none is the first page, an empty one stands behind the empty prefix.
#[server(prefix = "/load", endpoint = "rates", input = GetUrl)]
pub(crate) async fn load_rates(
    id: RateTableId,
    search: String,
    after: Option<String>,
) -> Result<Rates, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewRates)?;
    let table = store::rate_tables::find(&site.pool, &asker.scope, id).await?;
    let after: Option<domain::Prefix> = after.and_then(|text| text.parse().ok());
    let further = after.is_some();
    let filter = domain::RateFilter { search: search.clone(), after, limit: ROWS };
    let page = store::rate_tables::rates(&site.pool, &asker.scope, id, &filter).await?;
    Ok(Rates { table, page, search, further })
}

/// The page of one rate table.
#[component]
pub(crate) fn ShowRateTable() -> impl IntoView {
    let id = key::<RateTableId>("id");
    let search = query("search");
    let queries = leptos_router::hooks::use_query_map();
    let here = Address::here();
    let after = move || queries.with(|q| q.get("after"));
    let question = move || Some((id()?, search.get(), after()));
    let page = by_key(question, |(id, search, after)| load_rates(id, search, after));
    loaded(page, move |rates| show(rates, here()))
}

fn show(rates: Rates, here: Address) -> impl IntoView {
    let Rates { table, page, search, further } = rates;
    let path = format!("{LIST}/{}", table.id);
    let t = pages();
    let rates = list(page, &path, &search, further, here);
    let (add, edit, delete) = (format!("{path}/rates/new"), format!("{path}/edit"), format!("{path}/delete"));
    let settings = table.settings;
    let unit = settings
        .billing_unit
        .map_or_else(|| t.unit_of_system.to_owned(), |u| fill(t.unit_of_table, &[&u.seconds().to_string()]));
    view! {
        <PageHead
            title=settings.name.to_string()
            about=fill(t.rates_about, &[settings.currency.as_str(), &unit])
        >
            <Way class="button primary" to=add>
                {t.new_rate}
            </Way>
            <Way class="button" to=edit>
                {t.edit_table}
            </Way>
            <Way class="button" to=delete>
                {parts().delete_more}
            </Way>
        </PageHead>
        <SearchBox action=path label=t.prefix_or_destination value=search />
        {rates}
    }
}

fn list(
    page: Page<RateRow>,
    path: &str,
    search: &str,
    further: bool,
    here: Address,
) -> impl IntoView + use<> {
    let (t, path) = (pages(), path.to_owned());
    let Some(last) = page.rows.last().map(|row| row.settings.prefix.to_string()) else {
        return if search.is_empty() && !further {
            view! {
                <Empty title=t.no_rate>
                    {t.no_rate_text} <Way to=format!("{path}/rates/new")>{t.add_first_rate}</Way>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <Empty title=t.no_rate_matches>
                    <a href=path>{parts().show_all}</a>
                </Empty>
            }
            .into_any()
        };
    };
    let paging = Paging::Keyed { first: !further, next: page.more.then_some(last) };
    let bulk = vec![Bulk { action: "delete", text: parts().delete_more, dangerous: true }];
    view! {
        <DataTable
            name="rates"
            label=frame().rates
            columns=columns()
            rows=page.rows
            here
            paging
            tick=Some(|row| (row.id.to_string(), prefix(row)))
            bulk
            export=true
            actions=|row: &RateRow| {
                view! { <Way to=format!("{}/delete", address(row))>{frame().delete}</Way> }.into_any()
            }
        />
    }
    .into_any()
}

fn address(row: &RateRow) -> String {
    format!("{LIST}/{}/rates/{}", row.table, row.id)
}

fn prefix(row: &RateRow) -> String {
    match row.settings.prefix.as_str() {
        "" => fields().every_other.to_owned(),
        digits => digits.to_owned(),
    }
}

fn columns() -> Vec<Column<RateRow>> {
    let t = fields();
    vec![
        Column::digits("prefix", t.prefix, |row: &RateRow| view! { <a href=address(row)>{prefix(row)}</a> }),
        Column::text("destination", t.destination, |row: &RateRow| row.settings.destination.clone()),
        Column::figure("rate", t.rate, |row: &RateRow| row.settings.rate.to_string()),
        Column::figure("fee", t.connect_fee, |row: &RateRow| match row.settings.connect_fee {
            Money::ZERO => "–".to_owned(),
            fee => fee.to_string(),
        }),
        Column::figure("unit", t.billing_unit, |row: &RateRow| match row.settings.billing_unit {
            Some(unit) => format!("{} s", unit.seconds()).into_any(),
            None => view! { <span class="faint">{fields().of_table}</span> }.into_any(),
        }),
    ]
}

/// The rates as a file, all that the question finds.
#[cfg(feature = "ssr")]
pub(crate) async fn export_rates(
    axum::extract::State(site): axum::extract::State<crate::server::Site>,
    axum::extract::Path(id): axum::extract::Path<i64>,
    asker: crate::server::session::Asker,
    axum::extract::Query(question): axum::extract::Query<crate::list::ListQuestion>,
) -> Result<axum::response::Response, crate::server::Broken> {
    let id = RateTableId(id);
    let table = store::rate_tables::find(&site.pool, &asker.scope, id).await?;
    let mut filter = domain::RateFilter { search: question.search, after: None, limit: 1000 };
    let mut page = store::rate_tables::rates(&site.pool, &asker.scope, id, &filter).await?;
    Ok(crate::server::csv::file(&format!("rates-{id}"), |mut sheet| async move {
        sheet.line(["prefix", "destination", "rate_a_minute", "currency", "connect_fee", "billing_unit"]);
        loop {
            filter.after = page.rows.last().map(|row| row.settings.prefix.clone());
            for RateRow { settings, .. } in page.rows {
                sheet.line([
                    settings.prefix.as_str(),
                    &settings.destination,
                    &settings.rate.to_string(),
                    table.settings.currency.as_str(),
                    &settings.connect_fee.to_string(),
                    &settings.billing_unit.map(|unit| unit.seconds().to_string()).unwrap_or_default(),
                ]);
            }
            if !sheet.send().await || !page.more {
                return;
            }
            match store::rate_tables::rates(&site.pool, &asker.scope, id, &filter).await {
                Ok(next) => page = next,
                Err(error) => return tracing::error!(%error, "a file of rates ends before its end"),
            }
        }
    }))
}
