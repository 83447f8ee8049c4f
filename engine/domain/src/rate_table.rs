//! Rate tables: price lists by prefix (BIL-2).

use serde::{Deserialize, Serialize};

use crate::{
    BillingUnit, Currency, Fields, Invalid, Money, Name, Prefix, Rate, RateId, RateTableId, RowVersion,
};

/// A price list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RateTable {
    /// Its key.
    pub id: RateTableId,
    /// For concurrent edits.
    pub version: RowVersion,
    /// What people set.
    pub settings: RateTableSettings,
}

/// What people set on a rate table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RateTableSettings {
    /// Unique.
    pub name: Name,
    /// Currency of its prices; an account uses only tables of its own currency.
    pub currency: Currency,
    /// Increment for rows without one; empty takes the system's (decision 7).
    pub billing_unit: Option<BillingUnit>,
}

/// One price.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RateRow {
    /// Its key.
    pub id: RateId,
    /// The table it stands in.
    pub table: RateTableId,
    /// For concurrent edits.
    pub version: RowVersion,
    /// What people set.
    pub settings: RateSettings,
}

/// What people set on a price.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RateSettings {
    /// Beginning of the numbers it prices; unique in its table.
    pub prefix: Prefix,
    /// What people call these numbers, up to 64 characters; may be empty.
    pub destination: String,
    /// Price per minute.
    pub rate: Rate,
    /// Charged once when the call is answered.
    pub connect_fee: Money,
    /// Increment of this row; empty takes the table's.
    pub billing_unit: Option<BillingUnit>,
}

/// A rate table as typed into its form.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RateTableDraft {
    /// See [`RateTableSettings::name`].
    pub name: String,
    /// Three letters.
    pub currency: String,
    /// Seconds, or empty.
    pub billing_unit: String,
}

impl RateTableDraft {
    /// The settings, or what is wrong at each field.
    pub fn check(&self) -> Result<RateTableSettings, Invalid> {
        let mut f = Fields::default();
        let name = f.parse("name", &self.name);
        let currency = f.parse("currency", &self.currency);
        let billing_unit = billing_unit(&mut f, &self.billing_unit);
        let settings =
            (|| Some(RateTableSettings { name: name?, currency: currency?, billing_unit: billing_unit? }))();
        f.finish(settings)
    }
}

impl From<&RateTableSettings> for RateTableDraft {
    fn from(s: &RateTableSettings) -> Self {
        Self {
            name: s.name.to_string(),
            currency: s.currency.to_string(),
            billing_unit: s.billing_unit.map(|u| u.seconds().to_string()).unwrap_or_default(),
        }
    }
}

/// A price as typed into its form.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RateDraft {
    /// Digits; empty prices every number that no other row does.
    pub prefix: String,
    /// Free text.
    pub destination: String,
    /// Per minute.
    pub rate: String,
    /// An amount, or empty for none.
    pub connect_fee: String,
    /// Seconds, or empty.
    pub billing_unit: String,
}

impl RateDraft {
    /// The settings, or what is wrong at each field.
    pub fn check(&self) -> Result<RateSettings, Invalid> {
        let mut f = Fields::default();
        let prefix = f.parse("prefix", &self.prefix);
        let destination = if self.destination.trim().is_empty() {
            Some(String::new())
        } else {
            f.parse::<Name>("destination", &self.destination).map(String::from)
        };
        let rate = f.parse::<Rate>("rate", &self.rate);
        if rate.is_some_and(|r| r < Rate::ZERO || r > Rate::from_nanos(1_000_000_000_000_000)) {
            f.refuse("rate", "a rate is zero or more, at most 1000000 a minute");
        }
        let connect_fee =
            f.optional::<Money>("connect_fee", &self.connect_fee).map(Option::unwrap_or_default);
        if connect_fee.is_some_and(|fee| fee.is_negative() || fee > Money::from_micros(1_000_000_000_000)) {
            f.refuse("connect_fee", "a connect fee is zero or more, at most 1000000");
        }
        let billing_unit = billing_unit(&mut f, &self.billing_unit);
        let settings = (|| {
            Some(RateSettings {
                prefix: prefix?,
                destination: destination?,
                rate: rate?,
                connect_fee: connect_fee?,
                billing_unit: billing_unit?,
            })
        })();
        f.finish(settings)
    }
}

impl From<&RateSettings> for RateDraft {
    fn from(s: &RateSettings) -> Self {
        Self {
            prefix: s.prefix.to_string(),
            destination: s.destination.clone(),
            rate: s.rate.to_string(),
            connect_fee: s.connect_fee.to_string(),
            billing_unit: s.billing_unit.map(|u| u.seconds().to_string()).unwrap_or_default(),
        }
    }
}

fn billing_unit(f: &mut Fields, text: &str) -> Option<Option<BillingUnit>> {
    if text.trim().is_empty() {
        return Some(None);
    }
    f.whole("billing_unit", text, 1..=3600).and_then(BillingUnit::new).map(Some)
}
