//! Forms that may be taken only once, like a payment: pressing twice must not pay twice.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// How many tokens are remembered; older ones belong to forms long forgotten.
const REMEMBERED: usize = 4096;

/// The tokens of forms that have been taken.
#[derive(Clone, Default)]
pub(crate) struct Once(Arc<Mutex<VecDeque<String>>>);

impl Once {
    /// True the first time for each token; an empty one is never remembered.
    pub(crate) fn first(&self, token: &str) -> bool {
        if token.is_empty() {
            return true;
        }
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.iter().any(|t| t == token) {
            return false;
        }
        if seen.len() == REMEMBERED {
            seen.pop_front();
        }
        seen.push_back(token.chars().take(64).collect());
        true
    }

    /// Forgets a token whose form was refused, so that it can be sent again.
    pub(crate) fn give_back(&self, token: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|t| t != token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_sent_twice_is_taken_once() {
        let once = Once::default();
        assert!(once.first("a"));
        assert!(!once.first("a"));
        once.give_back("a");
        assert!(once.first("a"));
    }

    #[test]
    fn the_memory_is_bounded() {
        let once = Once::default();
        for n in 0..REMEMBERED * 2 {
            assert!(once.first(&n.to_string()));
        }
        assert_eq!(once.0.lock().unwrap().len(), REMEMBERED);
    }
}
