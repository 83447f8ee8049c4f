//! `tandem audit verify`

use std::fmt::Write;

use crate::{database::Database, failure::Failure, progress::Progress};

/// Follows the chain of the audit log; a line that is not as it was written makes the command fail.
pub(super) async fn verify(database: &Database) -> Result<(), Failure> {
    let verdict = store::audit::verify(database.pool()).await?;
    match verdict.first_broken {
        None => {
            let head = verdict.head.iter().fold(String::new(), |mut text, byte| {
                write!(text, "{byte:02x}").expect("a String takes any text");
                text
            });
            Progress::Stdout.say(format_args!(
                "the audit log is as it was written: {} lines, the last one's hash is {head}",
                verdict.lines
            ));
            Ok(())
        }
        Some(line) => Err(Failure::Audit { line, lines: verdict.lines }),
    }
}
