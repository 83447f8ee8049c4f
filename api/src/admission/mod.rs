//! What every request passes, in this order: it gets a number, its token is looked up and asked for the operation's
//! permission, and one that was sent before under the same key is answered as then.

mod label;

mod asker;
mod gate;
mod pace;

mod once;

pub(crate) use asker::Asker;
pub(crate) use gate::{Gate, admit};
pub(crate) use label::label;
pub(crate) use once::{KEY, once};
pub use pace::Pace;
