use super::*;

fn uri(text: &str) -> SipUri {
    SipUri::parse(text).unwrap_or_else(|_| panic!("{text} is a URI"))
}

#[test]
fn what_is_read_prints_the_same() {
    for text in [
        "sip:alice@atlanta.com",
        "sip:alice:secret@atlanta.com;transport=tcp",
        "sips:1212@gateway.com",
        "sip:+1-212-555-1212:1234@gateway.com;user=phone",
        "sip:+14155550100;npdi;rn=+14155550199@10.0.0.1:5060;user=phone",
        "sip:bob@[2001:db8::1]:5070;lr",
        "sip:a%20b@h",
        "sip:bob@h;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com&x=",
        "tel:+1-201-555-0123;phone-context=example.com",
        "urn:service:sos",
    ] {
        assert_eq!(uri(text).to_string(), text);
        assert_eq!(uri(text).to_rsip().to_string(), text.split('?').next().unwrap_or(text), "as rsip");
    }
}

#[test]
fn what_is_no_uri_is_refused() {
    for text in [
        "",
        "sip:",
        "sip",
        ":a",
        "sip:@h",
        "sip:a@",
        "sip:a@h:99999",
        "sip:a b@h",
        "sip:a@b@c",
        "tel:;x",
        "sip:<a@h>",
    ] {
        assert_eq!(SipUri::parse(text), Err(ParseError::BadUri), "{text}");
    }
}

#[test]
fn users_are_decoded_and_their_parameters_found() {
    let ported = uri("sip:%2B14155550100;npdi;rn=%2B1415@h");
    assert_eq!(ported.decoded_user().as_deref(), Some("+14155550100"));
    assert_eq!((ported.user_param("rn"), ported.user_param("NPDI")), (Some("%2B1415"), Some("")));
    assert_eq!(uri("sip:al:pw@h").decoded_user().as_deref(), Some("al"));
    assert_eq!(uri("sip:a%zz@h").decoded_user().as_deref(), Some("a%zz"));
    assert_eq!(uri("tel:+1415;rn=7").user_param("rn"), Some("7"));
}

#[test]
fn literal_hosts_give_an_address() {
    let at = |text: &str| uri(text).socket_addr().map(|a| a.to_string());
    assert_eq!(at("sip:a@10.0.0.1").as_deref(), Some("10.0.0.1:5060"));
    assert_eq!(at("sip:a@[::1]:7000").as_deref(), Some("[::1]:7000"));
    assert_eq!(at("sips:a@10.0.0.1").as_deref(), Some("10.0.0.1:5061"));
    assert_eq!(at("sip:a@h.example;maddr=10.0.0.9").as_deref(), Some("10.0.0.9:5060"));
    assert_eq!(at("sip:a@h.example"), None);
    assert_eq!(at("tel:10"), None);
}

/// The examples of RFC 3261 §19.1.4.
#[test]
fn equivalence_follows_the_rfc_examples() {
    let same = [
        ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
        ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5"),
        (
            "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
            "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
        ),
        (
            "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
        ),
        ("tel:+1-201-555-0123", "tel:+12015550123"),
    ];
    let different = [
        ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
        ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
        ("sip:a@h;security=on", "sip:a@h;security=off"),
        ("sip:a@h", "sips:a@h"),
    ];
    for (a, b) in same {
        assert!(uri(a).equivalent(&uri(b)) && uri(b).equivalent(&uri(a)), "{a} = {b}");
    }
    for (a, b) in different {
        assert!(!uri(a).equivalent(&uri(b)) && !uri(b).equivalent(&uri(a)), "{a} ≠ {b}");
    }
}
