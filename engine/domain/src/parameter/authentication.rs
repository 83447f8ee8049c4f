//! Who is let in (decisions 22 and 23).

use super::{
    Alias, Effect, Entry, Kind, Page, Topic, Unit, Value,
    entry::{entry, parameters},
};

const CODE: Kind = Kind::Choice(&[
    ("401", "401 Unauthorized"),
    ("407", "407 Proxy Authentication Required"),
    ("401/407", "401 for REGISTER, 407 for everything else"),
]);

const ALGORITHM: Kind = Kind::Choice(&[
    ("MD5/SHA-256", "both, MD5 first"),
    ("SHA-256/MD5", "both, SHA-256 first"),
    ("MD5", "only MD5"),
    ("SHA-256", "only SHA-256"),
]);

/// The older parameter counts its modes.
const MODE: Alias =
    Alias { name: "SS_AUTHCHALLENGEMODE", values: &[("1", "401"), ("2", "407"), ("3", "401/407")] };

const fn of(page: Page, kind: Kind, default: Value) -> Entry {
    entry(page, Topic::Authentication, kind, default).effect(Effect::NewSessions)
}

parameters! {
    /// With what a request without credentials is challenged: 401 (RFC 3261 §22.2), 407 (§22.3), or 401/407 for 401 on REGISTER
    /// and 407 on everything else.
    SS_SIP_AUTHENTICATION_CODE = of(Page::Sip, CODE, Value::Word("401")).aliases(&[MODE]).built();

    /// Which hashes a challenge offers (RFC 8760), the better liked one first. Many phones know only MD5, and some give up when
    /// one of several challenges names another algorithm.
    SS_SIP_AUTHENTICATION_ALGORITHM = of(Page::Sip, ALGORITHM, Value::Word("MD5")).built();

    /// How many wrong credentials one authentication (same source, user and Call-ID) may bring before it is refused with 403;
    /// also how often we answer a challenge ourselves.
    SS_SIP_AUTHENTICATION_RETRY = of(Page::Sip, Kind::whole(1..=100), Value::Whole(6)).built();

    /// How long one authentication may last before it is refused with 403.
    SS_SIP_AUTHENTICATION_TIMEOUT = of(Page::Sip, Kind::whole(1..=300), Value::Whole(10)).unit(Unit::Seconds).built();

    /// How many wrong credentials of one user, over all its authentications, suspend it. 0 never suspends.
    SS_AUTHENTICATION_MAX_RETRY = of(Page::System, Kind::whole(0..=999), Value::Whole(6)).built();

    /// How long such a user stays suspended: everything from it is refused with 403 without looking at its password.
    SS_AUTHENTICATION_FAILED_SUSPEND = of(Page::System, Kind::whole(60..=3600), Value::Whole(180)).unit(Unit::Seconds).built();

    /// Whether an unknown source is answered. Off drops its requests without a word, which hides the switch from scanners.
    SS_REPLY_UNAUTHORIZED =
        of(Page::System, Kind::OnOff, Value::ON).effect(Effect::Immediately).built();
}
