//! Registrations of ours at other servers (decision 25).

use super::{
    Effect, Entry, Kind, Page, Topic, Unit, Value,
    entry::{entry, parameters},
};

const PRIVACY: Kind =
    Kind::Choice(&[("Ignore", "no Privacy header"), ("Id", "Privacy: id"), ("None", "Privacy: none")]);

const fn of(kind: Kind, default: Value) -> Entry {
    entry(Page::Sip, Topic::Registration, kind, default).effect(Effect::NewSessions)
}

parameters! {
    /// How long our registrations ask to last; a registration may have its own value. Auto takes what the other server gives.
    SS_SIP_USER_AGENT_EXPIRE = of(Kind::word_or("Auto", 20..=7200), Value::Word("Auto")).unit(Unit::Seconds).built();

    /// How long to wait after a registration failed before it is tried again.
    SS_SIP_USER_AGENT_RETRY_DELAY = of(Kind::whole(30..=600), Value::Whole(60)).unit(Unit::Seconds).built();

    /// Whether our registrations are cancelled when they or the whole switch are stopped. Off lets them run out there, and calls
    /// sent to us meanwhile are lost.
    SS_SIP_USER_AGENT_SEND_UNREGISTER = of(Kind::OnOff, Value::ON).built();

    /// What our registrations, and calls to gateways without a privacy setting of their own, say about privacy (RFC 3323): Ignore
    /// says nothing, Id asks to hide the caller and makes From anonymous, None asks for no privacy.
    SS_SIP_USER_AGENT_PRIVACY = of(PRIVACY, Value::Word("Ignore")).built();
}
