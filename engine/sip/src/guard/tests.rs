use super::*;

const OPTIONS: &[u8] = b"OPTIONS sip:h SIP/2.0\r\n\r\n";
const REGISTER: &[u8] = b"REGISTER sip:h SIP/2.0\r\n\r\n";

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

struct Watch {
    guard: Guard,
    now: Instant,
}

impl Watch {
    fn new(limits: GuardLimits) -> Self {
        let now = Instant::now();
        Self { guard: Guard::new(now, limits), now }
    }

    fn wait(&mut self, milliseconds: u64) {
        self.now += Duration::from_millis(milliseconds);
    }

    fn hears(&mut self, from: &str, datagram: &'static [u8]) -> Result<FirstLine<'static>, Refused> {
        self.guard.admit(self.now, address(from), false, datagram)
    }

    fn admitted(&mut self, from: &str, datagram: &'static [u8], tries: usize) -> usize {
        (0..tries).filter(|_| self.hears(from, datagram).is_ok()).count()
    }
}

#[test]
fn sec_1_a_source_may_send_fifty_at_once_and_twenty_a_second() {
    let mut watch = Watch::new(GuardLimits::default());
    assert_eq!(watch.admitted("192.0.2.1", OPTIONS, 200), 50);
    assert_eq!(watch.hears("192.0.2.1", OPTIONS), Err(Refused::TooFast));
    assert_eq!(watch.admitted("192.0.2.2", OPTIONS, 200), 50, "another source has its own bucket");
    watch.wait(1_000);
    assert_eq!(watch.admitted("192.0.2.1", OPTIONS, 200), 20);
    watch.wait(60_000);
    assert_eq!(watch.admitted("192.0.2.1", OPTIONS, 200), 50, "a silence saves up a burst and no more");
    assert_eq!(watch.guard.refusals().of(Refused::TooFast), 150 + 1 + 150 + 180 + 150);
}

#[test]
fn sec_1_registrations_are_limited_on_top() {
    let mut watch = Watch::new(GuardLimits::default());
    assert_eq!(watch.admitted("192.0.2.1", REGISTER, 60), 10);
    assert_eq!(watch.hears("192.0.2.1", REGISTER), Err(Refused::TooManyRegistrations));
    assert_eq!(watch.admitted("192.0.2.1", OPTIONS, 60), 40, "a refused registration uses up nothing");
    watch.wait(1_000);
    assert_eq!(watch.admitted("192.0.2.1", REGISTER, 60), 5);
    assert_eq!(watch.admitted("192.0.2.1", OPTIONS, 60), 15);
}

#[test]
fn a_trusted_source_has_no_pace_and_no_ban_but_must_speak_sip() {
    let mut watch = Watch::new(GuardLimits::default());
    let trusted = address("192.0.2.1");
    watch.guard.ban(watch.now, trusted, Duration::from_secs(60));
    for _ in 0..1_000 {
        assert_eq!(watch.guard.admit(watch.now, trusted, true, REGISTER), Ok(FirstLine::Request("REGISTER")));
    }
    assert_eq!(watch.guard.admit(watch.now, trusted, true, b"GET / HTTP/1.1\r\n"), Err(Refused::NotSip));
    assert_eq!(watch.guard.sources(), 0);
}

#[test]
fn strangers_without_number_leave_room_for_who_is_known() {
    let limits = GuardLimits { strangers: Pace::new(100, 100), ..GuardLimits::default() };
    let mut watch = Watch::new(limits);
    let (phone, gateway) = ("203.0.113.5", address("203.0.113.6"));
    assert!(watch.hears(phone, REGISTER).is_ok());
    watch.guard.recognise(address(phone));
    let mut flood = 0..;
    let mut pass = |watch: &mut Watch, number: usize| {
        let from = flood.by_ref().take(number).map(|n: u32| IpAddr::from((0x0a00_0000 + n).to_be_bytes()));
        from.filter(|from| watch.guard.admit(watch.now, *from, false, OPTIONS).is_ok()).count()
    };
    assert_eq!(pass(&mut watch, 10_000), 99, "the phone was one of them before it was known");
    assert_eq!(watch.hears("192.0.2.77", REGISTER), Err(Refused::Overload));
    assert!(watch.hears(phone, REGISTER).is_ok());
    assert!(watch.guard.admit(watch.now, gateway, true, OPTIONS).is_ok());
    watch.wait(500);
    assert_eq!(pass(&mut watch, 10_000), 50);
    assert_eq!(watch.admitted(phone, OPTIONS, 1_000), 50, "its own pace holds");
}

#[test]
fn the_port_and_the_lower_half_of_ipv6_hide_nobody() {
    let mut watch = Watch::new(GuardLimits::default());
    assert_eq!(watch.admitted("2001:db8::1", OPTIONS, 50), 50);
    assert_eq!(watch.hears("2001:db8::ffff:0:2", OPTIONS), Err(Refused::TooFast));
    assert!(watch.hears("2001:db8:0:1::1", OPTIONS).is_ok());
    assert_eq!(watch.admitted("192.0.2.1", OPTIONS, 50), 50);
    assert_eq!(watch.hears("::ffff:192.0.2.1", OPTIONS), Err(Refused::TooFast));
}

#[test]
fn a_ban_ends_when_it_should_and_the_longer_one_wins() {
    let mut watch = Watch::new(GuardLimits::default());
    let bad = address("192.0.2.9");
    watch.guard.ban(watch.now, bad, Duration::from_secs(10));
    watch.guard.ban(watch.now, bad, Duration::from_secs(5));
    assert_eq!(watch.guard.banned_for(watch.now, bad), Some(Duration::from_secs(10)));
    watch.wait(9_999);
    assert_eq!(watch.hears("192.0.2.9", OPTIONS), Err(Refused::Banned));
    watch.wait(1);
    assert!(watch.hears("192.0.2.9", OPTIONS).is_ok());
    assert_eq!(watch.guard.banned_for(watch.now, bad), None);
    watch.guard.ban(watch.now, bad, Duration::MAX);
    assert!(watch.guard.unban(bad) && !watch.guard.unban(bad));
    assert!(watch.hears("192.0.2.9", OPTIONS).is_ok());
}

#[test]
fn a_full_ban_table_gives_up_the_bans_that_end_soonest() {
    let mut watch = Watch::new(GuardLimits { bans: 16, ..GuardLimits::default() });
    for last in 1..=16 {
        watch.guard.ban(watch.now, address(&format!("192.0.2.{last}")), Duration::from_secs(100 + last));
    }
    watch.guard.ban(watch.now, address("198.51.100.1"), Duration::from_secs(500));
    assert_eq!(watch.guard.banned_for(watch.now, address("192.0.2.1")), None);
    let held = (2..=16)
        .filter(|last| watch.guard.banned_for(watch.now, address(&format!("192.0.2.{last}"))).is_some());
    assert_eq!(held.count(), 15);
    assert!(watch.guard.banned_for(watch.now, address("198.51.100.1")).is_some());
}

#[test]
fn sources_without_number_stay_within_the_table() {
    let strangers = Pace::new(1_000_000, 1_000_000);
    let mut watch = Watch::new(GuardLimits { sources: 1_000, strangers, ..GuardLimits::default() });
    for number in 0..50_000_u32 {
        let from = IpAddr::from(number.to_be_bytes());
        assert!(watch.guard.admit(watch.now, from, false, OPTIONS).is_ok());
    }
    assert_eq!(watch.guard.sources(), 1_000);
}

#[test]
fn what_is_too_long_is_not_read_and_other_reasons_can_be_noted() {
    let mut watch = Watch::new(GuardLimits { max_bytes: 20, ..GuardLimits::default() });
    assert_eq!(watch.hears("192.0.2.1", OPTIONS), Err(Refused::TooBig));
    watch.guard.note(Refused::UnknownSource);
    let counted: Vec<_> = watch.guard.refusals().iter().filter(|(_, count)| *count > 0).collect();
    assert_eq!(counted, [(Refused::TooBig, 1), (Refused::UnknownSource, 1)]);
    assert_eq!(watch.guard.refusals().total(), 2);
    for (at, why) in Refused::ALL.into_iter().enumerate() {
        assert_eq!(why as usize, at, "counters stand in the order of the reasons");
    }
}

#[test]
fn first_lines_are_told_apart() {
    for (bytes, seen) in [
        (&b"\r\n\r\n"[..], FirstLine::KeepAlive),
        (b"", FirstLine::KeepAlive),
        (b"\0\0\0\0", FirstLine::KeepAlive),
        (b"  \r", FirstLine::KeepAlive),
        (b"\r\nINVITE sip:a b@h SIP/2.0\nVia", FirstLine::Request("INVITE")),
        (b"invite sip:a sip/7.0\r\n", FirstLine::Request("invite")),
        (b"SIP/2.0 183 Session Progress\r\n", FirstLine::Response(183)),
        (b"sip/2.0  200\r\n", FirstLine::Response(200)),
        (b"SIP/2.0 700 x\r\n", FirstLine::Junk),
        (b"SIP/2.0 2000 x\r\n", FirstLine::Junk),
        (b"INVITE SIP/2.0\r\n", FirstLine::Junk),
        (b"INVITE sip:a SIP/2.0", FirstLine::Junk),
        (b"GET / HTTP/1.1\r\n", FirstLine::Junk),
        (b"IN<>VITE sip:a SIP/2.0\r\n", FirstLine::Junk),
        (b"\x00\x01\x00\x00\x21\x12\xa4\x42\n", FirstLine::Junk),
        (&[b'A'; 9_000], FirstLine::Junk),
    ] {
        assert_eq!(first_line_of(bytes), seen, "{}", String::from_utf8_lossy(bytes));
    }
}
