//! Plain progress lines: a person who waits sees what is being done.

use std::io::Write;

/// Where progress lines go: a command's own output must stay clean, so its progress goes to stderr.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Progress {
    /// `serve`: progress is the output.
    Stdout,
    /// Commands whose stdout is a document.
    Stderr,
}

impl Progress {
    /// Prints one line. A reader who has gone away (`tandem | head`) is no reason to end.
    pub(crate) fn say(self, line: impl std::fmt::Display) {
        match self {
            Self::Stdout => {
                let mut out = std::io::stdout().lock();
                writeln!(out, "{line}").and_then(|()| out.flush()).ok();
            }
            Self::Stderr => {
                writeln!(std::io::stderr().lock(), "{line}").ok();
            }
        }
    }
}
