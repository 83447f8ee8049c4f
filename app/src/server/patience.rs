//! How long somebody who mistyped a password has to wait.
//!
//! Failures are counted by address and by name: one address cannot try many names, and many addresses cannot try one name
//! quickly. A name alone is given more room, so that a stranger cannot keep its owner out with a handful of tries. The table
//! is bounded: when it is full the entry whose last failure is longest ago makes room.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

const ENTRIES: usize = 10_000;
/// Failures that cost nothing yet.
const FREE_BY_ADDRESS: u32 = 5;
const FREE_BY_NAME: u32 = 20;
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Failures older than this are forgotten.
const MEMORY: Duration = Duration::from_secs(60 * 60);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    Name(String),
}

impl Key {
    fn free(&self) -> u32 {
        match self {
            Self::Address(_) => FREE_BY_ADDRESS,
            Self::Name(_) => FREE_BY_NAME,
        }
    }
}

struct Failures {
    count: u32,
    last: Instant,
}

impl Failures {
    fn until(&self, free: u32) -> Instant {
        let beyond = self.count.saturating_sub(free);
        let wait = match beyond {
            _ if self.count < free => Duration::ZERO,
            0..10 => Duration::from_secs(2u64 << beyond).min(LONGEST),
            _ => LONGEST,
        };
        self.last + wait
    }
}

/// The failures of the last hour.
#[derive(Clone, Default)]
pub(crate) struct Patience(Arc<Mutex<HashMap<Key, Failures>>>);

impl Patience {
    /// How long this one has to wait before the next try; none when it may try now.
    pub(crate) fn wait(&self, now: Instant, address: IpAddr, name: &str) -> Option<Duration> {
        let table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys(address, name)
            .iter()
            .filter_map(|key| table.get(key).map(|f| f.until(key.free()).saturating_duration_since(now)))
            .max()
            .filter(|wait| !wait.is_zero())
    }

    /// Notes a try that is about to be made. It counts as a failure until [`Self::forgive`]: tries made at the same moment
    /// cannot slip past the count.
    pub(crate) fn note(&self, now: Instant, address: IpAddr, name: &str) {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys(address, name) {
            if !table.contains_key(&key) && table.len() >= ENTRIES {
                make_room(&mut table, now);
            }
            let failures = table.entry(key).or_insert(Failures { count: 0, last: now });
            if now.saturating_duration_since(failures.last) > MEMORY {
                failures.count = 0;
            }
            failures.count = failures.count.saturating_add(1);
            failures.last = now;
        }
    }

    /// The password was right.
    pub(crate) fn forgive(&self, address: IpAddr, name: &str) {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys(address, name) {
            table.remove(&key);
        }
    }
}

fn keys(address: IpAddr, name: &str) -> [Key; 2] {
    // A network of one customer is one IPv6 address here, for it has more addresses than anybody can count.
    let address = match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        v4 => v4,
    };
    [Key::Address(address), Key::Name(name.trim().chars().take(64).collect::<String>().to_lowercase())]
}

fn make_room(table: &mut HashMap<Key, Failures>, now: Instant) {
    table.retain(|_, f| now.saturating_duration_since(f.last) <= MEMORY);
    if table.len() >= ENTRIES
        && let Some(oldest) = table.iter().min_by_key(|(_, f)| f.last).map(|(key, _)| key.clone())
    {
        table.remove(&oldest);
    }
}

/// The wait in words.
pub(crate) fn in_words(wait: Duration) -> String {
    let seconds = wait.as_secs() + 1;
    match seconds {
        1 => "1 second".to_owned(),
        2..120 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn the_fifth_failure_begins_to_cost_time_and_more_each_time() {
        let (patience, now) = (Patience::default(), Instant::now());
        for _ in 0..4 {
            patience.note(now, HOME, "ann");
            assert_eq!(patience.wait(now, HOME, "ann"), None);
        }
        let mut before = Duration::ZERO;
        for _ in 0..8 {
            patience.note(now, HOME, "ann");
            let wait = patience.wait(now, HOME, "ann").unwrap();
            assert!(wait > before && wait <= LONGEST, "{wait:?}");
            before = wait;
        }
        assert_eq!(patience.wait(now + LONGEST, HOME, "ann"), None);
    }

    #[test]
    fn another_name_from_the_same_address_waits_too_but_another_address_does_not() {
        let (patience, now) = (Patience::default(), Instant::now());
        for _ in 0..6 {
            patience.note(now, HOME, "ann");
        }
        assert!(patience.wait(now, HOME, "bob").is_some());
        assert_eq!(patience.wait(now, "192.0.2.1".parse().unwrap(), "ann"), None);
    }

    #[test]
    fn a_right_password_forgives() {
        let (patience, now) = (Patience::default(), Instant::now());
        for _ in 0..9 {
            patience.note(now, HOME, "Ann");
        }
        patience.forgive(HOME, " ann ");
        assert_eq!(patience.wait(now, HOME, "ann"), None);
    }

    #[test]
    fn the_table_is_bounded() {
        let (patience, now) = (Patience::default(), Instant::now());
        for n in 0..12_000u32 {
            patience.note(now, IpAddr::V4(n.into()), &n.to_string());
        }
        assert!(patience.0.lock().unwrap().len() <= ENTRIES);
    }

    #[test]
    fn the_addresses_of_one_network_are_one() {
        let (patience, now) = (Patience::default(), Instant::now());
        for n in 1..=6 {
            patience.note(now, format!("2001:db8::{n}").parse().unwrap(), &n.to_string());
        }
        assert!(patience.wait(now, "2001:db8::ffff".parse().unwrap(), "x").is_some());
    }
}
