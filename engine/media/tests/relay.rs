//! Packets through the relay, on real sockets.

mod common;

use std::sync::mpsc::sync_channel;
use std::time::Duration;

use common::{Phone, bridged, plane, receive, rtcp, rtp, until};
use media::{
    Admission, Family, FlowAction, LatchPolicy, MediaPlane, RedirectRule, Remote, Side, Strangers, Stream,
    Tuning,
};

#[test]
fn rtp_passes_unchanged_in_both_directions_from_the_announced_port() {
    let plane = plane(8);
    let (caller, callee) = (Phone::new(), Phone::new());
    let session = bridged(&plane, &caller, &callee);
    caller.says(session.local(Side::Caller), &rtp(1));
    assert_eq!(callee.hears(), (rtp(1), session.local(Side::Callee)));
    callee.says(session.local(Side::Callee), &rtp(2));
    assert_eq!(caller.hears(), (rtp(2), session.local(Side::Caller)));
}

#[test]
fn a_call_of_many_packets_is_counted_on_both_sides() {
    let plane = plane(8);
    let (caller, callee) = (Phone::new(), Phone::new());
    let session = bridged(&plane, &caller, &callee);
    for sequence in 0..200 {
        caller.says(session.local(Side::Caller), &rtp(sequence));
        assert_eq!(callee.hears().0, rtp(sequence));
    }
    until("the count of the last packet", || session.stats().callee.packets_out == 200);
    let stats = session.stats();
    assert_eq!((stats.caller.packets_in, stats.caller.octets_in), (200, 200 * 172));
    assert_eq!((stats.callee.packets_out, stats.callee.octets_out), (200, 200 * 172));
    assert_eq!((stats.callee.packets_in, stats.caller.packets_out), (0, 0));
    assert_eq!(stats.caller.latched, Some(caller.remote().rtp));
    assert_eq!((stats.caller.payload_type, stats.callee.payload_type), (Some(8), None));
    assert!(stats.caller.last_packet.is_some() && stats.callee.last_packet.is_none());
}

#[test]
fn rtcp_passes_by_the_odd_ports() {
    let plane = plane(8);
    let (caller, callee) = (Phone::new(), Phone::new());
    let session = bridged(&plane, &caller, &callee);
    assert_eq!(session.local(Side::Caller).port() % 2, 0);
    caller.reports(session.local(Side::Caller), &rtcp(7));
    let (packet, from) = receive(&callee.rtcp);
    assert_eq!((packet, from.port()), (rtcp(7), session.local(Side::Callee).port() + 1));
    callee.reports(session.local(Side::Callee), &rtcp(8));
    assert_eq!(receive(&caller.rtcp).0, rtcp(8));
    until("both counts", || session.stats().callee.rtcp_in == 1);
    assert_eq!((session.stats().caller.rtcp_in, session.stats().caller.packets_in), (1, 0));
}

#[test]
fn a_packet_of_the_greatest_length_is_not_cut() {
    let plane = plane(8);
    let (caller, callee) = (Phone::new(), Phone::new());
    let session = bridged(&plane, &caller, &callee);
    let mut packet = rtp(1);
    packet.resize(65_507, 0x55);
    caller.says(session.local(Side::Caller), &packet);
    assert!(callee.hears().0 == packet);
}

#[test]
fn a_phone_behind_a_nat_is_answered_where_it_sends_from() {
    let plane = plane(8);
    let (caller, callee) = (Phone::at("127.0.0.9"), Phone::new());
    let mut session = plane.open(Family::V4, Family::V4).unwrap();
    let private = "192.168.1.20:4000".parse().unwrap();
    session.expect(Side::Caller, Remote { rtp: private, rtcp: private });
    session.expect(Side::Callee, callee.remote());
    caller.says(session.local(Side::Caller), &rtp(1));
    assert_eq!(callee.hears().0, rtp(1));
    callee.says(session.local(Side::Callee), &rtp(2));
    assert_eq!(caller.hears().0, rtp(2));
    assert_eq!(session.stats().caller.latched, Some(caller.remote().rtp));
}

