//! People who log in.

mod edit;
mod list;
mod remove;

pub(crate) use edit::{EditPerson, NewPerson};
pub(crate) use list::People;
pub(crate) use remove::RemovePerson;

#[cfg(feature = "ssr")]
pub(crate) use {
    edit::server::{create, end_sessions, remove_factor, update},
    remove::remove,
};

pub(crate) const LIST: &str = "/system/people";
