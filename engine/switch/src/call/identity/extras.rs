//! Headers of a call that we neither make nor understand (SIP-12).

use domain::{HeaderField, OutgoingIdentity, PassedHeaders};
use sip::HeaderName;

use super::Caller;

/// Headers of a caller that go on, at most.
const MOST_PASSED: usize = 24;
/// Bytes of one of them, with its name, and of all together.
const LONGEST: usize = 1024;
const LONGEST_TOGETHER: usize = 4096;

/// Those that an INVITE to a gateway carries: the caller's that may pass, in their order, then the gateway's own. One of its own
/// takes the place of those of the same name.
pub(crate) fn extras(caller: &Caller<'_>, settings: &OutgoingIdentity) -> Vec<(String, String)> {
    let mut extras = Vec::new();
    if settings.passed_headers != PassedHeaders::Nothing {
        pass(caller, settings, &mut extras);
    }
    let own = settings.custom_headers.iter();
    extras.extend(own.map(|header| (header.name.to_string(), header.value().to_owned())));
    extras
}

/// Bytes of headers.
pub(crate) fn weight(headers: &[(String, String)]) -> usize {
    headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum()
}

fn pass(caller: &Caller<'_>, settings: &OutgoingIdentity, extras: &mut Vec<(String, String)>) {
    let mut left = LONGEST_TOGETHER;
    for (spelled, value) in caller.invite.all_headers() {
        let known = HeaderName::from_bytes(spelled.as_bytes()).as_str();
        let name = if known.is_empty() { spelled } else { known };
        let wanted = match &settings.passed_headers {
            PassedHeaders::Nothing => false,
            PassedHeaders::All => true,
            PassedHeaders::Listed(names) => names.iter().any(|wanted| wanted.is(name)),
        };
        let length = name.len() + value.len();
        let passes = wanted
            && HeaderField::may_pass(name)
            && (caller.is_trusted || !is_of_trunks(name))
            && !settings.custom_headers.iter().any(|own| own.name.is(name))
            && !value.is_empty()
            && length <= LONGEST.min(left);
        if passes {
            left -= length;
            extras.push((name.to_owned(), value.to_owned()));
            if extras.len() == MOST_PASSED {
                return;
            }
        }
    }
}

/// What only a trunk is believed: who signed for its number, what its network says in private headers.
fn is_of_trunks(name: &str) -> bool {
    name.get(..2).is_some_and(|begin| begin.eq_ignore_ascii_case("p-"))
        || name.eq_ignore_ascii_case("Identity")
}

#[cfg(test)]
mod tests {
    use domain::IncomingIdentity;
    use sip::Message;

    use super::*;

    const INVITE: &str = "INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nRoute: <sip:evil;lr>\r\n\
        From: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContact: <sip:a@h>\r\nX-A: 1\r\nx-a: 2\r\n\
        s: hello\r\nDiversion: <sip:1@h>\r\nP-Charging-Vector: icid-value=1\r\ny: signed\r\nPrivacy: id\r\nUser-Agent: x\r\nX-Empty:\r\n";

    fn told(more: &str, passed: &[&str], custom: &[&str], is_trusted: bool) -> Vec<String> {
        let invite = Message::parse(format!("{INVITE}{more}Content-Length: 0\r\n\r\n").into()).unwrap();
        let settings = OutgoingIdentity {
            passed_headers: passed.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>().try_into().unwrap(),
            custom_headers: custom.iter().map(|text| text.parse().unwrap()).collect(),
            ..Default::default()
        };
        let fields = IncomingIdentity::default();
        let caller = Caller { invite: &invite, fields: &fields, is_trusted, display: None, number: "" };
        let extras = extras(&caller, &settings);
        extras.into_iter().map(|(name, value)| format!("{name}: {value}")).collect()
    }

    #[test]
    fn all_means_all_that_is_not_ours() {
        let of_trunk =
            ["X-A: 1", "x-a: 2", "Subject: hello", "P-Charging-Vector: icid-value=1", "Identity: signed"];
        assert_eq!(told("", &["*"], &[], true), of_trunk);
        assert_eq!(told("", &["*"], &[], false), of_trunk[..3]);
        assert!(told("", &[], &[], true).is_empty());
    }

    #[test]
    fn a_list_passes_what_it_names_in_either_spelling() {
        assert_eq!(told("", &["X-a"], &[], true), ["X-A: 1", "x-a: 2"]);
        assert_eq!(told("", &["Subject"], &[], true), ["Subject: hello"]);
        assert!(told("", &["X-None"], &[], true).is_empty());
    }

    #[test]
    fn a_header_of_the_gateways_own_stands_alone() {
        assert_eq!(
            told("", &["*"], &["X-A: own", "P-Own: 2"], false),
            ["Subject: hello", "X-A: own", "P-Own: 2"]
        );
        assert_eq!(told("", &[], &["X-A: own"], true), ["X-A: own"]);
    }

    #[test]
    fn what_is_passed_is_bounded() {
        let many: String = (0..100).map(|n| format!("X-{n}: {n}\r\n")).collect();
        assert_eq!(told(&many, &["*"], &[], true).len(), MOST_PASSED);
        let long = format!("X-Long: {}\r\nX-Short: 1\r\n", "x".repeat(1025));
        assert_eq!(told(&long, &["X-Long", "X-Short"], &[], true), ["X-Short: 1"]);
        let together: String = (0..10).map(|n| format!("X-L{n}: {}\r\n", "x".repeat(900))).collect();
        let names: Vec<String> = (0..10).map(|n| format!("X-L{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(told(&together, &names, &[], true).len(), 4);
    }
}
