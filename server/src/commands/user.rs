//! `tandem user password`, `tandem user token`

use std::net::{IpAddr, Ipv4Addr};

use domain::{ApiTokenSettings, Permission};
use store::{login_guard, password, people, tokens};

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

/// Makes a token of that user and prints it alone, so that a script can take it. It is taken from anywhere.
pub(super) async fn make_token(
    database: &Database,
    name: &str,
    purpose: &str,
    may: Vec<Permission>,
    days: u32,
) -> Result<(), Failure> {
    let pool = database.pool();
    let nobody = || Failure::NotFound(format!("there is no user \"{name}\" who may work"));
    let user = people::find_by_name(pool, name).await?.ok_or_else(nobody)?;
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let owner = people::access(pool, user.id, here).await?.ok_or_else(nobody)?;
    let purpose = purpose
        .parse()
        .map_err(|error| Failure::Refused(format!("a token cannot be called \"{purpose}\": {error}")))?;
    let permissions = match may.is_empty() {
        true => owner.permissions,
        false => may.into_iter().collect(),
    };
    let settings = ApiTokenSettings { name: purpose, permissions, days: Some(days), networks: Vec::new() };
    let made = tokens::create(pool, &owner, &settings).await?;
    Progress::Stdout.say(made.key);
    Ok(())
}
