//! A gateway's own values of parameters.

use std::collections::BTreeMap;

use domain::ParameterValues;

/// By the parameter's name, as text.
pub(crate) type Overrides = BTreeMap<String, String>;

pub(crate) fn view(values: &ParameterValues) -> Overrides {
    values.clone().into()
}
