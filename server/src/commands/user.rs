//! `tandem user password`

use store::{login_guard, password, people};

use crate::{administrator, database::Database, failure::Failure, progress::Progress};

/// Sets a password, the given one or a generated one, which ends that user's sessions.
pub(super) async fn set_password(
    database: &Database,
    name: &str,
    given: Option<String>,
) -> Result<(), Failure> {
    let pool = database.pool();
    let user = people::find_by_name(pool, name)
        .await?
        .ok_or_else(|| Failure::NotFound(format!("there is no user \"{name}\"")))?;
    let (password, generated) = match given {
        Some(given) => (administrator::checked(&given, name)?, false),
        None => (administrator::checked(&password::generate(), name)?, true),
    };
    people::set_password(pool, &administrator::console(), user.id, &password).await?;
    login_guard::release_name(pool, &administrator::console(), &user.name).await?;
    match generated {
        true => Progress::Stdout.say(format_args!("the password of {name} is now {}", password.reveal())),
        false => Progress::Stdout.say(format_args!("the password of {name} is set")),
    }
    Ok(())
}
