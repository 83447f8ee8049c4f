//! Call detail records.

#[cfg(feature = "ssr")]
mod filter;
mod list;
mod price;
mod question;
mod show;

pub(crate) use list::Cdrs;
pub(crate) use show::ShowCdr;

const LIST: &str = "/cdrs";
