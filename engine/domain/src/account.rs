//! Accounts: who is billed (BIL-1).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{AccountId, AgentId, Fields, Invalid, Money, Name, RateTableId, RowVersion, cause::UnknownName};

/// A billed party with its money.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Account {
    /// Its key.
    pub id: AccountId,
    /// For concurrent edits.
    pub version: RowVersion,
    /// What people set.
    pub settings: AccountSettings,
    /// Sum of payments and adjustments.
    pub paid: Money,
    /// Sum of settled call charges; for a vendor, of call costs.
    pub charged: Money,
}

impl Account {
    /// What is left: paid less charged, without the credit limit and without holds.
    pub fn balance(&self) -> Money {
        self.paid - self.charged
    }
}

/// What people set on an account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AccountSettings {
    /// Unique.
    pub name: Name,
    /// Whether it pays us or we pay it.
    pub kind: AccountKind,
    /// Currency of every amount on it.
    pub currency: Currency,
    /// Decimals to which each charge is rounded (decision 4).
    pub precision: Precision,
    /// How far below zero the balance may go.
    pub credit_limit: Money,
    /// Price list of its calls: what a customer pays, what a vendor costs.
    pub rate_table: Option<RateTableId>,
    /// Whether it may call.
    pub status: AccountStatus,
    /// The reseller who brought it; only customers have one.
    #[serde(default)]
    pub agent: Option<AgentId>,
}

/// The side of the business an account is on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// Pays for calls that come in.
    Customer,
    /// Is paid for calls that go out (clearing account).
    Vendor,
}

/// Whether an account may be used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// In use.
    Active,
    /// Refused with `AccountLocked`.
    Locked,
}

macro_rules! named {
    ($type:ident { $($variant:ident = $name:literal),* }) => {
        impl $type {
            /// Every value, in the order shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word stored and shown.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $type {
            type Err = UnknownName;
            fn from_str(s: &str) -> Result<Self, UnknownName> {
                Self::ALL.iter().copied().find(|v| v.name() == s).ok_or_else(|| UnknownName(s.to_owned()))
            }
        }
    };
}
pub(crate) use named;

named!(AccountKind { Customer = "customer", Vendor = "vendor" });
named!(AccountStatus { Active = "active", Locked = "locked" });

/// A three-letter currency code (ISO 4217).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII letters are ever stored")
    }
}

impl FromStr for Currency {
    type Err = &'static str;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match *s.as_bytes() {
            [a, b, c] if s.bytes().all(|x| x.is_ascii_alphabetic()) => {
                Ok(Self([a, b, c].map(|x| x.to_ascii_uppercase())))
            }
            _ => Err("write a three-letter currency code like USD"),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = &'static str;
    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.as_str().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Decimals to which a charge is rounded, 0 to 6.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Precision(u8);

impl Precision {
    /// The default of decision 4.
    pub const FOUR: Self = Self(4);

    /// `decimals` of 0 to 6.
    pub fn new(decimals: u32) -> Option<Self> {
        u8::try_from(decimals).ok().filter(|d| *d <= 6).map(Self)
    }

    /// Their number.
    pub fn decimals(self) -> u32 {
        u32::from(self.0)
    }
}

impl TryFrom<u32> for Precision {
    type Error = &'static str;
    fn try_from(n: u32) -> Result<Self, Self::Error> {
        Self::new(n).ok_or("a precision is 0 to 6 decimals")
    }
}

impl From<Precision> for u32 {
    fn from(precision: Precision) -> u32 {
        precision.decimals()
    }
}

/// An account as typed into its form.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountDraft {
    /// See [`AccountSettings::name`].
    pub name: String,
    /// `customer` or `vendor`.
    pub kind: String,
    /// Three letters.
    pub currency: String,
    /// 0 to 6.
    pub precision: String,
    /// Zero or more.
    pub credit_limit: String,
    /// The table's id, or empty.
    pub rate_table: String,
    /// `active` or `locked`.
    pub status: String,
    /// The agent's id, or empty.
    pub agent: String,
}

impl AccountDraft {
    /// The settings, or what is wrong at each field.
    pub fn check(&self) -> Result<AccountSettings, Invalid> {
        let mut f = Fields::default();
        let name = f.parse("name", &self.name);
        let kind = f.parse("kind", &self.kind);
        let currency = f.parse("currency", &self.currency);
        let precision = f.whole("precision", &self.precision, 0..=6).and_then(Precision::new);
        let credit_limit = f.parse::<Money>("credit_limit", &self.credit_limit);
        if credit_limit
            .is_some_and(|limit| limit.is_negative() || limit > Money::from_micros(1_000_000_000_000_000))
        {
            f.refuse("credit_limit", "a credit limit is zero or more, at most 1000000000");
        }
        let rate_table = f.optional("rate_table", &self.rate_table);
        let status = f.parse("status", &self.status);
        let agent = f.optional("agent", &self.agent);
        if kind == Some(AccountKind::Vendor) && agent.flatten().is_some() {
            f.refuse("agent", "only a customer has an agent");
        }
        let settings = (|| {
            Some(AccountSettings {
                name: name?,
                kind: kind?,
                currency: currency?,
                precision: precision?,
                credit_limit: credit_limit?,
                rate_table: rate_table?,
                status: status?,
                agent: agent?,
            })
        })();
        f.finish(settings)
    }
}

impl From<&AccountSettings> for AccountDraft {
    fn from(s: &AccountSettings) -> Self {
        Self {
            name: s.name.to_string(),
            kind: s.kind.to_string(),
            currency: s.currency.to_string(),
            precision: s.precision.decimals().to_string(),
            credit_limit: s.credit_limit.to_string(),
            rate_table: s.rate_table.map(|id| id.to_string()).unwrap_or_default(),
            status: s.status.to_string(),
            agent: s.agent.map(|id| id.to_string()).unwrap_or_default(),
        }
    }
}
