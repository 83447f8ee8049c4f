//! Parameters in a document: the system's in `[parameters]`, a gateway's own in its key `parameters`.

use std::collections::BTreeMap;

use domain::{Invalid, NamedParameter, Parameter};
use sqlx::PgConnection;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Change, ChangeKind, DocumentError,
    apply::{Miss, Work},
    entry::GivenParameter,
    parse::in_order,
    position::Lines,
};
use crate::parameters;

/// The parameters of a table, in the order written.
pub(super) fn read(
    lines: &Lines<'_>,
    subject: &str,
    value: &Spanned<DeValue<'_>>,
) -> Result<Vec<GivenParameter>, DocumentError> {
    let DeValue::Table(table) = value.get_ref() else {
        return Err(lines.error(&value.span(), format!("{subject}: write a table of names and values")));
    };
    read_table(lines, subject, table)
}

fn read_table(
    lines: &Lines<'_>,
    subject: &str,
    table: &DeTable<'_>,
) -> Result<Vec<GivenParameter>, DocumentError> {
    let mut given = Vec::new();
    let mut seen: BTreeMap<Parameter, usize> = BTreeMap::new();
    for (key, value) in in_order(table) {
        let name = key.get_ref();
        let wrong = |span, message: String| lines.error(&span, format!("{subject}: {name}: {message}"));
        let Ok(named) = name.parse::<NamedParameter>() else {
            return Err(wrong(key.span(), "there is no such parameter".to_owned()));
        };
        let Some(text) = text(value.get_ref()) else {
            let message = "write its value as text in quotes, a whole number, or true or false";
            return Err(wrong(value.span(), message.to_owned()));
        };
        let (parameter, line) = (named.parameter, lines.line(key.span().start));
        if let Some(first) = seen.insert(parameter, line) {
            let message = format!("{parameter} is given twice, under two names, first in line {first}");
            return Err(wrong(key.span(), message));
        }
        given.push(GivenParameter { parameter, text: named.text(&text).into_owned(), line });
    }
    Ok(given)
}

/// A value as text. A list is one text with commas; a number with a fraction must stay exact and therefore in quotes.
fn text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Boolean(on) => Some(on.to_string()),
        DeValue::Array(items) => {
            let words: Option<Vec<_>> = items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::String(word) => Some(word.to_string()),
                    DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
                    _ => None,
                })
                .collect();
            Some(words?.join(","))
        }
        _ => None,
    }
}

/// Makes one of the system's parameters hold what the document says. Empty text is the default where it is no value.
pub(super) async fn apply(
    work: &mut Work<'_>,
    conn: &mut PgConnection,
    given: &GivenParameter,
) -> Result<(), Miss> {
    let parameter = given.parameter;
    let default = parameter.default_value();
    let value = match parameter.parse(&given.text) {
        Ok(value) => value,
        Err(_) if given.text.trim().is_empty() => default.clone(),
        Err(error) => return Err(Invalid::field("", error.to_string()).into()),
    };
    let wanted = (value != *default).then(|| value.to_string());
    let old = parameters::put(conn, work.actor, parameter, wanted.as_deref()).await?;
    let mut change =
        Change { kind: ChangeKind::Unchanged, what: WHAT, name: parameter.to_string(), fields: Vec::new() };
    if old != wanted {
        let shown = |text: Option<String>| text.unwrap_or_else(|| default.to_string());
        change.kind = ChangeKind::Updated;
        change.fields.push(("value".to_owned(), shown(old), shown(wanted)));
    }
    work.changes.push(change);
    Ok(())
}

/// What a parameter is called in a report.
pub(super) const WHAT: &str = "parameter";
