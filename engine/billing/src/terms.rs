use domain::{BillingUnit, Money, Precision, Rate};

/// The terms under which one leg is charged, as found in the rate table when the call was set up. They stay with the call: a
/// price change never touches a call in progress.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Terms {
    /// Price per minute.
    pub rate: Rate,
    /// Increment.
    pub unit: BillingUnit,
    /// Charged once at answer.
    pub connect_fee: Money,
    /// Decimals of the charge.
    pub precision: Precision,
}
