//! Values that were set, and the defaults behind them.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Layering, NamedParameter, NumberPattern, Parameter, Unit, Value, ValueError};
use crate::Money;

/// The values that somebody set; all others are at their defaults. Every getter answers for every parameter: what is not set,
/// or is of another kind than was asked for, gives the default, and what has no such default gives nothing (off, 0, empty).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct ParameterValues(Vec<(Parameter, Value)>);

impl ParameterValues {
    /// The value in force: the one set, or the default.
    pub fn get(&self, parameter: Parameter) -> &Value {
        self.set_value(parameter).unwrap_or(parameter.default_value())
    }

    /// The value that somebody set, if any.
    pub fn set_value(&self, parameter: Parameter) -> Option<&Value> {
        let at = self.0.binary_search_by(|(known, _)| known.cmp(&parameter)).ok()?;
        Some(&self.0[at].1)
    }

    /// Sets what `text` stands for, also when it is the default: on a gateway that differs from inheriting.
    ///
    /// # Errors
    /// As for [`Parameter::parse`]; nothing is changed then.
    pub fn set(&mut self, parameter: Parameter, text: &str) -> Result<(), ValueError> {
        let value = parameter.parse(text)?;
        self.put(parameter, value);
        Ok(())
    }

    fn put(&mut self, parameter: Parameter, value: Value) {
        match self.0.binary_search_by(|(known, _)| known.cmp(&parameter)) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (parameter, value)),
        }
    }

    /// Goes back to the default, or to inheriting.
    pub fn reset(&mut self, parameter: Parameter) {
        self.0.retain(|(known, _)| *known != parameter);
    }

    /// What was set, by name.
    pub fn iter(&self) -> impl Iterator<Item = (Parameter, &Value)> {
        self.0.iter().map(|(parameter, value)| (*parameter, value))
    }

    /// True when nothing was set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These values with those of a gateway over them: the gateway's win, except that a limit only becomes tighter
    /// ([`Layering::Tightens`]). Copies the values: do it when tables are built, not for each call.
    pub fn overlay(&self, gateway: &Self) -> Self {
        let mut both = self.clone();
        for (parameter, value) in gateway.iter() {
            let value = match (parameter.entry().layering, value, self.get(parameter)) {
                (Layering::Tightens, Value::Whole(theirs), Value::Whole(ours)) => {
                    Value::Whole([*theirs, *ours].into_iter().filter(|n| *n > 0).min().unwrap_or(0))
                }
                _ => value.clone(),
            };
            both.put(parameter, value);
        }
        both
    }

    fn find<'a, T>(&'a self, parameter: Parameter, read: impl Fn(&'a Value) -> Option<T>) -> Option<T> {
        self.set_value(parameter).and_then(&read).or_else(|| read(parameter.default_value()))
    }

    /// Of a switch.
    pub fn on(&self, parameter: Parameter) -> bool {
        self.find(parameter, |value| match value {
            Value::OnOff(on) => Some(*on),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// Of a number, in its unit. Where a word stands for no number (`none`, `auto`) that is the largest one: a limit that is
    /// compared with it never bites. [`Self::number`] tells them apart.
    pub fn whole(&self, parameter: Parameter) -> u32 {
        let read = |value: &Value| match value {
            Value::Whole(number) => Some(*number),
            Value::Word(_) => Some(u32::MAX),
            _ => None,
        };
        self.find(parameter, read).unwrap_or_default()
    }

    /// Of a number, in its unit; `None` where a word stands for no number (`none`, `auto`).
    pub fn number(&self, parameter: Parameter) -> Option<u32> {
        let read = |value: &Value| match value {
            Value::Whole(number) => Some(Some(*number)),
            Value::Word(_) => Some(None),
            _ => None,
        };
        self.find(parameter, read).unwrap_or(Some(0))
    }

    /// Of a time, whatever its unit. Zero where a word stands for no number.
    pub fn seconds(&self, parameter: Parameter) -> Duration {
        let number = u64::from(self.number(parameter).unwrap_or_default());
        match parameter.entry().unit {
            Unit::Milliseconds => Duration::from_millis(number),
            Unit::Minutes => Duration::from_secs(number * 60),
            Unit::Days => Duration::from_secs(number * 86_400),
            Unit::Seconds | Unit::None | Unit::Percent | Unit::Currency => Duration::from_secs(number),
        }
    }

    /// Of a time where 0 is off: `None` then, and where a word stands for no number.
    pub fn timer(&self, parameter: Parameter) -> Option<Duration> {
        Some(self.seconds(parameter)).filter(|time| !time.is_zero())
    }

    /// Of a text or a choice.
    pub fn text(&self, parameter: Parameter) -> &str {
        self.find(parameter, |value| match value {
            Value::Text(text) => Some(&**text),
            Value::Word(word) => Some(*word),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// Of a list of waiting times.
    pub fn list(&self, parameter: Parameter) -> &[Duration] {
        self.find(parameter, |value| match value {
            Value::Waits(waits) => Some(&**waits),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// Of a list of numbers.
    pub fn numbers(&self, parameter: Parameter) -> &[NumberPattern] {
        self.find(parameter, |value| match value {
            Value::Numbers(numbers) => Some(&**numbers),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// Of an amount; `None` where there is none.
    pub fn amount(&self, parameter: Parameter) -> Option<Money> {
        self.find(parameter, |value| match value {
            Value::Amount(amount) => Some(Some(*amount)),
            Value::Word(_) => Some(None),
            _ => None,
        })
        .flatten()
    }
}

impl From<ParameterValues> for BTreeMap<String, String> {
    fn from(values: ParameterValues) -> Self {
        values.iter().map(|(parameter, value)| (parameter.to_string(), value.to_string())).collect()
    }
}

impl TryFrom<BTreeMap<String, String>> for ParameterValues {
    type Error = ValueError;

    fn try_from(texts: BTreeMap<String, String>) -> Result<Self, ValueError> {
        let mut values = Self::default();
        for (name, text) in texts {
            let named: NamedParameter =
                name.parse().map_err(|_| ValueError(format!("{name}: there is no such parameter")))?;
            let value = named.parse(&text).map_err(|error| ValueError(format!("{name}: {error}")))?;
            values.put(named.parameter, value);
        }
        Ok(values)
    }
}
