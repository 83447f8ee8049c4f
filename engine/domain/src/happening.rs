//! What happens that others want to be told of (INT-3, REG-9).

use std::{fmt, net::IpAddr, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, PhoneId, PhoneNumber, RegistrationId, RoutingGatewayId, SuspensionCause, account::named,
    cause::UnknownName,
};

/// The kinds of events.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum EventKind {
    /// A phone that had no contact has one.
    #[serde(rename = "phone.online")]
    PhoneOnline,
    /// A phone has no contact any more.
    #[serde(rename = "phone.offline")]
    PhoneOffline,
    /// A routing gateway that was passed over answers again.
    #[serde(rename = "gateway.online")]
    GatewayOnline,
    /// A routing gateway does not answer any more, or answers that it takes no calls.
    #[serde(rename = "gateway.offline")]
    GatewayOffline,
    /// Another server has taken a registration of ours.
    #[serde(rename = "registration.up")]
    RegistrationUp,
    /// A registration of ours has failed.
    #[serde(rename = "registration.down")]
    RegistrationDown,
    /// Somebody failed too often and is shut out.
    #[serde(rename = "suspension.begun")]
    SuspensionBegun,
    /// Somebody was let in again before the time.
    #[serde(rename = "suspension.released")]
    SuspensionReleased,
    /// An account that pays for calls has nothing left for new ones.
    #[serde(rename = "balance.exhausted")]
    BalanceExhausted,
    /// It has again.
    #[serde(rename = "balance.restored")]
    BalanceRestored,
    /// Phones are online in a number that is unusual at this hour of the week.
    #[serde(rename = "presence.unusual")]
    PresenceUnusual,
    /// Their number is usual again.
    #[serde(rename = "presence.usual")]
    PresenceUsual,
    /// Somebody tries whether events arrive; sent to one receiver only.
    #[serde(rename = "test")]
    Test,
}

named!(EventKind {
    PhoneOnline = "phone.online",
    PhoneOffline = "phone.offline",
    GatewayOnline = "gateway.online",
    GatewayOffline = "gateway.offline",
    RegistrationUp = "registration.up",
    RegistrationDown = "registration.down",
    SuspensionBegun = "suspension.begun",
    SuspensionReleased = "suspension.released",
    BalanceExhausted = "balance.exhausted",
    BalanceRestored = "balance.restored",
    PresenceUnusual = "presence.unusual",
    PresenceUsual = "presence.usual",
    Test = "test"
});

impl EventKind {
    /// Those that a receiver can choose.
    pub fn chosen() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|kind| *kind != Self::Test)
    }
}

/// What happened. As JSON it is an object with the fields of the variant.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Happened {
    /// A phone came or went.
    Phone {
        /// Which.
        phone: PhoneId,
        /// Its number.
        number: PhoneNumber,
        /// Whether it has a contact now.
        online: bool,
    },
    /// A routing gateway came back or went.
    Gateway {
        /// Which.
        gateway: RoutingGatewayId,
        /// Its name.
        name: String,
        /// Whether calls go there now.
        online: bool,
        /// How and where it was asked, such as `UDP 192.0.2.7:5060`.
        way: Option<String>,
        /// What it answered, if it did.
        code: Option<u16>,
    },
    /// A registration of ours was taken or failed.
    Registration {
        /// Which.
        registration: RegistrationId,
        /// Its name.
        name: String,
        /// Whether the other server knows us now.
        up: bool,
        /// Why not.
        reason: Option<String>,
    },
    /// Somebody is shut out, or let in again.
    Suspension {
        /// The user name as it was sent; none for an address whoever sends from it.
        user: Option<String>,
        /// The address; none for a user wherever they are.
        address: Option<IpAddr>,
        /// Whether it begins.
        begun: bool,
        /// Why; none when it is released.
        cause: Option<SuspensionCause>,
        /// Until when; none when it is released.
        until: Option<DateTime<Utc>>,
    },
    /// An account's money is used up, or there is some again.
    Balance {
        /// Whose.
        account: AccountId,
        /// Its name.
        name: String,
        /// Whether nothing is left for new calls.
        exhausted: bool,
        /// What is left, as decimal text in the account's currency.
        available: String,
        /// The currency (ISO 4217).
        currency: String,
    },
    /// How many phones are online stands out against the weeks before, or does not any more.
    Presence {
        /// Phones online.
        online: i64,
        /// What is usual at this hour of the week.
        usual: i64,
        /// Below this it is unusual.
        low: i64,
        /// Above this it is unusual.
        high: i64,
        /// Whether it is unusual.
        unusual: bool,
    },
    /// A person has asked for it.
    Test {
        /// Their name.
        by: String,
    },
}

impl Happened {
    /// Its kind.
    pub fn kind(&self) -> EventKind {
        match self {
            Self::Phone { online: true, .. } => EventKind::PhoneOnline,
            Self::Phone { .. } => EventKind::PhoneOffline,
            Self::Gateway { online: true, .. } => EventKind::GatewayOnline,
            Self::Gateway { .. } => EventKind::GatewayOffline,
            Self::Registration { up: true, .. } => EventKind::RegistrationUp,
            Self::Registration { .. } => EventKind::RegistrationDown,
            Self::Suspension { begun: true, .. } => EventKind::SuspensionBegun,
            Self::Suspension { .. } => EventKind::SuspensionReleased,
            Self::Balance { exhausted: true, .. } => EventKind::BalanceExhausted,
            Self::Balance { .. } => EventKind::BalanceRestored,
            Self::Presence { unusual: true, .. } => EventKind::PresenceUnusual,
            Self::Presence { .. } => EventKind::PresenceUsual,
            Self::Test { .. } => EventKind::Test,
        }
    }
}

/// Something that happened, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Happening {
    /// When it was noticed.
    pub at: DateTime<Utc>,
    /// What.
    pub what: Happened,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_print_and_parse_and_are_those_of_json() {
        for kind in EventKind::ALL {
            assert_eq!(kind.name().parse(), Ok(*kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert_eq!(EventKind::chosen().count(), EventKind::ALL.len() - 1);
    }

    #[test]
    fn an_event_is_an_object_of_its_fields() {
        let gone = Happened::Gateway {
            gateway: RoutingGatewayId(7),
            name: "First".to_owned(),
            online: false,
            way: Some("UDP 192.0.2.7:5060".to_owned()),
            code: None,
        };
        assert_eq!(gone.kind(), EventKind::GatewayOffline);
        let json = serde_json::to_value(&gone).unwrap();
        assert_eq!((json["gateway"].as_i64(), json["name"].as_str()), (Some(7), Some("First")));
        assert!(json["code"].is_null() && json["online"] == false);
    }
}
