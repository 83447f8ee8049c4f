//! Session descriptions: read leniently, offered and answered by RFC 3264, rewritten to pass by the relay.

mod audio;
mod error;
mod normal;
mod offer_answer;
mod payload;
mod read;
mod rewrite;

pub use audio::{AudioMedia, Direction};
pub use error::SdpError;
pub use offer_answer::common_codec;
pub use payload::Payload;
pub use read::Sdp;
pub use rewrite::{Origin, relayed};
