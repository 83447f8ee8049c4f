//! Webhooks: receivers of events at other people's servers (INT-3).

mod deliveries;
mod edit;
mod list;
mod remove;

pub(crate) use edit::{EditWebhook, NewWebhook};
pub(crate) use list::Webhooks;
pub(crate) use remove::RemoveWebhook;

#[cfg(feature = "ssr")]
pub(crate) use {
    deliveries::server::{resend, test},
    edit::server::{create, update},
    remove::remove,
};

pub(crate) const LIST: &str = "/system/webhooks";
