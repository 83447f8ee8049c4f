//! One table of a document before it is checked: what was given, as text, with its place.

use std::collections::BTreeMap;

use domain::Parameter;

/// What a key holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A string.
    Text,
    /// A whole number, or a string of it; `""` for none.
    Number,
    /// A decimal number in quotes, or a whole one.
    Amount,
    /// `true` or `false`.
    Flag,
    /// A list of strings.
    Texts,
    /// A list of rates.
    Rates,
    /// A table of parameters.
    Parameters,
}

/// A kind of table: its name in the document and its keys.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) keys: &'static [(&'static str, Shape)],
}

pub(super) const RATE_TABLE: Kind = Kind {
    name: "rate_table",
    keys: &[
        ("name", Shape::Text),
        ("currency", Shape::Text),
        ("billing_unit", Shape::Number),
        ("rates", Shape::Rates),
    ],
};

pub(super) const RATE: Kind = Kind {
    name: "rate",
    keys: &[
        ("prefix", Shape::Text),
        ("destination", Shape::Text),
        ("rate", Shape::Amount),
        ("connect_fee", Shape::Amount),
        ("billing_unit", Shape::Number),
    ],
};

pub(super) const ACCOUNT: Kind = Kind {
    name: "account",
    keys: &[
        ("name", Shape::Text),
        ("kind", Shape::Text),
        ("currency", Shape::Text),
        ("precision", Shape::Number),
        ("credit_limit", Shape::Amount),
        ("rate_table", Shape::Text),
        ("agent", Shape::Text),
        ("status", Shape::Text),
        ("opening_balance", Shape::Amount),
    ],
};

pub(super) const AGENT: Kind =
    Kind { name: "agent", keys: &[("name", Shape::Text), ("account", Shape::Text), ("status", Shape::Text)] };

pub(super) const MAPPING_GATEWAY: Kind = Kind {
    name: "mapping_gateway",
    keys: &[
        ("name", Shape::Text),
        ("account", Shape::Text),
        ("sources", Shape::Texts),
        ("user", Shape::Text),
        ("password", Shape::Text),
        ("max_calls", Shape::Number),
        ("enabled", Shape::Flag),
        ("caller_field", Shape::Text),
        ("callee_field", Shape::Text),
        ("support_privacy", Shape::Flag),
        ("parameters", Shape::Parameters),
    ],
};

pub(super) const ROUTING_GATEWAY: Kind = Kind {
    name: "routing_gateway",
    keys: &[
        ("name", Shape::Text),
        ("account", Shape::Text),
        ("address", Shape::Text),
        ("user", Shape::Text),
        ("password", Shape::Text),
        ("prefixes", Shape::Texts),
        ("transport", Shape::Text),
        ("local", Shape::Text),
        ("redirects", Shape::Text),
        ("prefix_mode", Shape::Text),
        ("priority", Shape::Number),
        ("max_calls", Shape::Number),
        ("enabled", Shape::Flag),
        ("privacy", Shape::Text),
        ("asserted_identity", Shape::Text),
        ("preferred_identity", Shape::Text),
        ("asserted_rules", Shape::Texts),
        ("peer_number", Shape::Text),
        ("local_domain", Shape::Flag),
        ("user_phone", Shape::Flag),
        ("custom_headers", Shape::Texts),
        ("passed_headers", Shape::Texts),
        ("parameters", Shape::Parameters),
    ],
};

pub(super) const PHONE: Kind = Kind {
    name: "phone",
    keys: &[
        ("number", Shape::Text),
        ("account", Shape::Text),
        ("password", Shape::Text),
        ("display_name", Shape::Text),
        ("enabled", Shape::Flag),
        ("max_calls", Shape::Number),
        ("address", Shape::Text),
        ("max_contacts", Shape::Number),
        ("forward_always", Shape::Text),
        ("forward_busy", Shape::Text),
        ("forward_no_answer", Shape::Text),
        ("no_answer_after", Shape::Number),
        ("forward_offline", Shape::Text),
        ("do_not_disturb", Shape::Flag),
        ("caller_ids", Shape::Texts),
        ("allowed_networks", Shape::Texts),
        ("parameters", Shape::Parameters),
    ],
};

pub(super) const REGISTRATION: Kind = Kind {
    name: "registration",
    keys: &[
        ("name", Shape::Text),
        ("server", Shape::Text),
        ("proxy", Shape::Text),
        ("user", Shape::Text),
        ("auth_user", Shape::Text),
        ("password", Shape::Text),
        ("contact", Shape::Text),
        ("period", Shape::Number),
        ("transport", Shape::Text),
        ("enabled", Shape::Flag),
    ],
};

/// One table of the document.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// `account`, `rate` …
    pub(super) kind: &'static str,
    /// Its name, or a rate's prefix.
    pub(super) name: String,
    /// Where it begins.
    pub(super) line: usize,
    /// What was given, in the words that a form would have (`on` and empty for flags).
    pub(super) values: BTreeMap<&'static str, Given>,
    /// Of a rate table.
    pub(super) rates: Vec<Entry>,
    /// A gateway's own values.
    pub(super) parameters: Vec<GivenParameter>,
}

/// A value and its place.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) words: Vec<String>,
    pub(super) line: usize,
}

/// A parameter, what it shall hold in the words of its canonical name, and its place.
#[derive(Clone, Debug)]
pub(super) struct GivenParameter {
    pub(super) parameter: Parameter,
    pub(super) text: String,
    pub(super) line: usize,
}

impl Entry {
    /// The text of a key, when it was given.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.values.get(key).map(|given| given.words.join(", "))
    }

    /// Puts a gateway's own values into its form's fields; an empty one inherits.
    pub(super) fn fill_parameters(&self, fields: &mut BTreeMap<String, String>) {
        for given in &self.parameters {
            fields.insert(given.parameter.to_string(), given.text.clone());
        }
    }

    /// Puts the text of a key into a form's field, when it was given.
    pub(super) fn fill(&self, key: &str, field: &mut String) {
        if let Some(text) = self.text(key) {
            *field = text;
        }
    }

    /// The words of a list, when it was given.
    pub(super) fn words(&self, key: &str) -> Option<&[String]> {
        self.values.get(key).map(|given| given.words.as_slice())
    }

    /// Where a key stands; where the table begins when it was not given.
    pub(super) fn line_of(&self, key: &str) -> usize {
        let parameter = || self.parameters.iter().find(|given| given.parameter.name() == key);
        let line = self.values.get(key).map(|given| given.line).or_else(|| Some(parameter()?.line));
        line.unwrap_or(self.line)
    }
}
