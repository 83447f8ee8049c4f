//! What a number becomes on its way: beginnings and what stands in their place.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// One beginning and its replacement, written `0=+49`; `=+` puts a plus before every number and `00=` takes zeros away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NumberRule {
    begins: String,
    becomes: String,
}

/// Text that is no rule, or rules that contradict each other.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NumberRuleError {
    /// It does not read as one.
    #[error(
        "write rules like 0=+49: a beginning, = and what takes its place, in digits, *, # and a leading +"
    )]
    Unreadable,
    /// Two replacements of one beginning.
    #[error("the beginning \"{0}\" is given twice")]
    Twice(String),
}

/// Characters of each side of a rule.
const LONGEST: usize = 24;

impl FromStr for NumberRule {
    type Err = NumberRuleError;
    fn from_str(s: &str) -> Result<Self, NumberRuleError> {
        let (begins, becomes) = s.trim().split_once('=').ok_or(NumberRuleError::Unreadable)?;
        if !is_beginning(begins) || !is_beginning(becomes) {
            return Err(NumberRuleError::Unreadable);
        }
        Ok(Self { begins: begins.to_owned(), becomes: becomes.to_owned() })
    }
}

fn is_beginning(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    text.len() <= LONGEST && digits.bytes().all(|b| b.is_ascii_digit() || b == b'*' || b == b'#')
}

impl fmt::Display for NumberRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.begins, self.becomes)
    }
}

/// The rules for one number: the longest beginning that it has is replaced, once. A number that no rule fits stays.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct NumberRules(Vec<NumberRule>);

impl NumberRules {
    /// How many there may be.
    pub const MOST: usize = 32;

    /// # Errors
    /// When a beginning is given twice.
    pub fn new(rules: Vec<NumberRule>) -> Result<Self, NumberRuleError> {
        for (at, rule) in rules.iter().enumerate() {
            if rules[..at].iter().any(|earlier| earlier.begins == rule.begins) {
                return Err(NumberRuleError::Twice(rule.begins.clone()));
            }
        }
        Ok(Self(rules))
    }

    /// What `number` becomes.
    pub fn apply<'a>(&self, number: &'a str) -> Cow<'a, str> {
        let fitting = self.0.iter().filter(|rule| number.starts_with(&rule.begins));
        match fitting.max_by_key(|rule| rule.begins.len()) {
            Some(rule) => Cow::Owned(format!("{}{}", rule.becomes, &number[rule.begins.len()..])),
            None => Cow::Borrowed(number),
        }
    }

    /// Each as it is written.
    pub fn words(&self) -> Vec<String> {
        self.0.iter().map(NumberRule::to_string).collect()
    }
}

impl TryFrom<Vec<String>> for NumberRules {
    type Error = NumberRuleError;
    fn try_from(words: Vec<String>) -> Result<Self, NumberRuleError> {
        Self::new(words.iter().map(|word| word.parse()).collect::<Result<_, _>>()?)
    }
}

impl From<NumberRules> for Vec<String> {
    fn from(rules: NumberRules) -> Self {
        rules.words()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(words: &[&str]) -> Result<NumberRules, NumberRuleError> {
        words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>().try_into()
    }

    #[test]
    fn the_longest_beginning_is_replaced_once() {
        let rules = rules(&["0=+49", "00=+", "=+", "+="]).unwrap();
        for (number, becomes) in [
            ("030123", "+4930123"),
            ("0044207", "+44207"),
            ("44207", "+44207"),
            ("+44207", "44207"),
            ("", "+"),
        ] {
            assert_eq!(rules.apply(number), becomes, "{number}");
        }
        assert_eq!(NumberRules::default().apply("030"), "030");
    }

    #[test]
    fn rules_that_contradict_or_cannot_be_read_are_refused() {
        assert_eq!(rules(&["0=1", "0=2"]), Err(NumberRuleError::Twice("0".into())));
        for bad in ["", "0", "0=4+9", "a=1", "0=<sip:x>", "0=1=2", &format!("{}=", "1".repeat(25))] {
            assert_eq!(rules(&[bad]), Err(NumberRuleError::Unreadable), "{bad}");
        }
    }
}
