//! How much is too much.

use std::num::NonZeroU32;

use crate::message::MAX_BYTES;

/// A steady pace with a burst on top.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Messages a second in the long run.
    pub per_second: NonZeroU32,
    /// Messages at once, after a silence.
    pub burst: NonZeroU32,
}

impl Pace {
    /// A pace; a zero counts as one.
    pub const fn new(per_second: u32, burst: u32) -> Self {
        Self { per_second: at_least_one(per_second), burst: at_least_one(burst) }
    }

    /// Nanoseconds that pay for one message.
    pub(super) fn interval(self) -> u64 {
        1_000_000_000 / u64::from(self.per_second.get())
    }
}

const fn at_least_one(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

/// What a [`super::Guard`] lets pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GuardLimits {
    /// Everything a source sends (SEC-1: 20 a second, 50 at once).
    pub all: Pace,
    /// REGISTER requests of a source (SEC-1: 5 a second, 10 at once); they count in `all` too.
    pub registrations: Pace,
    /// All together who have not shown who they are: a flood from thousands of addresses, each within its own pace, leaves
    /// the rest of the time to those who are known.
    pub strangers: Pace,
    /// Longest datagram in bytes.
    pub max_bytes: usize,
    /// Sources watched at a time; when more come, the ones not heard of for longest are forgotten.
    pub sources: usize,
    /// Bans held at a time.
    pub bans: usize,
}

impl Default for GuardLimits {
    fn default() -> Self {
        Self {
            all: Pace::new(20, 50),
            registrations: Pace::new(5, 10),
            strangers: Pace::new(4_000, 4_000),
            max_bytes: MAX_BYTES,
            sources: 32_768,
            bans: 8_192,
        }
    }
}
