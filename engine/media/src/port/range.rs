use std::fmt;

/// UDP ports `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortRange {
    /// The lowest port; an odd one is left unused.
    pub first: u16,
    /// The highest port; an even one is left unused.
    pub last: u16,
}

impl PortRange {
    /// The even ports whose odd neighbour is in the range too.
    pub(crate) fn pairs(self) -> impl Iterator<Item = u16> {
        let first = u32::from(self.first).next_multiple_of(2).max(2);
        (first..u32::from(self.last)).step_by(2).filter_map(|port| u16::try_from(port).ok())
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(first: u16, last: u16) -> Vec<u16> {
        PortRange { first, last }.pairs().collect()
    }

    #[test]
    fn a_pair_is_an_even_port_and_the_next() {
        assert_eq!(pairs(40_000, 40_003), [40_000, 40_002]);
        assert_eq!(pairs(40_001, 40_004), [40_002]);
        assert_eq!(pairs(65_530, 65_535), [65_530, 65_532, 65_534]);
    }

    #[test]
    fn reversed_and_short_ranges_hold_no_pair() {
        assert_eq!(pairs(40_002, 40_000), []);
        assert_eq!(pairs(40_000, 40_000), []);
        assert_eq!(pairs(0, 1), [], "port 0 is no port");
    }
}
