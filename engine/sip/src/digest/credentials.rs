//! Authorization and Proxy-Authorization (RFC 7616 §3.4).

use std::fmt;

use super::fields::{Fields, Quoted};
use super::{Algorithm, DigestError};

/// What is protected.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Qop {
    /// The start line.
    Auth,
    /// The start line and the body.
    AuthInt,
}

impl Qop {
    /// The word in a header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::AuthInt => "auth-int",
        }
    }

    /// The protection of a word, case ignored.
    ///
    /// # Errors
    /// When it is not known here.
    pub fn parse(word: &str) -> Result<Self, DigestError> {
        match word {
            word if word.eq_ignore_ascii_case("auth") => Ok(Self::Auth),
            word if word.eq_ignore_ascii_case("auth-int") => Ok(Self::AuthInt),
            _ => Err(DigestError::Algorithm),
        }
    }
}

/// What a client answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credentials {
    /// Who it says it is.
    pub username: String,
    /// The challenge's realm.
    pub realm: String,
    /// The challenge's nonce.
    pub nonce: String,
    /// The URI that was hashed; usually the Request-URI, which a proxy may have changed since.
    pub uri: String,
    /// The hash.
    pub response: String,
    /// Which hash.
    pub algorithm: Algorithm,
    /// Protection, nonce count and the client's own nonce; `None` from RFC 2069 clients.
    pub counted: Option<(Qop, u32, String)>,
    /// The challenge's opaque.
    pub opaque: Option<String>,
}

impl Credentials {
    /// Reads a header value.
    ///
    /// # Errors
    /// When it is no Digest, or a parameter is missing or cannot be read.
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        let fields = Fields::parse(text)?;
        let counted = match fields.get("qop").filter(|word| !word.is_empty()) {
            Some(word) => {
                let count = fields.need("nc")?;
                // Eight hexadecimal digits, not a decimal number.
                if count.len() > 8 || !count.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(DigestError::Bad("nc"));
                }
                let count = u32::from_str_radix(&count, 16).map_err(|_| DigestError::Bad("nc"))?;
                Some((Qop::parse(word)?, count, fields.need("cnonce")?))
            }
            None => None,
        };
        Ok(Self {
            username: fields.need("username")?,
            realm: fields.get("realm").ok_or(DigestError::Missing("realm"))?.to_owned(),
            nonce: fields.need("nonce")?,
            uri: fields.need("uri")?,
            response: fields.need("response")?,
            algorithm: fields.get("algorithm").map_or(Ok(Algorithm::Md5), Algorithm::parse)?,
            counted,
            opaque: fields.get("opaque").map(str::to_owned),
        })
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest username={}, realm={}", Quoted(&self.username), Quoted(&self.realm))?;
        write!(f, ", nonce={}, uri={}", Quoted(&self.nonce), Quoted(&self.uri))?;
        write!(f, ", response={}, algorithm={}", Quoted(&self.response), self.algorithm.as_str())?;
        if let Some((qop, count, cnonce)) = &self.counted {
            write!(f, ", qop={}, nc={count:08x}, cnonce={}", qop.as_str(), Quoted(cnonce))?;
        }
        if let Some(opaque) = &self.opaque {
            write!(f, ", opaque={}", Quoted(opaque))?;
        }
        Ok(())
    }
}
