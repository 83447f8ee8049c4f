//! Opening and closing sessions.

mod common;

use std::net::UdpSocket;
use std::time::Duration;

use common::{LOCALHOST, Phone, bridged, config, plane, plane_on, rtp, until};
use media::{Family, LatchPolicy, MediaError, MediaPlane, PortRange, Remote, Side, Strangers, Tuning};

#[test]
fn a_full_range_is_refused_clearly_and_serves_again_after_a_hang_up() {
    let plane = plane(8);
    let first = plane.open(Family::V4, Family::V4).unwrap();
    let second = plane.open(Family::V4, Family::V4).unwrap();
    assert!(matches!(plane.open(Family::V4, Family::V4), Err(MediaError::NoPortsLeft)));
    let usage = plane.usage();
    assert_eq!((usage.open_sessions, usage.free_pairs, usage.resting_pairs), (2, 0, 0));
    drop(first);
    let mut third = None;
    until("the ports to have rested", || {
        third = plane.open(Family::V4, Family::V4).ok();
        third.is_some()
    });
    let (caller, callee) = (Phone::new(), Phone::new());
    drop(second);
    let mut session = third.unwrap();
    session.expect(Side::Caller, caller.remote());
    session.expect(Side::Callee, callee.remote());
    caller.says(session.local(Side::Caller), &rtp(1));
    assert_eq!(callee.hears().0, rtp(1));
}

#[test]
fn ports_rest_after_a_call() {
    let tuning = Tuning { quarantine: Duration::from_secs(3600), ..Tuning::default() };
    let plane = MediaPlane::start_with(config(8), tuning).unwrap();
    drop(plane.open(Family::V4, Family::V4).unwrap());
    let usage = plane.usage();
    assert_eq!((usage.open_sessions, usage.free_pairs, usage.resting_pairs), (0, 2, 2));
    let _second = plane.open(Family::V4, Family::V4).unwrap();
    assert!(matches!(plane.open(Family::V4, Family::V4), Err(MediaError::NoPortsLeft)));
}

#[test]
fn half_a_session_gives_its_ports_back() {
    let tuning = Tuning { quarantine: Duration::ZERO, ..Tuning::default() };
    let plane = MediaPlane::start_with(config(6), tuning).unwrap();
    let session = plane.open(Family::V4, Family::V4).unwrap();
    assert!(matches!(plane.open(Family::V4, Family::V4), Err(MediaError::NoPortsLeft)));
    assert_eq!(plane.usage().free_pairs, 1);
    drop(session);
}

#[test]
fn a_port_that_another_process_holds_is_skipped() {
    let config = config(12);
    let _rtp = UdpSocket::bind((LOCALHOST, config.ports.first)).unwrap();
    let _rtcp = UdpSocket::bind((LOCALHOST, config.ports.first + 5)).unwrap();
    let plane = MediaPlane::start(config).unwrap();
    let session = plane.open(Family::V4, Family::V4).unwrap();
    let ports = Side::BOTH.map(|side| session.local(side).port());
    assert_eq!(ports, [config.ports.first + 2, config.ports.first + 6]);
    assert_eq!(plane.usage().resting_pairs, 2);
}

#[test]
fn a_thousand_calls_come_and_go() {
    let config = config(400);
    let plane = plane_on(config);
    let (caller, callee) = (Phone::new(), Phone::new());
    for sequence in 0..1_000 {
        let mut opened = None;
        until("ports", || {
            opened = plane.open(Family::V4, Family::V4).ok();
            opened.is_some()
        });
        let mut session = opened.unwrap();
        session.expect(Side::Caller, caller.remote());
        session.expect(Side::Callee, callee.remote());
        caller.says(session.local(Side::Caller), &rtp(sequence));
        assert_eq!(callee.hears(), (rtp(sequence), session.local(Side::Callee)));
    }
    assert_eq!(plane.usage().open_sessions, 0);
    until("every port to have rested", || plane.usage().free_pairs == 200);
    let PortRange { first, last } = config.ports;
    until("every socket to be closed", || {
        (first..=last).all(|port| UdpSocket::bind((LOCALHOST, port)).is_ok())
    });
}

