//! The rates of a rate table.

mod edit;
mod remove;

pub(crate) use edit::{EditRate, NewRate};
pub(crate) use remove::RemoveRate;

#[cfg(feature = "ssr")]
pub(crate) use {
    edit::server::{create, update},
    remove::remove,
};

use super::rate_tables::LIST;
