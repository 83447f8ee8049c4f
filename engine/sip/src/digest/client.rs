//! The client's side (RFC 3261 §22.2, RFC 8760 §2.4).

use super::{Asked, Challenge, Credentials, DigestError, Ha1, Qop, response};

/// Who answers.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    /// The user name.
    pub user: &'a str,
    /// The password.
    pub password: &'a str,
}

/// Answers the first challenge that can be answered: a server puts the one it likes best first. `count` is how often
/// its nonce has been used, this time included (from 1); `cnonce` is chance.
///
/// # Errors
/// When none can be answered; the fault of the first.
pub fn answer<'a>(
    challenges: impl IntoIterator<Item = &'a str>,
    account: Account<'_>,
    asked: &Asked<'_>,
    count: u32,
    cnonce: &str,
) -> Result<Credentials, DigestError> {
    let mut fault = None;
    for text in challenges {
        match Challenge::parse(text) {
            Ok(challenge) => return Ok(answered(&challenge, account, asked, count, cnonce)),
            Err(why) => _ = fault.get_or_insert(why),
        }
    }
    Err(fault.unwrap_or(DigestError::Missing("challenge")))
}

fn answered(
    challenge: &Challenge,
    account: Account<'_>,
    asked: &Asked<'_>,
    count: u32,
    cnonce: &str,
) -> Credentials {
    // Of two protections the one that middle boxes leave alone: they rewrite bodies.
    let qop = challenge.qop.iter().find(|qop| **qop == Qop::Auth).or(challenge.qop.first()).copied();
    let counted = qop.map(|qop| (qop, count, cnonce));
    let ha1 = Ha1::new(challenge.algorithm, account.user, &challenge.realm, account.password);
    Credentials {
        username: account.user.to_owned(),
        realm: challenge.realm.clone(),
        nonce: challenge.nonce.clone(),
        uri: asked.uri.to_owned(),
        response: response(challenge.algorithm, &ha1, &challenge.nonce, counted, asked),
        algorithm: challenge.algorithm,
        counted: counted.map(|(qop, count, cnonce)| (qop, count, cnonce.to_owned())),
        opaque: challenge.opaque.clone(),
    }
}
