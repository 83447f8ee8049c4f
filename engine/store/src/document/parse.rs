//! From text to entries: syntax, known keys, shapes of values.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    DocumentError,
    entry::{
        ACCOUNT, AGENT, Entry, Given, GivenParameter, Kind, MAPPING_GATEWAY, PHONE, RATE, RATE_TABLE,
        REGISTRATION, ROUTING_GATEWAY, Shape,
    },
    parameters,
    position::Lines,
};

/// A document whose syntax, keys and shapes are right; its values are checked when it is applied.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub(super) parameters: Vec<GivenParameter>,
    pub(super) rate_tables: Vec<Entry>,
    pub(super) accounts: Vec<Entry>,
    pub(super) agents: Vec<Entry>,
    pub(super) mapping_gateways: Vec<Entry>,
    pub(super) routing_gateways: Vec<Entry>,
    pub(super) phones: Vec<Entry>,
    pub(super) registrations: Vec<Entry>,
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place: syntax, an unknown table or key, a value of another shape, a missing or
    /// repeated name.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let lines = Lines::of(text);
        let root = DeTable::parse(text)
            .map_err(|error| lines.error(&error.span().unwrap_or_default(), error.message()))?;
        let mut document = Self::default();
        for (key, value) in in_order(root.get_ref()) {
            let (kind, entries) = match key.get_ref().as_ref() {
                "rate_table" => (&RATE_TABLE, &mut document.rate_tables),
                "account" => (&ACCOUNT, &mut document.accounts),
                "agent" => (&AGENT, &mut document.agents),
                "mapping_gateway" => (&MAPPING_GATEWAY, &mut document.mapping_gateways),
                "routing_gateway" => (&ROUTING_GATEWAY, &mut document.routing_gateways),
                "phone" => (&PHONE, &mut document.phones),
                "registration" => (&REGISTRATION, &mut document.registrations),
                "parameters" => {
                    document.parameters = parameters::read(&lines, "parameters", value)?;
                    continue;
                }
                other => {
                    let message = format!(
                        "{other}: there is no such table; there are parameters, rate_table, account, agent, mapping_gateway, routing_gateway, phone and registration"
                    );
                    return Err(lines.error(&key.span(), message));
                }
            };
            *entries = Reader { lines: &lines, kind }.entries(value)?;
        }
        Ok(document)
    }
}

type KeyAndValue<'t, 'i> = (&'t Spanned<Cow<'i, str>>, &'t Spanned<DeValue<'i>>);

/// The keys as they stand in the text: the first error told is the first one there.
pub(super) fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<KeyAndValue<'t, 'i>> {
    let mut keys: Vec<_> = table.iter().collect();
    keys.sort_by_key(|(key, _)| key.span().start);
    keys
}

/// Reads the tables of one kind.
struct Reader<'a> {
    lines: &'a Lines<'a>,
    kind: &'static Kind,
}

