//! `tandem migrate`

use crate::{database::Database, failure::Failure, jobs, progress::Progress};

/// Brings the structure up to date and makes the partitions of the next days.
pub(super) async fn run(database: &Database) -> Result<(), Failure> {
    let report = store::migrate(database.pool()).await?;
    jobs::make_partitions(database.pool()).await?;
    for step in &report.applied {
        Progress::Stdout.say(format_args!("applied: {step}"));
    }
    if report.applied.is_empty() {
        Progress::Stdout.say("the database is up to date");
    }
    Ok(())
}
