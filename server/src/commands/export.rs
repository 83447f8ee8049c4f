//! `tandem export`

use crate::{database::Database, failure::Failure, progress::Progress};

/// Prints a document that `tandem apply` takes up without a change.
pub(super) async fn run(database: &Database) -> Result<(), Failure> {
    let document = store::document::export(database.pool()).await?;
    Progress::Stdout.say(document.trim_end());
    Ok(())
}
