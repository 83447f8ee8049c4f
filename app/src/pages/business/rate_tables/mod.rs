//! Rate tables: price lists.

mod edit;
mod list;
mod remove;
mod show;

pub(crate) use edit::{EditRateTable, NewRateTable};
pub(crate) use list::{RateTables, load_rate_tables};
pub(crate) use remove::RemoveRateTable;
pub(crate) use show::ShowRateTable;

#[cfg(feature = "ssr")]
pub(crate) use {
    edit::server::{create, update},
    list::server::export,
    remove::remove,
    show::export_rates,
};

pub(super) use edit::load_rate_table;

pub(crate) const LIST: &str = "/business/rate-tables";
