//! Which lines of the audit log to show.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::figures::in_query;

/// The filter, as it stands in the address. Moments are UTC.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Question {
    pub(super) person: String,
    pub(super) action: String,
    pub(super) subject: String,
    pub(super) from: String,
    pub(super) to: String,
    /// The line behind which the page begins.
    pub(super) after: String,
}

impl Question {
    /// What the address asks.
    pub(super) fn asked() -> Memo<Self> {
        let query = use_query_map();
        Memo::new(move |_| {
            query.with(|query| {
                let get = |name| query.get(name).unwrap_or_default();
                Self {
                    person: get("person"),
                    action: get("action"),
                    subject: get("subject"),
                    from: get("from"),
                    to: get("to"),
                    after: get("after"),
                }
            })
        })
    }

    /// The address that asks the same behind another line, or from the newest on.
    pub(super) fn address(&self, after: Option<i64>) -> String {
        let fields = [
            ("person", &self.person),
            ("action", &self.action),
            ("subject", &self.subject),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let mut asked: Vec<String> = fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", in_query(value)))
            .collect();
        asked.extend(after.map(|after| format!("after={after}")));
        if asked.is_empty() { LIST.to_owned() } else { format!("{LIST}?{}", asked.join("&")) }
    }

    /// The filter that it stands for, or what is wrong at which field.
    #[cfg(feature = "ssr")]
    pub(super) fn filter(&self, limit: u32) -> Result<domain::AuditFilter, domain::Invalid> {
        use crate::pages::cdrs::moment;

        let mut f = domain::Fields::default();
        let mut at = |field: &str, text: &str| match text.trim() {
            "" => Some(None),
            text => f.take(field, moment(text)).map(Some),
        };
        let (from, to) = (at("from", &self.from), at("to", &self.to));
        if let (Some(Some(from)), Some(Some(to))) = (from, to)
            && from >= to
        {
            f.refuse("to", "the end lies before the beginning");
        }
        let filter = from.zip(to).map(|(from, to)| domain::AuditFilter {
            person: self.person.trim().to_owned(),
            action: self.action.clone(),
            subject: self.subject.trim().to_owned(),
            from,
            to,
            after: self.after.parse().ok(),
            limit,
        });
        f.finish(filter)
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_question_becomes_a_filter_and_an_address_again() {
        let question = Question {
            person: " Ann ".to_owned(),
            from: "2026-11-21".to_owned(),
            to: "2026-11-22 12:00".to_owned(),
            after: "7".to_owned(),
            ..Question::default()
        };
        let filter = question.filter(50).unwrap();
        assert_eq!((filter.person.as_str(), filter.after, filter.limit), ("Ann", Some(7), 50));
        assert_eq!(filter.from.unwrap().to_rfc3339(), "2026-11-21T00:00:00+00:00");
        let address = question.address(Some(3));
        assert_eq!(address, "/system/audit?person=%20Ann%20&from=2026-11-21&to=2026-11-22%2012%3A00&after=3");
        assert_eq!(Question::default().address(None), LIST);
    }

    #[test]
    fn moments_that_are_none_are_told_at_their_fields() {
        let faults = |from: &str, to: &str| {
            let question = Question { from: from.to_owned(), to: to.to_owned(), ..Question::default() };
            question.filter(50).unwrap_err().0.into_iter().map(|fault| fault.field).collect::<Vec<_>>()
        };
        assert_eq!(faults("yesterday", "x"), ["from", "to"]);
        assert_eq!(faults("2026-11-22", "2026-11-21"), ["to"]);
    }
}
