//! Tones, and marks on packets.

use super::{
    Effect, Entry, Kind, Page, Topic, Unit, Value,
    entry::{entry, parameters},
};

/// A differentiated services code point (RFC 2474).
const fn dscp(default: u32) -> Entry {
    entry(Page::System, Topic::Media, Kind::whole(0..=63), Value::Whole(default)).effect(Effect::Immediately)
}

parameters! {
    /// The mark (DSCP, RFC 2474) on SIP packets that we send; 40 is CS5, the class for signalling (RFC 4594). 0 leaves them
    /// unmarked.
    SS_QOS_SIGNAL = dscp(40).built();

    /// The mark (DSCP, RFC 2474) on RTP packets that we send; 46 is EF, the class for telephony (RFC 4594). 0 leaves them
    /// unmarked.
    SS_QOS_RTP = dscp(46).effect(Effect::NewCalls).built();

    /// How long after ringing has begun without audio from the gateway we play a ring tone ourselves. 0 never plays one.
    SS_AUXILIARY_RING_TONE_ACTIVATION_DELAY =
        entry(Page::System, Topic::Media, Kind::zero_or(1..=60), Value::Whole(0)).unit(Unit::Seconds);
}
