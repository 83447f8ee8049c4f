//! The server's side, which remembers no challenge.

use std::net::IpAddr;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::algorithm::hex;
use super::{Algorithm, Asked, Challenge, Credentials, Ha1, Qop, response};

/// Hexadecimal digits of a nonce that are its time.
const TIME_DIGITS: usize = 16;

/// Bytes of the keyed hash that a nonce carries.
const PROOF: usize = 16;

/// Makes nonces and checks credentials. Shards with the same secret take each other's nonces, also after a restart.
#[derive(Clone)]
pub struct Challenger {
    secret: [u8; 32],
    lifetime: Duration,
}

/// What credentials are worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// They are right. Now ask the nonce's [`super::NonceWindow`] about the count, when there is one.
    Right {
        /// The nonce count; `None` from RFC 2069 clients, which can be replayed while the nonce lives.
        count: Option<u32>,
    },
    /// The nonce is too old, or was given to another address: challenge again with `stale`. Not a failure.
    Stale,
    /// The nonce is none of ours, or the response is wrong.
    Wrong,
}

impl Challenger {
    /// With a secret from a good source of chance, and the time for which a nonce may be used.
    pub fn new(secret: [u8; 32], lifetime: Duration) -> Self {
        Self { secret, lifetime }
    }

    /// A new challenge. `now` is the time since the Unix epoch, `source` where the request came from.
    pub fn challenge(
        &self,
        now: Duration,
        source: IpAddr,
        realm: &str,
        algorithm: Algorithm,
        stale: bool,
    ) -> Challenge {
        let time = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        let nonce = format!("{time:016x}{}", hex(&self.proof(time, source)));
        Challenge { realm: realm.to_owned(), nonce, opaque: None, algorithm, qop: vec![Qop::Auth], stale }
    }

    /// Judges credentials for a request with `method` and `body`. `ha1` must be of the credentials' algorithm and of
    /// their user and realm. That the credentials' `uri` means the request is the caller's to compare; proxies on
    /// the way may have changed the Request-URI.
    pub fn judge(
        &self,
        now: Duration,
        source: IpAddr,
        credentials: &Credentials,
        method: &str,
        body: &[u8],
        ha1: &Ha1,
    ) -> Verdict {
        let Some(time) = self.time_of(&credentials.nonce) else { return Verdict::Wrong };
        let counted =
            credentials.counted.as_ref().map(|(qop, count, cnonce)| (*qop, *count, cnonce.as_str()));
        let asked = Asked { method, uri: &credentials.uri, body };
        let right = response(credentials.algorithm, ha1, &credentials.nonce, counted, &asked);
        // Right credentials on an old nonce are stale; wrong ones are wrong whatever the nonce (RFC 7616 §3.3).
        let given = credentials.response.to_ascii_lowercase();
        if !same(right.as_bytes(), given.as_bytes()) {
            return Verdict::Wrong;
        }
        let age = now.checked_sub(Duration::from_millis(time));
        // Nonces of the future come from a clock that was set back.
        let ours =
            same(hex(&self.proof(time, source)).as_bytes(), &credentials.nonce.as_bytes()[TIME_DIGITS..]);
        if !ours || age.is_none_or(|age| age > self.lifetime) {
            return Verdict::Stale;
        }
        Verdict::Right { count: counted.map(|(_, count, _)| count) }
    }

    /// When this nonce was given to `source`, since the Unix epoch; `None` when it was not. Of a sender who answers a nonce
    /// of ours it is known that it receives what is sent to its address.
    pub fn issued(&self, source: IpAddr, nonce: &str) -> Option<Duration> {
        let time = self.time_of(nonce)?;
        let ours = same(hex(&self.proof(time, source)).as_bytes(), &nonce.as_bytes()[TIME_DIGITS..]);
        ours.then(|| Duration::from_millis(time))
    }

    /// The time inside a nonce of our form.
    fn time_of(&self, nonce: &str) -> Option<u64> {
        let sound = nonce.len() == TIME_DIGITS + 2 * PROOF && nonce.bytes().all(|b| b.is_ascii_hexdigit());
        if !sound {
            return None;
        }
        u64::from_str_radix(&nonce[..TIME_DIGITS], 16).ok()
    }

    fn proof(&self, time: u64, source: IpAddr) -> [u8; PROOF] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes keys of every length");
        mac.update(&time.to_be_bytes());
        match source.to_canonical() {
            IpAddr::V4(four) => mac.update(&four.octets()),
            IpAddr::V6(six) => mac.update(&six.octets()),
        }
        let full = mac.finalize().into_bytes();
        full[..PROOF].try_into().expect("SHA-256 gives 32 bytes")
    }
}

/// Compares without telling by its time where the difference is.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}
