//! Which parameters of a page to show.

use domain::Parameter;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use super::Place;
use crate::{components::Options, words::system};

/// The filter, as it stands in the address.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Question {
    #[serde(default)]
    pub(super) search: String,
    #[serde(default)]
    pub(super) topic: String,
    #[serde(default)]
    pub(super) only: String,
}

impl Question {
    /// What the address asks.
    pub(super) fn asked() -> Signal<Self> {
        let query = use_query_map();
        Signal::derive(move || {
            query.with(|query| {
                let get = |name| query.get(name).unwrap_or_default();
                Self { search: get("search"), topic: get("topic"), only: get("only") }
            })
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it asks for this parameter: every word of the search stands in its name, another name of it, or its
    /// description.
    #[cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "the server filters"))]
    pub(super) fn matches(&self, parameter: Parameter, is_set: bool, owners: i64) -> bool {
        let entry = parameter.entry();
        let mut text = format!("{parameter} {} {}", entry.topic, parameter.about());
        for alias in entry.aliases {
            text.push(' ');
            text.push_str(alias.name);
        }
        let text = text.to_lowercase();
        let found = self.search.to_lowercase().split_whitespace().all(|word| text.contains(word));
        let topic = self.topic.is_empty() || entry.topic.to_string() == self.topic;
        let only = match self.only.as_str() {
            "set" => is_set,
            "default" => !is_set,
            "overridden" => owners > 0,
            "unbuilt" => !entry.built,
            _ => true,
        };
        found && topic && only
    }
}

/// The topics of a page.
pub(super) fn topics(place: Place) -> Options {
    let mut topics: Vec<String> = Vec::new();
    for parameter in Parameter::all().filter(|parameter| place.holds(*parameter)) {
        let topic = parameter.entry().topic.to_string();
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    topics.into_iter().map(|topic| (topic.clone(), topic)).collect()
}

/// What else to filter by.
pub(super) fn kinds() -> Options {
    [
        ("set", system().only_set),
        ("default", system().only_default),
        ("overridden", system().only_overridden),
        ("unbuilt", system().only_unbuilt),
    ]
    .map(|(value, text)| (value.to_owned(), text.to_owned()))
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(question: Question, set: &[Parameter]) -> Vec<&'static str> {
        Parameter::all()
            .filter(|parameter| question.matches(*parameter, set.contains(parameter), 0))
            .map(Parameter::name)
            .collect()
    }

    #[test]
    fn a_search_looks_at_names_other_names_and_descriptions() {
        let search = |text: &str| found(Question { search: text.to_owned(), ..Question::default() }, &[]);
        assert_eq!(search("ss_sip_timeout_invite"), ["SS_SIP_TIMEOUT_INVITE"]);
        assert!(search("ss_max_call_duration").contains(&"SS_MAXCALLDURATION"));
        assert!(search("RING how long").contains(&"SS_SIP_TIMEOUT_RINGING"));
        assert!(search("no such words anywhere").is_empty());
    }

    #[test]
    fn filters_narrow_and_an_unknown_one_does_not() {
        let set = [Parameter::SS_SIP_TIMEOUT_INVITE];
        let only = |only: &str| found(Question { only: only.to_owned(), ..Question::default() }, &set);
        assert_eq!(only("set"), ["SS_SIP_TIMEOUT_INVITE"]);
        assert_eq!(only("default").len() + 1, Parameter::all().count());
        assert_eq!(only("x").len(), Parameter::all().count());
        assert!(only("overridden").is_empty());
        let topic = Question { topic: "NAT".to_owned(), ..Question::default() };
        assert!(found(topic, &[]).iter().all(|name| name.contains("NAT") || name.contains("LOCAL_IP")));
    }
}
