//! Calls that have ended.

mod list;
mod question;
mod show;

pub(crate) use list::{__path_list, __path_totals, list, totals};
pub(crate) use show::{__path_show, MediaView, show};
