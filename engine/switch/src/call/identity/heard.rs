//! What an INVITE says of who calls and who is called, in the fields that its source uses (HDR-1).

use domain::{CalleeField, CallerField, IncomingIdentity};
use sip::{Message, NameAddr, SipUri};

/// Characters of a name that stands for a number; escaped, it may have three times as many.
const LONGEST_NAME: usize = 21;

/// The parties of a call, as their source names them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) display: Option<String>,
    pub(crate) caller: String,
    pub(crate) callee: String,
}

/// Reads them. A field that is missing or cannot be read leaves the caller to From and the called number to the Request-URI: a call
/// need not fail for what it says beside.
pub(crate) fn heard(invite: &Message, fields: &IncomingIdentity) -> Heard {
    let (display, caller) = other_caller(invite, fields.caller_field).unwrap_or_else(|| in_from(invite));
    let callee = match fields.callee_field {
        CalleeField::RequestLine => None,
        CalleeField::To => invite.to().ok().map(|to| number(&to.uri)).filter(|number| !number.is_empty()),
    };
    let requested = || SipUri::parse(invite.request_uri()).map(|uri| number(&uri)).unwrap_or_default();
    Heard { display, caller, callee: callee.unwrap_or_else(requested) }
}

fn in_from(invite: &Message) -> (Option<String>, String) {
    match invite.from() {
        Ok(from) => (from.display, from.uri.user.unwrap_or_default()),
        Err(_) => (None, String::new()),
    }
}

fn other_caller(invite: &Message, field: CallerField) -> Option<(Option<String>, String)> {
    let named = |address: NameAddr| {
        let user = address.uri.user.filter(|user| !user.is_empty())?;
        // What follows the number says something of the number, such as where it was ported to.
        let user = user.split([';', ':']).next().unwrap_or_default().to_owned();
        Some((address.display, user))
    };
    match field {
        CallerField::From => None,
        CallerField::RemotePartyId => named(invite.remote_caller()?.address),
        CallerField::AssertedIdentity => invite.asserted_identities().into_iter().find_map(named),
        CallerField::Display => {
            let display = invite.from().ok()?.display?;
            let user = as_user(&display);
            (!user.is_empty()).then_some((Some(display), user))
        }
    }
}

/// The number of a URI, without parameters of the user part (RFC 3261 §19.1.1, RFC 3398 §8.2.1).
fn number(uri: &SipUri) -> String {
    let user = uri.decoded_user().unwrap_or_default();
    user.split(';').next().unwrap_or_default().to_owned()
}

/// A display name as the user part of a URI: a number without what people write between digits, anything else escaped where a
/// user part needs it (RFC 3261 §25.1).
fn as_user(display: &str) -> String {
    let display = display.trim();
    let between = |c: char| matches!(c, ' ' | '-' | '.' | '(' | ')');
    let digit = |c: char| c.is_ascii_digit() || matches!(c, '+' | '*' | '#');
    if display.chars().all(|c| digit(c) || between(c)) {
        return display.chars().filter(|c| digit(*c)).collect();
    }
    let mut user = String::new();
    for c in display.chars().take(LONGEST_NAME) {
        if c.is_ascii_alphanumeric() || "-_.!~*'()+".contains(c) {
            user.push(c);
        } else {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().for_each(|b| user.push_str(&format!("%{b:02X}")));
        }
    }
    user
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(more: &str, caller_field: CallerField, callee_field: CalleeField) -> Heard {
        let from = if more.contains("From:") { "" } else { "From: \"Unknown\" <sip:0000@h>;tag=1\r\n" };
        let text = format!(
            "INVITE sip:+44207;npdi@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\n{from}{more}\
             To: <sip:8801234567@h>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"
        );
        let invite = Message::parse(text.into()).unwrap();
        heard(&invite, &IncomingIdentity { caller_field, callee_field, support_privacy: false })
    }

    fn caller(more: &str, field: CallerField) -> (Option<String>, String) {
        let heard = read(more, field, CalleeField::default());
        (heard.display, heard.caller)
    }

    /// HDR-1; extract 4, "Inbound number extraction", its worked example.
    #[test]
    fn the_caller_stands_where_the_gateway_says() {
        let rpid = "Remote-Party-ID: \"+8801712345678\" <sip:+8801712345678@h>;party=calling\r\n";
        let unknown = Some("Unknown".to_owned());
        assert_eq!(caller(rpid, CallerField::From), (unknown.clone(), "0000".into()));
        let named = (Some("+8801712345678".into()), "+8801712345678".into());
        assert_eq!(caller(rpid, CallerField::RemotePartyId), named);
        assert_eq!(caller(rpid, CallerField::Display), (unknown.clone(), "Unknown".into()));
        let called = "Remote-Party-ID: <sip:1@h>;party=called\r\n";
        assert_eq!(caller(called, CallerField::RemotePartyId), (unknown, "0000".into()));
    }

    #[test]
    fn the_asserted_identity_may_be_a_telephone_uri() {
        let pai = "P-Asserted-Identity: <sip:h>, tel:+14085264000;phone-context=x\r\n";
        assert_eq!(caller(pai, CallerField::AssertedIdentity), (None, "+14085264000".into()));
        let broken = "P-Asserted-Identity: <<\r\n";
        assert_eq!(caller(broken, CallerField::AssertedIdentity).1, "0000");
    }

    /// HDR-1: Request-Line and To.
    #[test]
    fn the_called_number_stands_where_the_gateway_says() {
        let called = |field| read("", CallerField::default(), field).callee;
        assert_eq!(called(CalleeField::RequestLine), "+44207");
        assert_eq!(called(CalleeField::To), "8801234567");
    }

    #[test]
    fn a_display_name_is_a_number_or_a_sound_user_part() {
        for (display, user) in [
            ("+49 (30) 12-34", "+49301234"),
            ("John Doe", "John%20Doe"),
            ("x@evil:5060;lr", "x%40evil%3A5060%3Blr"),
            ("Zoë", "Zo%C3%AB"),
        ] {
            assert_eq!(as_user(display), user);
            assert!(SipUri::parse(&format!("sip:{user}@h")).is_ok_and(|uri| uri.host == "h"), "{user}");
        }
        assert!(as_user(&"\u{1f600}".repeat(500)).len() <= 12 * LONGEST_NAME);
        let none = "From: \"  \" <sip:0000@h>;tag=1\r\n";
        assert_eq!(caller(none, CallerField::Display).1, "0000");
    }
}
