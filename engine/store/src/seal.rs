//! Secrets that must be read again, sealed with a key that is not in the database: who steals the database alone has nothing.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

use crate::StoreError;

/// Bytes of a nonce in front of each sealed secret.
const NONCE: usize = 24;

/// The key of sealed secrets: XChaCha20-Poly1305 with random nonces, which are long enough never to meet.
#[derive(Clone)]
pub struct Seal(XChaCha20Poly1305);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// With this key; keep it outside the database.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&(*key).into()))
    }

    /// A new key.
    pub fn generate() -> [u8; 32] {
        rand::random()
    }

    /// Seals a secret for one place (`totp of user 7`): moved to another one, it cannot be opened.
    pub(crate) fn close(&self, place: &str, secret: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload { msg: secret, aad: place.as_bytes() };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.expect("a secret of a few bytes is within the cipher's bounds");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what [`Self::close`] sealed for the same place.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when it was sealed with another key or for another place, or was altered.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let broken = || StoreError::unreadable("sealed secret", place);
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or_else(broken)?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        self.0.decrypt(&XNonce::from(*nonce), payload).map_err(|_| broken())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_opened_by_its_key_at_its_place_alone() {
        let (seal, other) = (Seal::new(&[1; 32]), Seal::new(&[2; 32]));
        let sealed = seal.close("here", b"secret");
        assert_eq!(seal.open("here", &sealed).unwrap(), b"secret");
        assert!(seal.open("there", &sealed).is_err() && other.open("here", &sealed).is_err());
        assert_ne!(seal.close("here", b"secret"), sealed, "no nonce comes twice");
        for n in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[n] ^= 1;
            assert!(seal.open("here", &altered).is_err(), "byte {n}");
            assert!(seal.open("here", &sealed[..n]).is_err(), "cut at {n}");
        }
    }
}
