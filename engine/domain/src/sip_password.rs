//! Passwords of devices, which nobody has to remember.

use std::fmt;

/// A password for digest authentication: 12 to 128 printable characters, letters and digits among them, without the user name.
/// It is never shown and never serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct SipPassword(String);

/// Why a text is no password for a device.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SipPasswordError {
    /// A scanner would find it.
    #[error("at least 12 characters are needed: it is tried by machines, day and night")]
    TooShort,
    /// Devices cut such.
    #[error("at most 128 characters are allowed")]
    TooLong,
    /// Only letters or only digits.
    #[error("letters and digits are both needed")]
    TooPlain,
    /// The first thing that is tried.
    #[error("the number must not be part of it")]
    HoldsUser,
    /// Cannot be typed into a device.
    #[error("only printable characters are allowed, without outer spaces")]
    Unprintable,
}

impl SipPassword {
    /// A new password for `user`.
    pub fn new(text: &str, user: &str) -> Result<Self, SipPasswordError> {
        let length = text.chars().count();
        if length < 12 {
            return Err(SipPasswordError::TooShort);
        }
        if length > 128 {
            return Err(SipPasswordError::TooLong);
        }
        if text.trim() != text || text.chars().any(char::is_control) {
            return Err(SipPasswordError::Unprintable);
        }
        // A number of one or two digits may stand in a good password by chance.
        if user.len() > 2 && text.contains(user) {
            return Err(SipPasswordError::HoldsUser);
        }
        if !text.chars().any(char::is_alphabetic) || !text.chars().any(|c| c.is_ascii_digit()) {
            return Err(SipPasswordError::TooPlain);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, to be hashed or sealed.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SipPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SipPassword(…)")
    }
}

/// A password that another operator gave us: taken as it is, as long as a header can carry it. It is never shown and never
/// serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct ForeignPassword(String);

impl ForeignPassword {
    /// As it was given to us.
    pub fn new(text: &str) -> Result<Self, SipPasswordError> {
        if text.chars().count() > 128 {
            return Err(SipPasswordError::TooLong);
        }
        if text.is_empty() || text.chars().any(char::is_control) {
            return Err(SipPasswordError::Unprintable);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, to be sealed or answered with.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ForeignPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForeignPassword(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_told_why() {
        for (text, why) in [
            ("Ab3", SipPasswordError::TooShort),
            ("abcdefghijkl", SipPasswordError::TooPlain),
            ("123456789012", SipPasswordError::TooPlain),
            ("secret-1001-secret", SipPasswordError::HoldsUser),
            (" abcdefghijk1", SipPasswordError::Unprintable),
            ("abcdefghijk1\0", SipPasswordError::Unprintable),
        ] {
            assert_eq!(SipPassword::new(text, "1001"), Err(why), "{text:?}");
        }
        assert_eq!(SipPassword::new(&"a1".repeat(65), "1"), Err(SipPasswordError::TooLong));
        assert!(SipPassword::new("quiet-Heron-42", "1001").is_ok());
    }
}
