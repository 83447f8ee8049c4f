//! Who is not heard at all, and until when.

use hashbrown::HashMap;

use super::Source;

/// How many neighbours are compared when somebody must make room.
const LOOK: usize = 16;

/// Bans by source, with the moment (nanoseconds) they end.
pub(super) struct Bans {
    places: HashMap<Source, u32>,
    list: Vec<(Source, u64)>,
    capacity: usize,
    hand: usize,
}

impl Bans {
    pub(super) fn new(capacity: usize) -> Self {
        let capacity = capacity.clamp(1, 1 << 24);
        Self {
            places: HashMap::with_capacity(capacity * 2),
            list: Vec::with_capacity(capacity),
            capacity,
            hand: 0,
        }
    }

    /// Whether a source is banned; a ban that has ended is forgotten here.
    pub(super) fn holds(&mut self, source: Source, moment: u64) -> bool {
        // The usual case, and it costs no hash.
        if self.list.is_empty() {
            return false;
        }
        match self.until(source) {
            Some(until) if until > moment => true,
            Some(_) => {
                self.lift(source);
                false
            }
            None => false,
        }
    }

    pub(super) fn until(&self, source: Source) -> Option<u64> {
        self.places.get(&source).map(|&at| self.list[at as usize].1)
    }

    pub(super) fn add(&mut self, source: Source, until: u64) {
        if let Some(&at) = self.places.get(&source) {
            let held = &mut self.list[at as usize].1;
            *held = until.max(*held);
            return;
        }
        if self.list.len() >= self.capacity {
            let leaving = self.soonest();
            self.lift(leaving);
        }
        self.places.insert(source, u32::try_from(self.list.len()).expect("the capacity is below 2^24"));
        self.list.push((source, until));
    }

    pub(super) fn lift(&mut self, source: Source) -> bool {
        let Some(at) = self.places.remove(&source) else { return false };
        self.list.swap_remove(at as usize);
        if let Some((moved, _)) = self.list.get(at as usize) {
            self.places.insert(*moved, at);
        }
        true
    }

    /// Of the next few at the hand the one whose ban ends first.
    fn soonest(&mut self) -> Source {
        let few = (0..LOOK.min(self.list.len())).map(|step| self.list[(self.hand + step) % self.list.len()]);
        let (source, _) = few.min_by_key(|(_, until)| *until).expect("a full table is not empty");
        self.hand = (self.hand + LOOK) % self.capacity;
        source
    }
}
