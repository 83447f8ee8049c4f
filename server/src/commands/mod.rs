//! The commands. Those of a moment work on a running switch too: through the database, whose changes it takes up at once.

mod apply;
mod audit;
mod cdr;
mod export;
mod ledger;
mod migrate;
mod taken_up;
mod user;

use crate::{
    database::{Database, New},
    failure::Failure,
    keys,
    options::{AuditCommand, Command, LedgerCommand, Options, Place, UserCommand},
    progress::Progress,
    serve,
    state_directory::StateDirectory,
};

/// Runs what the options say.
pub(crate) async fn run(options: Options) -> Result<(), Failure> {
    let place = &options.place;
    match options.command {
        None => serve::run(place, &options.serve).await,
        Some(Command::Serve(serve)) => serve::run(place, &serve).await,
        Some(Command::Migrate) => with(place, New::Made, migrate::run).await,
        Some(Command::Apply(apply)) => {
            let document = apply::read(&apply.file)?;
            let changed = async |database: &Database| {
                // Without the switch's state directory there is no key, and a document with passwords is refused at them.
                let seal = StateDirectory::existing(&place.state).ok().map(|state| keys::seal(state.path()));
                let seal = seal.transpose()?;
                if let Some(version) = apply::run(database, seal.as_ref(), &document, apply.dry_run).await? {
                    taken_up::wait(&place.state, version).await;
                }
                Ok(())
            };
            with(place, New::Made, changed).await
        }
        Some(Command::Export) => with(place, New::Refused, export::run).await,
        Some(Command::Cdr(question)) => {
            with(place, New::Refused, async |database| cdr::run(database, &question).await).await
        }
        Some(Command::User { command: UserCommand::Password { name, new_password } }) => {
            with(place, New::Refused, async |database| {
                user::set_password(database, &name, new_password).await
            })
            .await
        }
        Some(Command::User { command: UserCommand::Token { name, purpose, may, days } }) => {
            with(place, New::Refused, async |database| {
                user::make_token(database, &name, &purpose, may, days).await
            })
            .await
        }
        Some(Command::Audit { command: AuditCommand::Verify }) => {
            with(place, New::Refused, audit::verify).await
        }
        Some(Command::Ledger { command: LedgerCommand::Check }) => {
            with(place, New::Refused, ledger::check).await
        }
    }
}

async fn with(
    place: &Place,
    new: New,
    command: impl AsyncFnOnce(&Database) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let database = Database::for_command(place, new, Progress::Stderr).await?;
    let outcome = command(&database).await;
    database.close().await;
    outcome
}
