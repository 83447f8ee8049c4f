//! WWW-Authenticate and Proxy-Authenticate (RFC 7616 §3.3).

use std::fmt;

use super::fields::{Fields, Quoted};
use super::{Algorithm, DigestError, Qop};

/// What a server asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Challenge {
    /// Whose password is meant.
    pub realm: String,
    /// The server's word of the moment.
    pub nonce: String,
    /// To be sent back as it is.
    pub opaque: Option<String>,
    /// Which hash.
    pub algorithm: Algorithm,
    /// The protections offered that are known here; empty is RFC 2069's.
    pub qop: Vec<Qop>,
    /// The credentials were right and only the nonce is too old: ask no human.
    pub stale: bool,
}

impl Challenge {
    /// Reads a header value.
    ///
    /// # Errors
    /// When it is no Digest, lacks realm or nonce, or offers only what is not known here.
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        let fields = Fields::parse(text)?;
        let offered = fields.get("qop");
        let qop: Vec<_> =
            offered.unwrap_or("").split(',').filter_map(|word| Qop::parse(word.trim()).ok()).collect();
        if offered.is_some_and(|words| !words.trim().is_empty()) && qop.is_empty() {
            return Err(DigestError::Algorithm);
        }
        Ok(Self {
            // An empty realm is a realm.
            realm: fields.get("realm").ok_or(DigestError::Missing("realm"))?.to_owned(),
            nonce: fields.need("nonce")?,
            opaque: fields.get("opaque").map(str::to_owned),
            algorithm: fields.get("algorithm").map_or(Ok(Algorithm::Md5), Algorithm::parse)?,
            qop,
            stale: fields.get("stale").is_some_and(|word| word.eq_ignore_ascii_case("true")),
        })
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest realm={}, nonce={}", Quoted(&self.realm), Quoted(&self.nonce))?;
        if let Some(opaque) = &self.opaque {
            write!(f, ", opaque={}", Quoted(opaque))?;
        }
        write!(f, ", algorithm={}", self.algorithm.as_str())?;
        if !self.qop.is_empty() {
            let words: Vec<_> = self.qop.iter().map(|qop| qop.as_str()).collect();
            write!(f, ", qop={}", Quoted(&words.join(",")))?;
        }
        if self.stale {
            f.write_str(", stale=true")?;
        }
        Ok(())
    }
}