#[test]
fn an_injected_stream_is_dropped_and_counted_and_steals_nothing() {
    let plane = plane(8);
    let (caller, callee, attacker) = (Phone::new(), Phone::new(), Phone::at("127.0.0.66"));
    let session = bridged(&plane, &caller, &callee);
    caller.says(session.local(Side::Caller), &rtp(1));
    assert_eq!(callee.hears().0, rtp(1));
    for sequence in 100..110 {
        attacker.says(session.local(Side::Caller), &rtp(sequence));
    }
    caller.says(session.local(Side::Caller), &rtp(2));
    assert_eq!(callee.hears().0, rtp(2), "nothing of the attacker before it");
    assert_eq!(session.stats().caller.dropped_source, 10);
    callee.says(session.local(Side::Callee), &rtp(3));
    assert_eq!(caller.hears().0, rtp(3));
    attacker.rtp.set_nonblocking(true).unwrap();
    assert!(attacker.rtp.recv(&mut [0; 256]).is_err(), "the attacker hears nothing");
}

#[test]
fn a_strict_plane_waits_for_the_announced_address() {
    let tuning = Tuning { latch: LatchPolicy { strangers: Strangers::Refused }, ..Tuning::default() };
    let plane = MediaPlane::start_with(common::config(8), tuning).unwrap();
    let (caller, callee, attacker) = (Phone::new(), Phone::new(), Phone::at("127.0.0.66"));
    let session = bridged(&plane, &caller, &callee);
    attacker.says(session.local(Side::Caller), &rtp(100));
    caller.says(session.local(Side::Caller), &rtp(1));
    assert_eq!(callee.hears().0, rtp(1));
    assert_eq!(session.stats().caller.dropped_source, 1);
}

#[test]
fn before_an_announcement_nothing_passes() {
    let plane = plane(8);
    let (caller, callee) = (Phone::new(), Phone::new());
    let mut session = plane.open(Family::V4, Family::V4).unwrap();
    session.expect(Side::Callee, callee.remote());
    caller.says(session.local(Side::Caller), &rtp(1));
    until("the refusal", || session.stats().caller.dropped_source == 1);
    session.expect(Side::Caller, caller.remote());
    caller.says(session.local(Side::Caller), &rtp(2));
    assert_eq!(callee.hears().0, rtp(2));
}

#[test]
fn a_new_announcement_moves_the_stream() {
    let plane = plane(8);
    let (caller, callee, other) = (Phone::new(), Phone::new(), Phone::at("127.0.0.5"));
    let mut session = bridged(&plane, &caller, &callee);
    caller.says(session.local(Side::Caller), &rtp(1));
    assert_eq!(callee.hears().0, rtp(1));
    session.expect(Side::Caller, other.remote());
    callee.says(session.local(Side::Callee), &rtp(2));
    assert_eq!(other.hears().0, rtp(2), "at once, before it has sent anything");
    other.says(session.local(Side::Caller), &rtp(3));
    assert_eq!(callee.hears().0, rtp(3));
    caller.says(session.local(Side::Caller), &rtp(4));
    until("the refusal of the old source", || session.stats().caller.dropped_source == 1);
    assert_eq!(session.stats().caller.latched, Some(other.remote().rtp));
}

#[test]
fn the_same_announcement_again_lets_a_source_move() {
    let plane = plane(8);
    let (caller, callee, moved) = (Phone::new(), Phone::new(), Phone::new());
    let mut session = bridged(&plane, &caller, &callee);
    caller.says(session.local(Side::Caller), &rtp(1));
    assert_eq!(callee.hears().0, rtp(1));
    session.expect(Side::Caller, caller.remote());
    moved.says(session.local(Side::Caller), &rtp(2));
    assert_eq!(callee.hears().0, rtp(2));
    callee.says(session.local(Side::Callee), &rtp(3));
    assert_eq!(moved.hears().0, rtp(3));
}

