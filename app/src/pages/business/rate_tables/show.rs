//! One rate table with its rates, a page by key.

use domain::{Money, Page, RateRow, RateTable, RateTableId};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_router::components::Form;
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::{
    components::{Empty, Icon, PageHead, Picture, Table},
    figures,
    load::{LoadError, loaded},
    pages::{key, query},
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
    let (site, asker) = crate::server::session::asking()?;
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
    let after = move || queries.with(|q| q.get("after"));
    let page = Resource::new(
        move || (id(), search.get(), after()),
        async |(id, search, after)| match id {
            Some(id) => load_rates(id, search, after).await,
            None => Err(LoadError::NotFound),
        },
    );
    loaded(page, show)
}

fn show(rates: Rates) -> impl IntoView {
    let Rates { table, page, search, further } = rates;
    let here = format!("{LIST}/{}", table.id);
    let rates = list(page, &here, &search, further);
    let (add, edit, delete) = (format!("{here}/rates/new"), format!("{here}/edit"), format!("{here}/delete"));
    let settings = table.settings;
    let unit = settings.billing_unit.map_or_else(
        || "billing unit of the system".to_owned(),
        |u| format!("billing unit {} s", u.seconds()),
    );
    view! {
        <PageHead title=settings.name.to_string() about=format!("Rates in {} a minute, {unit}", settings.currency)>
            <a class="button primary" href=add>
                "New rate"
            </a>
            <a class="button" href=edit>
                "Edit table"
            </a>
            <a class="button" href=delete>
                "Delete …"
            </a>
        </PageHead>
        <search class="search">
            <Form method="GET" action=here>
                <label class="unseen" for="search">
                    "Prefix or destination"
                </label>
                <Icon picture=Picture::Search />
                <input
                    id="search"
                    name="search"
                    type="search"
                    placeholder="Prefix or destination"
                    maxlength="64"
                    value=search
                />
                <button type="submit" class="button small">
                    "Search"
                </button>
            </Form>
        </search>
        {rates}
    }
}

fn list(page: Page<RateRow>, here: &str, search: &str, further: bool) -> impl IntoView + use<> {
    let here = here.to_owned();
    let Some(last) = page.rows.last().map(|row| row.settings.prefix.clone()) else {
        return if search.is_empty() && !further {
            view! {
                <Empty title="This table has no rate yet">
                    "A number is priced by the rate with the longest matching prefix; an empty prefix prices all others. "
                    <a href=format!("{here}/rates/new")>"Add the first rate"</a>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <Empty title="No rate matches">
                    <a href=here>"Show all"</a>
                </Empty>
            }
            .into_any()
        };
    };
    let found = figures::in_query(search);
    let first = further.then(|| {
        view! {
            <a class="button" href=format!("{here}?search={found}")>
                "First"
            </a>
        }
    });
    let next = page.more.then(|| {
        view! {
            <a class="button" href=format!("{here}?search={found}&after={}", figures::in_query(last.as_str()))>
                "Next"
            </a>
        }
    });
    view! {
        <Table
            label="Rates"
            columns=vec![
                ("Prefix", false),
                ("Destination", false),
                ("Rate a minute", true),
                ("Connect fee", true),
                ("Billing unit", true),
                ("", false),
            ]
        >
            {page.rows.into_iter().map(|rate| row(rate, &here)).collect_view()}
        </Table>
        <nav class="pager" aria-label="Pages">
            {first}
            {next}
        </nav>
    }
    .into_any()
}

fn row(row: RateRow, here: &str) -> impl IntoView + use<> {
    let settings = row.settings;
    let page = format!("{here}/rates/{}", row.id);
    let prefix = match settings.prefix.as_str() {
        "" => "every other number".to_owned(),
        digits => digits.to_owned(),
    };
    let fee = match settings.connect_fee {
        Money::ZERO => "–".to_owned(),
        fee => fee.to_string(),
    };
    let unit = settings.billing_unit.map_or_else(|| "table's".to_owned(), |u| format!("{} s", u.seconds()));
    view! {
        <tr>
            <td class="digits">
                <a href=page.clone()>{prefix}</a>
            </td>
            <td>{settings.destination}</td>
            <td class="num">{settings.rate.to_string()}</td>
            <td class="num">{fee}</td>
            <td class="num">{unit}</td>
            <td class="row-actions">
                <a href=format!("{page}/delete")>"Delete"</a>
            </td>
        </tr>
    }
}
