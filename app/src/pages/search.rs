//! Finding anything: for the palette, and as a page of its own where no script runs.

use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::{
    components::{Empty, PageHead, SearchBox},
    load::{LoadError, loaded, read},
    pages::query,
    words::{frame, pages},
};

/// The most that is found.
#[cfg(feature = "ssr")]
const MOST: usize = 20;
/// Of one kind.
#[cfg(feature = "ssr")]
const MOST_OF_KIND: usize = 6;

/// What something found is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum FoundKind {
    Page,
    Account,
    MappingGateway,
    RoutingGateway,
    Phone,
    Calls,
}

impl FoundKind {
    /// In words.
    pub(crate) fn text(self) -> &'static str {
        let t = frame();
        match self {
            Self::Page => t.page,
            Self::Account => t.accounts,
            Self::MappingGateway => t.mapping_gateways,
            Self::RoutingGateway => t.routing_gateways,
            Self::Phone => t.phones,
            Self::Calls => t.call_records,
        }
    }
}

/// Something found, and where it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) kind: FoundKind,
    pub(crate) title: String,
    pub(crate) path: String,
}

/// What fits `text`, of what the asker may see; at most 20. An empty text finds the pages.
#[server(prefix = "/load", endpoint = "palette", input = GetUrl)]
pub(crate) async fn load_palette(text: String) -> Result<Vec<Found>, LoadError> {
    use crate::words::fill;

    let (site, asker) = crate::server::session::asking(crate::access::Need::Own)?;
    let text: String = text.trim().chars().take(64).filter(|c| !c.is_control()).collect();
    let mut found = server::pages_named(&text, |path| asker.opens(path));
    if text.is_empty() {
        return Ok(found);
    }
    let (pool, scope) = (&site.pool, &asker.scope);
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '+')).collect();
    if asker.opens("/cdrs") && digits.len() >= 3 && digits.bytes().all(|b| b.is_ascii_digit()) {
        let t = frame();
        for (field, told) in [("callee", t.calls_to), ("caller", t.calls_from)] {
            found.push(Found {
                kind: FoundKind::Calls,
                title: fill(told, &[&digits]),
                path: format!("/cdrs?{field}={digits}"),
            });
        }
    }
    let named = |kind, list: &str, id: String, name: String| Found {
        kind,
        title: name,
        path: format!("{list}/{id}"),
    };
    let filter = domain::AccountFilter { search: text.clone(), kind: None };
    let accounts = match asker.opens("/business/accounts") {
        true => store::accounts::list(pool, scope, &filter).await?,
        false => Vec::new(),
    };
    found.extend(accounts.into_iter().take(MOST_OF_KIND).map(|account| {
        let name = account.settings.name.to_string();
        named(FoundKind::Account, "/business/accounts", account.id.to_string(), name)
    }));
    let mapping = match asker.opens("/operation/mapping-gateways") {
        true => store::mapping_gateways::list(pool, scope, &text).await?,
        false => Vec::new(),
    };
    found.extend(mapping.into_iter().take(MOST_OF_KIND).map(|row| {
        let name = row.gateway.settings.name.to_string();
        named(FoundKind::MappingGateway, "/operation/mapping-gateways", row.gateway.id.to_string(), name)
    }));
    let routing = match asker.opens("/operation/routing-gateways") {
        true => store::routing_gateways::list(pool, scope, &text).await?,
        false => Vec::new(),
    };
    found.extend(routing.into_iter().take(MOST_OF_KIND).map(|row| {
        let name = row.gateway.settings.name.to_string();
        named(FoundKind::RoutingGateway, "/operation/routing-gateways", row.gateway.id.to_string(), name)
    }));
    if asker.opens("/operation/phones") {
        let search = if digits.bytes().all(|b| b.is_ascii_digit()) { digits } else { text };
        let filter = domain::PhoneFilter { search, limit: MOST_OF_KIND as u32, ..Default::default() };
        let phones = store::phones::list(pool, scope, &filter).await?;
        found.extend(phones.rows.into_iter().map(|listing| {
            let phone = listing.row.phone;
            let name = phone.settings.display_name.map(|name| format!(" {name}")).unwrap_or_default();
            let title = format!("{}{name}", phone.settings.number);
            named(FoundKind::Phone, "/operation/phones", phone.id.to_string(), title)
        }));
    }
    found.truncate(MOST);
    Ok(found)
}

#[cfg(feature = "ssr")]
mod server {
    use super::{Found, FoundKind};
    use crate::{
        components::menu,
        words::{frame, pages},
    };

    /// The pages whose name holds `text` and that may be opened; all of those for none.
    pub(super) fn pages_named(text: &str, may_open: impl Fn(&str) -> bool) -> Vec<Found> {
        let (t, p, text) = (frame(), pages(), text.to_lowercase());
        let more = [
            (p.new_account, "/business/accounts/new"),
            (p.new_mapping_gateway, "/operation/mapping-gateways/new"),
            (p.new_routing_gateway, "/operation/routing-gateways/new"),
            (p.new_rate_table, "/business/rate-tables/new"),
            (t.styleguide, "/styleguide"),
        ];
        menu()
            .into_iter()
            .flat_map(|group| group.entries)
            .map(|entry| (entry.text, entry.path))
            .chain(more)
            .filter(|(title, path)| title.to_lowercase().contains(&text) && may_open(path))
            .map(|(title, path)| Found {
                kind: FoundKind::Page,
                title: title.to_owned(),
                path: path.to_owned(),
            })
            .collect()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn pages_are_found_by_a_part_of_their_name_in_any_case() {
            let paths =
                |text: &str| pages_named(text, |_| true).into_iter().map(|f| f.path).collect::<Vec<_>>();
            assert_eq!(paths("RATE TAB"), ["/business/rate-tables", "/business/rate-tables/new"]);
            assert!(paths("").len() > 10);
            assert!(paths("no such page").is_empty());
            assert!(pages_named("", |path| path == "/cdrs").iter().all(|found| found.path == "/cdrs"));
        }
    }
}

/// The search page.
#[component]
pub(crate) fn Search() -> impl IntoView {
    let text = query("search");
    let found = read(move || text.get(), load_palette);
    let t = pages();
    view! {
        <PageHead title=frame().search about=t.search_about />
        {move || view! { <SearchBox action="/search" label=t.search_hint value=text.get() /> }}
        {loaded(found, list)}
    }
}

fn list(found: Vec<Found>) -> impl IntoView {
    if found.is_empty() {
        return view! { <Empty title=frame().nothing_found>{pages().search_hint}</Empty> }.into_any();
    }
    let rows = found
        .into_iter()
        .map(|one| {
            view! {
                <li>
                    <a href=one.path>{one.title}</a>
                    <span class="faint">{one.kind.text()}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="found card">{rows}</ul> }.into_any()
}
