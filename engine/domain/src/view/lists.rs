//! Lists that people look through, and their filters.

use serde::{Deserialize, Serialize};

use crate::{AccountKind, MappingGateway, NamedGatewayView, Prefix, RateTable, RoutingGateway};

/// A stretch of a list that is read by key, not by offset.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub rows: Vec<T>,
    /// True when there are rows behind the last one.
    pub more: bool,
}

/// Which accounts a list shows.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountFilter {
    /// Part of the name, in any case; empty shows all.
    pub search: String,
    /// Only this side of the business.
    pub kind: Option<AccountKind>,
}

/// A mapping gateway in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MappingGatewayRow {
    /// The gateway.
    pub gateway: MappingGateway,
    /// Name of the account that pays.
    pub account_name: String,
    /// Whether a password is set.
    #[serde(default)]
    pub has_password: bool,
}

/// A routing gateway in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoutingGatewayRow {
    /// The gateway.
    pub gateway: RoutingGateway,
    /// Name of the account that is paid.
    pub account_name: String,
    /// Whether a password is set.
    #[serde(default)]
    pub has_password: bool,
    /// Where its name has led, when it is known by name and the running switch was asked.
    #[serde(default)]
    pub found: Option<NamedGatewayView>,
}

/// A phone in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PhoneRow {
    /// The phone.
    pub phone: crate::Phone,
    /// Name of the account that pays.
    pub account_name: String,
}

/// A rate table in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RateTableRow {
    /// The table.
    pub table: RateTable,
    /// Number of its rates.
    pub rates: i64,
    /// Number of accounts that use it.
    pub used_by: i64,
}

/// Which rates of a table a list shows, in the order of their prefixes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct RateFilter {
    /// Beginning of the prefix (digits), or part of the destination; empty shows all.
    pub search: String,
    /// Only prefixes behind this one.
    pub after: Option<Prefix>,
    /// At most this many rows; the store allows 1 to 1000.
    pub limit: u32,
}

impl Default for RateFilter {
    fn default() -> Self {
        Self { search: String::new(), after: None, limit: 100 }
    }
}
