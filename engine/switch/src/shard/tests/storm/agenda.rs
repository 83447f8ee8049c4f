//! What a side means to do, and when.

use std::{cmp::Reverse, collections::BinaryHeap, time::Instant};

pub(super) struct Agenda<Act>(BinaryHeap<Reverse<(Instant, Act)>>);

impl<Act: Ord> Agenda<Act> {
    pub(super) fn new(acts: impl IntoIterator<Item = (Instant, Act)>) -> Self {
        Self(acts.into_iter().map(Reverse).collect())
    }

    pub(super) fn add(&mut self, at: Instant, act: Act) {
        self.0.push(Reverse((at, act)));
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.0.peek().map(|Reverse((at, _))| *at)
    }

    /// The next act whose time has come.
    pub(super) fn take(&mut self, now: Instant) -> Option<Act> {
        if self.next()? > now {
            return None;
        }
        self.0.pop().map(|Reverse((_, act))| act)
    }
}
