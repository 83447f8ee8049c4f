//! The filter that a question stands for. Moments are UTC.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use domain::{CdrCursor, CdrFilter, Fields, Invalid};

use super::question::Question;

impl Question {
    /// The filter it stands for at `now`, or what is wrong at which field. Without a beginning it is the day of `now`.
    pub(super) fn filter(&self, now: DateTime<Utc>) -> Result<CdrFilter, Invalid> {
        let mut f = Fields::default();
        let midnight = now.date_naive().and_time(NaiveTime::MIN).and_utc();
        let from = if self.from.is_empty() { Some(midnight) } else { f.take("from", moment(&self.from)) };
        let to = if self.to.is_empty() {
            Some(now + TimeDelta::minutes(1))
        } else {
            f.take("to", moment(&self.to))
        };
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            f.refuse("to", "the end lies before the beginning");
        }
        let caller = f.take("caller", digits(&self.caller));
        let callee = f.take("callee", digits(&self.callee));
        let account = f.optional("account", &self.account);
        let mapping_gateway = f.optional("mapping_gateway", &self.mapping_gateway);
        let routing_gateway = f.optional("routing_gateway", &self.routing_gateway);
        let end_reason = f.optional("end_reason", &self.end_reason);
        let answered = match self.answered.as_str() {
            "" => Some(None),
            "yes" => Some(Some(true)),
            "no" => Some(Some(false)),
            _ => f.take("answered", Err("choose one of the list")),
        };
        let after = if self.after.is_empty() {
            Some(None)
        } else {
            f.take("after", read_cursor(&self.after)).map(Some)
        };
        let filter = (|| {
            let mut filter = CdrFilter::between(from?, to?);
            filter.caller = caller?;
            filter.callee = callee?;
            filter.account = account?;
            filter.mapping_gateway = mapping_gateway?;
            filter.routing_gateway = routing_gateway?;
            filter.end_reason = end_reason?;
            filter.answered = answered?;
            filter.after = after?;
            Some(filter)
        })();
        f.finish(filter)
    }
}

fn digits(text: &str) -> Result<String, &'static str> {
    let text = text.trim().trim_start_matches('+');
    let plain =
        text.len() <= 40 && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'%' | b'_' | b'\\'));
    if plain { Ok(text.to_owned()) } else { Err("write the beginning of a number") }
}

/// The moment, in UTC, that a person wrote.
pub(crate) fn moment(text: &str) -> Result<DateTime<Utc>, &'static str> {
    let text = text.trim();
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| {
            let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
            Some(day.and_time(NaiveTime::MIN))
        })
        .map(|moment| moment.and_utc())
        .filter(|moment| (2000..2200).contains(&chrono::Datelike::year(moment)))
        .ok_or("write a moment like 2026-11-21 14:30")
}

/// A moment as the filter bar shows it.
pub(super) fn in_words(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

fn read_cursor(text: &str) -> Result<CdrCursor, &'static str> {
    let read = || {
        let (micros, id) = text.split_once('.')?;
        let started_at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
        Some(CdrCursor { started_at, id: id.parse().ok()? })
    };
    read().ok_or("this page of the list cannot be found")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-21T14:30:05.5Z".parse().unwrap()
    }

    #[test]
    fn without_a_question_the_day_so_far_is_shown() {
        let filter = Question::default().filter(now()).unwrap();
        assert_eq!(filter.from.to_rfc3339(), "2026-11-21T00:00:00+00:00");
        assert!(filter.to > now());
    }

    #[test]
    fn every_wrong_field_is_told() {
        let question = Question {
            from: "yesterday".into(),
            to: "9999999-01-01T00:00".into(),
            caller: "44%".into(),
            callee: "4 4".into(),
            account: "x".into(),
            end_reason: "Nothing".into(),
            answered: "maybe".into(),
            after: "1.2.3".into(),
            ..Question::default()
        };
        let invalid = question.filter(now()).unwrap_err();
        let told: Vec<&str> = invalid.by_field().into_keys().collect();
        assert_eq!(told, ["account", "after", "answered", "callee", "caller", "end_reason", "from", "to"]);
    }

    #[test]
    fn an_end_before_the_beginning_is_told() {
        let question = Question { from: "2026-11-21".into(), to: "2026-11-20".into(), ..Question::default() };
        assert!(question.filter(now()).unwrap_err().by_field().contains_key("to"));
    }

    #[test]
    fn the_place_in_the_list_survives_the_address() {
        let cursor =
            CdrCursor { started_at: now(), id: "01936b1c-7f3a-7000-8000-000000000001".parse().unwrap() };
        assert_eq!(read_cursor(&super::super::question::write_cursor(&cursor)), Ok(cursor));
    }
}
