//! `;name=value` lists of URIs and headers.

use std::fmt;

use crate::scan;

/// Parameters in their order, values verbatim (quotes and escapes kept). Names compare without case (RFC 3261 §7.3.1).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Params(Vec<(String, Option<String>)>);

impl Params {
    /// No parameters.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Reads `a=b;c`, with or without a leading semicolon; quoted strings may hold semicolons.
    pub fn parse(text: &str) -> Self {
        Self(
            scan::split_outside(text, b';')
                .map(|part| {
                    let (name, value) = scan::name_and_value(part);
                    (name.to_owned(), value.map(str::to_owned))
                })
                .collect(),
        )
    }

    /// The verbatim value; `Some("")` when the parameter stands without one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_deref().unwrap_or(""))
    }

    /// The value with quotes and escapes removed.
    pub fn unquoted(&self, name: &str) -> Option<String> {
        self.get(name).map(scan::unquote)
    }

    /// Whether the parameter is there, with or without a value.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets or replaces a parameter; `None` writes it without a value.
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        let value = value.map(str::to_owned);
        match self.0.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case(name)) {
            Some(entry) => entry.1 = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Takes a parameter out.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    }

    /// Names and verbatim values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_deref()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.0 {
            match value {
                Some(value) => write!(f, ";{name}={value}")?,
                None => write!(f, ";{name}")?,
            }
        }
        Ok(())
    }
}
