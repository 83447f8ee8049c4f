//! Passwords of people: Argon2id with 19 MiB, two passes, one lane. Hashing takes tens of milliseconds of a core: call it from
//! a blocking thread and bound how many do so at once.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// Longest password that is looked at, in bytes.
const LONGEST: usize = 1024;

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// How many work at passwords at once: each holds a core and 19 MiB.
static TURNS: Semaphore = Semaphore::const_new(2);

static DECOY: LazyLock<String> = LazyLock::new(|| hash(&generate()));

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("constant parameters within Argon2's ranges");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash to be stored, with its salt and parameters in it (PHC string format).
pub fn hash(password: &str) -> String {
    let hash = argon2().hash_password(password.as_bytes());
    hash.expect("the system gives random bytes for a salt, and a password fits into memory").to_string()
}

/// True when `password` is the one that `hash` was made from. A hash that cannot be read fits none.
pub fn verify(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    password.len() <= LONGEST && argon2().verify_password(password.as_bytes(), &hash).is_ok()
}

/// A hash of a password that nobody knows: checking against it takes as long as against a real one, so that the time of an
/// answer does not tell whether a name exists. The first use makes it.
pub fn decoy() -> &'static str {
    &DECOY
}

/// A new password of 20 characters, over 115 bits.
pub fn generate() -> String {
    (0..20).map(|_| char::from(ALPHABET[rand::random_range(0..ALPHABET.len())])).collect()
}

/// Does work with passwords where it holds up nobody else, at most two pieces at a time.
pub async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let _turn = TURNS.acquire().await.expect("the semaphore is never closed");
    tokio::task::spawn_blocking(work).await.expect("work with passwords does not panic")
}

/// Says what is wrong with a password that somebody who knows `words` (names of the person, of the product) guesses within
/// ten thousand million tries (a zxcvbn score below 3).
pub fn judge(password: &str, words: &[&str]) -> Result<(), String> {
    // What comes after the hundredth character changes nothing any more and only takes time.
    let looked_at: String = password.chars().take(100).collect();
    let estimate = zxcvbn(&looked_at, words);
    if estimate.score() >= Score::Three {
        return Ok(());
    }
    let why = estimate.feedback().map(|feedback| {
        let warning = feedback.warning().map(|warning| warning.to_string());
        let advice = feedback.suggestions().iter().map(|advice| advice.to_string());
        warning.into_iter().chain(advice).collect::<Vec<_>>().join(" ")
    });
    Err(format!("this is guessed too easily. {}", why.unwrap_or_default()).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_fits_its_hash() {
        let stored = hash("correct horse");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("correct horse", &stored));
        assert!(!verify("correct horsf", &stored));
        assert!(!verify("", &stored));
        assert!(!verify("correct horse", "no hash"));
        assert!(!verify(&"x".repeat(LONGEST + 1), &hash(&"x".repeat(LONGEST + 1))));
    }

    #[test]
    fn a_password_that_is_guessed_easily_is_told_why() {
        for weak in ["password12", "1234567890", "qwertyuiop", "aaaaaaaaaaaa", "november2026", "margaretha1"]
        {
            let told = judge(weak, &["margaretha", ""]).unwrap_err();
            assert!(told.len() > "this is guessed too easily.".len(), "{weak}: {told}");
        }
        for strong in ["a quiet harbour at dusk", "Tr1ckle-wombat-92", &generate()] {
            judge(strong, &["margaretha"]).unwrap();
        }
        let began = std::time::Instant::now();
        judge(&"long and longer ".repeat(60), &[]).ok();
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    }

    #[test]
    fn generated_passwords_differ_and_hold_no_letter_that_looks_like_another() {
        let (one, other) = (generate(), generate());
        assert_ne!(one, other);
        assert_eq!(one.len(), 20);
        assert!(!one.contains(['0', 'O', '1', 'l', 'I', 'i', 'o']), "{one}");
    }
}
