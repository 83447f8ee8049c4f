use domain::{MappingGatewayRow, Source};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Bulk, Column, Listing, Nothing, OnOff, listing},
    list::{ListQuestion, Stretch},
    load::LoadError,
    words::{fields, fill, frame, pages, parts},
};

#[server(prefix = "/load", endpoint = "mapping-gateways", input = GetUrl)]
pub(crate) async fn load_mapping_gateways(
    question: ListQuestion,
) -> Result<Stretch<MappingGatewayRow>, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewGateways)?;
    let rows = server::asked(&site, &asker, &question).await?;
    Ok(question.stretch(rows, |row| row.gateway.id.to_string()))
}

/// The list of mapping gateways.
#[component]
pub(crate) fn MappingGateways() -> impl IntoView {
    let t = pages();
    let list = Listing {
        page: LIST,
        name: "mapping-gateways",
        title: frame().mapping_gateways,
        about: t.mapping_gateways_about,
        new: t.new_mapping_gateway,
        search: Some(parts().search_by_name),
        none: Some(Nothing {
            title: t.no_mapping_gateway,
            text: t.no_mapping_gateway_text,
            add: t.add_first,
        }),
        unmatched: t.name_not_found,
        columns,
        tick: Some(|row| (row.gateway.id.to_string(), row.gateway.settings.name.to_string())),
        bulk: Bulk::switching,
        export: true,
        actions: |row| {
            view! { <Way to=format!("{LIST}/{}/delete", row.gateway.id)>{frame().delete}</Way> }.into_any()
        },
    };
    listing(list, load_mapping_gateways)
}

fn columns() -> Vec<Column<MappingGatewayRow>> {
    let t = fields();
    vec![
        Column::text("name", t.name, |row: &MappingGatewayRow| {
            let gateway = &row.gateway;
            view! { <a href=format!("{LIST}/{}", gateway.id)>{gateway.settings.name.to_string()}</a> }
        })
        .sorted(),
        Column::text("account", t.account, |row: &MappingGatewayRow| {
            let account = format!("/business/accounts/{}", row.gateway.settings.account);
            let name = row.account_name.clone();
            view! { <Way to=account text_stays=true>{name}</Way> }
        })
        .sorted(),
        Column::digits("sources", t.sources, |row: &MappingGatewayRow| {
            let settings = &row.gateway.settings;
            match &settings.user {
                Some(user) => user.to_string(),
                None => sources(&settings.sources),
            }
        }),
        Column::figure("limit", t.line_limit, |row: &MappingGatewayRow| {
            limit(row.gateway.settings.max_calls)
        })
        .sorted(),
        Column::text("state", t.state, |row: &MappingGatewayRow| {
            view! { <OnOff on=row.gateway.settings.enabled /> }
        })
        .sorted(),
    ]
}

pub(crate) fn limit(limit: Option<u32>) -> AnyView {
    match limit {
        Some(limit) => crate::figures::count(limit).into_any(),
        None => view! { <span class="faint">{fields().unlimited}</span> }.into_any(),
    }
}

/// The first few sources, and how many more there are.
fn sources(sources: &[Source]) -> String {
    let shown: Vec<String> = sources.iter().take(3).map(Source::to_string).collect();
    match sources.len() {
        0..=3 => shown.join(", "),
        n => fill(fields().and_more, &[&shown.join(", "), &(n - 3).to_string()]),
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{
        extract::{Query, State},
        response::Response,
    };
    use domain::MappingGatewayRow;
    use store::StoreError;

    use crate::{
        list::ListQuestion,
        server::{Site, csv, session::Asker},
    };

    /// All that the question finds, in its order.
    pub(super) async fn asked(
        site: &Site,
        asker: &Asker,
        question: &ListQuestion,
    ) -> Result<Vec<MappingGatewayRow>, StoreError> {
        let mut rows = store::mapping_gateways::list(&site.pool, &asker.scope, &question.search).await?;
        question.sort(&mut rows, |column, a, b| {
            let (x, y) = (&a.gateway.settings, &b.gateway.settings);
            match column {
                "name" => x.name.as_str().to_lowercase().cmp(&y.name.as_str().to_lowercase()),
                "account" => a.account_name.cmp(&b.account_name),
                // Unlimited is more than any limit.
                "limit" => x.max_calls.unwrap_or(u32::MAX).cmp(&y.max_calls.unwrap_or(u32::MAX)),
                "state" => y.enabled.cmp(&x.enabled),
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
        let heads = ["name", "account", "sources", "user", "line_limit", "takes_calls"];
        Ok(csv::list(
            "mapping-gateways",
            heads,
            rows,
            |MappingGatewayRow { gateway, account_name, .. }| {
                let settings = gateway.settings;
                let sources: Vec<String> = settings.sources.iter().map(ToString::to_string).collect();
                [
                    settings.name.to_string(),
                    account_name,
                    sources.join(" "),
                    csv::if_any(settings.user),
                    csv::if_any(settings.max_calls),
                    csv::yes_or_no(settings.enabled),
                ]
            },
        ))
    }
}
