//! Why datagrams are dropped, and how many.

/// Why a datagram is dropped without an answer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
#[repr(u8)]
pub enum Refused {
    /// Longer than the limit.
    #[error("datagram too big")]
    TooBig,
    /// The source sends more than its pace.
    #[error("too many messages")]
    TooFast,
    /// The source registers more than its pace.
    #[error("too many registrations")]
    TooManyRegistrations,
    /// The source is banned.
    #[error("source banned")]
    Banned,
    /// The first line is none of SIP.
    #[error("not SIP")]
    NotSip,
    /// Nobody here knows the source, and strangers get no answer.
    #[error("unknown source")]
    UnknownSource,
    /// The source is forbidden by a rule of the operator, such as geofencing.
    #[error("source forbidden")]
    Forbidden,
    /// Strangers together send more than their pace.
    #[error("too many strangers")]
    Overload,
}

impl Refused {
    /// All reasons, in the order of their counters.
    pub const ALL: [Self; 8] = [
        Self::TooBig,
        Self::TooFast,
        Self::TooManyRegistrations,
        Self::Banned,
        Self::NotSip,
        Self::UnknownSource,
        Self::Forbidden,
        Self::Overload,
    ];

    /// One word for metrics.
    pub const fn label(self) -> &'static str {
        match self {
            Self::TooBig => "too_big",
            Self::TooFast => "too_fast",
            Self::TooManyRegistrations => "too_many_registrations",
            Self::Banned => "banned",
            Self::NotSip => "not_sip",
            Self::UnknownSource => "unknown_source",
            Self::Forbidden => "forbidden",
            Self::Overload => "overload",
        }
    }
}

/// Counts by reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Refusals([u64; Refused::ALL.len()]);

impl Refusals {
    pub(super) fn count(&mut self, why: Refused) {
        self.0[why as usize] += 1;
    }

    /// How many were refused for this reason.
    pub fn of(&self, why: Refused) -> u64 {
        self.0[why as usize]
    }

    /// Every reason with its count.
    pub fn iter(&self) -> impl Iterator<Item = (Refused, u64)> {
        Refused::ALL.into_iter().map(|why| (why, self.of(why)))
    }

    /// How many were refused at all.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}
