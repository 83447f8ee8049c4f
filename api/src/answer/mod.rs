//! How requests are read and answered, the same for every operation.

mod problem;

mod body;
mod ids;
mod question;
mod reason;
mod version;

mod listing;
mod words;

pub(crate) use body::{Sent, withheld};
pub(crate) use ids::Ids;
pub(crate) use listing::{Cursor, Limit, Listing, by_id};
pub(crate) use problem::{Details as ProblemDetails, Problem, WrongField};
pub(crate) use question::{Moment, Question};
pub(crate) use version::{IfMatch, Made, Versioned};
pub(crate) use words::{
    account_kind, account_status, book, callee_field, caller_field, capture_state, delivery_state,
    end_reason, event_kind, event_kinds, gateway_privacy, gateway_state, gateway_transport, identity_header,
    live_state, or_empty, origin_breadth, outbound_state, peer_number, phone_state, prefix_mode, redirects,
    register_transport, release_side, standing, suspension_cause,
};
