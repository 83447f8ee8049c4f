//! The debug trace: what was signalled lately.

use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{CallId, Source};
use serde::{Deserialize, Serialize};
use switch::{
    Handle,
    trace::{Direction, Seen, Target},
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{Cursor, Limit, Listing, Moment, Problem, Question},
    router::Api,
};

/// A message as it came or went.
#[derive(Serialize, ToSchema)]
#[schema(as = TracedMessage)]
pub(crate) struct MessageView {
    /// To the microsecond.
    at: DateTime<Utc>,
    /// `received` or `sent`.
    #[schema(example = "received")]
    direction: &'static str,
    #[schema(example = "UDP")]
    transport: &'static str,
    /// Our address and port.
    local: String,
    /// Theirs.
    remote: String,
    /// What became of it, when it was not simply handled.
    #[schema(example = "unknown_source")]
    fate: Option<String>,
    /// What exactly was wrong with it; empty when the fate says it.
    fate_detail: String,
    octets: u64,
    /// What is no UTF-8 is replaced.
    message: String,
}

fn view(seen: &Seen) -> MessageView {
    MessageView {
        at: seen.at,
        direction: match seen.direction {
            Direction::Received => "received",
            Direction::Sent => "sent",
        },
        transport: seen.flow.transport.as_str(),
        local: seen.flow.local.to_string(),
        remote: seen.flow.remote.to_string(),
        fate: seen.fate.code(),
        fate_detail: seen.fate.detail(),
        octets: seen.bytes.len() as u64,
        message: String::from_utf8_lossy(&seen.bytes).into_owned(),
    }
}

/// Whose messages: at most one of call, call_id, address and number.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TraceQuestion {
    /// Both legs of this call.
    #[param(value_type = Option<String>, format = "uuid")]
    call: Option<String>,
    /// The messages with this Call-ID.
    #[param(value_type = Option<String>)]
    call_id: Option<String>,
    /// Messages from and to an address, a network, or an address with a port.
    #[param(value_type = Option<String>)]
    address: Option<String>,
    /// The calls and registrations in which a number begins so.
    #[param(value_type = Option<String>)]
    number: Option<String>,
    /// Only messages that were dropped or refused.
    #[param(value_type = Option<bool>)]
    refused: Option<bool>,
    /// From this moment on.
    #[param(value_type = Option<DateTime<Utc>>)]
    from: Option<Moment>,
    /// Until before this moment.
    #[param(value_type = Option<DateTime<Utc>>)]
    to: Option<Moment>,
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

impl TraceQuestion {
    fn target(&self) -> Result<Target, Problem> {
        let given = [&self.call, &self.call_id, &self.address, &self.number];
        if given.into_iter().flatten().count() > 1 {
            return Err(Problem::bad_value("number", "give one of call, call_id, address and number"));
        }
        Ok(match (&self.call, &self.call_id, &self.address, &self.number) {
            (Some(call), ..) => {
                let id: CallId =
                    call.parse().map_err(|_| Problem::bad_value("call", "write the id of a call"))?;
                Target::Call { id, call_ids: Vec::new() }
            }
            (_, Some(call_id), ..) => Target::Dialog(call_id.clone()),
            (_, _, Some(address), _) => {
                let source = address.parse::<Source>();
                Target::Address(vec![
                    source.map_err(|error| Problem::bad_value("address", &error.to_string()))?,
                ])
            }
            (.., Some(number)) => Target::Number(number.clone()),
            _ => Target::All,
        })
    }
}

/// Lists SIP messages of late, newest first, as far as the trace goes back.
#[utoipa::path(
    get, path = "/trace", tag = "Signalling trace", operation_id = "list_trace",
    params(TraceQuestion),
    responses((status = 200, description = "A page of messages", body = Listing<MessageView>)),
    security(("token" = ["ViewTrace"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<TraceQuestion>,
) -> Result<Listing<MessageView>, Problem> {
    let limit = Limit::or_default(asked.limit) as usize;
    let mut question = match asked.target()? {
        Target::Call { id, .. } => {
            let cdr = store::cdrs::find(&api.pool, &asker.scope(), id).await.ok();
            let until = cdr.as_ref().map(|cdr| cdr.ended_at);
            let call_ids = cdr.map(|cdr| std::iter::once(cdr.call_id_in).chain(cdr.call_id_out).collect());
            Handle::question_of_call(id, until, call_ids.unwrap_or_default(), limit + 1)
        }
        target => switch::trace::Question {
            target,
            only_refused: false,
            from: DateTime::UNIX_EPOCH,
            until: Utc::now(),
            most: limit + 1,
        },
    };
    question.only_refused = asked.refused.unwrap_or_default();
    question.from = asked.from.map_or(question.from, |moment| moment.0);
    let tick = TimeDelta::microseconds(1);
    question.until = asked.to.map_or(question.until, |moment| moment.0 - tick);
    if let Some(micros) = Cursor::key_of::<i64>(asked.cursor.as_ref())? {
        let wrong = || Problem::bad_value("cursor", "take the cursor from a link to a next page");
        question.until = DateTime::from_timestamp_micros(micros).ok_or_else(wrong)? - tick;
    }
    let mut messages = api.switch.traced(question).await.messages;
    messages.reverse();
    let next = cut(&mut messages, limit);
    Ok(place.listing(messages.iter().map(view).collect(), next))
}

/// Leaves a page, and gives the place behind it. A page ends between two moments, so that none of one moment is passed over,
/// unless all of it are of one.
fn cut(messages: &mut Vec<Seen>, limit: usize) -> Option<String> {
    let beyond = messages.get(limit)?.at;
    messages.truncate(limit);
    if messages.first().is_some_and(|first| first.at != beyond) {
        while messages.last().is_some_and(|last| last.at == beyond) {
            messages.pop();
        }
    }
    messages.last().map(|last| Cursor::behind(last.at.timestamp_micros()))
}

#[cfg(test)]
mod tests {
    use switch::trace::{Fate, Flow, Transport};

    use super::*;

    fn seen(micros: i64) -> Seen {
        let address = "192.0.2.1:5060".parse().unwrap();
        Seen {
            at: DateTime::from_timestamp_micros(micros).unwrap(),
            direction: Direction::Sent,
            flow: Flow { transport: Transport::Udp, local: address, remote: address },
            fate: Fate::Handled,
            bytes: Default::default(),
        }
    }

    #[test]
    fn a_page_ends_between_two_moments() {
        for (moments, left, next) in [
            (&[5, 4, 3][..], 3, None),
            (&[5, 4, 3, 2], 3, Some(3)),
            (&[5, 4, 3, 3], 2, Some(4)),
            (&[5, 5, 5, 5], 3, Some(5)),
        ] {
            let mut messages: Vec<Seen> = moments.iter().map(|m| seen(*m)).collect();
            let told = cut(&mut messages, 3);
            assert_eq!((messages.len(), told), (left, next.map(Cursor::behind)), "{moments:?}");
        }
    }
}
