//! Phones: endpoints with a number of their own.

mod contacts;
mod edit;
mod form;
mod list;
mod question;
mod remove;
mod save;

pub(crate) use edit::{EditPhone, NewPhone};
pub(crate) use list::{Phones, state};
pub(crate) use remove::RemovePhone;

#[cfg(feature = "ssr")]
pub(crate) use {
    list::server::export,
    remove::remove,
    save::{create, switch, update},
};

pub(crate) const LIST: &str = "/operation/phones";
