//! Longest-prefix match over dialled digits: a flat trie, one array of twelve children a node.

/// No node, no value.
const NONE: u32 = u32::MAX;
const SYMBOLS: usize = 12;
/// Prefixes are at most 24 digits, so a number has at most 25 matches, the empty prefix included.
const DEEPEST: usize = 25;

#[derive(Clone)]
struct Node {
    children: [u32; SYMBOLS],
    value: u32,
}

impl Node {
    const EMPTY: Self = Self { children: [NONE; SYMBOLS], value: NONE };
}

/// Prefixes with a value each; values are indices into an arena of the caller's.
#[derive(Clone)]
pub struct DigitTrie {
    nodes: Vec<Node>,
}

impl Default for DigitTrie {
    fn default() -> Self {
        Self { nodes: vec![Node::EMPTY] }
    }
}

fn symbol(digit: u8) -> Option<usize> {
    match digit {
        b'0'..=b'9' => Some(usize::from(digit - b'0')),
        b'*' => Some(10),
        b'#' => Some(11),
        _ => None,
    }
}

impl DigitTrie {
    /// Sets the value of `prefix` and returns the one it had. A prefix with anything but digits, `*` and `#` or of more than
    /// 24 of them is ignored: `domain::Prefix` cannot hold one.
    pub fn insert(&mut self, prefix: &str, value: u32) -> Option<u32> {
        if prefix.len() >= DEEPEST || prefix.bytes().any(|b| symbol(b).is_none()) {
            return None;
        }
        let mut at = 0usize;
        for symbol in prefix.bytes().filter_map(symbol) {
            let child = self.nodes[at].children[symbol];
            at = if child == NONE {
                let fresh = self.nodes.len();
                self.nodes.push(Node::EMPTY);
                self.nodes[at].children[symbol] = fresh as u32;
                fresh
            } else {
                child as usize
            };
        }
        let old = std::mem::replace(&mut self.nodes[at].value, value);
        (old != NONE).then_some(old)
    }

    /// The value of exactly this prefix.
    pub fn get(&self, prefix: &str) -> Option<u32> {
        let mut at = 0usize;
        for digit in prefix.bytes() {
            at = match self.nodes[at].children[symbol(digit)?] {
                NONE => return None,
                child => child as usize,
            };
        }
        Some(self.nodes[at].value).filter(|v| *v != NONE)
    }

    /// The value of the longest prefix of `number`.
    pub fn longest(&self, number: &str) -> Option<u32> {
        let mut at = 0usize;
        let mut best = self.nodes[0].value;
        for digit in number.bytes() {
            let Some(symbol) = symbol(digit) else { break };
            let child = self.nodes[at].children[symbol];
            if child == NONE {
                break;
            }
            at = child as usize;
            if self.nodes[at].value != NONE {
                best = self.nodes[at].value;
            }
        }
        (best != NONE).then_some(best)
    }

    /// The values of all prefixes of `number`, longest first.
    pub fn matches(&self, number: &str) -> Matches {
        let mut found = Matches { values: [NONE; DEEPEST], left: 0 };
        let mut at = 0usize;
        let mut digits = number.bytes();
        loop {
            if self.nodes[at].value != NONE {
                found.values[found.left] = self.nodes[at].value;
                found.left += 1;
            }
            let next = digits.next().and_then(symbol).map(|s| self.nodes[at].children[s]);
            match next {
                Some(child) if child != NONE => at = child as usize,
                _ => return found,
            }
        }
    }
}

/// Values of matching prefixes, longest first.
pub struct Matches {
    values: [u32; DEEPEST],
    left: usize,
}

impl Iterator for Matches {
    type Item = u32;
    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        Some(self.values[self.left])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_longest_prefix_wins_and_the_empty_one_catches_the_rest() {
        let mut trie = DigitTrie::default();
        for (i, prefix) in ["", "44", "4420", "*1"].iter().enumerate() {
            trie.insert(prefix, i as u32);
        }
        assert_eq!(trie.longest("442071234567"), Some(2));
        assert_eq!(trie.longest("447700900123"), Some(1));
        assert_eq!(trie.longest("1"), Some(0));
        assert_eq!(trie.longest("*1234"), Some(3));
        assert_eq!(trie.longest(""), Some(0));
        assert_eq!(trie.matches("4420").collect::<Vec<_>>(), [2, 1, 0]);
    }

    proptest! {
        #[test]
        fn it_agrees_with_trying_every_prefix(
            prefixes in proptest::collection::vec("[0-3]{0,5}", 0..40), number in "[0-3]{0,8}",
        ) {
            let mut trie = DigitTrie::default();
            let mut table = std::collections::HashMap::new();
            for (i, prefix) in prefixes.iter().enumerate() {
                prop_assert_eq!(trie.insert(prefix, i as u32), table.insert(prefix.as_str(), i as u32));
            }
            let mut expected: Vec<_> = table.iter().filter(|(p, _)| number.starts_with(**p)).collect();
            expected.sort_by_key(|(p, _)| std::cmp::Reverse(p.len()));
            let expected: Vec<u32> = expected.into_iter().map(|(_, v)| *v).collect();
            prop_assert_eq!(trie.longest(&number), expected.first().copied());
            prop_assert_eq!(trie.matches(&number).collect::<Vec<_>>(), expected);
        }
    }
}
