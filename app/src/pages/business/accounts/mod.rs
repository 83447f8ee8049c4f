//! Accounts: customers and vendors with their money.

mod edit;
mod ledger;
mod list;
mod pay;
mod remove;

pub(crate) use edit::{EditAccount, NewAccount};
pub(crate) use list::Accounts;
pub(crate) use pay::PayAccount;
pub(crate) use remove::RemoveAccount;

#[cfg(feature = "ssr")]
pub(crate) use {
    edit::server::{create, update},
    list::server::{export, of_kind},
    pay::pay,
    remove::remove,
};

pub(crate) const LIST: &str = "/business/accounts";