impl Reader<'_> {
    fn entries(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<Entry>, DocumentError> {
        let kind = self.kind.name;
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self
                .lines
                .error(&value.span(), format!("{kind}: write each as a table, [[{kind}]]")));
        };
        let mut entries: Vec<Entry> = Vec::with_capacity(items.len());
        let mut seen: HashMap<String, usize> = HashMap::with_capacity(items.len());
        for item in items.iter() {
            let entry = self.entry(item)?;
            if let Some(first) = seen.insert(entry.name.clone(), entry.line) {
                let message = format!("{kind} \"{}\" is given twice, first in line {first}", entry.name);
                return Err(self.lines.error(&item.span(), message));
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    fn entry(&self, item: &Spanned<DeValue<'_>>) -> Result<Entry, DocumentError> {
        let kind = self.kind.name;
        let DeValue::Table(table) = item.get_ref() else {
            return Err(self.lines.error(&item.span(), format!("{kind}: write a table of keys and values")));
        };
        let identity = self.kind.keys[0].0;
        // The name first, so that every later complaint can tell it.
        let named = table.iter().find(|(key, _)| key.get_ref() == identity);
        let Some((_, name)) = named else {
            return Err(self.lines.error(&item.span(), format!("{kind}: {identity} is missing")));
        };
        let name = self.words(&format!("{kind}: {identity}"), Shape::Text, name)?.concat().trim().to_owned();
        let subject = format!("{kind} \"{name}\"");
        let line = self.lines.line(item.span().start);
        let mut entry =
            Entry { kind, name, line, values: BTreeMap::new(), rates: Vec::new(), parameters: Vec::new() };
        for (key, value) in in_order(table) {
            let Some((key, shape)) = self.kind.keys.iter().find(|(known, _)| key.get_ref() == known) else {
                let known: Vec<_> = self.kind.keys.iter().map(|(known, _)| *known).collect();
                let message = format!(
                    "{subject}: {}: there is no such key; there are {}",
                    key.get_ref(),
                    known.join(", ")
                );
                return Err(self.lines.error(&key.span(), message));
            };
            if *shape == Shape::Rates {
                entry.rates = Reader { lines: self.lines, kind: &RATE }.entries(value).map_err(|error| {
                    DocumentError { message: format!("{subject}: {}", error.message), ..error }
                })?;
                continue;
            }
            if *shape == Shape::Parameters {
                entry.parameters = parameters::read(self.lines, &format!("{subject}: {key}"), value)?;
                continue;
            }
            let words = self.words(&format!("{subject}: {key}"), *shape, value)?;
            entry.values.insert(key, Given { words, line: self.lines.line(value.span().start) });
        }
        Ok(entry)
    }

    /// A value in a form's words, or what shape it should have.
    fn words(
        &self,
        subject: &str,
        shape: Shape,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Vec<String>, DocumentError> {
        let expected = match (shape, value.get_ref()) {
            (Shape::Text | Shape::Number | Shape::Amount, DeValue::String(text)) => {
                return Ok(vec![text.to_string()]);
            }
            (Shape::Number | Shape::Amount, DeValue::Integer(number)) if number.radix() == 10 => {
                return Ok(vec![number.as_str().to_owned()]);
            }
            (Shape::Flag, DeValue::Boolean(on)) => return Ok(vec![if *on { "on" } else { "" }.to_owned()]),
            (Shape::Texts, DeValue::Array(items)) => {
                return items.iter().map(|item| self.word(subject, item)).collect();
            }
            (Shape::Text, _) => "write text in quotes",
            (Shape::Number, _) => "write a whole number",
            (Shape::Amount, _) => "write the number in quotes, so that it stays exact",
            (Shape::Flag, _) => "write true or false",
            (Shape::Texts | Shape::Rates, _) => "write a list in brackets",
            (Shape::Parameters, _) => "write a table of names and values",
        };
        Err(self.error(&value.span(), subject, expected))
    }

    fn word(&self, subject: &str, item: &Spanned<DeValue<'_>>) -> Result<String, DocumentError> {
        match item.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            _ => Err(self.error(&item.span(), subject, "write each value of the list in quotes")),
        }
    }

    fn error(&self, span: &Range<usize>, subject: &str, message: &str) -> DocumentError {
        self.lines.error(span, format!("{subject}: {message}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Document::parse(text).expect_err("it must be refused").to_string()
    }

    #[test]
    fn an_unknown_table_or_key_is_told_with_its_place() {
        assert!(refused("\n[[acount]]\nname = \"x\"").starts_with("2:3: acount: there is no such table"));
        assert!(
            refused("[[account]]\nname = \"x\"\nkredit = 1")
                .starts_with("3:1: account \"x\": kredit: there is no such key")
        );
        assert_eq!(refused("[parameters]\nSS_X = 1"), "2:1: parameters: SS_X: there is no such parameter");
        assert_eq!(
            refused("[[routing_gateway]]\nname = \"v\"\nparameters = { SS_X = 1 }"),
            "3:16: routing_gateway \"v\": parameters: SS_X: there is no such parameter"
        );
        assert!(Document::parse("[parameters]\n").is_ok());
    }

    #[test]
    fn broken_syntax_is_told_with_its_place() {
        let error = Document::parse("[[account]]\nname = \"x\nkind = 1").unwrap_err();
        assert_eq!(error.line, 2, "{error}");
    }

    #[test]
    fn a_rate_as_a_floating_point_number_is_refused() {
        let text = "[[rate_table]]\nname = \"t\"\nrates = [\n  { prefix = \"44\", rate = 0.02 },\n]";
        assert_eq!(
            refused(text),
            "4:27: rate_table \"t\": rate \"44\": rate: write the number in quotes, so that it stays exact"
        );
    }

    #[test]
    fn a_parameter_of_another_shape_or_under_two_names_is_refused() {
        for value in ["1.5", "0x10", "{}", "[[1]]", "1979-05-27"] {
            let told = refused(&format!("[parameters]\nSS_SIP_TIMEOUT_INVITE = {value}"));
            assert!(
                told.starts_with("2:25: parameters: SS_SIP_TIMEOUT_INVITE: write its value as text"),
                "{told}"
            );
        }
        assert_eq!(
            refused("[parameters]\nSS_MAXCALLDURATION = 1\nSS_MAX_CALL_DURATION = 1"),
            "3:1: parameters: SS_MAX_CALL_DURATION: SS_MAXCALLDURATION is given twice, under two names, first in line 2"
        );
        assert!(refused("parameters = 1").contains("write a table of names and values"));
        assert!(refused("[[mapping_gateway]]\nname = \"x\"\nparameters = []").contains("write a table"));
    }

    #[test]
    fn a_name_given_twice_or_not_at_all_is_refused() {
        assert!(refused("[[account]]\nname = \"x\"\n[[account]]\nname = \"x\"").contains("first in line 1"));
        assert!(refused("[[account]]\nkind = \"vendor\"").contains("account: name is missing"));
        let rates = "[[rate_table]]\nname = \"t\"\nrates = [{ prefix = \"1\" }, { prefix = \"1\" }]";
        assert!(refused(rates).contains("rate \"1\" is given twice"));
    }

    #[test]
    fn values_of_another_shape_are_refused() {
        for (line, expected) in [
            ("name = 1", "write text in quotes"),
            ("name = \"x\"\nenabled = \"yes\"", "write true or false"),
            ("name = \"x\"\nmax_calls = 1.5", "write a whole number"),
            ("name = \"x\"\nmax_calls = 0x10", "write a whole number"),
            ("name = \"x\"\nsources = \"192.0.2.1\"", "write a list in brackets"),
            ("name = \"x\"\nsources = [1]", "write each value of the list in quotes"),
        ] {
            assert!(refused(&format!("[[mapping_gateway]]\n{line}")).contains(expected), "{line}");
        }
        assert!(refused("account = 1").contains("[[account]]"));
        assert!(refused("[account]\nname = \"x\"").contains("[[account]]"));
    }
}
