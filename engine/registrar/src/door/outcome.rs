//! What became of an authentication, for trace and counters.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! outcomes {
    ($($(#[$doc:meta])* $outcome:ident = $text:literal,)*) => {
        /// What became of an authentication.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Outcome { $($(#[$doc])* $outcome,)* }

        impl Outcome {
            /// Every outcome.
            pub const ALL: &'static [Self] = &[$(Self::$outcome,)*];
        }

        impl fmt::Display for Outcome {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$outcome => $text,)* })
            }
        }
    };
}

outcomes! {
    /// The credentials are right.
    Good = "good",
    /// No credentials; challenged.
    Challenged = "challenged",
    /// The credentials are wrong; challenged again.
    Bad = "bad",
    /// They come from where this user may not come from; treated as wrong.
    BadPlace = "bad place",
    /// Right on an old nonce; challenged again, not a failure.
    Stale = "stale",
    /// The nonce was never given to this source; challenged again, not a failure.
    StrangeNonce = "strange nonce",
    /// Right, but this nonce count has been used; challenged again, not a failure.
    Replayed = "replayed",
    /// Only for other realms; challenged, not a failure.
    WrongRealm = "wrong realm",
    /// They cannot be read, or use what was not offered; challenged, not a failure.
    Unreadable = "unreadable",
    /// One wrong try too many in this authentication; 403.
    TooManyTries = "too many tries",
    /// This authentication lasts too long; 403.
    TooLong = "too long",
    /// The source or the user is suspended; 403 without a look at the password.
    Suspended = "suspended",
    /// Nobody of that name. Answered like a wrong password.
    Unknown = "unknown",
    /// Nobody of that name, and strangers are not answered.
    Silent = "silent",
    /// Right, but for another user than the one registered; 403.
    WrongUser = "wrong user",
}

/// How often each outcome came.
#[derive(Debug)]
pub(crate) struct Outcomes(Box<[AtomicU64]>);

impl Default for Outcomes {
    fn default() -> Self {
        Self(Outcome::ALL.iter().map(|_| AtomicU64::new(0)).collect())
    }
}

impl Outcomes {
    pub(crate) fn count(&self, outcome: Outcome) {
        self.0[outcome as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Vec<(Outcome, u64)> {
        let counts = self.0.iter().map(|count| count.load(Ordering::Relaxed));
        Outcome::ALL.iter().copied().zip(counts).collect()
    }
}
