//! Passwords that nobody has to think of.

use domain::SipPassword;

/// What can be read from a page and typed into a telephone without taking one letter for another.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

/// 20 characters of 56: 116 bits.
const LENGTH: usize = 20;

/// A new password for the phone of `number`.
pub fn new_password(number: &str) -> SipPassword {
    loop {
        let letter = |_| char::from(LETTERS[rand::random_range(0..LETTERS.len())]);
        let text: String = (0..LENGTH).map(letter).collect();
        // One in a few hundred has no digit, or happens to hold the number.
        if let Ok(password) = SipPassword::new(&text, number) {
            return password;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_generated_passwords_are_the_same_and_all_are_good_ones() {
        let made: std::collections::BTreeSet<String> =
            (0..1000).map(|_| new_password("1001").expose().to_owned()).collect();
        assert_eq!(made.len(), 1000);
        assert!(made.iter().all(|text| text.len() == LENGTH && !text.contains(['0', 'O', 'l', 'I', '1'])));
    }
}
