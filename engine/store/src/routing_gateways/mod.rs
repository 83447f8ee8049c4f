//! Vendor trunks: `sip.routing_gateways`.
//!
//! `list.rs` is what is read, `edit.rs` what people and documents change, `passwords.rs` what vendors know us by.

mod edit;
mod list;
mod passwords;

pub use self::{
    edit::{create, create_with, remove, update, update_with},
    list::{find, has_password, list},
};
pub(crate) use self::{
    edit::{insert, replace},
    list::read,
    passwords::{is_password, passwords},
};
