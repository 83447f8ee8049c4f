//! A table with a fixed number of seats.

use hashbrown::HashMap;

use super::Source;

/// Values by source. When all seats are taken, a clock hand goes round: who was heard of again since it last passed
/// stays one more round, the first who was not gives up the seat. Made-up sources, heard of once, so displace each other.
pub(super) struct Seats<T> {
    places: HashMap<Source, u32>,
    seats: Vec<Seat<T>>,
    capacity: usize,
    hand: usize,
}

struct Seat<T> {
    source: Source,
    heard: bool,
    value: T,
}

impl<T: Default> Seats<T> {
    pub(super) fn new(capacity: usize) -> Self {
        let capacity = capacity.clamp(1, 1 << 24);
        // Twice the seats: a half-empty map clears the traces of what was removed in place and never grows.
        Self {
            places: HashMap::with_capacity(capacity * 2),
            seats: Vec::with_capacity(capacity),
            capacity,
            hand: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.seats.len()
    }

    /// The value of a source; a new one begins with the default.
    pub(super) fn of(&mut self, source: Source) -> &mut T {
        match self.places.get(&source) {
            Some(&at) => {
                let seat = &mut self.seats[at as usize];
                seat.heard = true;
                &mut seat.value
            }
            None => {
                let at = self.sit(source);
                &mut self.seats[at].value
            }
        }
    }

    fn sit(&mut self, source: Source) -> usize {
        let fresh = Seat { source, heard: false, value: T::default() };
        let at = if self.seats.len() < self.capacity {
            self.seats.push(fresh);
            self.seats.len() - 1
        } else {
            let at = self.free();
            self.places.remove(&self.seats[at].source);
            self.seats[at] = fresh;
            at
        };
        self.places.insert(source, u32::try_from(at).expect("the capacity is below 2^24"));
        at
    }

    /// The seat to give away. Each step clears a mark that a datagram has set, so no more steps are made than datagrams
    /// came.
    fn free(&mut self) -> usize {
        loop {
            let at = self.hand;
            self.hand = (self.hand + 1) % self.capacity;
            if !std::mem::take(&mut self.seats[at].heard) {
                return at;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_heard_of_keeps_the_seat_and_nothing_grows() {
        let mut seats = Seats::<u32>::new(100);
        let room = seats.places.allocation_size();
        *seats.of(Source(1)) = 7;
        seats.of(Source(1));
        for stranger in 100..100_000 {
            *seats.of(Source(stranger)) += 1;
            assert_eq!(*seats.of(Source(1)), 7, "after {stranger}");
        }
        assert_eq!((seats.len(), seats.places.len()), (100, 100));
        assert_eq!((seats.places.allocation_size(), seats.seats.capacity()), (room, 100));
        // A stranger of long ago begins anew.
        assert_eq!(*seats.of(Source(100)), 0);
    }
}
