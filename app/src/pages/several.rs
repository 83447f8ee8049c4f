//! One thing done to several entries of a list: the page that names them and asks, and what it does.

use domain::{RateTableId, RowVersion};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_router::hooks::{use_location, use_query_map};
use serde::{Deserialize, Serialize};

use crate::{
    components::{Buttons, Empty, PageHead},
    load::{LoadError, loaded, read},
    words::{fill, pages, parts},
};

/// The most entries of one go.
#[cfg(feature = "ssr")]
const MOST: usize = 500;

/// A list whose rows can be ticked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
enum Listed {
    MappingGateways,
    RoutingGateways,
    Phones,
    Registrations,
    Accounts,
    Rates(RateTableId),
}

/// What can be done to ticked rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Action {
    On,
    Off,
    Lock,
    Unlock,
    Delete,
}

impl Listed {
    /// By the address of the page that asks.
    fn of_path(path: &str) -> Option<Self> {
        match path.strip_suffix("/several")? {
            crate::pages::operation::mapping_gateways::LIST => Some(Self::MappingGateways),
            crate::pages::operation::routing_gateways::LIST => Some(Self::RoutingGateways),
            crate::pages::operation::phones::LIST => Some(Self::Phones),
            crate::pages::operation::registrations::LIST => Some(Self::Registrations),
            crate::pages::business::accounts::LIST => Some(Self::Accounts),
            other => {
                let table = other.strip_prefix(crate::pages::business::rate_tables::LIST)?;
                Some(Self::Rates(table.strip_prefix('/')?.parse().ok()?))
            }
        }
    }

    /// What changing several of them needs.
    #[cfg(feature = "ssr")]
    fn need(self) -> crate::access::Need {
        use domain::Permission;

        crate::access::Need::Inside(match self {
            Self::MappingGateways | Self::RoutingGateways => Permission::EditGateways,
            Self::Phones | Self::Registrations => Permission::EditPhones,
            Self::Accounts => Permission::EditAccounts,
            Self::Rates(_) => Permission::EditRates,
        })
    }

    fn action(self, word: &str) -> Option<Action> {
        let switches = matches!(
            self,
            Self::MappingGateways | Self::RoutingGateways | Self::Phones | Self::Registrations
        );
        match (self, word) {
            (_, "on") if switches => Some(Action::On),
            (_, "off") if switches => Some(Action::Off),
            (_, "delete") if switches => Some(Action::Delete),
            (Self::Rates(_), "delete") => Some(Action::Delete),
            (Self::Accounts, "lock") => Some(Action::Lock),
            (Self::Accounts, "unlock") => Some(Action::Unlock),
            _ => None,
        }
    }
}

/// A ticked entry as the page that asks shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    id: i64,
    version: RowVersion,
    name: String,
}

