//! What is usual at an hour of the week, and whether this moment is (OPS-3).
//!
//! A count that jumps up means that somebody registers what should not be there; one that falls means that those who should be
//! there cannot refresh. Both stand out against the same hour of the weeks before, not against the hour before.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How many phones were online in one hour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PresenceHour {
    /// Its beginning.
    pub hour: DateTime<Utc>,
    /// Phones online, on average of its samples.
    pub online: i64,
    /// The fewest of a sample.
    pub least: i64,
    /// The most of a sample.
    pub most: i64,
}

/// What was online at the same hour of the weeks before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Baseline {
    /// The middle one of those hours.
    pub usual: i64,
    /// Below this it is unusual.
    pub low: i64,
    /// Above this it is unusual.
    pub high: i64,
    /// How many weeks it rests upon.
    pub weeks: usize,
}

/// How a count stands to its baseline.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Standing {
    /// As always at this hour.
    Usual,
    /// Fewer than usual: phones cannot refresh.
    Low,
    /// More than usual: somebody registers who should not.
    High,
}

impl Baseline {
    /// Weeks that are needed before anything is called unusual.
    pub const ENOUGH: usize = 3;

    /// Weeks that are looked back at: a company that grows is not unusual for ever.
    pub const WEEKS: i64 = 8;

    /// Of `at`, from the hours before it; none while there are too few weeks.
    pub fn at(at: DateTime<Utc>, hours: &[PresenceHour]) -> Option<Self> {
        let mut same: Vec<i64> = hours
            .iter()
            .filter(|hour| {
                // A sample stands anywhere within its hour.
                let age = (at - hour.hour).num_hours();
                age > 0 && age <= Self::WEEKS * 7 * 24 && age % (7 * 24) == 0
            })
            .map(|hour| hour.online)
            .collect();
        let weeks = same.len();
        if weeks < Self::ENOUGH {
            return None;
        }
        let usual = middle(&mut same);
        let mut apart: Vec<i64> = same.iter().map(|online| (online - usual).abs()).collect();
        // Four times the middle distance, and never less than what chance does to a small number.
        let room = (4 * middle(&mut apart)).max(usual / 5).max(3);
        Some(Self { usual, low: (usual - room).max(0), high: usual + room, weeks })
    }

    /// How `online` stands to it.
    pub fn judge(&self, online: i64) -> Standing {
        match online {
            _ if online < self.low => Standing::Low,
            _ if online > self.high => Standing::High,
            _ => Standing::Usual,
        }
    }

    /// The first moment that is looked back at from `at`.
    pub fn begins(at: DateTime<Utc>) -> DateTime<Utc> {
        at - TimeDelta::weeks(Self::WEEKS) - TimeDelta::hours(1)
    }
}

/// The middle one; of an even number the lower one.
fn middle(values: &mut [i64]) -> i64 {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-21T14:30:00Z".parse().unwrap()
    }

    /// The same hour of the last weeks, latest first, and other hours that must not count.
    fn weeks(online: &[i64]) -> Vec<PresenceHour> {
        let hour = |hour: DateTime<Utc>, online| PresenceHour { hour, online, least: online, most: online };
        let begin: DateTime<Utc> = "2026-11-21T14:00:00Z".parse().unwrap();
        let same = online.iter().zip(1..).map(|(online, week)| hour(begin - TimeDelta::weeks(week), *online));
        let others = (1..100).map(|n| hour(begin - TimeDelta::hours(n), 9_999));
        same.chain(others).chain([hour(begin, 9_999)]).collect()
    }

    #[test]
    fn too_few_weeks_say_nothing() {
        assert_eq!(Baseline::at(now(), &weeks(&[100, 100])), None);
        assert_eq!(Baseline::at(now(), &[]), None);
    }

    #[test]
    fn the_same_hour_of_the_weeks_counts_and_one_strange_week_does_not() {
        let baseline = Baseline::at(now(), &weeks(&[100, 102, 0, 98, 101])).unwrap();
        assert_eq!((baseline.usual, baseline.weeks), (100, 5));
        assert_eq!(baseline.judge(100), Standing::Usual);
        assert_eq!(baseline.judge(85), Standing::Usual);
        assert_eq!(baseline.judge(40), Standing::Low);
        assert_eq!(baseline.judge(180), Standing::High);
    }

    #[test]
    fn five_hundred_are_usual_and_five_thousand_an_attack() {
        // The worked example of the registration defence: 500 endpoints in business hours, 5,000 seen.
        let baseline = Baseline::at(now(), &weeks(&[500, 497, 503, 500])).unwrap();
        assert_eq!((baseline.usual, baseline.low, baseline.high), (500, 400, 600));
        assert_eq!(baseline.judge(5_000), Standing::High);
        assert_eq!(baseline.judge(500), Standing::Usual);
        assert_eq!(baseline.judge(50), Standing::Low, "those who should be there cannot refresh");
    }

    #[test]
    fn a_handful_of_phones_may_come_and_go() {
        let baseline = Baseline::at(now(), &weeks(&[2, 2, 2])).unwrap();
        assert_eq!((baseline.judge(0), baseline.judge(5)), (Standing::Usual, Standing::Usual));
        assert_eq!(baseline.judge(6), Standing::High);
    }

    #[test]
    fn weeks_long_ago_are_forgotten() {
        let baseline = Baseline::at(now(), &weeks(&[10; 8])).unwrap();
        assert_eq!(baseline.weeks, 8);
        let ten: Vec<i64> = [10; 8].into_iter().chain([500, 500]).collect();
        assert_eq!(Baseline::at(now(), &weeks(&ten)), Some(baseline));
    }
}
