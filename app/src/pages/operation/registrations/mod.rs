//! Registrations of ours at other servers.

mod edit;
mod list;
mod remove;

pub(crate) use edit::{EditRegistration, NewRegistration};
pub(crate) use list::Registrations;
pub(crate) use remove::RemoveRegistration;

#[cfg(feature = "ssr")]
pub(crate) use {
    edit::server::{create, switch, update},
    list::server::{export, register_now},
    remove::remove,
};

pub(crate) const LIST: &str = "/operation/registrations";