/// The entries that are there.
#[server(prefix = "/load", endpoint = "several", input = GetUrl)]
pub(crate) async fn load_several(path: String, ids: String) -> Result<Vec<Entry>, LoadError> {
    let listed = Listed::of_path(&path).ok_or(LoadError::NotFound)?;
    let (site, asker) = crate::server::session::asking(listed.need())?;
    let mut named = Vec::new();
    for id in ids.split(',').filter_map(|id| id.parse().ok()).take(MOST) {
        match server::entry(&site, &asker.scope, listed, id).await {
            Ok(entry) => named.push(entry),
            Err(store::StoreError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(named)
}

/// Names what was ticked and what will happen to it, and asks.
#[component]
pub(crate) fn Several() -> impl IntoView {
    let (path, query) = (use_location().pathname, use_query_map());
    let ids = move || query.with(|query| query.get_all("id").unwrap_or_default().join(","));
    let word = move || query.with_untracked(|query| query.get("action").unwrap_or_default());
    let named = read(move || (path.get(), ids()), async |(path, ids)| load_several(path, ids).await);
    loaded(named, move |named| {
        let path = path.get_untracked();
        let back = path.strip_suffix("/several").unwrap_or("/").to_owned();
        let action = Listed::of_path(&path).and_then(|listed| listed.action(&word()));
        ask(named, action, &word(), back)
    })
}

fn ask(named: Vec<Entry>, action: Option<Action>, word: &str, back: String) -> impl IntoView + use<> {
    let t = pages();
    let Some(action) = action.filter(|_| !named.is_empty()) else {
        return view! {
            <PageHead title=t.bulk_nothing />
            <Empty title=t.bulk_nothing>
                {t.bulk_nothing_text} <a href=back>{t.to_list}</a>
            </Empty>
        }
        .into_any();
    };
    let (question, text, verb) = match action {
        Action::On => (t.bulk_on, t.bulk_on_text, t.switch_on),
        Action::Off => (t.bulk_off, t.bulk_off_text, t.switch_off),
        Action::Lock => (t.bulk_lock, t.bulk_lock_text, t.lock),
        Action::Unlock => (t.bulk_unlock, t.bulk_unlock_text, t.unlock),
        Action::Delete => (t.bulk_delete, t.bulk_delete_text, crate::words::frame().delete),
    };
    let many = match named.len() {
        1 => t.one_entry.to_owned(),
        n => fill(t.entries, &[&n.to_string()]),
    };
    // With the version that is shown: what has been changed by the time of the answer is not deleted.
    let ids = named
        .iter()
        .map(|entry| format!("{}.{}", entry.id, entry.version))
        .map(|seen| view! { <input type="hidden" name="id" value=seen /> })
        .collect_view();
    let names = named.into_iter().map(|entry| view! { <li>{entry.name}</li> }).collect_view();
    let undone = (action == Action::Delete).then(|| view! { <p>{parts().cannot_be_undone}</p> });
    view! {
        <PageHead title=fill(question, &[&many]) />
        <form class="form" method="post">
            <ul class="names">{names}</ul>
            <p>{text}</p>
            {undone}
            <input type="hidden" name="action" value=word.to_owned() />
            {ids}
            <Buttons submit=verb back dangerous=matches!(action, Action::Delete | Action::Lock) />
        </form>
    }
    .into_any()
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{
        Form,
        extract::{OriginalUri, State},
        response::{IntoResponse, Response},
    };
    use domain::{
        AccountId, AccountStatus, MappingGatewayId, PhoneId, RateId, RegistrationId, RoutingGatewayId,
        RowVersion,
    };
    use store::{
        Actor, Scope, StoreError, accounts, mapping_gateways, phones, rate_tables, registrations,
        routing_gateways,
    };

    use super::{Action, Entry, Listed, MOST};
    use crate::{
        server::{Site, sent::Done, session::Asker},
        words::{fill, pages, told},
    };

    pub(super) async fn entry(
        site: &Site,
        scope: &Scope,
        listed: Listed,
        id: i64,
    ) -> Result<Entry, StoreError> {
        let pool = &site.pool;
        let (version, name) = match listed {
            Listed::MappingGateways => {
                let gateway = mapping_gateways::find(pool, scope, MappingGatewayId(id)).await?;
                (gateway.version, gateway.settings.name.to_string())
            }
            Listed::RoutingGateways => {
                let gateway = routing_gateways::find(pool, scope, RoutingGatewayId(id)).await?;
                (gateway.version, gateway.settings.name.to_string())
            }
            Listed::Phones => {
                let phone = phones::find(pool, scope, PhoneId(id)).await?;
                (phone.version, phone.settings.number.to_string())
            }
            Listed::Registrations => {
                let registration = registrations::find(pool, scope, RegistrationId(id)).await?;
                (registration.version, registration.settings.name.to_string())
            }
            Listed::Accounts => {
                let account = accounts::find(pool, scope, AccountId(id)).await?;
                (account.version, account.settings.name.to_string())
            }
            Listed::Rates(table) => {
                let rate = rate_tables::find_rate(pool, scope, RateId(id)).await?;
                if rate.table != table {
                    return Err(StoreError::NotFound);
                }
                (rate.version, format!("{} {}", rate.settings.prefix, rate.settings.destination))
            }
        };
        Ok(Entry { id, version, name })
    }

    /// The key and the version of an entry, as the page that asks sends them.
    fn seen(value: &str) -> Option<(i64, RowVersion)> {
        let (id, version) = value.split_once('.')?;
        Some((id.parse().ok()?, version.parse().ok()?))
    }

    /// Does it to each entry by itself: what one refuses stops no other.
    pub(crate) async fn several(
        State(site): State<Site>,
        asker: Asker,
        OriginalUri(uri): OriginalUri,
        Form(sent): Form<Vec<(String, String)>>,
    ) -> Response {
        let word = sent.iter().find(|(name, _)| name == "action").map_or("", |(_, value)| value);
        let Some((listed, action)) =
            Listed::of_path(uri.path()).and_then(|listed| Some((listed, listed.action(word)?)))
        else {
            return (http::StatusCode::UNPROCESSABLE_ENTITY, "There is no such action.\n").into_response();
        };
        let entries: Vec<(i64, RowVersion)> = sent
            .iter()
            .filter(|(name, _)| name == "id")
            .filter_map(|(_, value)| seen(value))
            .take(MOST)
            .collect();
        let t = pages();
        let mut done = 0;
        let mut said = Vec::new();
        for (id, version) in &entries {
            let entry = entry(&site, &asker.scope, listed, *id).await;
            let name = entry.map_or_else(|_| format!("#{id}"), |entry| entry.name);
            match apply(&site, &asker.actor, listed, action, *id, *version).await {
                Ok(()) => done += 1,
                Err(error) => said.push(fill(t.bulk_failed, &[&name, &told(&error.user_message())])),
            }
        }
        if done > 0 {
            site.switch.reload();
        }
        said.insert(0, fill(t.bulk_done, &[&done.to_string(), &entries.len().to_string()]));
        let back = uri.path().strip_suffix("/several").unwrap_or("/");
        Done::to(back, said.join(" ")).into_answer()
    }

    async fn apply(
        site: &Site,
        actor: &Actor,
        listed: Listed,
        action: Action,
        id: i64,
        seen: RowVersion,
    ) -> Result<(), StoreError> {
        let (pool, scope, seen) = (&site.pool, &Scope::All, Some(seen));
        match (listed, action) {
            (Listed::MappingGateways, Action::Delete) => {
                mapping_gateways::remove(pool, actor, MappingGatewayId(id), seen).await
            }
            (Listed::MappingGateways, _) => {
                let id = MappingGatewayId(id);
                let mut gateway = mapping_gateways::find(pool, scope, id).await?;
                gateway.settings.enabled = action == Action::On;
                mapping_gateways::update(pool, actor, id, gateway.version, &gateway.settings).await
            }
            (Listed::RoutingGateways, Action::Delete) => {
                routing_gateways::remove(pool, actor, RoutingGatewayId(id), seen).await
            }
            (Listed::RoutingGateways, _) => {
                let id = RoutingGatewayId(id);
                let mut gateway = routing_gateways::find(pool, scope, id).await?;
                gateway.settings.enabled = action == Action::On;
                routing_gateways::update(pool, actor, id, gateway.version, &gateway.settings).await
            }
            (Listed::Phones, Action::Delete) => phones::remove(pool, scope, actor, PhoneId(id), seen).await,
            (Listed::Phones, _) => {
                crate::pages::operation::phones::switch(site, actor, PhoneId(id), action == Action::On).await
            }
            (Listed::Registrations, Action::Delete) => {
                registrations::remove(pool, actor, RegistrationId(id), seen).await
            }
            (Listed::Registrations, _) => {
                let on = action == Action::On;
                crate::pages::operation::registrations::switch(site, actor, RegistrationId(id), on).await
            }
            (Listed::Accounts, _) => {
                let id = AccountId(id);
                let mut account = accounts::find(pool, scope, id).await?;
                account.settings.status =
                    if action == Action::Lock { AccountStatus::Locked } else { AccountStatus::Active };
                accounts::update(pool, actor, id, account.version, &account.settings).await
            }
            (Listed::Rates(_), _) => rate_tables::remove_rate(pool, actor, RateId(id), seen).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_known_by_its_address_and_takes_only_its_own_actions() {
        let gateways = Listed::of_path("/operation/mapping-gateways/several").unwrap();
        assert_eq!(gateways, Listed::MappingGateways);
        assert_eq!(gateways.action("off"), Some(Action::Off));
        assert_eq!(gateways.action("lock"), None);
        let rates = Listed::of_path("/business/rate-tables/7/several").unwrap();
        assert_eq!(rates, Listed::Rates(RateTableId(7)));
        assert_eq!(rates.action("on"), None);
        for path in
            ["/several", "/business/rate-tables/several", "/business/rate-tables/x/several", "/cdrs/several"]
        {
            assert_eq!(Listed::of_path(path), None, "{path}");
        }
    }
}
