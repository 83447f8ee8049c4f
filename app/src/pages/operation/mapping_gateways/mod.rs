//! Mapping gateways: customer trunks.

mod edit;
mod list;
mod remove;

pub(crate) use edit::{EditMappingGateway, NewMappingGateway};
pub(crate) use list::MappingGateways;
pub(crate) use remove::RemoveMappingGateway;

#[cfg(feature = "ssr")]
pub(crate) use {
    edit::server::{create, update},
    remove::remove,
};

const LIST: &str = "/operation/mapping-gateways";
