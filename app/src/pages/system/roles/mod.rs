//! Roles: what people may do.

mod edit;
mod list;
mod remove;

pub(crate) use edit::{EditRole, NewRole};
pub(crate) use list::Roles;
pub(crate) use remove::RemoveRole;

#[cfg(feature = "ssr")]
pub(crate) use {
    edit::server::{create, update},
    remove::remove,
};

pub(crate) const LIST: &str = "/system/roles";
