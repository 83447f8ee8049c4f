//! Who is online and who is shut out: pictures of a moment, as pages and programs see them (OPS-3, REG-5, REG-9).

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Phone, PhoneMode, PhoneRow, account::named, cause::UnknownName};

/// Where a phone stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneState {
    /// It is registered.
    Online,
    /// It registers, and has no contact now.
    Offline,
    /// It stands at an address of its own and does not register.
    Fixed,
    /// It is switched off.
    Disabled,
}

named!(PhoneState { Online = "online", Offline = "offline", Fixed = "fixed", Disabled = "disabled" });

impl PhoneState {
    /// Of a phone that has this many contacts.
    pub fn of(phone: &Phone, contacts: usize) -> Self {
        match phone.settings.mode {
            _ if !phone.settings.enabled => Self::Disabled,
            PhoneMode::Static(_) => Self::Fixed,
            PhoneMode::Dynamic if contacts > 0 => Self::Online,
            PhoneMode::Dynamic => Self::Offline,
        }
    }
}

/// A contact at which a phone is registered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PhoneContact {
    /// The contact's URI, as the phone wrote it.
    pub contact: String,
    /// `UDP`, `TCP`, `TLS`, `WS` or `WSS`.
    pub transport: String,
    /// The address that it came from.
    pub remote: SocketAddr,
    /// Whether it is behind address translation.
    pub nat: bool,
    /// What the phone says it is.
    pub user_agent: Option<String>,
    /// When it was last refreshed.
    pub refreshed: DateTime<Utc>,
    /// When it ends.
    pub expires: DateTime<Utc>,
}

/// A phone in a list, with its contacts of the moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PhoneListing {
    /// The phone and who pays for it.
    pub row: PhoneRow,
    /// Its contacts, the one refreshed last first.
    pub contacts: Vec<PhoneContact>,
}

impl PhoneListing {
    /// Where it stands.
    pub fn state(&self) -> PhoneState {
        PhoneState::of(&self.row.phone, self.contacts.len())
    }
}

/// Which phones a list shows, by number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct PhoneFilter {
    /// Beginning of the number, or part of the name; empty shows all.
    pub search: String,
    /// Only this account's.
    pub account: Option<AccountId>,
    /// Only those that stand there.
    pub state: Option<PhoneState>,
    /// Only numbers behind this one.
    pub after: Option<String>,
    /// At most this many rows; the store allows 1 to 1000.
    pub limit: u32,
}

impl Default for PhoneFilter {
    fn default() -> Self {
        Self { search: String::new(), account: None, state: None, after: None, limit: 100 }
    }
}

/// How many phones there are and where they stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PresenceCounts {
    /// Phones that register and are switched on.
    pub phones: i64,
    /// Of them, those with a contact.
    pub online: i64,
    /// Contacts of all of them.
    pub contacts: i64,
    /// Contacts behind address translation.
    pub nat: i64,
    /// Phones at fixed addresses that are switched on.
    pub fixed: i64,
    /// Phones that are switched off.
    pub disabled: i64,
}

/// How many contacts come from one address or network.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PresenceOrigin {
    /// The network; of 32 or 128 bits for a single address.
    pub network: IpNet,
    /// Addresses in it that contacts come from.
    pub addresses: i64,
    /// Phones.
    pub phones: i64,
    /// Contacts.
    pub contacts: i64,
}

/// Why somebody is suspended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspensionCause {
    /// Failed registrations (`SS_ENDPOINTREGISTERRETRY`): only registrations are refused.
    Registrations,
    /// Wrong passwords of any request (`SS_AUTHENTICATION_MAX_RETRY`): everything is refused.
    Passwords,
    /// Names that do not exist: everything from the address is refused.
    Strangers,
}

named!(SuspensionCause {
    Registrations = "registrations",
    Passwords = "passwords",
    Strangers = "strangers"
});

/// Whom a suspension holds: a user from one address, a user from everywhere, or an address. Never neither.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct SuspendedParty {
    /// The user name; none for an address alone. It came from the network: anything may stand in it.
    pub user: Option<String>,
    /// The address (of IPv6 the network of 64 bits); none for a user wherever they are.
    pub address: Option<IpAddr>,
}

/// A suspension in force (decision 23).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SuspensionView {
    /// Whom it holds.
    pub party: SuspendedParty,
    /// Why.
    pub cause: SuspensionCause,
    /// Failures that led to it.
    pub failures: u32,
    /// Whether a phone or gateway of this name exists.
    pub known: bool,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when, unless somebody releases it.
    pub until: DateTime<Utc>,
}

/// How often an outcome of an authentication came since the start.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutcomeView {
    /// The outcome, as a person reads it.
    pub outcome: String,
    /// How often.
    pub count: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PhoneDraft, PhoneId, RowVersion};

    #[test]
    fn a_phone_that_is_switched_off_is_neither_online_nor_offline() {
        let phone = |address: &str, enabled: &str| {
            let draft = PhoneDraft {
                number: "1001".into(),
                account: "1".into(),
                address: address.into(),
                enabled: enabled.into(),
                ..Default::default()
            };
            let settings = draft.check().unwrap().settings;
            Phone { id: PhoneId(1), version: RowVersion(1), settings, has_password: true }
        };
        assert_eq!(PhoneState::of(&phone("", ""), 1), PhoneState::Disabled);
        assert_eq!(PhoneState::of(&phone("", "on"), 1), PhoneState::Online);
        assert_eq!(PhoneState::of(&phone("", "on"), 0), PhoneState::Offline);
        assert_eq!(PhoneState::of(&phone("192.0.2.1", "on"), 0), PhoneState::Fixed);
    }

    #[test]
    fn words_survive_print_and_parse() {
        for state in PhoneState::ALL {
            assert_eq!(state.name().parse(), Ok(*state));
        }
        for cause in SuspensionCause::ALL {
            assert_eq!(cause.name().parse(), Ok(*cause));
        }
    }
}
