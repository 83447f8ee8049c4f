use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// A point in time by both clocks: one that never jumps, for durations and timers, and the wall's, for people.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) steady: Instant,
    pub(crate) wall: DateTime<Utc>,
}

impl Moment {
    /// Now.
    pub(crate) fn now() -> Self {
        Self { steady: Instant::now(), wall: Utc::now() }
    }

    /// The wall time of a later moment as this one's clock would have it, so that one call's times never run backwards when the
    /// machine's clock is set.
    pub(crate) fn wall_at(self, later: Instant) -> DateTime<Utc> {
        self.wall + later.saturating_duration_since(self.steady)
    }

    /// Whole milliseconds since an earlier point.
    pub(crate) fn millis_since(self, earlier: Instant) -> i64 {
        i64::try_from(self.steady.saturating_duration_since(earlier).as_millis()).unwrap_or(i64::MAX)
    }

    /// This moment, moved by both clocks.
    #[cfg(test)]
    pub(crate) fn plus(self, duration: Duration) -> Self {
        Self { steady: self.steady + duration, wall: self.wall + duration }
    }

    /// The wall's time since the Unix epoch, for what outlives the process.
    pub(crate) fn since_epoch(self) -> Duration {
        Duration::from_micros(u64::try_from(self.wall.timestamp_micros()).unwrap_or_default())
    }

    /// The steady clock, moved.
    pub(crate) fn after(self, duration: Duration) -> Instant {
        self.steady + duration
    }
}
