use domain::{Prefix, RoutingGatewayRow};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    components::{Badge, Empty, PageHead, SearchBox, Table, Tone},
    load::{LoadError, loaded},
    pages::query,
};

#[server(prefix = "/load", endpoint = "routing-gateways", input = GetUrl)]
pub(crate) async fn load_routing_gateways(search: String) -> Result<Vec<RoutingGatewayRow>, LoadError> {
    let (site, asker) = crate::server::session::asking()?;
    Ok(store::routing_gateways::list(&site.pool, &asker.scope, &search).await?)
}

/// The list of routing gateways.
#[component]
pub(crate) fn RoutingGateways() -> impl IntoView {
    let search = query("search");
    let rows = Resource::new(move || search.get(), load_routing_gateways);
    view! {
        <PageHead title="Routing gateways" about="Vendor trunks: where calls go out.">
            <a class="button primary" href=format!("{LIST}/new")>
                "New routing gateway"
            </a>
        </PageHead>
        <SearchBox action=LIST label="Search by name" value=search />
        {loaded(rows, move |rows| list(rows, &search.get_untracked()))}
    }
}

fn list(rows: Vec<RoutingGatewayRow>, search: &str) -> impl IntoView + use<> {
    if rows.is_empty() {
        return if search.is_empty() {
            view! {
                <Empty title="No routing gateway yet">
                    "Calls leave through a routing gateway whose prefix matches the called number. "
                    <a href=format!("{LIST}/new")>"Add the first one"</a>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <Empty title="No routing gateway has this in its name">
                    <a href=LIST>"Show all"</a>
                </Empty>
            }
            .into_any()
        };
    }
    view! {
        <Table
            label="Routing gateways"
            columns=vec![
                ("Name", false),
                ("Account", false),
                ("Address", false),
                ("Prefixes", false),
                ("Priority", true),
                ("Line limit", true),
                ("State", false),
                ("", false),
            ]
        >
            {rows.into_iter().map(row).collect_view()}
        </Table>
    }
    .into_any()
}

fn row(row: RoutingGatewayRow) -> impl IntoView {
    let RoutingGatewayRow { gateway, account_name } = row;
    let settings = gateway.settings;
    let page = format!("{LIST}/{}", gateway.id);
    let limit = settings.max_calls.map_or_else(|| "unlimited".to_owned(), |n| n.to_string());
    view! {
        <tr>
            <td>
                <a href=page.clone()>{settings.name.to_string()}</a>
            </td>
            <td>
                <a href=format!("/business/accounts/{}", settings.account)>{account_name}</a>
            </td>
            <td class="digits">{settings.address.to_string()}</td>
            <td class="digits">{prefixes(&settings.prefixes)}</td>
            <td class="num">{settings.priority}</td>
            <td class="num">{limit}</td>
            <td>
                {if settings.enabled {
                    view! { <Badge tone=Tone::Good text="on" /> }
                } else {
                    view! { <Badge tone=Tone::Neutral text="off" /> }
                }}
            </td>
            <td class="row-actions">
                <a href=format!("{page}/delete")>"Delete"</a>
            </td>
        </tr>
    }
}

/// The first few prefixes, and how many more there are.
fn prefixes(prefixes: &[Prefix]) -> String {
    let shown: Vec<&str> = prefixes
        .iter()
        .take(6)
        .map(|prefix| if prefix.as_str().is_empty() { "every number" } else { prefix.as_str() })
        .collect();
    match prefixes.len() {
        0..=6 => shown.join(", "),
        n => format!("{} and {} more", shown.join(", "), n - 6),
    }
}
