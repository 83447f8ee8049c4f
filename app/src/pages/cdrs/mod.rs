//! Call detail records.

#[cfg(feature = "ssr")]
mod export;
#[cfg(feature = "ssr")]
mod filter;
mod list;
mod price;
mod question;
#[cfg(feature = "ssr")]
mod seen;
mod show;

#[cfg(feature = "ssr")]
pub(crate) use export::export;
#[cfg(feature = "ssr")]
pub(crate) use filter::moment;
pub(crate) use list::Cdrs;
#[cfg(feature = "ssr")]
use seen::leave_seen_of_one;
#[cfg(feature = "ssr")]
pub(crate) use seen::{leave_seen, leave_seen_amounts};
pub(crate) use show::ShowCdr;

const LIST: &str = "/cdrs";
