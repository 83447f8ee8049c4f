//! The first person who can log in.

use store::{Actor, Pool, password, people};

use crate::failure::Failure;

/// The administrator's log-in name.
pub(crate) const NAME: &str = "admin";

/// What there is to say about the administrator's password.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Password {
    /// Made now: shown once and never again.
    Generated(String),
    /// Made now with the password of the options.
    Given,
    /// There was one already, whose password stays.
    Unchanged,
}

/// Makes the administrator when the database has none.
pub(crate) async fn ensure(pool: &Pool, given: Option<&str>) -> Result<Password, Failure> {
    if people::find_by_name(pool, NAME).await?.is_some() {
        return Ok(Password::Unchanged);
    }
    let (password, outcome) = match given {
        Some(given) => (checked(given, NAME)?.reveal().to_owned(), Password::Given),
        None => {
            let password = password::generate();
            (password.clone(), Password::Generated(password))
        }
    };
    let hash = hash(password).await?;
    people::create_administrator(pool, NAME, &hash).await?;
    Ok(outcome)
}

/// Who acts when a person sits at the console of the machine.
pub(crate) fn console() -> Actor {
    Actor::command("console")
}

/// Refuses what is too short to be a password, or holds the user's name.
pub(crate) fn checked(password: &str, name: &str) -> Result<domain::Password, Failure> {
    domain::Password::new(password, name)
        .map_err(|error| Failure::Refused(format!("the password cannot be used: {error}")))
}

/// Hashes on a thread of its own: it takes tens of milliseconds by intent.
pub(crate) async fn hash(password: String) -> Result<String, Failure> {
    tokio::task::spawn_blocking(move || password::hash(&password))
        .await
        .map_err(|_| Failure::Refused("the password cannot be hashed".to_owned()))
}
