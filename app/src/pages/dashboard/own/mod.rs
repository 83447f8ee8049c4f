//! What somebody outside the administration has: money, customers, trunks, phones, payments and prices of their own.

mod customers;
mod gateways;
mod money;
mod payments;
mod phones;
mod prices;

use domain::{
    Account, AccountTraffic, GatewayTraffic, LedgerRow, MappingGatewayRow, Money, Permission, PhoneListing,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::{
    access::{may, who},
    load::{LoadError, loaded, once},
};

/// Things of each kind that are listed here; the others stand in their own lists.
pub(super) const SHOWN: usize = 12;
#[cfg(feature = "ssr")]
const PAYMENTS: u32 = 6;

/// One of one's own accounts.
#[derive(Clone, Serialize, Deserialize)]
struct OwnAccount {
    account: Account,
    /// What its calls in progress hold.
    held: Money,
    /// What is left for new calls; none when the switch does not know the account yet, or for a vendor.
    available: Option<Money>,
    /// It is of a reseller's customer, not the reseller's own.
    of_customer: bool,
}

/// Everything that somebody has.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Own {
    /// None when accounts may not be seen.
    accounts: Option<Vec<OwnAccount>>,
    /// Today's.
    traffic: Vec<AccountTraffic>,
    gateways: Vec<MappingGatewayRow>,
    /// Calls in progress through each of `gateways`.
    busy: Vec<u32>,
    /// Today's.
    through: Vec<GatewayTraffic>,
    phones: Vec<PhoneListing>,
    /// None when accounts may not be seen.
    payments: Option<Vec<LedgerRow>>,
}

#[server(prefix = "/load", endpoint = "own", input = GetUrl)]
pub(crate) async fn load_own() -> Result<Own, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewDashboard)?;
    Ok(server::own(&site, &asker).await?)
}

/// The part of the first page that is one's own.
#[component]
pub(super) fn OwnHome() -> impl IntoView {
    let own = once(load_own);
    super::read_anew(own);
    loaded(own, show)
}

fn show(own: Own) -> impl IntoView {
    let Own { accounts, traffic, gateways, busy, through, phones, payments } = own;
    let accounts = accounts.unwrap_or_default();
    let (customers, mine): (Vec<_>, Vec<_>) = accounts.iter().cloned().partition(|a| a.of_customer);
    let is_reseller = who().is_some_and(|who| matches!(who.home, domain::Home::Agent(_)));
    view! {
        {money::tiles(mine)}
        {is_reseller.then(|| customers::customers(customers, &traffic))}
        <div class="columns">
            {gateways::gateways(gateways, &busy, &through)}
            {phones::phones(phones)}
            {payments.map(|payments| payments::payments(payments, &accounts))}
            {may(Permission::ViewRates).then(|| view! { <prices::Prices /> })}
        </div>
    }
}

#[cfg(feature = "ssr")]
mod server {
    use chrono::{NaiveTime, Utc};
    use domain::{AccountFilter, AccountKind, Permission};
    use store::{Scope, StoreError, traffic_top};

    use super::{Own, OwnAccount, PAYMENTS, SHOWN};
    use crate::server::{Site, session::Asker};

    /// What is the asker's own; the operator's people own nothing here, their lists show all.
    pub(super) async fn own(site: &Site, asker: &Asker) -> Result<Own, StoreError> {
        let (pool, scope) = (&site.pool, &asker.scope);
        let mut own = Own {
            accounts: None,
            traffic: Vec::new(),
            gateways: Vec::new(),
            busy: Vec::new(),
            through: Vec::new(),
            phones: Vec::new(),
            payments: None,
        };
        if *scope == Scope::All {
            return Ok(own);
        }
        let now = Utc::now();
        let today = (now.date_naive().and_time(NaiveTime::MIN).and_utc(), now);
        if asker.may(Permission::ViewAccounts) {
            own.accounts = Some(accounts(site, scope).await?);
            own.payments = Some(store::ledger::payments(pool, scope, PAYMENTS).await?);
            own.traffic = traffic_top::accounts(pool, scope, today).await?;
        }
        own.gateways = store::mapping_gateways::list(pool, scope, "").await?;
        own.gateways.truncate(SHOWN);
        own.through = traffic_top::mapping_gateways(pool, scope, today).await?;
        let live = scope.sight(pool).await?.live_calls(site.switch.calls().await);
        own.busy = own
            .gateways
            .iter()
            .map(|row| live.iter().filter(|call| call.mapping_gateway == Some(row.gateway.id)).count())
            .map(|busy| u32::try_from(busy).unwrap_or(u32::MAX))
            .collect();
        let filter = domain::PhoneFilter { limit: SHOWN as u32, ..Default::default() };
        own.phones = store::phones::list(pool, scope, &filter).await?.rows;
        Ok(own)
    }

    async fn accounts(site: &Site, scope: &Scope) -> Result<Vec<OwnAccount>, StoreError> {
        let accounts = store::accounts::list(&site.pool, scope, &AccountFilter::default()).await?;
        Ok(accounts
            .into_iter()
            .map(|account| {
                let held = site.switch.held(account.id);
                let pays = account.settings.kind == AccountKind::Customer;
                OwnAccount {
                    held: held.map(|(held, _)| held).unwrap_or_default(),
                    available: held.map(|(_, left)| left).filter(|_| pays),
                    of_customer: matches!(scope, Scope::Agent(id) if account.settings.agent == Some(*id)),
                    account,
                }
            })
            .collect())
    }
}
