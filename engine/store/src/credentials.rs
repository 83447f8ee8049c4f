//! What digest credentials are checked with and answered with, sealed at rest: of phones and of gateways alike.

use domain::{ForeignPassword, Invalid, PHONE_REALM, PhoneKeys, SipPassword};
use md5::Md5;
use sha2::{Digest, Sha256};

use crate::{Seal, StoreError};

/// The hashes that a password of `user` is checked with.
pub(crate) fn keys(user: &str, password: &SipPassword) -> String {
    let text = format!("{user}:{PHONE_REALM}:{}", password.expose());
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{}:{}", hex(&Md5::digest(&text)), hex(&Sha256::digest(&text)))
}

/// They, sealed for `place`.
pub(crate) fn seal_keys(
    seal: Option<&Seal>,
    place: &str,
    user: &str,
    password: &SipPassword,
) -> Result<Vec<u8>, StoreError> {
    Ok(needed(seal)?.close(place, keys(user, password).as_bytes()))
}

/// What was sealed; none when it was sealed with another key.
pub(crate) fn open_keys(seal: &Seal, place: &str, sealed: &[u8]) -> Option<PhoneKeys> {
    let text = String::from_utf8(seal.open(place, sealed).ok()?).ok()?;
    let (md5, sha256) = text.split_once(':')?;
    Some(PhoneKeys { md5: md5.into(), sha256: sha256.into() })
}

/// A password that others gave us, sealed for `place`.
pub(crate) fn seal_password(
    seal: Option<&Seal>,
    place: &str,
    password: &ForeignPassword,
) -> Result<Vec<u8>, StoreError> {
    Ok(needed(seal)?.close(place, password.expose().as_bytes()))
}

/// What was sealed; none when it was sealed with another key.
pub(crate) fn open_password(seal: &Seal, place: &str, sealed: &[u8]) -> Option<ForeignPassword> {
    let text = String::from_utf8(seal.open(place, sealed).ok()?).ok()?;
    ForeignPassword::new(&text).ok()
}

fn needed(seal: Option<&Seal>) -> Result<&Seal, StoreError> {
    seal.ok_or_else(|| Invalid::field("password", "passwords need the key of the state directory").into())
}