#[test]
fn the_next_call_on_the_same_ports_hears_nothing_of_the_one_before_and_counts_from_zero() {
    let plane = plane(4);
    let (caller, callee) = (Phone::new(), Phone::new());
    let session = bridged(&plane, &caller, &callee);
    let ports = Side::BOTH.map(|side| session.local(side).port());
    caller.says(session.local(Side::Caller), &rtp(1));
    assert_eq!(callee.hears().0, rtp(1));
    drop(session);
    // The old call's phones go on for a moment: some packets before the ports are used again, one after.
    let to = (LOCALHOST, ports[0]).into();
    (2..5).for_each(|sequence| caller.says(to, &rtp(sequence)));
    let mut again = None;
    until("the ports to have rested", || {
        again = plane.open(Family::V4, Family::V4).ok();
        again.is_some()
    });
    let mut again = again.unwrap();
    assert_eq!(Side::BOTH.map(|side| again.local(side).port()), ports);
    assert_eq!(again.stats(), Default::default(), "nothing of the old call");
    caller.says(to, &rtp(5));
    until("the refusal of the old caller", || again.stats().caller.dropped_source == 1);
    let (new_caller, new_callee) = (Phone::at("127.0.0.7"), Phone::at("127.0.0.8"));
    again.expect(Side::Caller, new_caller.remote());
    again.expect(Side::Callee, new_callee.remote());
    new_caller.says(to, &rtp(6));
    assert_eq!(new_callee.hears().0, rtp(6), "and nothing of the old call before it");
    until("the count", || again.stats().callee.packets_out == 1);
    assert_eq!((again.stats().caller.packets_in, again.stats().caller.dropped_source), (1, 1));
    callee.rtp.set_nonblocking(true).unwrap();
    assert!(callee.rtp.recv(&mut [0; 256]).is_err(), "the old callee hears nothing more");
}

#[test]
fn an_announcement_counts_from_when_it_was_made_even_if_no_packet_came_for_long() {
    let window = Duration::from_millis(300);
    let latch = LatchPolicy { strangers: Strangers::Within(window) };
    let plane = MediaPlane::start_with(config(8), Tuning { latch, ..Tuning::default() }).unwrap();
    let mut session = plane.open(Family::V4, Family::V4).unwrap();
    let announced = "198.51.100.1:4000".parse().unwrap();
    session.expect(Side::Caller, Remote { rtp: announced, rtcp: announced });
    std::thread::sleep(2 * window);
    let stranger = Phone::new();
    stranger.says(session.local(Side::Caller), &rtp(1));
    until("the refusal", || session.stats().caller.dropped_source == 1);
}

#[test]
fn many_threads_open_and_close_without_losing_a_port() {
    let plane = plane(80);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..100).for_each(|_| drop(plane.open(Family::V4, Family::V4))));
        }
    });
    until("every port to have rested", || plane.usage().free_pairs == 40);
    assert_eq!(plane.usage().open_sessions, 0);
}

#[test]
fn a_stopped_plane_says_so_and_closes_its_sockets() {
    let plane = plane(8);
    let (caller, callee) = (Phone::new(), Phone::new());
    let mut session = bridged(&plane, &caller, &callee);
    caller.says(session.local(Side::Caller), &rtp(1));
    assert_eq!(callee.hears().0, rtp(1));
    plane.stop();
    assert!(matches!(plane.open(Family::V4, Family::V4), Err(MediaError::Stopped)));
    assert!(UdpSocket::bind((LOCALHOST, session.local(Side::Caller).port())).is_ok());
    session.expect(Side::Caller, caller.remote());
    assert_eq!(session.stats().caller.packets_in, 1);
    plane.stop();
}

#[test]
fn a_session_outlives_the_plane_without_harm() {
    let plane = plane(8);
    let session = plane.open(Family::V4, Family::V4).unwrap();
    drop(plane);
    assert_eq!(session.stats().caller.packets_in, 0);
}

#[test]
fn wrong_settings_are_refused_with_the_reason() {
    let said = |change: &dyn Fn(&mut media::PlaneConfig)| {
        let mut config = config(8);
        change(&mut config);
        MediaPlane::start(config).unwrap_err().to_string()
    };
    assert_eq!(
        said(&|config| config.ports = PortRange { first: 40_000, last: 39_000 }),
        "media ports 40000-39000 are no usable range: a call takes two even/odd pairs"
    );
    assert!(said(&|config| config.ports.last = config.ports.first + 2).contains("no usable range"));
    assert_eq!(said(&|config| config.workers = 0), "0 media workers: give 1 to 256");
    assert!(
        said(&|config| config.address.bind = "192.0.2.1".parse().unwrap())
            .starts_with("media address 192.0.2.1 cannot be bound")
    );
    assert!(
        said(&|config| config.address.advertise = "0.0.0.0".parse().unwrap())
            .contains("not the address of one host")
    );
    assert!(
        said(&|config| config.address.advertise = "::1".parse().unwrap())
            .contains("one is IPv4, the other IPv6")
    );
}
