//! Who calls: what an INVITE says of it (HDR-1), and what the INVITE that we make tells (HDR-2, HDR-4 to HDR-6, SIP-12). Nothing
//! here knows a call; `docs/identity.md` shows what comes of which settings.

mod extras;
mod heard;
mod shown;

pub(crate) use extras::{extras, weight};
pub(crate) use heard::heard;
pub(crate) use shown::{Caller, show};
