//! The debug trace: what was signalled lately, as a list, as a ladder, as a file; and captures.

mod capture_draft;
mod captures;
mod found;
mod ladder;
mod list;
mod message;
mod new_capture;
#[cfg(feature = "ssr")]
mod packets;
mod question;
mod reason;

pub(crate) use captures::Captures;
#[cfg(feature = "ssr")]
pub(crate) use captures::change as change_capture;
pub(crate) use ladder::Ladder;
pub(crate) use list::Trace;
pub(crate) use new_capture::NewCapture;
#[cfg(feature = "ssr")]
pub(crate) use new_capture::begin as begin_capture;
#[cfg(feature = "ssr")]
pub(crate) use packets::packets;

const LIST: &str = "/operation/trace";
const LADDER: &str = "/operation/trace/ladder";
const PACKETS: &str = "/operation/trace/ladder.pcapng";
const CAPTURES: &str = "/operation/trace/captures";

/// The address of a call's ladder.
pub(crate) fn ladder_of_call(id: domain::CallId) -> String {
    format!("{LADDER}?call={id}")
}
