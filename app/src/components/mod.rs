//! The parts that pages are made of.

mod badge;
mod chart;
mod crumbs;
mod empty;
mod field;
mod filter;
mod flash;
mod form;
mod form_tabs;
mod icon;
mod layout;
mod look;
mod menu;
mod not_found;
mod notice;
mod number;
mod overrides;
mod page;
mod palette;
mod parameter_input;
mod permission_boxes;
mod removal;
mod search;
mod shortcuts;
mod skeleton;
mod table;
mod theme;
mod time;
mod unsaved;

pub(crate) use badge::{Badge, EndBadge, OnOff, Tone};
pub(crate) use chart::HourlyTraffic;
pub(crate) use empty::Empty;
pub(crate) use field::{Area, Choice, Options, Text, Tick};
pub(crate) use filter::{FilterBar, FilterChoice, FilterText};
pub(crate) use flash::Flash;
pub(crate) use form::{Buttons, DraftForm};
pub(crate) use form_tabs::FormTabs;
pub(crate) use icon::{Icon, Picture};
pub(crate) use layout::Layout;
#[cfg(feature = "ssr")]
pub(crate) use menu::menu;
pub(crate) use not_found::NotFound;
pub(crate) use notice::{Notice, NoticeKind};
pub(crate) use number::{Copy, Number};
#[cfg(feature = "ssr")]
pub(crate) use overrides::system_values;
pub(crate) use overrides::{Overrides, SystemValues, fault_in_overrides};
pub(crate) use page::PageHead;
pub(crate) use parameter_input::{ParameterInput, ParameterName, with_unit};
pub(crate) use permission_boxes::PermissionBoxes;
pub(crate) use removal::Removal;
pub(crate) use search::SearchBox;
pub(crate) use skeleton::Skeleton;
pub(crate) use table::{Bulk, Column, DataTable, Paging, Table};
pub(crate) use theme::ThemeToggle;
pub(crate) use time::{Clock, ListMoment, Moment, ZoneName};
