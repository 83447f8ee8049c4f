//! The shard's number inside everything we name.
//!
//! Shards share one port, and the kernel hands a datagram to any of them. Branches, tags and Call-IDs that we make
//! begin with the owner's number, so that a few bytes tell where a datagram belongs.

use std::fmt;

use rand::RngExt;
use rand::rngs::StdRng;

use crate::message::lines::{HeadLines, HeadStart};
use crate::name_addr::tag_of;
use crate::scan;
use crate::via::Via;

/// The magic cookie of RFC 3261 §8.1.1.7.
pub(crate) const COOKIE: &str = "z9hG4bK";
const OURS: &str = "tdm";

/// The number of a shard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Mark(pub u8);

impl Mark {
    /// The mark at the start of a tag, a Call-ID or a branch of ours; `None` for somebody else's.
    pub fn of(name: &str) -> Option<Self> {
        let name = name.strip_prefix(COOKIE).unwrap_or(name);
        let hex = name.strip_prefix(OURS)?.get(..2)?;
        if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        u8::from_str_radix(hex, 16).ok().map(Self)
    }

    /// A tag or Call-ID: the mark and 64 bits of chance (RFC 3261 §19.3 asks for 32).
    pub(crate) fn name(self, random: &mut StdRng) -> String {
        format!("{self}{:016x}", random.random::<u64>())
    }

    /// A branch and the number it carries.
    pub(crate) fn branch(self, random: u64) -> String {
        format!("{COOKIE}{self}{random:016x}")
    }

    /// The number of a branch that this shard made.
    pub(crate) fn branch_number(self, branch: &str) -> Option<u64> {
        let hex = branch.strip_prefix(COOKIE)?.get(5..)?;
        if Self::of(branch) != Some(self) || hex.len() != 16 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        u64::from_str_radix(hex, 16).ok()
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OURS}{:02x}", self.0)
    }
}

/// The shard a datagram belongs to, found without a full parse: a response by the branch of its top Via, a request by
/// its To tag. `None` when it carries no mark of ours: any shard may take it.
pub fn shard_of(datagram: &[u8]) -> Option<Mark> {
    let mut lines = HeadLines::new(datagram);
    match lines.start()? {
        HeadStart::Response => {
            let value = lines.value_of("Via", "v")?;
            let top = scan::split_outside(&value, b',').next()?;
            Mark::of(Via::parse(top).ok()?.branch()?.strip_prefix(COOKIE)?)
        }
        HeadStart::Request => Mark::of(tag_of(&lines.value_of("To", "t")?)?),
    }
}
