//! Newtypes for every identifier: an account number cannot be passed where a gateway number is meant.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! row_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }
    )*};
}

row_id! {
    /// A billed party: customer or vendor.
    AccountId;
    /// A customer trunk, where calls come in.
    MappingGatewayId;
    /// A vendor trunk, where calls go out.
    RoutingGatewayId;
    /// A phone.
    PhoneId;
    /// A registration of ours at another server.
    RegistrationId;
    /// A price list.
    RateTableId;
    /// One row of a price list.
    RateId;
    /// A person who logs in to the portal.
    UserId;
    /// A set of permissions under a name.
    RoleId;
    /// A reseller.
    AgentId;
    /// One log-in of a person.
    SessionId;
    /// Refused log-ins of one name or address.
    LockoutId;
    /// A program's key to the REST API.
    ApiTokenId;
    /// A list with its filters, kept under a name.
    SavedViewId;
    /// A receiver of events.
    WebhookId;
    /// An event on its way to a receiver.
    WebhookDeliveryId;
    /// One entry of the ledger.
    LedgerEntryId;
    /// How often a row has been changed; a form that carries an older one lost a race.
    RowVersion;
}

/// The unique key of a call and of its CDR: a UUIDv7 made when the call arrives (decision 35).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(pub Uuid);

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for CallId {
    type Err = uuid::Error;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        s.parse().map(Self)
    }
}
