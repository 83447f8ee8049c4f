//! A token bucket in eight bytes.

use super::limits::Pace;

/// A token bucket, kept as the moment at which it will be full again (nanoseconds; the generic cell rate algorithm).
/// A message moves that moment on by the interval that pays for one; it may lie at most a burst ahead.
#[derive(Clone, Copy, Default)]
pub(super) struct Bucket {
    full_at: u64,
}

impl Bucket {
    /// Whether one more message fits at `moment`.
    pub(super) fn has_room(self, moment: u64, pace: Pace) -> bool {
        let ahead = self.full_at.saturating_sub(moment);
        ahead <= pace.interval() * u64::from(pace.burst.get() - 1)
    }

    /// Takes one message's worth.
    pub(super) fn take(&mut self, moment: u64, pace: Pace) {
        self.full_at = self.full_at.max(moment).saturating_add(pace.interval());
    }
}
