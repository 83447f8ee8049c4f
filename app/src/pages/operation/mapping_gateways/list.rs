use domain::{MappingGatewayRow, Source};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    components::{Badge, Empty, PageHead, SearchBox, Table, Tone},
    load::{LoadError, loaded},
    pages::query,
};

#[server(prefix = "/load", endpoint = "mapping-gateways", input = GetUrl)]
pub(crate) async fn load_mapping_gateways(search: String) -> Result<Vec<MappingGatewayRow>, LoadError> {
    let (site, asker) = crate::server::session::asking()?;
    Ok(store::mapping_gateways::list(&site.pool, &asker.scope, &search).await?)
}

/// The list of mapping gateways.
#[component]
pub(crate) fn MappingGateways() -> impl IntoView {
    let search = query("search");
    let rows = Resource::new(move || search.get(), load_mapping_gateways);
    view! {
        <PageHead title="Mapping gateways" about="Customer trunks: where calls come in.">
            <a class="button primary" href=format!("{LIST}/new")>
                "New mapping gateway"
            </a>
        </PageHead>
        <SearchBox action=LIST label="Search by name" value=search />
        {loaded(rows, move |rows| list(rows, &search.get_untracked()))}
    }
}

fn list(rows: Vec<MappingGatewayRow>, search: &str) -> impl IntoView + use<> {
    if rows.is_empty() {
        return if search.is_empty() {
            view! {
                <Empty title="No mapping gateway yet">
                    "A call is taken only from the address of a mapping gateway. "
                    <a href=format!("{LIST}/new")>"Add the first one"</a>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <Empty title="No mapping gateway has this in its name">
                    <a href=LIST>"Show all"</a>
                </Empty>
            }
            .into_any()
        };
    }
    view! {
        <Table
            label="Mapping gateways"
            columns=vec![
                ("Name", false),
                ("Account", false),
                ("Sources", false),
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

fn row(row: MappingGatewayRow) -> impl IntoView {
    let MappingGatewayRow { gateway, account_name } = row;
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
            <td class="digits">{sources(&settings.sources)}</td>
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

/// The first few sources, and how many more there are.
fn sources(sources: &[Source]) -> String {
    let shown: Vec<String> = sources.iter().take(3).map(Source::to_string).collect();
    match sources.len() {
        0..=3 => shown.join(", "),
        n => format!("{} and {} more", shown.join(", "), n - 3),
    }
}
