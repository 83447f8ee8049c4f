//! What is computed (RFC 7616 §3.4).

use std::fmt::{self, Write};

use md5::Md5;
use sha2::{Digest, Sha256};

use super::DigestError;
use super::credentials::Qop;

/// A hash, and whether the password's part is bound to the session.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Algorithm {
    /// What nearly every phone speaks, and what no word on it means.
    #[default]
    Md5,
    /// MD5 bound to nonce and cnonce.
    Md5Sess,
    /// RFC 8760's.
    Sha256,
    /// SHA-256 bound to nonce and cnonce.
    Sha256Sess,
}

impl Algorithm {
    /// The word in a header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Md5Sess => "MD5-sess",
            Self::Sha256 => "SHA-256",
            Self::Sha256Sess => "SHA-256-sess",
        }
    }

    /// The algorithm of a word, case ignored.
    ///
    /// # Errors
    /// When it is not known here.
    pub fn parse(word: &str) -> Result<Self, DigestError> {
        [Self::Md5, Self::Md5Sess, Self::Sha256, Self::Sha256Sess]
            .into_iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(word))
            .ok_or(DigestError::Algorithm)
    }

    /// The same hash without the session.
    pub const fn base(self) -> Self {
        match self {
            Self::Md5 | Self::Md5Sess => Self::Md5,
            Self::Sha256 | Self::Sha256Sess => Self::Sha256,
        }
    }

    const fn is_session(self) -> bool {
        matches!(self, Self::Md5Sess | Self::Sha256Sess)
    }

    /// The hash of parts joined by colons, as lower-case hexadecimal digits.
    fn hash(self, parts: &[&[u8]]) -> String {
        fn joined<D: Digest>(parts: &[&[u8]]) -> String {
            let mut hash = D::new();
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    hash.update(b":");
                }
                hash.update(part);
            }
            hex(&hash.finalize())
        }
        match self.base() {
            Self::Md5 | Self::Md5Sess => joined::<Md5>(parts),
            Self::Sha256 | Self::Sha256Sess => joined::<Sha256>(parts),
        }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(out, "{byte:02x}").expect("a string takes everything");
    }
    out
}

/// `H(user:realm:password)`: as good as the password within its realm, so it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Ha1(String);

impl Ha1 {
    /// From a password; `algorithm`'s session variant makes no difference.
    pub fn new(algorithm: Algorithm, user: &str, realm: &str, password: &str) -> Self {
        Self(algorithm.hash(&[user.as_bytes(), realm.as_bytes(), password.as_bytes()]))
    }

    /// From stored hexadecimal digits; `None` when they are neither of MD5's nor of SHA-256's length.
    pub fn stored(digits: &str) -> Option<Self> {
        let sound = matches!(digits.len(), 32 | 64) && digits.bytes().all(|b| b.is_ascii_hexdigit());
        sound.then(|| Self(digits.to_ascii_lowercase()))
    }

    /// The digits, to be stored.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Ha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ha1(…)")
    }
}

/// The request that is authenticated.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its method, as in the start line.
    pub method: &'a str,
    /// The `uri` of the credentials.
    pub uri: &'a str,
    /// Its body; only `auth-int` looks at it.
    pub body: &'a [u8],
}

/// The response of RFC 7616 §3.4.1, or of RFC 2069 when there is no `qop`.
pub fn response(
    algorithm: Algorithm,
    ha1: &Ha1,
    nonce: &str,
    counted: Option<(Qop, u32, &str)>,
    asked: &Asked<'_>,
) -> String {
    let cnonce = counted.map_or("", |(_, _, cnonce)| cnonce);
    let session = algorithm
        .is_session()
        .then(|| algorithm.hash(&[ha1.0.as_bytes(), nonce.as_bytes(), cnonce.as_bytes()]));
    let ha1 = session.as_deref().unwrap_or(&ha1.0).as_bytes();
    let (method, uri) = (asked.method.as_bytes(), asked.uri.as_bytes());
    let ha2 = match counted {
        Some((Qop::AuthInt, ..)) => algorithm.hash(&[method, uri, algorithm.hash(&[asked.body]).as_bytes()]),
        Some((Qop::Auth, ..)) | None => algorithm.hash(&[method, uri]),
    };
    match counted {
        Some((qop, count, cnonce)) => algorithm.hash(&[
            ha1,
            nonce.as_bytes(),
            format!("{count:08x}").as_bytes(),
            cnonce.as_bytes(),
            qop.as_str().as_bytes(),
            ha2.as_bytes(),
        ]),
        None => algorithm.hash(&[ha1, nonce.as_bytes(), ha2.as_bytes()]),
    }
}
