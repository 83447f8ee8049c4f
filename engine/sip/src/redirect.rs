//! Where a 3xx sends the caller, and how long a refused one should wait.

use std::time::Duration;

use crate::message::{HeaderName, Message};
use crate::name_addr::NameAddr;

/// Targets taken from one response; a list without end is an attack.
const MOST_TARGETS: usize = 16;

impl Message {
    /// The Contacts of a redirection, the preferred one first (RFC 3261 §8.1.3.4: by q-value, 1 when there is none);
    /// equal ones in their order. At most sixteen; what cannot be read is left out.
    pub fn redirect_targets(&self) -> Vec<NameAddr> {
        let contacts =
            self.list(HeaderName::Contact).take(MOST_TARGETS).filter_map(|text| NameAddr::parse(text).ok());
        let mut targets: Vec<_> = contacts.collect();
        targets.sort_by_key(|target| std::cmp::Reverse(preference(target.params.get("q"))));
        targets
    }

    /// How long not to ask again (RFC 3261 §20.33); comment and parameters are passed over. `None` also for a number
    /// beyond reason.
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.header(HeaderName::RetryAfter)?.trim_start();
        let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        text[..end].parse::<u32>().ok().map(|seconds| Duration::from_secs(seconds.into()))
    }
}

/// A q-value in thousandths (RFC 3261 §25.1); one that cannot be read is the last choice.
fn preference(text: Option<&str>) -> u16 {
    let Some(text) = text else { return 1000 };
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" => 1000,
        "0" | "" => format!("{part:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirection(more: &str) -> Message {
        let text = format!(
            "SIP/2.0 302 Moved\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\n\
             Call-ID: x\r\nCSeq: 1 INVITE\r\n{more}Content-Length: 0\r\n\r\n"
        );
        Message::parse(text.into()).unwrap()
    }

    #[test]
    fn targets_come_in_the_order_of_their_preference() {
        let message = redirection(
            "Contact: <sip:c@h>;q=0.5, \"x, y\" <sip:d@h>, <sip:e@h>;q=0.51\r\nm: broken <, <sip:f@h>;q=1.0\r\n\
             Contact: <sip:g@h>;q=2, <sip:i@h>;q=0.005\r\n",
        );
        let users: Vec<_> =
            message.redirect_targets().into_iter().filter_map(|target| target.uri.user).collect();
        assert_eq!(users, ["d", "e", "c", "i", "g"]);
        let many = format!("Contact: {}\r\n", ["<sip:a@h>"; 40].join(","));
        assert_eq!(redirection(&many).redirect_targets().len(), 16);
    }

    #[test]
    fn the_time_to_wait_is_read_without_its_trimmings() {
        for (value, seconds) in [
            ("18000;duration=3600", Some(18_000)),
            ("120 (I'm in a meeting)", Some(120)),
            ("5", Some(5)),
            ("soon", None),
            ("949302838503028349304023988", None),
        ] {
            let message = redirection(&format!("Retry-After: {value}\r\n"));
            assert_eq!(message.retry_after(), seconds.map(Duration::from_secs), "{value}");
        }
    }
}
