//! Call detail records.

#[cfg(feature = "ssr")]
mod export;
#[cfg(feature = "ssr")]
mod filter;
mod list;
mod price;
mod question;
mod show;

#[cfg(feature = "ssr")]
pub(crate) use export::export;
#[cfg(feature = "ssr")]
pub(crate) use filter::moment;
pub(crate) use list::Cdrs;
pub(crate) use show::ShowCdr;

const LIST: &str = "/cdrs";
