//! Mapping gateways: customer trunks.

mod edit;
mod list;
mod remove;

pub(crate) use edit::{EditMappingGateway, NewMappingGateway};
pub(crate) use list::{MappingGateways, limit};
pub(crate) use remove::RemoveMappingGateway;

#[cfg(feature = "ssr")]
pub(crate) use {
    edit::server::{create, update},
    list::server::export,
    remove::remove,
};

pub(crate) const LIST: &str = "/operation/mapping-gateways";
