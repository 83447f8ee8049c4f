//! One call: two legs, the money and media between them, and its record.
//!
//! `setup.rs` is the path of a call up to the first gateway; `dial.rs` asks gateways one after another; `answer.rs` joins the
//! legs; `bridge.rs` passes on what happens while both sides talk; `limits.rs` watches money and time; `ending.rs` settles and
//! records. A call has no socket and no clock: each function gets the [`Desk`] of its shard and the [`Moment`].
//!
//! | stage      | caller's leg                     | callee's leg                 | leaves by |
//! |------------|----------------------------------|------------------------------|-----------|
//! | Dialling   | INVITE, 100 sent                 | INVITE sent                  | 18x → Ringing; 2xx → Confirming; failure → next gateway or refused |
//! | Ringing    | 18x sent                         | 18x received                 | 2xx → Confirming; failure; CANCEL |
//! | Confirming | 18x sent                         | 2xx received                 | answer is in the spool → Talking |
//! | Talking    | 2xx sent, then ACK (§13.3.1.4)   | ACK sent                     | BYE (§15), limit, operator, missing ACK |
//! | Over       | –                                | –                            | – |
//!
//! A CANCEL in Confirming or Talking has no effect (§9.2: the answer came first). Sections are of RFC 3261.

mod alarm;
mod desk;
mod leg;
mod moment;
mod party;
mod payer;
mod stage;
mod talk;

mod identity;
mod setup;

mod answer;
mod credentials;
mod detour;
mod dial;
mod divert;
mod early;
mod forwarded;
mod response;
mod way;

mod beside;
mod bridge;
mod kept;
mod limits;
mod pass;
mod reoffer;
mod session;

mod ending;
mod record;
mod view;

mod events;

pub(crate) use alarm::{Alarm, Alarms};
pub(crate) use answer::refuse_answer;
pub(crate) use desk::{ClientOf, Desk, Output};
pub(crate) use dial::{ALLOW, ALLOW_OUTSIDE};
pub(crate) use events::CallEvent;
pub(crate) use moment::Moment;
pub(crate) use party::{Destination, Source};
pub(crate) use setup::{count_stranger, receive, refuse_stranger};
pub(crate) use stage::Call;
