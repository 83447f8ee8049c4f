//! A gateway's own values, as its form has them: one text field per parameter, named like it; empty inherits.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::{Level, NamedParameter, ParameterValues};
use crate::Fields;

/// Fields that are looked at: more than there are parameters, and few enough for a stranger to send.
const MOST: usize = 256;

/// Of everything that a form holds, what is named like a parameter: the rest is the form's own affair. A misspelt name is
/// kept, so that it is told and not lost.
pub(crate) fn named<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeMap<String, String>, D::Error> {
    let like_ours = |name: &str| ["SS_", "SERVER_", "IVR_"].iter().any(|start| name.starts_with(start));
    let all = BTreeMap::<String, String>::deserialize(d)?;
    Ok(all.into_iter().filter(|(name, _)| like_ours(name)).take(MOST).collect())
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
