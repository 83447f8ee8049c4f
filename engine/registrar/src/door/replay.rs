//! Each nonce count of a user is good once (RFC 7616 §3.4).

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use sip::digest::NonceWindow;
use smallvec::SmallVec;

/// Nonces of one user that may be in use at the same time: calls that begin together each have their own.
const NONCES: usize = 8;

/// What one user's nonces have been used for. Without a lock: who finds that another was quicker looks again.
#[derive(Debug, Default)]
pub(crate) struct Replay(ArcSwapOption<Used>);

#[derive(Clone, Debug, Default)]
struct Used {
    /// Nonces of this time and before are used up, because their windows have been given away.
    floor: Duration,
    nonces: SmallVec<[(Duration, NonceWindow); 2]>,
}

impl Replay {
    /// Uses a count of the nonce of that time; whether it was new. A client that does not count may use a nonce once.
    pub(crate) fn accept(
        &self,
        now: Duration,
        lifetime: Duration,
        issued: Duration,
        count: Option<u32>,
    ) -> bool {
        loop {
            let before = self.0.load_full();
            let mut used = before.as_deref().cloned().unwrap_or_default();
            if !used.accept(now, lifetime, issued, count.unwrap_or(1)) {
                return false;
            }
            let after = Some(Arc::new(used));
            let found = self.0.compare_and_swap(&before, after);
            let same = match (&*found, &before) {
                (None, None) => true,
                (Some(found), Some(before)) => Arc::ptr_eq(found, before),
                _ => false,
            };
            if same {
                return true;
            }
        }
    }
}

impl Used {
    fn accept(&mut self, now: Duration, lifetime: Duration, issued: Duration, count: u32) -> bool {
        self.nonces.retain(|(time, _)| *time + lifetime >= now);
        if let Some((_, window)) = self.nonces.iter_mut().find(|(time, _)| *time == issued) {
            return window.accept(count);
        }
        if issued <= self.floor {
            return false;
        }
        let mut window = NonceWindow::default();
        if !window.accept(count) {
            return false;
        }
        if self.nonces.len() == NONCES {
            let oldest = self.nonces.iter().map(|(time, _)| *time).min().unwrap_or_default();
            self.floor = self.floor.max(oldest);
            self.nonces.retain(|(time, _)| *time != oldest);
            if issued <= self.floor {
                return false;
            }
        }
        self.nonces.push((issued, window));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(300);

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(1_800_000_000 + seconds)
    }

    #[test]
    fn a_count_is_good_once_and_a_client_that_does_not_count_has_one_use() {
        let replay = Replay::default();
        assert!(replay.accept(at(1), LIFE, at(0), Some(1)));
        assert!(!replay.accept(at(1), LIFE, at(0), Some(1)));
        assert!(replay.accept(at(1), LIFE, at(0), Some(2)));
        assert!(replay.accept(at(2), LIFE, at(1), None));
        assert!(!replay.accept(at(2), LIFE, at(1), None));
        assert!(!replay.accept(at(2), LIFE, at(2), Some(0)));
    }

    #[test]
    fn a_window_that_was_given_away_opens_no_second_use() {
        let replay = Replay::default();
        for nonce in 0..20 {
            assert!(replay.accept(at(30), LIFE, at(nonce), Some(1)), "{nonce}");
        }
        for nonce in 0..20 {
            assert!(!replay.accept(at(31), LIFE, at(nonce), Some(1)), "{nonce}");
        }
        assert!(replay.accept(at(31), LIFE, at(19), Some(2)));
    }

    #[test]
    fn of_many_who_come_together_with_one_count_one_is_let_in() {
        let replay = Replay::default();
        let taken: usize = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| (1..=500).filter(|n| replay.accept(at(1), LIFE, at(0), Some(*n))).count())
                })
                .collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).sum()
        });
        // Counts far behind the highest one are refused, never given twice.
        assert!((1..=500).contains(&taken), "{taken}");
    }
}