#[test]
fn garbage_is_counted_and_not_forwarded() {
    let plane = plane(8);
    let (caller, callee) = (Phone::new(), Phone::new());
    let session = bridged(&plane, &caller, &callee);
    let stun = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    let garbage: [&[u8]; 5] = [b"", b"\0\0\0\0", b"OPTIONS sip:x SIP/2.0\r\n\r\n", &stun, &rtp(1)[..11]];
    for packet in garbage {
        caller.says(session.local(Side::Caller), packet);
    }
    caller.reports(session.local(Side::Caller), &rtp(1));
    caller.says(session.local(Side::Caller), &rtp(2));
    assert_eq!(callee.hears().0, rtp(2));
    until("all counts", || session.stats().caller.malformed == 6);
    assert_eq!(session.stats().caller.packets_in, 1);
}

#[test]
fn a_flood_at_one_port_loses_no_packet_of_another_call() {
    let mut config = common::config(16);
    config.workers = 1;
    let plane = MediaPlane::start(config).unwrap();
    let (caller, callee, attacker) = (Phone::new(), Phone::new(), Phone::at("127.0.0.66"));
    let (session, flooded) = (bridged(&plane, &caller, &callee), plane.open(Family::V4, Family::V4).unwrap());
    for sequence in 0..100 {
        for _ in 0..100 {
            attacker.says(flooded.local(Side::Caller), &rtp(sequence));
        }
        caller.says(session.local(Side::Caller), &rtp(sequence));
        assert_eq!(callee.hears().0, rtp(sequence));
    }
    until("the flood to be counted", || flooded.stats().caller.dropped_source > 0);
}

#[test]
fn an_unreachable_far_end_leaves_the_worker_alive() {
    let plane = plane(8);
    let (caller, callee) = (Phone::new(), Phone::new());
    let mut session = bridged(&plane, &caller, &callee);
    let gone = callee.remote();
    drop(callee);
    for sequence in 0..50 {
        caller.says(session.local(Side::Caller), &rtp(sequence));
    }
    until("all of them", || session.stats().caller.packets_in == 50);
    let wrong_family = Remote { rtp: "[2001:db8::1]:9".parse().unwrap(), ..gone };
    session.expect(Side::Callee, wrong_family);
    until("a refusal by the kernel", || {
        caller.says(session.local(Side::Caller), &rtp(50));
        session.stats().callee.unsent > 0
    });
    let back = Phone::new();
    session.expect(Side::Callee, back.remote());
    until("the new far end to hear", || {
        caller.says(session.local(Side::Caller), &rtp(51));
        back.rtp.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        back.rtp.recv(&mut [0; 2048]).is_ok()
    });
}

#[test]
fn a_redirected_flow_leaves_the_relay_until_it_is_forwarded_again() {
    let plane = plane(8);
    let (caller, callee) = (Phone::new(), Phone::new());
    let mut session = bridged(&plane, &caller, &callee);
    let (to, reader) = sync_channel(1);
    let admit = Admission { announced: caller.remote().rtp, latch: LatchPolicy::default() };
    let flow = session.flow(Side::Caller, Stream::Rtp);
    plane.datapath().install(flow, FlowAction::Redirect(RedirectRule { admit, to }));
    caller.says(session.local(Side::Caller), &rtp(1));
    until("the packet", || session.stats().caller.packets_in == 1);
    caller.says(session.local(Side::Caller), &rtp(2));
    until("the loss at a full reader", || session.stats().caller.unsent == 1);
    let arrived = reader.recv().unwrap();
    assert_eq!((arrived.flow, arrived.from, &*arrived.bytes), (flow, caller.remote().rtp, &*rtp(1)));
    session.expect(Side::Caller, caller.remote());
    caller.says(session.local(Side::Caller), &rtp(3));
    assert_eq!(callee.hears().0, rtp(3));
}

#[test]
fn a_dropped_flow_refuses_even_the_announced_source() {
    let plane = plane(8);
    let (caller, callee) = (Phone::new(), Phone::new());
    let session = bridged(&plane, &caller, &callee);
    caller.says(session.local(Side::Caller), &rtp(1));
    assert_eq!(callee.hears().0, rtp(1));
    plane.datapath().install(session.flow(Side::Caller, Stream::Rtp), FlowAction::Drop);
    until("a refusal", || {
        caller.says(session.local(Side::Caller), &rtp(2));
        session.stats().caller.dropped_source > 0
    });
    assert_eq!(session.stats().caller.latched, None);
}
