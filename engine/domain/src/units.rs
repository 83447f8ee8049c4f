//! Units of time that reach a bill.

use std::{fmt, num::NonZeroU32};

use serde::{Deserialize, Serialize};

/// Whole seconds, as billed or shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub u32);

impl fmt::Display for Seconds {
    /// `59s` is `0:59`, an hour and more `1:00:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (self.0 / 3600, self.0 / 60 % 60, self.0 % 60);
        if hours > 0 {
            write!(f, "{hours}:{minutes:02}:{seconds:02}")
        } else {
            write!(f, "{minutes}:{seconds:02}")
        }
    }
}

/// The minimum chargeable increment in seconds, 1 to 3600: durations are rounded up to a multiple of it (`SS_BILLINGUNIT`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct BillingUnit(NonZeroU32);

impl BillingUnit {
    /// Per second, the system default (decision 3).
    pub const SECOND: Self = Self(NonZeroU32::MIN);

    /// A unit of `seconds`; `None` outside 1 to 3600.
    pub fn new(seconds: u32) -> Option<Self> {
        NonZeroU32::new(seconds).filter(|n| n.get() <= 3600).map(Self)
    }

    /// Its length.
    pub fn seconds(self) -> u32 {
        self.0.get()
    }
}

impl TryFrom<u32> for BillingUnit {
    type Error = &'static str;
    fn try_from(seconds: u32) -> Result<Self, Self::Error> {
        Self::new(seconds).ok_or("a billing unit is 1 to 3600 seconds")
    }
}

impl From<BillingUnit> for u32 {
    fn from(unit: BillingUnit) -> u32 {
        unit.seconds()
    }
}
