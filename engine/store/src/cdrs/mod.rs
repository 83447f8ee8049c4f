//! Call detail records: `cdr.calls`, and what each settles in `billing.ledger`.

mod columns;
mod find;
mod hours;
mod insert;
mod list;
mod partitions;
mod read;
mod totals;

pub use find::find;
pub use insert::{Inserted, insert};
pub use list::list;
pub use partitions::ensure_partitions;
pub use totals::totals;
