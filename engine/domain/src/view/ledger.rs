//! Movements of money.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, CallId, LedgerEntryId, Money, account::named, cause::UnknownName};

/// Our own side of a ledger entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Book {
    /// What a call charged a customer.
    Revenue,
    /// What a call owes a vendor.
    Cost,
    /// What was paid.
    Cash,
    /// What an account began with.
    Opening,
}

named!(Book { Revenue = "revenue", Cost = "cost", Cash = "cash", Opening = "opening" });

/// One movement on an account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LedgerRow {
    /// Its key; higher is later.
    pub id: LedgerEntryId,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// The account.
    pub account: AccountId,
    /// Our own side of it.
    pub book: Book,
    /// Positive raises the account's balance.
    pub amount: Money,
    /// The call that it settles.
    pub call: Option<CallId>,
    /// What a person wrote to it.
    pub note: String,
}
