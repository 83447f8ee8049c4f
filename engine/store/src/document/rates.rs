//! The rates of a document's rate table, matched by prefix.

use std::collections::BTreeMap;

use domain::{FieldError, Invalid, RateDraft, RateRow, RateSettings, RateTableId};
use sqlx::PgConnection;

use crate::{
    change::{self, Record},
    rate_tables,
};

use super::{
    Change,
    apply::{Miss, Work},
    entry::Entry,
    things,
};

/// Complaints about one table that are collected.
const MOST: usize = 200;

pub(super) async fn apply(
    work: &mut Work<'_>,
    conn: &mut PgConnection,
    entry: &Entry,
    table: RateTableId,
) -> Result<(), Miss> {
    if entry.rates.is_empty() {
        return Ok(());
    }
    let known: BTreeMap<String, RateRow> = rate_tables::all_rates(conn, table)
        .await?
        .into_iter()
        .map(|row| (row.settings.prefix.to_string(), row))
        .collect();
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    let mut wrong: Vec<FieldError> = Vec::new();
    for rate in &entry.rates {
        let known = known.get(&rate.name);
        let settings = match settings(rate, known) {
            Ok(settings) => settings,
            Err(invalid) => {
                wrong.extend(
                    invalid
                        .0
                        .into_iter()
                        .map(|error| FieldError { field: path(rate, &error.field), ..error }),
                );
                if wrong.len() >= MOST {
                    break;
                }
                continue;
            }
        };
        let draft = RateDraft::from(&settings);
        let draft_before = known.map(|row| RateDraft::from(&row.settings));
        let change = things::change(rate, draft_before.as_ref(), &draft);
        work.changes.push(Change { name: format!("{} {}", entry.name, shown(&rate.name)), ..change });
        match known {
            Some(row) if row.settings == settings => continue,
            Some(row) => {
                before.insert(rate.name.clone(), row.settings.clone());
                changed.push((row.id, settings.clone()));
            }
            None => new.push(settings.clone()),
        }
        after.insert(rate.name.clone(), settings);
    }
    if !wrong.is_empty() {
        return Err(Miss::Invalid(Invalid(wrong)));
    }
    if after.is_empty() {
        return Ok(());
    }
    rate_tables::write_rates(conn, table, &new, &changed).await?;
    let subject = format!("rates of rate table \"{}\"", entry.name);
    let record = Record { action: "update", subject: &subject, before: Some(&before), after: Some(&after) };
    change::record(conn, work.actor, record).await?;
    Ok(())
}

fn settings(rate: &Entry, known: Option<&RateRow>) -> Result<RateSettings, Invalid> {
    let mut draft = known.map(|row| RateDraft::from(&row.settings)).unwrap_or_default();
    rate.fill("prefix", &mut draft.prefix);
    rate.fill("destination", &mut draft.destination);
    rate.fill("rate", &mut draft.rate);
    rate.fill("connect_fee", &mut draft.connect_fee);
    rate.fill("billing_unit", &mut draft.billing_unit);
    draft.check()
}

/// How a complaint names a field of a rate: `rate "44": billing_unit`.
fn path(rate: &Entry, field: &str) -> String {
    format!("rate \"{}\": {field}", rate.name)
}

/// Where such a field stands.
pub(super) fn line_of(table: &Entry, path_of_field: &str) -> Option<usize> {
    let (prefix, field) = path_of_field.strip_prefix("rate \"")?.split_once("\": ")?;
    table.rates.iter().find(|rate| rate.name == prefix).map(|rate| rate.line_of(field))
}

fn shown(prefix: &str) -> String {
    if prefix.is_empty() { "\"\"".to_owned() } else { prefix.to_owned() }
}
