//! The parameters that decide about registrations and authentications, read once per configuration.

use std::time::Duration;

use domain::{Parameter, ParameterValues};
use sip::digest::Algorithm;

/// What the system's parameters say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// Code of the challenge to REGISTER and to everything else (`SS_SIP_AUTHENTICATION_CODE`).
    pub challenge: (Challenging, Challenging),
    /// Hashes offered, the best liked first (`SS_SIP_AUTHENTICATION_ALGORITHM`).
    pub algorithms: &'static [Algorithm],
    /// Wrong credentials that one authentication may bring (`SS_SIP_AUTHENTICATION_RETRY`).
    pub retries: u32,
    /// How long one authentication may last (`SS_SIP_AUTHENTICATION_TIMEOUT`).
    pub patience: Duration,
    /// Wrong credentials of all kinds that suspend; none never do (`SS_AUTHENTICATION_MAX_RETRY`, `…_FAILED_SUSPEND`).
    pub password_limit: Option<Limit>,
    /// Failed registrations that suspend; none never do (`SS_ENDPOINTREGISTER*`).
    pub registration_limit: Option<Limit>,
    /// Whether strangers are answered (`SS_REPLY_UNAUTHORIZED`).
    pub answers_strangers: bool,
    /// Whether a new contact takes the place of the oldest one when there is no room (`SS_ENDPOINT_REGISTER_REPLACE`).
    pub replaces: bool,
    /// The system's terms of registration; a phone may have its own.
    pub terms: Terms,
}

/// How a request without credentials is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Challenging {
    /// 401 and WWW-Authenticate (RFC 3261 §22.2).
    AsServer,
    /// 407 and Proxy-Authenticate (RFC 3261 §22.3).
    AsProxy,
}

/// How many failures suspend, and for how long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limit {
    /// This many suspend.
    pub failures: u32,
    /// For this long.
    pub suspension: Duration,
}

/// How long a registration may last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terms {
    /// At most, and when nothing is asked for (`SS_ENDPOINT_EXPIRE`), in seconds.
    pub expire: u32,
    /// The same behind address translation (`SS_ENDPOINT_NAT_EXPIRE`), in seconds.
    pub nat_expire: u32,
    /// A renewal sooner than this changes nothing (`SS_ENDPOINT_REGISTER_LIGHT_INTERVAL`); zero is off.
    pub light: Duration,
}

impl Terms {
    /// Least that may be asked for (decision 3), in seconds.
    const LEAST: u32 = 300;

    /// The same behind address translation, in seconds.
    const LEAST_BEHIND_NAT: u32 = 30;

    /// The terms by these values.
    pub fn of(values: &ParameterValues) -> Self {
        Self {
            expire: values.whole(Parameter::SS_ENDPOINT_EXPIRE),
            nat_expire: values.whole(Parameter::SS_ENDPOINT_NAT_EXPIRE),
            light: values.seconds(Parameter::SS_ENDPOINT_REGISTER_LIGHT_INTERVAL),
        }
    }

    /// What is granted to who asks for `asked` seconds, above zero.
    ///
    /// # Errors
    /// The least that may be asked for (RFC 3261 §10.3 step 7: 423 with Min-Expires).
    pub(crate) fn grant(&self, asked: Option<u32>, nat: bool) -> Result<u32, u32> {
        let (most, least) = if nat {
            (self.nat_expire.min(self.expire), Self::LEAST_BEHIND_NAT)
        } else {
            (self.expire, Self::LEAST)
        };
        let least = least.min(most);
        match asked {
            None => Ok(most),
            Some(asked) if asked < least => Err(least),
            Some(asked) => Ok(asked.min(most)),
        }
    }
}

