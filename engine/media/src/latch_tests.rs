use super::*;

const PUBLIC: &str = "198.51.100.7:4000";
const PRIVATE: &str = "192.168.1.20:4000";
const NAT: &str = "203.0.113.9:31000";
const ATTACKER: &str = "203.0.113.66:5000";

fn end(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn expecting(announced: &str) -> Latch {
    let mut latch = Latch::default();
    announce(&mut latch, announced, 0);
    latch
}

fn announce(latch: &mut Latch, announced: &str, now_ms: u64) {
    latch.expect(Admission { announced: end(announced), latch: LatchPolicy::default() }, now_ms);
}

#[test]
fn nothing_is_accepted_before_an_announcement() {
    let mut latch = Latch::default();
    assert_eq!(latch.admit(end(PUBLIC), 0), Verdict::Refused);
    assert_eq!(latch.destination(), None);
}

#[test]
fn the_announced_address_is_latched_at_any_time_and_from_any_port() {
    let mut latch = expecting(PUBLIC);
    assert_eq!(latch.destination(), Some(end(PUBLIC)));
    assert_eq!(latch.admit(end("198.51.100.7:4999"), 60_000), Verdict::Latched);
    assert_eq!(latch.admit(end("198.51.100.7:4999"), 60_020), Verdict::Known);
    assert_eq!(latch.destination(), Some(end("198.51.100.7:4999")));
}

#[test]
fn a_stranger_is_latched_only_within_the_window() {
    assert_eq!(expecting(PUBLIC).admit(end(NAT), 3_000), Verdict::Latched);
    assert_eq!(expecting(PUBLIC).admit(end(NAT), 3_001), Verdict::Refused);
}

#[test]
fn behind_a_nat_the_stranger_may_come_late() {
    for announced in [PRIVATE, "0.0.0.0:4000", "100.64.3.3:4000", "10.1.1.1:9", "[fd00::1]:4000", "[::]:4000"]
    {
        assert_eq!(expecting(announced).admit(end(NAT), 60_000), Verdict::Latched, "{announced}");
    }
}

#[test]
fn strangers_refused_means_even_behind_a_nat() {
    let mut latch = Latch::default();
    latch.expect(
        Admission { announced: end(PRIVATE), latch: LatchPolicy { strangers: Strangers::Refused } },
        0,
    );
    assert_eq!(latch.admit(end(NAT), 1), Verdict::Refused);
    assert_eq!(latch.admit(end(PRIVATE), 1), Verdict::Latched);
}

#[test]
fn after_latching_everybody_else_is_refused() {
    let mut latch = expecting(PUBLIC);
    assert_eq!(latch.admit(end(PUBLIC), 0), Verdict::Latched);
    for from in [ATTACKER, "198.51.100.7:4001"] {
        assert_eq!(latch.admit(end(from), 20), Verdict::Refused, "{from}");
    }
    assert_eq!(latch.source(), Some(end(PUBLIC)));
}

#[test]
fn the_announced_source_displaces_a_stranger_that_was_faster() {
    let mut latch = expecting(PUBLIC);
    assert_eq!(latch.admit(end(ATTACKER), 10), Verdict::Latched);
    assert_eq!(latch.admit(end(PUBLIC), 30), Verdict::Latched);
    assert_eq!(latch.admit(end(ATTACKER), 31), Verdict::Refused);
}

#[test]
fn a_settled_stranger_is_not_displaced() {
    let mut latch = expecting(PUBLIC);
    assert_eq!(latch.admit(end(NAT), 10), Verdict::Latched);
    assert_eq!(latch.admit(end(PUBLIC), 10 + CONTEST_MS), Verdict::Refused);
}

#[test]
fn the_same_announcement_again_keeps_the_destination_and_learns_anew() {
    let mut latch = expecting(PRIVATE);
    latch.admit(end(NAT), 10);
    announce(&mut latch, PRIVATE, 60_000);
    assert_eq!(latch.destination(), Some(end(NAT)));
    assert_eq!(latch.admit(end("203.0.113.9:31002"), 60_010), Verdict::Latched, "the NAT rebound");
    assert_eq!(latch.admit(end(NAT), 60_020), Verdict::Refused);
}

#[test]
fn a_stranger_that_was_latched_may_come_back_after_the_window() {
    let mut latch = expecting(PUBLIC);
    latch.admit(end(NAT), 10);
    announce(&mut latch, PUBLIC, 60_000);
    assert_eq!(latch.admit(end(NAT), 70_000), Verdict::Latched);
}

#[test]
fn another_announcement_forgets_the_source_and_ignores_what_is_in_flight() {
    let mut latch = expecting(PRIVATE);
    latch.admit(end(NAT), 10);
    announce(&mut latch, "192.168.1.30:6000", 60_000);
    assert_eq!(latch.destination(), Some(end("192.168.1.30:6000")));
    assert_eq!(latch.admit(end(NAT), 60_010), Verdict::Refused);
    assert_eq!(latch.admit(end("203.0.113.9:32000"), 60_040), Verdict::Latched);
}

#[test]
fn hold_by_the_unspecified_address_keeps_the_source() {
    let mut latch = expecting(PRIVATE);
    latch.admit(end(NAT), 10);
    announce(&mut latch, "0.0.0.0:4000", 20_000);
    announce(&mut latch, PRIVATE, 40_000);
    assert_eq!(latch.destination(), Some(end(NAT)));
    assert_eq!(latch.admit(end(NAT), 40_001), Verdict::Latched);
}

#[test]
fn nothing_is_sent_to_an_unspecified_address() {
    assert_eq!(expecting("0.0.0.0:4000").destination(), None);
    assert_eq!(expecting("198.51.100.7:0").destination(), None);
}
