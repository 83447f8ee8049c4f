//! A piece of a message as two offsets.

/// Offsets into a message. 64 KiB is the limit of a message, so sixteen bits do.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    start: u16,
    end: u16,
}

impl Span {
    /// A piece of a message; the message's size has been checked.
    pub(super) fn new(start: usize, end: usize) -> Self {
        let narrow = |offset: usize| u16::try_from(offset).expect("a message is at most u16::MAX bytes");
        Self { start: narrow(start), end: narrow(end) }
    }

    /// Where `part` lies in `whole`, of which it is a slice.
    pub(super) fn of(whole: &str, part: &str) -> Self {
        let start = part.as_ptr() as usize - whole.as_ptr() as usize;
        Self::new(start, start + part.len())
    }

    pub(super) fn bytes(self, message: &[u8]) -> &[u8] {
        &message[usize::from(self.start)..usize::from(self.end)]
    }

    /// The piece as text; the header block was checked to be UTF-8 and is cut at ASCII delimiters only.
    pub(super) fn text(self, message: &[u8]) -> &str {
        std::str::from_utf8(self.bytes(message)).unwrap_or_default()
    }

    /// The piece of a header block that has been checked as a whole.
    pub(super) fn within(self, head: &str) -> &str {
        head.get(usize::from(self.start)..usize::from(self.end)).unwrap_or_default()
    }

    pub(super) fn is_empty(self) -> bool {
        self.start == self.end
    }
}
