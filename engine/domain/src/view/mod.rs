//! What lists, filters and totals carry to the portal: read models of the store that the browser can hold too.

mod calls;
mod ledger;
mod lists;
mod parameters;
mod switch;
mod traffic;

pub use calls::*;
pub use ledger::*;
pub use lists::*;
pub use parameters::*;
pub use switch::*;
pub use traffic::*;
