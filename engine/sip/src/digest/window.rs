//! Which counts of a nonce have been used.

/// Counts below the highest one that may still come; UDP may turn requests round.
const WIDTH: u32 = 64;

/// The nonce counts seen with one nonce: each is good once (RFC 7616 §3.4, `nc`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct NonceWindow {
    highest: u32,
    /// Bit n: the count `highest - n` was used.
    used: u64,
}

impl NonceWindow {
    /// Uses a count; whether it was new. Zero never is: counts begin with one.
    pub fn accept(&mut self, count: u32) -> bool {
        if count == 0 {
            return false;
        }
        if count > self.highest {
            let ahead = count - self.highest;
            self.used = if ahead < WIDTH { self.used << ahead } else { 0 } | 1;
            self.highest = count;
            return true;
        }
        let behind = self.highest - count;
        if behind >= WIDTH || self.used & (1 << behind) != 0 {
            return false;
        }
        self.used |= 1 << behind;
        true
    }
}
