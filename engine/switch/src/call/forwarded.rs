//! The numbers that have sent a call on, in headers: Diversion (RFC 5806) and History-Info (RFC 7044), each made of the other where
//! a customer speaks one and a vendor the other (RFC 7544 §7). Hosts are ours: nobody learns where another one is.

use sip::{HeaderName, Message, NameAddr, SipUri};

use super::{Call, Destination, divert::Diversion};
use crate::rules::{ForwardSignal, Rules};

/// Numbers that are passed on.
const MOST: usize = 8;
/// Longest number that is.
const LONGEST: usize = 64;

/// A number that has sent a call on.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Forwarded {
    number: String,
    /// As Diversion says it.
    why: &'static str,
}

/// Diversion's reasons and the causes of History-Info that mean the same; of several words for one cause the first is told
/// (RFC 7544 §7.1).
const REASONS: [(&str, u16); 11] = [
    ("unconditional", 302),
    ("user-busy", 486),
    ("no-answer", 408),
    ("deflection", 480),
    ("deflection", 487),
    ("unavailable", 503),
    ("unknown", 404),
    ("time-of-day", 404),
    ("do-not-disturb", 404),
    ("follow-me", 404),
    ("out-of-service", 404),
];

impl Call {
    /// What the INVITE to `to` says of who has sent the call on.
    pub(super) fn forwarding_headers(
        &self,
        to: &Destination,
        rules: &Rules,
        host: &str,
    ) -> Vec<(String, String)> {
        let signal = match to {
            Destination::Trunk(_) => rules.forward_signal,
            // The display of a phone has room for one of them.
            Destination::Phone(..) => ForwardSignal::Diversion,
        };
        if signal == ForwardSignal::Off {
            return Vec::new();
        }
        let mut latest_first: Vec<Forwarded> = self.diversions.iter().rev().map(Forwarded::here).collect();
        if self.rules.recognises_forwarding {
            latest_first.extend(heard(&self.caller.invite));
        }
        latest_first.truncate(MOST);
        let mut headers = Vec::new();
        if signal != ForwardSignal::HistoryInfo {
            headers.extend(diversion(&latest_first, host));
        }
        if signal != ForwardSignal::Diversion && !latest_first.is_empty() {
            headers.extend(history(&latest_first, &self.numbers.callee_out, host));
        }
        headers
    }
}

impl Forwarded {
    fn here(diversion: &Diversion) -> Self {
        Self { number: diversion.called.clone(), why: diversion.why.word() }
    }
}

/// What a caller says, the latest first.
fn heard(invite: &Message) -> Vec<Forwarded> {
    let diversions: Vec<_> =
        invite.list(HeaderName::Diversion).take(MOST).filter_map(read_diversion).collect();
    if !diversions.is_empty() {
        return diversions;
    }
    let mut entries: Vec<_> =
        invite.list(HeaderName::HistoryInfo).take(2 * MOST).filter_map(read_entry).collect();
    entries.reverse();
    entries.truncate(MOST);
    entries
}

fn read_diversion(value: &str) -> Option<Forwarded> {
    let diversion = NameAddr::parse(value).ok()?;
    let told = diversion.params.get("reason").unwrap_or("unknown").trim_matches('"').to_ascii_lowercase();
    let known = REASONS.iter().find(|(word, _)| *word == told);
    Some(Forwarded { number: number_of(&diversion.uri)?, why: known.map_or("unknown", |(word, _)| word) })
}

/// An entry of History-Info tells of a forwarding when it has a reason; the others are where the call went.
fn read_entry(value: &str) -> Option<Forwarded> {
    let entry = NameAddr::parse(value).ok()?;
    let (_, reason) = entry.uri.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Reason"))?;
    let reason = reason.replace("%3B", ";").replace("%3b", ";").replace("%3D", "=").replace("%3d", "=");
    let reason = sip::Reason::parse(&reason)?;
    let known = REASONS.iter().find(|(_, cause)| Some(*cause) == reason.cause);
    Some(Forwarded { number: number_of(&entry.uri)?, why: known.map_or("unknown", |(word, _)| word) })
}

/// The number in a URI, if it is one that can be told.
fn number_of(uri: &SipUri) -> Option<String> {
    let user = uri.decoded_user()?;
    let number = user.split(';').next().unwrap_or_default();
    let sound = (1..=LONGEST).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_alphanumeric() || b"+*#-._".contains(&b));
    sound.then(|| number.to_owned())
}

