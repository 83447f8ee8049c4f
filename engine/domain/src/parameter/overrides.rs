//! A gateway's own values, as its form has them: one text field per parameter, named like it; empty inherits.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use super::{Level, NamedParameter, ParameterValues};
use crate::Fields;

/// Fields that are looked at: more than there are parameters, and few enough for a stranger to send.
const MOST: usize = 256;

/// Of everything that a form holds, what is named like a parameter: the rest (the row's version, fields of later builds) is the
/// form's own affair, whatever it holds. A misspelt name is kept, so that it is told and not lost.
pub(crate) fn named<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeMap<String, String>, D::Error> {
    d.deserialize_map(Named)
}

struct Named;

impl<'de> Visitor<'de> for Named {
    type Value = BTreeMap<String, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fields of a form")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut form: A) -> Result<Self::Value, A::Error> {
        let like_ours = |name: &str| ["SS_", "SERVER_", "IVR_"].iter().any(|start| name.starts_with(start));
        let mut named = BTreeMap::new();
        while let Some(name) = form.next_key::<String>()? {
            if like_ours(&name) && named.len() < MOST {
                let Scalar(text) = form.next_value()?;
                named.insert(name, text);
            } else {
                form.next_value::<IgnoredAny>()?;
            }
        }
        Ok(named)
    }
}

/// A form sends text; JSON may hold a number or a flag as well.
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a parameter holds a text, a whole number or true or false")]
        enum Written {
            Text(String),
            Whole(i64),
            Flag(bool),
        }
        Ok(Self(match Written::deserialize(d)? {
            Written::Text(text) => text,
            Written::Whole(number) => number.to_string(),
            Written::Flag(on) => on.to_string(),
        }))
    }
}

/// The values of a gateway of that level; what is wrong is told at the parameter's name.
pub(crate) fn check(
    f: &mut Fields,
    level: Level,
    texts: &BTreeMap<String, String>,
) -> Option<ParameterValues> {
    let mut values = ParameterValues::default();
    for (name, text) in texts {
        if text.trim().is_empty() {
            continue;
        }
        let Ok(named) = name.parse::<NamedParameter>() else {
            f.refuse(name, "there is no such parameter");
            continue;
        };
        let parameter = named.parameter;
        if !parameter.overridable_by(level) {
            f.refuse(name, format!("a {level} has no value of its own for this parameter"));
        } else if values.set_value(parameter).is_some() {
            f.refuse(name, format!("{parameter} is given twice, under two names"));
        } else {
            f.take(name, values.set(parameter, &named.text(text)));
        }
    }
    Some(values)
}

/// The fields of a form that shows these values.
pub(crate) fn drafts(values: &ParameterValues) -> BTreeMap<String, String> {
    values.clone().into()
}
