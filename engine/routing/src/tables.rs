//! The tables that a call's set-up reads.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use billing::Terms;
use domain::{
    Account, AccountId, BillingUnit, ConfigVersion, Configuration, ForeignPassword, MappingGateway,
    MappingGatewayId, Prefix, RateSettings, RateTableId, RoutingGateway, RoutingGatewayId,
};
use hashbrown::{HashMap, HashSet};

use crate::{DigitTrie, SourceTable};

/// One configuration, arranged for look-up.
#[derive(Default)]
pub struct Tables {
    /// Which configuration.
    pub version: ConfigVersion,
    accounts: HashMap<AccountId, Arc<Account>>,
    mapping_gateways: HashMap<MappingGatewayId, Arc<MappingGateway>>,
    sources: SourceTable<MappingGatewayId>,
    /// Where calls go; asked for each message of a stranger.
    vendor_addresses: HashSet<IpAddr>,
    pub(crate) routing_gateways: HashMap<RoutingGatewayId, Arc<RoutingGateway>>,
    /// Prefix → index into `routes`.
    pub(crate) route_trie: DigitTrie,
    /// Gateways of one prefix, in the order in which they are tried.
    pub(crate) routes: Vec<Vec<Arc<RoutingGateway>>>,
    rates: HashMap<RateTableId, RateList>,
    /// What vendors' challenges are answered with.
    passwords: HashMap<RoutingGatewayId, ForeignPassword>,
}

#[derive(Default)]
struct RateList {
    unit: Option<BillingUnit>,
    trie: DigitTrie,
    rows: Vec<RateSettings>,
}

/// A number's price for one account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Priced {
    /// The rate row's prefix.
    pub prefix: Prefix,
    /// What is charged.
    pub terms: Terms,
}

impl Tables {
    /// Arranges a configuration. Disabled gateways and gateways of missing accounts are left out.
    pub fn build(configuration: Configuration, default_unit: BillingUnit) -> Self {
        let mut tables = Self { version: configuration.version, ..Self::default() };
        tables.passwords = configuration.routing_gateway_passwords.into_iter().collect();
        tables.accounts = configuration.accounts.into_iter().map(|a| (a.id, Arc::new(a))).collect();
        for gateway in configuration.mapping_gateways.into_iter().filter(|g| g.settings.enabled) {
            if tables.accounts.contains_key(&gateway.settings.account) {
                tables.add_mapping_gateway(gateway);
            }
        }
        for gateway in configuration.routing_gateways.into_iter().filter(|g| g.settings.enabled) {
            if tables.accounts.contains_key(&gateway.settings.account) {
                tables.add_routing_gateway(gateway);
            }
        }
        for gateways in &mut tables.routes {
            gateways.sort_by_key(|g| (g.settings.priority, g.id));
        }
        for table in configuration.rate_tables {
            let unit = Some(table.settings.billing_unit.unwrap_or(default_unit));
            tables.rates.insert(table.id, RateList { unit, ..RateList::default() });
        }
        for (table, rows) in configuration.rates {
            if let Some(list) = tables.rates.get_mut(&table) {
                list.rows = rows.into_iter().map(|row| row.settings).collect();
                for (i, row) in list.rows.iter().enumerate() {
                    list.trie.insert(row.prefix.as_str(), i as u32);
                }
            }
        }
        tables
    }

    fn add_mapping_gateway(&mut self, gateway: MappingGateway) {
        for source in &gateway.settings.sources {
            self.sources.insert(*source, gateway.id);
        }
        self.mapping_gateways.insert(gateway.id, Arc::new(gateway));
    }

    fn add_routing_gateway(&mut self, gateway: RoutingGateway) {
        let gateway = Arc::new(gateway);
        for prefix in &gateway.settings.prefixes {
            let at = self.route_trie.get(prefix.as_str()).unwrap_or_else(|| {
                self.routes.push(Vec::new());
                let at = self.routes.len() as u32 - 1;
                self.route_trie.insert(prefix.as_str(), at);
                at
            });
            self.routes[at as usize].push(gateway.clone());
        }
        // The addresses of a name are known where names are looked up.
        self.vendor_addresses.extend(gateway.settings.address.literal().map(|at| at.ip().to_canonical()));
        self.routing_gateways.insert(gateway.id, gateway);
    }

    /// The mapping gateway that a request from `address` belongs to.
    pub fn mapping_gateway_at(&self, address: SocketAddr) -> Option<&Arc<MappingGateway>> {
        self.sources.find(address).and_then(|id| self.mapping_gateways.get(&id))
    }

    /// True when `address` is one of our gateways, to or from which calls go.
    pub fn is_gateway(&self, address: SocketAddr) -> bool {
        self.sources.find(address).is_some() || self.vendor_addresses.contains(&address.ip().to_canonical())
    }

    /// The account with this key.
    pub fn account(&self, id: AccountId) -> Option<&Arc<Account>> {
        self.accounts.get(&id)
    }

    /// All accounts.
    pub fn accounts(&self) -> impl Iterator<Item = &Arc<Account>> {
        self.accounts.values()
    }

    /// The mapping gateways in use.
    pub fn mapping_gateways(&self) -> impl Iterator<Item = &Arc<MappingGateway>> {
        self.mapping_gateways.values()
    }

    /// What the challenges of a vendor's gateway are answered with.
    pub fn password_of(&self, gateway: RoutingGatewayId) -> Option<&ForeignPassword> {
        self.passwords.get(&gateway)
    }

    /// The mapping gateway with this key, when it is in use.
    pub fn mapping_gateway(&self, id: MappingGatewayId) -> Option<&Arc<MappingGateway>> {
        self.mapping_gateways.get(&id)
    }

    /// The routing gateway with this key, when it is in use.
    pub fn routing_gateway(&self, id: RoutingGatewayId) -> Option<&Arc<RoutingGateway>> {
        self.routing_gateways.get(&id)
    }

    /// The routing gateways in use.
    pub fn routing_gateways(&self) -> impl Iterator<Item = &Arc<RoutingGateway>> {
        self.routing_gateways.values()
    }

    /// What `account` pays, or is paid, for a call to `number`: the longest prefix of its rate table; the increment is the
    /// row's, else the table's, else the system's (decision 7).
    pub fn price(&self, account: &Account, number: &str) -> Option<Priced> {
        let list = self.rates.get(&account.settings.rate_table?)?;
        let row = &list.rows[list.trie.longest(number)? as usize];
        let terms = Terms {
            rate: row.rate,
            unit: row.billing_unit.or(list.unit)?,
            connect_fee: row.connect_fee,
            precision: account.settings.precision,
        };
        Some(Priced { prefix: row.prefix.clone(), terms })
    }
}
