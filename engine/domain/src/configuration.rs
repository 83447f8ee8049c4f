//! Everything that a call's set-up reads, as one value.

use std::collections::BTreeMap;

use crate::{
    Account, ForeignPassword, MappingGateway, MappingGatewayId, ParameterValues, Phone, PhoneId, PhoneKeys,
    RateRow, RateTable, RateTableId, Registration, RegistrationId, RoutingGateway, RoutingGatewayId,
};

/// The sum of the change counters of all table families: equal numbers mean equal configuration. It stands on each CDR, so
/// that a call's decision can be looked at with the configuration of its moment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ConfigVersion(pub i64);

/// One consistent picture of the configuration, read in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// Which picture this is.
    pub version: ConfigVersion,
    /// Customers and vendors.
    pub accounts: Vec<Account>,
    /// Customer trunks, disabled ones too.
    pub mapping_gateways: Vec<MappingGateway>,
    /// What the passwords of those with a user are checked with.
    pub mapping_gateway_keys: BTreeMap<MappingGatewayId, PhoneKeys>,
    /// Vendor trunks, disabled ones too.
    pub routing_gateways: Vec<RoutingGateway>,
    /// What the challenges of those with a user are answered with.
    pub routing_gateway_passwords: BTreeMap<RoutingGatewayId, ForeignPassword>,
    /// Phones, disabled ones too.
    pub phones: Vec<Phone>,
    /// What their passwords are checked with; a phone without a password has none.
    pub phone_keys: BTreeMap<PhoneId, PhoneKeys>,
    /// Registrations of ours elsewhere, disabled ones too.
    pub registrations: Vec<Registration>,
    /// Their passwords.
    pub registration_passwords: BTreeMap<RegistrationId, ForeignPassword>,
    /// Price lists.
    pub rate_tables: Vec<RateTable>,
    /// Their rows.
    pub rates: BTreeMap<RateTableId, Vec<RateRow>>,
    /// The system's parameters; gateways have theirs in their settings.
    pub parameters: ParameterValues,
}
