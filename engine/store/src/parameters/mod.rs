//! Named parameters: `sys.parameters`, their history, and the gateways' own values.
//!
//! Only what differs from the default has a row: a default belongs to the program. Names and values of another build are left
//! where they are and passed over with a warning, so that neither an older nor a newer build fails to start.

mod edit;
mod list;
mod overrides;
mod owners;

pub use edit::{SetSeveral, Wanted, reset, set, set_several};
pub use list::{history, list};
pub use owners::{owner_counts, owners};

pub(crate) use edit::put;
pub(crate) use list::read;
pub(crate) use overrides::{own_values, stored_own_values};