impl Policy {
    /// The policy by these values.
    pub fn of(values: &ParameterValues) -> Self {
        use Challenging::{AsProxy, AsServer};
        let limit = |on: bool, failures, suspension| {
            let failures = values.whole(failures);
            (on && failures > 0).then(|| Limit { failures, suspension: values.seconds(suspension) })
        };
        Self {
            challenge: match values.text(Parameter::SS_SIP_AUTHENTICATION_CODE) {
                "407" => (AsProxy, AsProxy),
                "401/407" => (AsServer, AsProxy),
                _ => (AsServer, AsServer),
            },
            algorithms: match values.text(Parameter::SS_SIP_AUTHENTICATION_ALGORITHM) {
                "MD5" => &[Algorithm::Md5],
                "SHA-256" => &[Algorithm::Sha256],
                "SHA-256/MD5" => &[Algorithm::Sha256, Algorithm::Md5],
                _ => &[Algorithm::Md5, Algorithm::Sha256],
            },
            retries: values.whole(Parameter::SS_SIP_AUTHENTICATION_RETRY),
            patience: values.seconds(Parameter::SS_SIP_AUTHENTICATION_TIMEOUT),
            password_limit: limit(
                true,
                Parameter::SS_AUTHENTICATION_MAX_RETRY,
                Parameter::SS_AUTHENTICATION_FAILED_SUSPEND,
            ),
            registration_limit: limit(
                values.on(Parameter::SS_ENDPOINTREGISTERSUSPEND),
                Parameter::SS_ENDPOINTREGISTERRETRY,
                Parameter::SS_ENDPOINTREGISTERSUSPENDTIME,
            ),
            answers_strangers: values.on(Parameter::SS_REPLY_UNAUTHORIZED),
            replaces: values.on(Parameter::SS_ENDPOINT_REGISTER_REPLACE),
            terms: Terms::of(values),
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::of(&ParameterValues::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_those_of_the_decisions() {
        let policy = Policy::default();
        assert_eq!(policy.challenge, (Challenging::AsServer, Challenging::AsServer));
        assert_eq!((policy.retries, policy.patience.as_secs()), (6, 10));
        let limit = Limit { failures: 6, suspension: Duration::from_secs(180) };
        assert_eq!((policy.password_limit, policy.registration_limit), (Some(limit), Some(limit)));
        assert!(policy.answers_strangers && policy.replaces);
        assert_eq!(policy.terms, Terms { expire: 3600, nat_expire: 300, light: Duration::ZERO });
    }

    #[test]
    fn zero_retries_and_a_switched_off_suspension_suspend_nobody() {
        let mut values = ParameterValues::default();
        values.set(Parameter::SS_AUTHENTICATION_MAX_RETRY, "0").unwrap();
        values.set(Parameter::SS_ENDPOINTREGISTERSUSPEND, "Off").unwrap();
        let policy = Policy::of(&values);
        assert_eq!((policy.password_limit, policy.registration_limit), (None, None));
    }

    #[test]
    fn the_older_challenge_modes_mean_their_codes() {
        use Challenging::{AsProxy, AsServer};
        for (mode, challenge) in
            [("401", (AsServer, AsServer)), ("407", (AsProxy, AsProxy)), ("401/407", (AsServer, AsProxy))]
        {
            let mut values = ParameterValues::default();
            values.set(Parameter::SS_SIP_AUTHENTICATION_CODE, mode).unwrap();
            assert_eq!(Policy::of(&values).challenge, challenge, "{mode}");
        }
    }

    #[test]
    fn what_is_asked_for_is_granted_within_the_terms() {
        let terms = Policy::default().terms;
        for (asked, nat, granted) in [
            (None, false, Ok(3600)),
            (Some(7200), false, Ok(3600)),
            (Some(600), false, Ok(600)),
            (Some(300), false, Ok(300)),
            (Some(299), false, Err(300)),
            (None, true, Ok(300)),
            (Some(3600), true, Ok(300)),
            (Some(60), true, Ok(60)),
            (Some(29), true, Err(30)),
        ] {
            assert_eq!(terms.grant(asked, nat), granted, "{asked:?} {nat}");
        }
        // A longest time below the least one is what all get.
        let short = Terms { expire: 200, ..terms };
        assert_eq!((short.grant(Some(100), false), short.grant(Some(200), false)), (Err(200), Ok(200)));
    }
}
