//! Which gateways a call may take, in what order, and at what price: immutable tables built from one configuration.
//!
//! Invariants: a look-up allocates nothing but its result and waits for nothing; tables never change, a new configuration makes
//! new tables. There is no clock, no SQL and no thread here.
#![cfg_attr(not(test), forbid(unsafe_code))]

mod digit_trie;
mod source_table;

mod candidates;
mod tables;

pub use candidates::candidates;
pub use digit_trie::{DigitTrie, Matches};
pub use source_table::SourceTable;
pub use tables::{Priced, Tables};
