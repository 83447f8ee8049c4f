//! Why calls end: the catalogue of end reasons (CDR-2, decisions 14 and 15), with the SIP answer and Q.850 cause of each.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A SIP status code, 100 to 699.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SipCode(pub u16);

/// A Q.850 cause value, 1 to 127.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Q850(pub u8);

impl Q850 {
    /// The cause that stands for a SIP failure (RFC 3398 §8.2.6.1).
    pub fn of_sip(code: SipCode) -> Self {
        Self(match code.0 {
            200..=299 => 16,
            400 | 403 | 405 | 406 | 415 | 488 | 606 => 127,
            401 | 402 | 407 | 603 => 21,
            404 | 485 | 604 => 1,
            408 | 504 => 102,
            410 => 22,
            480 => 18,
            481 | 500 | 503 => 41,
            482 | 483 => 25,
            484 => 28,
            486 | 600 => 17,
            487 => 31,
            501 => 79,
            502 => 38,
            _ => 127,
        })
    }
}

/// Who ended the call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseSide {
    /// The side that placed the call.
    Caller,
    /// The side that was called, or its gateway.
    Callee,
    /// This switch.
    Switch,
}

macro_rules! end_reasons {
    ($($(#[$doc:meta])* $name:ident = $sip:literal, $q850:literal, $text:literal;)*) => {
        /// The end reason on a CDR. Its name is what operators filter by and never changes once released.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum EndReason { $($(#[$doc])* $name,)* }

        impl EndReason {
            /// The whole catalogue, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The catalogue name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// The SIP status with which the switch refuses a call for this reason; 200 for the ends of answered calls.
            pub fn sip(self) -> SipCode {
                SipCode(match self { $(Self::$name => $sip,)* })
            }

            /// The Q.850 cause.
            pub fn q850(self) -> Q850 {
                Q850(match self { $(Self::$name => $q850,)* })
            }

            /// One sentence for people.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

end_reasons! {
    /// An answered call ended with a BYE.
    NormalClearing = 200, 16, "One side hung up.";
    /// CANCEL before the answer.
    CallerCancelled = 487, 31, "The caller gave up before the answer.";
    /// The last gateway's own final answer.
    CalleeRejected = 480, 21, "The called side refused; its own code was passed on.";
    /// 486 or 600.
    CalleeBusy = 486, 17, "The called side is busy.";
    /// Called number is not one.
    InvalidNumber = 484, 28, "The called number is empty or no number.";
    /// No gateway has a matching prefix.
    NoAvailableRouter = 503, 3, "No routing gateway has a prefix for this number.";
    /// Gateways match, none has a free line.
    AllGatewayBusy = 503, 34, "Every matching routing gateway is at its line limit.";
    /// The gateway never answered anything.
    GatewayTimeout = 408, 102, "The last gateway tried sent no answer at all.";
    /// No connection, or no way to it.
    GatewayUnreachable = 503, 27, "The last gateway tried cannot be connected to.";
    /// The gateway began and did not finish.
    InviteTimeout = 408, 102, "The last gateway tried did not finish the call set-up in time.";
    /// A 100 and no more.
    TryingTimeout = 408, 102, "The last gateway tried accepted the call and then made no progress.";
    /// A 183 without SDP and no more.
    ProgressTimeout = 408, 102, "The last gateway tried reported progress and then nothing more.";
    /// A 183 with SDP and no more.
    EarlyMediaTimeout = 408, 102, "The last gateway tried played something and never connected the call.";
    /// A 180 and no more.
    NoAnswer = 408, 19, "It rang and nobody answered.";
    /// The account cannot pay.
    AccountBalanceNotEnough = 402, 21, "The available balance does not cover the call.";
    /// The account is locked.
    AccountLocked = 403, 21, "The account is locked.";
    /// The mapping gateway is at its line limit.
    MappingGatewayBusy = 503, 34, "The mapping gateway is at its line limit.";
    /// The calling phone is at its line limit.
    PhoneLinesBusy = 503, 34, "The phone that calls is at its line limit.";
    /// The called phone has no contact, or is switched off (decision 15).
    PhoneOffline = 480, 20, "The phone that was called is not registered.";
    /// Phones send a call on in a circle, or too often.
    DivertedTooOften = 482, 25, "Phones sent the call on too often, or in a circle.";
    /// The called phone wants no calls.
    DoNotDisturb = 486, 17, "The phone that was called does not want to be disturbed.";
    /// No price for the number.
    NoRate = 503, 21, "The account's rate table has no rate for this number.";
    /// No SDP in common, or none that can be read.
    MediaRefused = 488, 88, "The media description cannot be used.";
    /// No media port is free.
    NoMediaPort = 503, 47, "No media port is free.";
    /// The switch has all the calls it may have.
    CapacityLimit = 503, 42, "The switch is at its capacity limit.";
    /// Hop count used up.
    TooManyHops = 483, 25, "Max-Forwards reached zero.";
    /// An administrator ended it.
    HungUpByOperator = 200, 16, "An operator ended the call.";
    /// The longest allowed duration was reached.
    MaxDurationReached = 200, 31, "The call reached its maximum duration.";
    /// RFC 4028 §6.
    SessionIntervalTooSmall = 422, 31, "The caller asked for a shorter session interval than is allowed.";
    /// RFC 4028 §10.
    SessionExpired = 408, 102, "The session was not refreshed in time: one side had vanished.";
    /// `SS_SIP_NO_TIMER_REINVITE_INTERVAL`.
    NonTimerLimitReached = 200, 31, "The caller knows no session timer, and the longest call for such callers was reached.";
    /// The other side disappeared.
    AckMissing = 408, 102, "The answer was never acknowledged.";
    /// The dialog broke.
    SignallingLost = 481, 41, "One side no longer knew the call.";
    /// Stop of the process.
    SwitchStopped = 503, 41, "The switch was stopped.";
    /// Found open after a crash.
    SwitchRestarted = 500, 41, "The switch ended unexpectedly; the call was closed at its last checkpoint.";
    /// Something is wrong inside.
    InternalError = 500, 41, "The switch failed to handle the call.";
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that the catalogue does not have.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no such name: {0}")]
pub struct UnknownName(pub String);

impl FromStr for EndReason {
    type Err = UnknownName;
    fn from_str(s: &str) -> Result<Self, UnknownName> {
        Self::ALL.iter().copied().find(|r| r.name() == s).ok_or_else(|| UnknownName(s.to_owned()))
    }
}

impl ReleaseSide {
    /// The word stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Callee => "callee",
            Self::Switch => "switch",
        }
    }
}

impl fmt::Display for ReleaseSide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for ReleaseSide {
    type Err = UnknownName;
    fn from_str(s: &str) -> Result<Self, UnknownName> {
        [Self::Caller, Self::Callee, Self::Switch]
            .into_iter()
            .find(|side| side.name() == s)
            .ok_or_else(|| UnknownName(s.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_reason_is_found_by_its_name() {
        for reason in EndReason::ALL {
            assert_eq!(reason.name().parse(), Ok(*reason));
            assert!((200..700).contains(&reason.sip().0), "{reason}");
        }
    }
}
