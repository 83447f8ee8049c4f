use bytes::Bytes;

use super::*;
use crate::flow::Transport;
use crate::vocabulary::header_list;

fn flow() -> Flow {
    Flow {
        transport: Transport::Udp,
        local: "10.0.0.1:5060".parse().unwrap(),
        remote: "10.0.0.2:5060".parse().unwrap(),
    }
}

fn message(first: &str, to: &str, cseq: &str, more: &str) -> Message {
    let text = format!(
        "{first}\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKx\r\nFrom: \"A\" <sip:a@x>;tag=peer\r\nTo: {to}\r\n\
         Call-ID: c1\r\nCSeq: {cseq}\r\n{more}\r\n"
    );
    Message::parse(Bytes::from(text)).unwrap()
}

fn invite(more: &str) -> Message {
    message("INVITE sip:b@x SIP/2.0", "<sip:b@x>", "7 INVITE", more)
}

fn uri_and_routes(request: &Request) -> (String, Vec<&str>) {
    (request.uri.to_string(), header_list(&request.headers, "Route").collect())
}

#[test]
fn the_callee_swaps_from_and_to_and_counts_from_one() {
    let mut dialog =
        Dialog::uas(&invite("Contact: <sip:a@10.0.0.9:5070>\r\n"), "mine", flow(), "<sip:me@h>").unwrap();
    let bye = dialog.request(rsip::Method::Bye);
    let header = |name| find_header(&bye.headers, name);
    assert_eq!(header("From"), Some("<sip:b@x>;tag=mine"));
    assert_eq!(header("To"), Some("\"A\" <sip:a@x>;tag=peer"));
    assert_eq!((header("CSeq"), header("Contact")), (Some("1 BYE"), None));
    assert_eq!(bye.uri.to_string(), "sip:a@10.0.0.9:5070");
    assert_eq!(find_header(&dialog.request(rsip::Method::Info).headers, "CSeq"), Some("2 INFO"));
    assert_eq!(find_header(&dialog.request(rsip::Method::Info).headers, "Contact"), Some("<sip:me@h>"));
    assert_eq!(dialog.next_hop(), Some("10.0.0.9:5070".parse().unwrap()));
}

#[test]
fn a_callee_without_contact_is_reached_at_its_from() {
    let dialog = Dialog::uas(&invite(""), "mine", flow(), "").unwrap();
    assert_eq!(dialog.remote_target.to_string(), "sip:a@x");
    assert!(Dialog::uas(&invite("Contact: <nonsense>\r\n"), "mine", flow(), "").is_err());
}

#[test]
fn loose_routes_stay_routes_in_the_callees_order() {
    let routes = "Contact: <sip:a@h>\r\nRecord-Route: <sip:p1@10.1.1.1;lr>, <sip:p2;lr>\r\nRecord-Route: <sip:p3;lr>\r\n";
    let mut dialog = Dialog::uas(&invite(routes), "mine", flow(), "").unwrap();
    let bye = dialog.request(rsip::Method::Bye);
    assert_eq!(
        uri_and_routes(&bye),
        ("sip:a@h".into(), vec!["<sip:p1@10.1.1.1;lr>", "<sip:p2;lr>", "<sip:p3;lr>"])
    );
    assert_eq!(dialog.next_hop(), Some("10.1.1.1:5060".parse().unwrap()));
}

#[test]
fn a_strict_router_takes_the_request_uri() {
    let routes = "Contact: <sip:a@h>\r\nRecord-Route: <sip:p1?x=y>, <sip:p2;lr>\r\n";
    let mut dialog = Dialog::uas(&invite(routes), "mine", flow(), "").unwrap();
    let bye = dialog.request(rsip::Method::Bye);
    assert_eq!(uri_and_routes(&bye), ("sip:p1".into(), vec!["<sip:p2;lr>", "<sip:a@h>"]));
}

fn own_invite() -> Request {
    Request {
        method: rsip::Method::Invite,
        uri: SipUri::sip("b", "x", None).to_rsip(),
        version: Version::V2,
        headers: vec![
            make_header("From", "<sip:us@h>;tag=mine"),
            make_header("Call-ID", "c1"),
            make_header("CSeq", "5 INVITE"),
            make_header("Contact", "<sip:us@10.0.0.1>"),
        ]
        .into(),
        body: vec![],
    }
}

fn response(first: &str, to: &str, more: &str) -> Message {
    message(first, to, "5 INVITE", more)
}

