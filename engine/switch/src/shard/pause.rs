//! Pauses under load, as network drivers make them (NAPI): many datagrams share a wake-up.
//!
//! To wake a thread costs as much as the whole work for a SIP message. A shard that was woken twice within [`BUSY`] therefore
//! pauses after its work until [`ROUND`] is over and then takes everything that has come meanwhile. A datagram that comes alone is
//! dealt with at once; under load one waits for a round at most, which is nothing beside the 500 ms of RFC 3261's T1.

use std::time::{Duration, Instant};

/// Length of a round under load.
const ROUND: Duration = Duration::from_millis(4);
/// Wake-ups that follow each other faster than this are load.
const BUSY: Duration = Duration::from_millis(8);

/// Measures the rounds of one shard.
pub(super) struct Rounds {
    begun: Instant,
    busy: bool,
}

impl Rounds {
    pub(super) fn new(now: Instant) -> Self {
        Self { begun: now, busy: false }
    }

    /// A round begins: the thread has been woken, or its pause is over.
    pub(super) fn begin(&mut self, now: Instant) {
        self.busy = now.saturating_duration_since(self.begun) < BUSY;
        self.begun = now;
    }

    /// How long to pause now that the round's work is done.
    pub(super) fn pause(&self, now: Instant) -> Duration {
        if self.busy { (self.begun + ROUND).saturating_duration_since(now) } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_datagram_that_comes_alone_never_waits() {
        let mut now = Instant::now();
        let mut rounds = Rounds::new(now);
        for _ in 0..100 {
            now += BUSY;
            rounds.begin(now);
            assert_eq!(rounds.pause(now), Duration::ZERO);
        }
    }

    #[test]
    fn under_load_a_round_lasts_its_time_and_never_longer() {
        let mut now = Instant::now();
        let mut rounds = Rounds::new(now);
        for work in [MS / 10, MS, 3 * MS] {
            now += MS;
            rounds.begin(now);
            now += work;
            assert_eq!(rounds.pause(now), ROUND.saturating_sub(work));
        }
    }

    #[test]
    fn load_that_ends_is_forgotten_after_one_round() {
        let mut now = Instant::now();
        let mut rounds = Rounds::new(now);
        rounds.begin(now + MS);
        assert!(rounds.pause(now + MS) > Duration::ZERO);
        now += 50 * MS;
        rounds.begin(now);
        assert_eq!(rounds.pause(now), Duration::ZERO);
    }
}
