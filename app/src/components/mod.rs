//! The parts that pages are made of.

mod badge;
mod chart;
mod crumbs;
mod empty;
mod field;
mod filter;
mod flash;
mod form;
mod icon;
mod layout;
mod menu;
mod not_found;
mod notice;
mod overrides;
mod page;
mod removal;
mod search;
mod table;
mod theme;

pub(crate) use badge::{Badge, EndBadge, Tone};
pub(crate) use chart::HourlyTraffic;
pub(crate) use empty::Empty;
pub(crate) use field::{Area, Choice, Options, Text, Tick};
pub(crate) use filter::{FilterBar, FilterChoice, FilterText};
pub(crate) use flash::Flash;
pub(crate) use form::{Buttons, DraftForm};
pub(crate) use icon::{Icon, Picture};
pub(crate) use layout::Layout;
pub(crate) use not_found::NotFound;
pub(crate) use notice::{Notice, NoticeKind};
pub(crate) use overrides::Overrides;
pub(crate) use page::PageHead;
pub(crate) use removal::Removal;
pub(crate) use search::SearchBox;
pub(crate) use table::Table;
pub(crate) use theme::ThemeToggle;