#[test]
fn the_caller_reverses_the_routes_and_goes_on_counting() {
    let answer = "Contact: <sip:b@10.0.0.7>\r\nRecord-Route: <sip:far;lr>, <sip:near;lr>\r\n";
    let answer = response("SIP/2.0 200 OK", "<sip:b@x>;tag=peer", answer);
    let mut dialog = Dialog::uac(&own_invite(), &answer, flow()).unwrap();
    assert_eq!(
        uri_and_routes(&dialog.ack(5)),
        ("sip:b@10.0.0.7".into(), vec!["<sip:near;lr>", "<sip:far;lr>"])
    );
    assert_eq!(find_header(&dialog.ack(5).headers, "CSeq"), Some("5 ACK"));
    assert_eq!(find_header(&dialog.request(rsip::Method::Bye).headers, "CSeq"), Some("6 BYE"));
    assert_eq!(
        dialog.id(),
        DialogId { call_id: "c1".into(), local_tag: "mine".into(), remote_tag: "peer".into() }
    );
}

#[test]
fn a_2xx_renews_target_and_routes_but_not_the_count() {
    let ringing = response("SIP/2.0 180 Ringing", "<sip:b@x>;tag=peer", "Contact: <sip:b@early>\r\n");
    let mut dialog = Dialog::uac(&own_invite(), &ringing, flow()).unwrap();
    dialog.request(rsip::Method::Update);
    let answer = "Contact: <sip:b@late>\r\nRecord-Route: <sip:p;lr>\r\n";
    let answer = response("SIP/2.0 200 OK", "<sip:b@x>;tag=peer", answer);
    dialog.confirm(&answer, true).unwrap();
    assert_eq!(find_header(&dialog.request(rsip::Method::Bye).headers, "CSeq"), Some("7 BYE"));
    assert_eq!((dialog.remote_target.to_string().as_str(), dialog.routes.len()), ("sip:b@late", 1));
    dialog.confirm(&response("SIP/2.0 200 OK", "<sip:b@x>;tag=peer", ""), false).unwrap();
    assert_eq!((dialog.remote_target.to_string().as_str(), dialog.routes.len()), ("sip:b@late", 1));
}

#[test]
fn a_provisional_without_a_tag_opens_no_dialog() {
    let trying = response("SIP/2.0 100 Trying", "<sip:b@x>", "");
    assert_eq!(Dialog::uac(&own_invite(), &trying, flow()).err(), Some(ParseError::Missing(HeaderName::To)));
}

fn within(method: &str, cseq: u32, more: &str) -> Message {
    message(&format!("{method} sip:b@x SIP/2.0"), "<sip:b@x>;tag=mine", &format!("{cseq} {method}"), more)
}

#[test]
fn numbers_must_rise_and_strangers_stay_out() {
    let mut dialog = Dialog::uas(&invite("Contact: <sip:a@h>\r\n"), "mine", flow(), "").unwrap();
    assert_eq!(dialog.accepts(&within("BYE", 6, "")), Err(DialogError::OutOfOrder));
    assert_eq!(dialog.accepts(&within("INFO", 9, "")), Ok(()));
    assert_eq!(dialog.accepts(&within("INFO", 8, "")), Err(DialogError::OutOfOrder));
    assert_eq!(dialog.accepts(&within("ACK", 7, "")), Ok(()));
    assert_eq!(dialog.remote_cseq, Some(9));
    assert_eq!(dialog.accepts(&invite("")), Err(DialogError::Stranger));
    assert_eq!((DialogError::OutOfOrder.status(), DialogError::Stranger.status()), (500, 481));
}

#[test]
fn a_reinvite_moves_the_target_and_an_info_does_not() {
    let mut dialog = Dialog::uas(&invite("Contact: <sip:a@h>\r\n"), "mine", flow(), "").unwrap();
    dialog.accepts(&within("INFO", 8, "Contact: <sip:a@elsewhere>\r\n")).unwrap();
    assert_eq!(dialog.remote_target.to_string(), "sip:a@h");
    dialog.accepts(&within("INVITE", 9, "Contact: <sip:a@moved>\r\n")).unwrap();
    assert_eq!(dialog.remote_target.to_string(), "sip:a@moved");
    dialog.accepts(&within("INVITE", 9, "Contact: <sip:a@old>\r\n")).unwrap_err();
    assert_eq!(dialog.remote_target.to_string(), "sip:a@moved");
}
