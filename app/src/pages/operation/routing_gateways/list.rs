use domain::{Prefix, RoutingGatewayRow};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Badge, Bulk, Column, Listing, Nothing, OnOff, Tone, listing},
    list::{ListQuestion, Stretch},
    load::LoadError,
    pages::operation::mapping_gateways::limit,
    words::{fields, fill, frame, pages, parts},
};

#[server(prefix = "/load", endpoint = "routing-gateways", input = GetUrl)]
pub(crate) async fn load_routing_gateways(
    question: ListQuestion,
) -> Result<Stretch<RoutingGatewayRow>, LoadError> {
    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewGateways))?;
    let mut rows = server::asked(&site, &asker, &question).await?;
    for found in site.switch.named_gateways() {
        if let Some(row) = rows.iter_mut().find(|row| row.gateway.id == found.gateway) {
            row.found = Some(found);
        }
    }
    Ok(question.stretch(rows, |row| row.gateway.id.to_string()))
}

/// The list of routing gateways.
#[component]
pub(crate) fn RoutingGateways() -> impl IntoView {
    let t = pages();
    let list = Listing {
        page: LIST,
        name: "routing-gateways",
        title: frame().routing_gateways,
        about: t.routing_gateways_about,
        new: t.new_routing_gateway,
        search: Some(parts().search_by_name),
        none: Some(Nothing {
            title: t.no_routing_gateway,
            text: t.no_routing_gateway_text,
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
    listing(list, load_routing_gateways)
}

fn columns() -> Vec<Column<RoutingGatewayRow>> {
    let t = fields();
    vec![
        Column::text("name", t.name, |row: &RoutingGatewayRow| {
            let gateway = &row.gateway;
            view! { <a href=format!("{LIST}/{}", gateway.id)>{gateway.settings.name.to_string()}</a> }
        })
        .sorted(),
        Column::text("account", t.account, |row: &RoutingGatewayRow| {
            let account = format!("/business/accounts/{}", row.gateway.settings.account);
            let name = row.account_name.clone();
            view! { <Way to=account text_stays=true>{name}</Way> }
        })
        .sorted(),
        Column::digits("address", t.address, |row: &RoutingGatewayRow| {
            let places = row.found.iter().flat_map(|found| found.places.iter().take(4).cloned());
            let places: Vec<_> = places.collect();
            view! {
                {row.gateway.settings.address.to_string()}
                {(!places.is_empty()).then(|| view! { <small class="quiet">" " {places.join(", ")}</small> })}
            }
        }),
        Column::digits("prefixes", t.prefixes, |row: &RoutingGatewayRow| {
            prefixes(&row.gateway.settings.prefixes)
        }),
        Column::figure("priority", t.priority, |row: &RoutingGatewayRow| {
            row.gateway.settings.priority.to_string()
        })
        .sorted(),
        Column::figure("limit", t.line_limit, |row: &RoutingGatewayRow| {
            limit(row.gateway.settings.max_calls)
        })
        .sorted(),
        Column::text("state", t.state, |row: &RoutingGatewayRow| {
            let nowhere = row.found.as_ref().is_some_and(|found| found.places.is_empty());
            view! {
                <OnOff on=row.gateway.settings.enabled />
                {nowhere.then(|| view! { " " <Badge tone=Tone::Bad text=fields().leads_nowhere /> })}
            }
        })
        .sorted(),
    ]
}

/// The first few prefixes, and how many more there are.
fn prefixes(prefixes: &[Prefix]) -> String {
    let t = fields();
    let shown: Vec<&str> = prefixes
        .iter()
        .take(6)
        .map(|prefix| if prefix.as_str().is_empty() { t.every_number } else { prefix.as_str() })
        .collect();
    match prefixes.len() {
        0..=6 => shown.join(", "),
        n => fill(t.and_more, &[&shown.join(", "), &(n - 6).to_string()]),
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{
        extract::{Query, State},
        response::Response,
    };
    use domain::{Prefix, RoutingGatewayRow};
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
    ) -> Result<Vec<RoutingGatewayRow>, StoreError> {
        let mut rows = store::routing_gateways::list(&site.pool, &asker.scope, &question.search).await?;
        question.sort(&mut rows, |column, a, b| {
            let (x, y) = (&a.gateway.settings, &b.gateway.settings);
            match column {
                "name" => x.name.as_str().to_lowercase().cmp(&y.name.as_str().to_lowercase()),
                "account" => a.account_name.cmp(&b.account_name),
                "priority" => x.priority.cmp(&y.priority),
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
        let heads =
            ["name", "account", "address", "prefixes", "prefix_mode", "priority", "line_limit", "in_use"];
        Ok(csv::list(
            "routing-gateways",
            heads,
            rows,
            |RoutingGatewayRow { gateway, account_name, .. }| {
                let settings = gateway.settings;
                let prefixes: Vec<&str> = settings.prefixes.iter().map(Prefix::as_str).collect();
                [
                    settings.name.to_string(),
                    account_name,
                    settings.address.to_string(),
                    prefixes.join(" "),
                    settings.prefix_mode.to_string(),
                    settings.priority.to_string(),
                    csv::if_any(settings.max_calls),
                    csv::yes_or_no(settings.enabled),
                ]
            },
        ))
    }
}
