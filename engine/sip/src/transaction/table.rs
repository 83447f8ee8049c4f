//! Transactions by number.

use slab::Slab;

/// A store whose numbers are never given twice: the place is in the low half, a serial number in the high half.
#[derive(Debug)]
pub(crate) struct Table<T> {
    slots: Slab<(u32, T)>,
    serial: u32,
}

impl<T> Table<T> {
    pub(crate) fn new() -> Self {
        Self { slots: Slab::new(), serial: 0 }
    }

    /// A number for something that is not stored.
    pub(crate) fn spare(&mut self) -> u64 {
        self.serial = self.serial.wrapping_add(1);
        (u64::from(self.serial) << 32) | u64::from(u32::MAX)
    }

    pub(crate) fn insert(&mut self, item: T) -> u64 {
        self.serial = self.serial.wrapping_add(1);
        let slot = self.slots.insert((self.serial, item));
        (u64::from(self.serial) << 32) | slot as u64
    }

    pub(crate) fn get(&self, number: u64) -> Option<&T> {
        let (slot, serial) = Self::parts(number);
        self.slots.get(slot).filter(|(owner, _)| *owner == serial).map(|(_, item)| item)
    }

    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let (slot, serial) = Self::parts(number);
        self.slots.get_mut(slot).filter(|(owner, _)| *owner == serial).map(|(_, item)| item)
    }

    pub(crate) fn remove(&mut self, number: u64) -> Option<T> {
        self.get(number)?;
        Some(self.slots.remove(Self::parts(number).0).1)
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    fn parts(number: u64) -> (usize, u32) {
        ((number & u64::from(u32::MAX)) as usize, (number >> 32) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_number_does_not_reach_the_next_tenant() {
        let mut table = Table::new();
        let first = table.insert('a');
        assert_eq!(table.remove(first), Some('a'));
        let second = table.insert('b');
        assert_eq!((table.get(first), table.get(second)), (None, Some(&'b')));
        assert_eq!(table.remove(first), None);
        let spare = table.spare();
        assert_eq!((table.get(spare), table.len()), (None, 1));
    }
}
