//! One thing done to several entries of a list: the page that names them and asks, and what it does.

use domain::RateTableId;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_router::hooks::{use_location, use_query_map};
use serde::{Deserialize, Serialize};

use crate::{
    components::{Buttons, Empty, PageHead},
    load::{LoadError, loaded},
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

/// The names of the entries that are there.
#[server(prefix = "/load", endpoint = "several", input = GetUrl)]
pub(crate) async fn load_several(path: String, ids: String) -> Result<Vec<(i64, String)>, LoadError> {
    let listed = Listed::of_path(&path).ok_or(LoadError::NotFound)?;
    let (site, asker) = crate::server::session::asking(listed.need())?;
    let mut named = Vec::new();
    for id in ids.split(',').filter_map(|id| id.parse().ok()).take(MOST) {
        match server::name(&site, &asker.scope, listed, id).await {
            Ok(name) => named.push((id, name)),
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
    let named = Resource::new(move || (path.get(), ids()), async |(path, ids)| load_several(path, ids).await);
    loaded(named, move |named| {
        let path = path.get_untracked();
        let back = path.strip_suffix("/several").unwrap_or("/").to_owned();
        let action = Listed::of_path(&path).and_then(|listed| listed.action(&word()));
        ask(named, action, &word(), back)
    })
}

fn ask(named: Vec<(i64, String)>, action: Option<Action>, word: &str, back: String) -> impl IntoView + use<> {
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
    let ids =
        named.iter().map(|(id, _)| view! { <input type="hidden" name="id" value=*id /> }).collect_view();
    let names = named.into_iter().map(|(_, name)| view! { <li>{name}</li> }).collect_view();
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
    };
    use store::{
        Actor, Scope, StoreError, accounts, mapping_gateways, phones, rate_tables, registrations,
        routing_gateways,
    };

    use super::{Action, Listed, MOST};
    use crate::{
        server::{Site, sent::Done, session::Asker},
        words::{fill, pages},
    };

    pub(super) async fn name(
        site: &Site,
        scope: &Scope,
        listed: Listed,
        id: i64,
    ) -> Result<String, StoreError> {
        let pool = &site.pool;
        Ok(match listed {
            Listed::MappingGateways => {
                mapping_gateways::find(pool, scope, MappingGatewayId(id)).await?.settings.name.to_string()
            }
            Listed::RoutingGateways => {
                routing_gateways::find(pool, scope, RoutingGatewayId(id)).await?.settings.name.to_string()
            }
            Listed::Phones => phones::find(pool, scope, PhoneId(id)).await?.settings.number.to_string(),
            Listed::Registrations => {
                registrations::find(pool, scope, RegistrationId(id)).await?.settings.name.to_string()
            }
            Listed::Accounts => accounts::find(pool, scope, AccountId(id)).await?.settings.name.to_string(),
            Listed::Rates(table) => {
                let rate = rate_tables::find_rate(pool, scope, RateId(id)).await?;
                if rate.table != table {
                    return Err(StoreError::NotFound);
                }
                format!("{} {}", rate.settings.prefix, rate.settings.destination)
            }
        })
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
        let ids: Vec<i64> = sent
            .iter()
            .filter(|(name, _)| name == "id")
            .filter_map(|(_, value)| value.parse().ok())
            .take(MOST)
            .collect();
        let t = pages();
        let mut done = 0;
        let mut told = Vec::new();
        for id in &ids {
            let name = name(&site, &asker.scope, listed, *id).await.unwrap_or_else(|_| format!("#{id}"));
            match apply(&site, &asker.actor, listed, action, *id).await {
                Ok(()) => done += 1,
                Err(error) => told.push(fill(t.bulk_failed, &[&name, &error.user_message()])),
            }
        }
        if done > 0 {
            site.switch.reload();
        }
        told.insert(0, fill(t.bulk_done, &[&done.to_string(), &ids.len().to_string()]));
        let back = uri.path().strip_suffix("/several").unwrap_or("/");
        Done::to(back, told.join(" ")).into_answer()
    }

    async fn apply(
        site: &Site,
        actor: &Actor,
        listed: Listed,
        action: Action,
        id: i64,
    ) -> Result<(), StoreError> {
        let (pool, scope) = (&site.pool, &Scope::All);
        match (listed, action) {
            (Listed::MappingGateways, Action::Delete) => {
                mapping_gateways::remove(pool, actor, MappingGatewayId(id)).await
            }
            (Listed::MappingGateways, _) => {
                let id = MappingGatewayId(id);
                let mut gateway = mapping_gateways::find(pool, scope, id).await?;
                gateway.settings.enabled = action == Action::On;
                mapping_gateways::update(pool, actor, id, gateway.version, &gateway.settings).await
            }
            (Listed::RoutingGateways, Action::Delete) => {
                routing_gateways::remove(pool, actor, RoutingGatewayId(id)).await
            }
            (Listed::RoutingGateways, _) => {
                let id = RoutingGatewayId(id);
                let mut gateway = routing_gateways::find(pool, scope, id).await?;
                gateway.settings.enabled = action == Action::On;
                routing_gateways::update(pool, actor, id, gateway.version, &gateway.settings).await
            }
            (Listed::Phones, Action::Delete) => phones::remove(pool, scope, actor, PhoneId(id)).await,
            (Listed::Phones, _) => {
                crate::pages::operation::phones::switch(site, actor, PhoneId(id), action == Action::On).await
            }
            (Listed::Registrations, Action::Delete) => {
                registrations::remove(pool, actor, RegistrationId(id)).await
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
            (Listed::Rates(_), _) => rate_tables::remove_rate(pool, actor, RateId(id)).await,
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