fn diversion<'a>(
    latest_first: &'a [Forwarded],
    host: &'a str,
) -> impl Iterator<Item = (String, String)> + 'a {
    latest_first.iter().map(move |Forwarded { number, why }| {
        ("Diversion".to_owned(), format!("<sip:{}@{host}>;reason={why}", escaped(number)))
    })
}

/// The numbers in the order in which they were called, and last the one that is called now.
fn history<'a>(
    latest_first: &'a [Forwarded],
    callee: &'a str,
    host: &'a str,
) -> impl Iterator<Item = (String, String)> + 'a {
    let cause = |why: &str| REASONS.iter().find(|(word, _)| *word == why).map_or(404, |(_, cause)| *cause);
    let mut index = "1".to_owned();
    let sent_on = latest_first.iter().rev().map(move |Forwarded { number, why }| {
        (number.as_str(), format!("?Reason=SIP%3Bcause%3D{}", cause(why)))
    });
    sent_on.chain([(callee, String::new())]).map(move |(number, reason)| {
        let entry = format!("<sip:{}@{host}{reason}>;index={index}", escaped(number));
        index.push_str(".1");
        ("History-Info".to_owned(), entry)
    })
}

/// A user part has no number sign (RFC 3261 §25.1).
fn escaped(number: &str) -> String {
    number.replace('#', "%23")
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn heard_of(headers: &str) -> Vec<(String, &'static str)> {
        let text = format!(
            "INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\n\
             Call-ID: c\r\nCSeq: 1 INVITE\r\n{headers}\r\n"
        );
        let invite = Message::parse(Bytes::from(text)).unwrap();
        heard(&invite).into_iter().map(|forwarded| (forwarded.number, forwarded.why)).collect()
    }

    #[test]
    fn diversions_are_read_the_latest_first_and_what_is_no_number_is_left_out() {
        let headers = "Diversion: \"Desk\" <sip:+4420@h;user=phone>;reason=\"user-busy\";counter=1, <sip:301@h>;privacy=full\r\n\
                       Diversion: <sip:<script>@h>;reason=unconditional, <sip:3%0d%0a1@h>, junk, <sip:302@h>;reason=made-up\r\n";
        assert_eq!(
            heard_of(headers),
            [("+4420".into(), "user-busy"), ("301".into(), "unknown"), ("302".into(), "unknown")]
        );
    }

    #[test]
    fn of_a_history_those_are_read_that_have_sent_the_call_on_the_latest_first() {
        let headers = "History-Info: <sip:301@h?Reason=SIP%3Bcause%3D302>;index=1, <sip:302@h?Reason=SIP%3bcause%3d486>;index=1.1\r\n\
                       History-Info: <sip:303@h>;index=1.1.1\r\n";
        assert_eq!(heard_of(headers), [("302".into(), "user-busy"), ("301".into(), "unconditional")]);
    }

    #[test]
    fn where_both_are_told_diversion_counts() {
        let headers = "History-Info: <sip:301@h?Reason=SIP%3Bcause%3D302>;index=1\r\nDiversion: <sip:9@h>;reason=no-answer\r\n";
        assert_eq!(heard_of(headers), [("9".into(), "no-answer")]);
    }

    #[test]
    fn both_headers_tell_the_same() {
        let told = [
            Forwarded { number: "302".into(), why: "user-busy" },
            Forwarded { number: "30#1".into(), why: "unconditional" },
        ];
        let values =
            |headers: Vec<(String, String)>| headers.into_iter().map(|(_, value)| value).collect::<Vec<_>>();
        assert_eq!(
            values(diversion(&told, "h:5060").collect()),
            ["<sip:302@h:5060>;reason=user-busy", "<sip:30%231@h:5060>;reason=unconditional"]
        );
        let history = values(history(&told, "4420", "h:5060").collect());
        assert_eq!(
            history,
            [
                "<sip:30%231@h:5060?Reason=SIP%3Bcause%3D302>;index=1",
                "<sip:302@h:5060?Reason=SIP%3Bcause%3D486>;index=1.1",
                "<sip:4420@h:5060>;index=1.1.1",
            ]
        );
        let back: Vec<_> = history.iter().filter_map(|entry| read_entry(entry)).collect();
        assert_eq!(back, [told[1].clone(), told[0].clone()]);
    }
}
