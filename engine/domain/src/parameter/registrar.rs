//! Phones that register here.

use super::{
    Alias, Effect, Entry, Kind, Level, Page, Topic, Unit, Value,
    entry::{entry, parameters},
};

const fn of(kind: Kind, default: Value) -> Entry {
    entry(Page::System, Topic::Registrar, kind, default).effect(Effect::NewSessions)
}

const fn also(name: &'static str) -> Alias {
    Alias { name, values: &[] }
}

parameters! {
    /// How long a registration lasts. A phone may ask for less, but not below 300 s (423, RFC 3261 §10.3) unless it is behind
    /// address translation.
    SS_ENDPOINT_EXPIRE = of(Kind::whole(300..=86_400), Value::Whole(3600)).unit(Unit::Seconds).by(&[Level::Phone]).built();

    /// How long a registration lasts whose phone is behind address translation; should be several heartbeats long.
    SS_ENDPOINT_NAT_EXPIRE = of(Kind::whole(60..=86_400), Value::Whole(300)).unit(Unit::Seconds).by(&[Level::Phone]).built();

    /// Whether a new registration takes the place of the user's earlier one. Off refuses it as long as the earlier one lives.
    SS_ENDPOINT_REGISTER_REPLACE = of(Kind::OnOff, Value::ON).built();

    /// Whether a phone whose registration was replaced by a newer one is told so: with NOTIFY of the registration package
    /// (RFC 3680), event `rejected`, upon which it does not register by itself again.
    SS_ENDPOINT_REGISTER_REPLACE_NOTIFY = of(Kind::OnOff, Value::OFF).built();

    /// A phone that renews its registration sooner than this after the last time, over the same way and unchanged, is told what
    /// remains of it, and nothing else is done. 0 renews every time.
    SS_ENDPOINT_REGISTER_LIGHT_INTERVAL = of(Kind::whole(0..=3600), Value::Whole(0)).unit(Unit::Seconds).by(&[Level::Phone]).built();

    /// Whether users with too many failed registrations are suspended. Off suspends nobody, whatever the two settings below
    /// say.
    SS_ENDPOINTREGISTERSUSPEND = of(Kind::OnOff, Value::ON).built();

    /// How many failed registrations in a row suspend a user; one that succeeds starts the count again.
    SS_ENDPOINTREGISTERRETRY =
        of(Kind::whole(1..=100), Value::Whole(6)).aliases(&[also("SS_ENDPOINT_REGISTER_RETRY")]).built();

    /// How long such a user stays suspended: its registrations are refused with 403 without looking at its password.
    SS_ENDPOINTREGISTERSUSPENDTIME = of(Kind::whole(60..=86_400), Value::Whole(180))
        .unit(Unit::Seconds)
        .aliases(&[also("SS_ENDPOINT_REGISTER_SUSPEND")]).built();
}
