//! What became of a message that came.

use sip::{guard::Refused, message::ParseError};

/// What became of a message that came. What was sent has the fate [`Fate::Handled`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Fate {
    /// It was read and worked off.
    #[default]
    Handled,
    /// Dropped unread.
    Guarded(Refused),
    /// It is no SIP, or SIP with a fault.
    Malformed(ParseError),
    /// Nobody here knows its source.
    UnknownSource {
        /// Whether it got a refusal, or nothing at all (`SS_REPLY_UNAUTHORIZED`).
        answered: bool,
    },
    /// It belongs to nothing that is there: a response to no request, an ACK of no answer.
    Stray,
    /// Its credentials, or their absence, came to this.
    Login(registrar::Outcome),
}

impl Fate {
    /// True when nothing came of the message: it was dropped, or refused for where it came from.
    pub fn is_refused(self) -> bool {
        match self {
            Self::Handled | Self::Stray => false,
            Self::Guarded(_) | Self::Malformed(_) | Self::UnknownSource { .. } => true,
            Self::Login(outcome) => {
                use registrar::Outcome;
                matches!(outcome, Outcome::Suspended | Outcome::Unknown | Outcome::Silent)
            }
        }
    }

    /// A word for programs and for the catalogue of words; none for what was simply handled.
    pub fn code(self) -> Option<String> {
        Some(match self {
            Self::Handled => return None,
            Self::Guarded(why) => why.label().to_owned(),
            Self::Malformed(_) => "malformed".to_owned(),
            Self::UnknownSource { answered: true } => "unknown_source".to_owned(),
            Self::UnknownSource { answered: false } => "unknown_source_silent".to_owned(),
            Self::Stray => "stray".to_owned(),
            Self::Login(outcome) => format!("login_{}", outcome.to_string().replace(' ', "_")),
        })
    }

    /// What exactly is wrong, where the code does not say it; a few English words of ours, none of the sender's.
    pub fn detail(self) -> String {
        match self {
            Self::Malformed(why) => why.to_string(),
            _ => String::new(),
        }
    }
}

/// Every reason for which a message is dropped unread.
pub fn guard_reasons() -> impl Iterator<Item = Refused> {
    Refused::ALL.into_iter()
}

/// Everything that credentials can come to.
pub fn login_outcomes() -> impl Iterator<Item = registrar::Outcome> {
    registrar::Outcome::ALL.iter().copied()
}
