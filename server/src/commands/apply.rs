//! `tandem apply`

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use domain::ConfigVersion;
use store::{
    Actor, Seal,
    document::{self, ApplyError, Change, ChangeKind, Document},
};

use crate::{database::Database, failure::Failure, progress::Progress};

/// A document larger than this is a mistake; a million rates take about half of it.
const LARGEST: u64 = 128 * 1024 * 1024;

/// A document and the name by which complaints call it.
pub(super) struct Source {
    name: String,
    text: String,
}

/// Reads the file, or standard input for `-`.
pub(super) fn read(path: &Path) -> Result<Source, Failure> {
    let failure = |cause| Failure::File { path: path.to_owned(), cause };
    let (name, input): (_, Box<dyn Read>) = match path.to_str() {
        Some("-") => ("standard input".to_owned(), Box::new(io::stdin().lock())),
        _ => (path.display().to_string(), Box::new(fs::File::open(path).map_err(failure)?)),
    };
    let mut text = String::new();
    let length = input.take(LARGEST + 1).read_to_string(&mut text).map_err(failure)?;
    if length as u64 > LARGEST {
        return Err(failure(io::Error::other("it is larger than 128 MB")));
    }
    Ok(Source { name, text })
}

/// Makes the changes, all or none, and prints them. Gives the configuration that they made, if any.
pub(super) async fn run(
    database: &Database,
    seal: Option<&Seal>,
    source: &Source,
    dry_run: bool,
) -> Result<Option<ConfigVersion>, Failure> {
    let document = Document::parse(&source.text)
        .map_err(|error| Failure::Document(format!("{}:{error}", source.name)))?;
    // A database that `serve` has never touched has no tables yet.
    store::migrate(database.pool()).await?;
    let actor = Actor::command("tandem apply");
    let changes =
        document::apply_with(database.pool(), seal, &actor, &document, dry_run).await.map_err(|error| {
            match error {
                ApplyError::Store(error) => Failure::from(error),
                refused @ ApplyError::Refused(_) => Failure::Document(format!(
                    "{} is refused, nothing has been changed:\n{refused}",
                    source.name
                )),
            }
        })?;
    let mut counts = [0_usize; 3];
    for change in &changes {
        counts[match change.kind {
            ChangeKind::Created => 0,
            ChangeKind::Updated => 1,
            ChangeKind::Unchanged => 2,
        }] += 1;
        if change.kind != ChangeKind::Unchanged {
            Progress::Stdout.say(sentence(change));
        }
    }
    let [created, updated, unchanged] = counts;
    let when = if dry_run { "dry run, nothing has been changed: " } else { "" };
    Progress::Stdout.say(format_args!("{when}{created} created, {updated} updated, {unchanged} unchanged"));
    if dry_run || created + updated == 0 {
        return Ok(None);
    }
    Ok(Some(store::snapshot::version(database.pool()).await?))
}

/// `updated account "Acme": credit_limit 0 → 5`
fn sentence(change: &Change) -> String {
    let fields: Vec<String> = change
        .fields
        .iter()
        .map(|(field, from, to)| match change.kind {
            ChangeKind::Created => format!("{field} {to}"),
            _ => format!("{field} {} → {}", shown(from), shown(to)),
        })
        .collect();
    format!("{} {} \"{}\": {}", change.kind, change.what, change.name, fields.join(", "))
}

fn shown(value: &str) -> &str {
    if value.is_empty() { "(empty)" } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_tells_each_field_from_what_to_what() {
        let change = Change {
            kind: ChangeKind::Updated,
            what: "account",
            name: "Acme".to_owned(),
            fields: vec![("rate_table".to_owned(), String::new(), "Sell".to_owned())],
        };
        assert_eq!(sentence(&change), "updated account \"Acme\": rate_table (empty) → Sell");
    }
}
