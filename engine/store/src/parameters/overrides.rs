//! A gateway's own values, in the column `overrides` of its table: an object of names and texts.

use domain::{Invalid, Parameter, ParameterValues, parameter::Level};
use serde_json::Value;

use super::list::take_up;
use crate::{StoreError, change};

/// The values as stored; what is unknown, wrong or not a gateway's own affair is passed over.
pub(crate) fn own_values(level: Level, gateway: &str, stored: Value) -> ParameterValues {
    let mut values = ParameterValues::default();
    let Value::Object(fields) = stored else { return values };
    let owner = format!("{level} \"{gateway}\"");
    for (name, value) in fields {
        let text = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        if name.parse().is_ok_and(|parameter: Parameter| !parameter.overridable_by(level)) {
            tracing::warn!(name, owner, "a stored parameter is the system's alone and is passed over");
            continue;
        }
        take_up(&mut values, &name, &text, &owner);
    }
    values
}

/// The values for the column.
///
/// # Errors
/// [`StoreError::Invalid`] at the name of a parameter that only the system has.
pub(crate) fn stored_own_values(level: Level, values: &ParameterValues) -> Result<Value, StoreError> {
    if let Some((parameter, _)) = values.iter().find(|(parameter, _)| !parameter.overridable_by(level)) {
        let message = format!("a {level} has no value of its own for this parameter");
        return Err(Invalid::field(parameter.name(), message).into());
    }
    change::json(values)
}
