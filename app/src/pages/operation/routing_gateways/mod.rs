//! Routing gateways: vendor trunks.

mod edit;
mod list;
mod remove;

pub(crate) use edit::{EditRoutingGateway, NewRoutingGateway};
pub(crate) use list::RoutingGateways;
pub(crate) use remove::RemoveRoutingGateway;

#[cfg(feature = "ssr")]
pub(crate) use {
    edit::server::{create, update},
    list::server::export,
    remove::remove,
};

pub(crate) const LIST: &str = "/operation/routing-gateways";
