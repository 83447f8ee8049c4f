use domain::RateTableRow;
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    components::{Empty, PageHead, Table},
    figures,
    load::{LoadError, loaded},
};

#[server(prefix = "/load", endpoint = "rate-tables", input = GetUrl)]
pub(crate) async fn load_rate_tables() -> Result<Vec<RateTableRow>, LoadError> {
    let (site, asker) = crate::server::session::asking()?;
    Ok(store::rate_tables::list(&site.pool, &asker.scope).await?)
}

/// The list of rate tables.
#[component]
pub(crate) fn RateTables() -> impl IntoView {
    let rows = Resource::new(|| (), |()| load_rate_tables());
    view! {
        <PageHead title="Rate tables" about="Price lists by prefix: what customers pay, and what vendors cost.">
            <a class="button primary" href=format!("{LIST}/new")>
                "New rate table"
            </a>
        </PageHead>
        {loaded(rows, list)}
    }
}

fn list(rows: Vec<RateTableRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <Empty title="No rate table yet">
                "A customer's call is taken only when a rate prices its number. "
                <a href=format!("{LIST}/new")>"Add the first table"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Table
            label="Rate tables"
            columns=vec![
                ("Name", false),
                ("Currency", false),
                ("Billing unit", true),
                ("Rates", true),
                ("Accounts", true),
                ("", false),
            ]
        >
            {rows.into_iter().map(row).collect_view()}
        </Table>
    }
    .into_any()
}

fn row(row: RateTableRow) -> impl IntoView {
    let settings = row.table.settings;
    let page = format!("{LIST}/{}", row.table.id);
    let unit = settings.billing_unit.map_or_else(|| "system".to_owned(), |u| format!("{} s", u.seconds()));
    view! {
        <tr>
            <td>
                <a href=page.clone()>{settings.name.to_string()}</a>
            </td>
            <td>{settings.currency.to_string()}</td>
            <td class="num">{unit}</td>
            <td class="num">{figures::count(row.rates)}</td>
            <td class="num">{figures::count(row.used_by)}</td>
            <td class="row-actions">
                <a href=format!("{page}/edit")>"Edit"</a>
                <a href=format!("{page}/delete")>"Delete"</a>
            </td>
        </tr>
    }
}
