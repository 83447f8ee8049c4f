//! Both versions of IP, also in one call.

mod common;

use std::net::IpAddr;

use common::{LOCALHOST, LOOPBACK, Phone, config, plane, plane_of_both, receive, rtcp, rtp, until};
use media::{Address, Family, MediaError, MediaPlane, PlaneConfig, Session, Side};

const LOCALHOST6: &str = "::1";

fn hear_each_other(session: &Session, caller: &Phone, callee: &Phone) {
    caller.says(session.local(Side::Caller), &rtp(1));
    assert_eq!(callee.hears(), (rtp(1), session.local(Side::Callee)));
    callee.says(session.local(Side::Callee), &rtp(2));
    assert_eq!(caller.hears(), (rtp(2), session.local(Side::Caller)));
    callee.reports(session.local(Side::Callee), &rtcp(3));
    assert_eq!(receive(&caller.rtcp).0, rtcp(3));
}

#[test]
fn a_caller_of_one_version_and_a_callee_of_the_other_hear_each_other() {
    let plane = plane_of_both(16);
    let (caller, callee) = (Phone::at(LOCALHOST6), Phone::new());
    let mut session = plane.open(Family::V6, Family::V4).unwrap();
    let at = Side::BOTH.map(|side| session.local(side).ip().to_string());
    assert_eq!(at, ["::1", "127.0.0.1"]);
    session.expect(Side::Caller, caller.remote());
    session.expect(Side::Callee, callee.remote());
    hear_each_other(&session, &caller, &callee);
}

#[test]
fn a_side_that_moves_to_the_other_version_is_met_there_and_what_has_passed_still_counts() {
    let plane = plane_of_both(16);
    let (caller, callee) = (Phone::new(), Phone::new());
    let mut session = plane.open(Family::V4, Family::V4).unwrap();
    session.expect(Side::Caller, caller.remote());
    session.expect(Side::Callee, callee.remote());
    hear_each_other(&session, &caller, &callee);
    let (left, stays) = (session.local(Side::Callee), session.local(Side::Caller));
    assert!(!session.meet(Side::Callee, Family::V4).unwrap(), "it is met there already");
    assert!(session.meet(Side::Callee, Family::V6).unwrap());
    assert_ne!(session.local(Side::Callee), left);
    assert_eq!(session.local(Side::Caller), stays);
    let moved = Phone::at(LOCALHOST6);
    session.expect(Side::Callee, moved.remote());
    hear_each_other(&session, &caller, &moved);
    until("the counts", || session.stats().caller.packets_out == 2);
    let stats = session.stats();
    assert_eq!((stats.caller.packets_in, stats.callee.packets_in), (2, 2));
    assert_eq!((stats.callee.packets_out, stats.callee.rtcp_in), (2, 2));
}

#[test]
fn the_sockets_of_a_mixed_call_serve_the_next_one_of_its_kind() {
    let plane = plane_of_both(8);
    let session = plane.open(Family::V4, Family::V6).unwrap();
    let at = Side::BOTH.map(|side| session.local(side));
    drop(session);
    let mut again = None;
    until("the ports to have rested", || {
        again = plane.open(Family::V4, Family::V6).ok().filter(|s| s.local(Side::Caller) == at[0]);
        again.is_some()
    });
    assert_eq!(Side::BOTH.map(|side| again.as_ref().unwrap().local(side)), at);
}

#[test]
fn without_an_address_of_its_version_a_far_end_is_met_at_the_other() {
    let plane = plane(8);
    let mut session = plane.open(Family::V6, Family::V4).unwrap();
    assert_eq!(session.local(Side::Caller).ip(), LOCALHOST);
    assert!(!session.meet(Side::Callee, Family::V6).unwrap());
}

#[test]
fn a_side_that_finds_no_free_ports_stays_where_it_is() {
    let plane = plane_of_both(4);
    let mut session = plane.open(Family::V4, Family::V4).unwrap();
    let at = session.local(Side::Callee);
    assert!(matches!(session.meet(Side::Callee, Family::V6), Err(MediaError::NoPortsLeft)));
    assert_eq!(session.local(Side::Callee), at);
}

#[test]
fn two_addresses_of_one_version_are_refused() {
    let other: IpAddr = "127.0.0.2".parse().unwrap();
    let second = Some(Address { bind: other, advertise: other });
    let refused = MediaPlane::start(PlaneConfig { address: LOOPBACK, second, ..config(8) });
    assert_eq!(
        refused.unwrap_err().to_string(),
        "media addresses 127.0.0.1 and 127.0.0.2 are of the same version of IP: give one of each"
    );
}
