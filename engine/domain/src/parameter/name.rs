//! From a name, canonical or not, to the parameter.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Alias, Parameter, Value, ValueError};

/// A name that no parameter has.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("there is no such parameter")]
pub struct UnknownParameter;

/// A parameter under the name that somebody used for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NamedParameter {
    /// Which it is.
    pub parameter: Parameter,
    alias: Option<&'static Alias>,
}

impl NamedParameter {
    /// `text` in the words of the canonical name: under an alias a value may be called otherwise.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let values = self.alias.map_or(&[][..], |alias| alias.values);
        match values.iter().find(|(theirs, _)| *theirs == text.trim()) {
            Some((_, ours)) => Cow::Borrowed(ours),
            None => Cow::Borrowed(text),
        }
    }

    /// The value that `text` stands for under this name.
    ///
    /// # Errors
    /// As for [`Parameter::parse`].
    pub fn parse(&self, text: &str) -> Result<Value, ValueError> {
        self.parameter.parse(&self.text(text))
    }
}

impl FromStr for NamedParameter {
    type Err = UnknownParameter;

    fn from_str(s: &str) -> Result<Self, UnknownParameter> {
        let s = s.trim();
        Parameter::all()
            .find_map(|parameter| {
                if parameter.name().eq_ignore_ascii_case(s) {
                    return Some(Self { parameter, alias: None });
                }
                let alias = parameter.entry().aliases.iter().find(|a| a.name.eq_ignore_ascii_case(s))?;
                Some(Self { parameter, alias: Some(alias) })
            })
            .ok_or(UnknownParameter)
    }
}

impl FromStr for Parameter {
    type Err = UnknownParameter;

    /// By its name or another that it has. Where a value follows, read a [`NamedParameter`] instead.
    fn from_str(s: &str) -> Result<Self, UnknownParameter> {
        s.parse().map(|named: NamedParameter| named.parameter)
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Parameter {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let name = String::deserialize(d)?;
        name.parse().map_err(|_| serde::de::Error::custom(format!("{name}: there is no such parameter")))
    }
}
