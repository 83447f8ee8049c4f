//! Bodies nobody wrote: mutated and generated.

use std::net::{IpAddr, SocketAddr};

use media::sdp::{Origin, Sdp, relayed};
use proptest::prelude::*;

const ORIGIN: Origin =
    Origin { session_id: 1, version: 2, address: IpAddr::V4(std::net::Ipv4Addr::LOCALHOST) };

fn corpus() -> Vec<Vec<u8>> {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sdp")).expect("the corpus");
    let mut paths: Vec<_> = files.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a readable file")).collect()
}

fn local() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 30_000))
}

/// Whatever is accepted can be relayed, and what is relayed says the same of the stream but its address.
fn check(body: &[u8]) -> bool {
    let Ok(sdp) = Sdp::parse(body) else { return false };
    let again = relayed(&sdp, local(), &ORIGIN);
    let show = || String::from_utf8_lossy(&again).into_owned();
    let again = Sdp::parse(&again).unwrap_or_else(|error| panic!("{error} in\n{}", show()));
    let (before, after) = (sdp.audio(), again.audio());
    assert_eq!(before.is_some(), after.is_some(), "{}", String::from_utf8_lossy(body));
    if let (Some(before), Some(after)) = (before, after) {
        assert_eq!(before.is_rejected(), after.is_rejected());
        assert_eq!(
            (&before.payloads, before.direction, before.ptime),
            (&after.payloads, after.direction, after.ptime)
        );
        assert_eq!(before.held, after.held);
        if !after.held && !after.is_rejected() {
            assert_eq!((after.rtp, after.rtcp.port()), (local(), local().port() + 1));
        }
    }
    true
}

/// A small deterministic generator (xorshift): a failure repeats.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).expect("below the limit")
    }

    fn mutate(&mut self, body: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(body.len());
        match self.below(7) {
            0 if !body.is_empty() => body[at] = b"\r\n\0=: /0amc\xff"[self.below(12)],
            1 if !body.is_empty() => drop(body.remove(at)),
            2 => body.insert(at, u8::try_from(self.below(256)).expect("an octet")),
            3 => body.truncate(at),
            4 => {
                let from = self.below(other.len());
                body.splice(at..at, other[from..].iter().copied().take(40));
            }
            5 if !body.is_empty() => {
                let to = (at + self.below(30)).min(body.len());
                body.drain(at..to);
            }
            _ if !body.is_empty() => body[at] ^= 1 << self.below(8),
            _ => {}
        }
    }
}

#[test]
fn mutated_bodies_never_panic_and_what_is_accepted_can_be_relayed() {
    let corpus = corpus();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut accepted = 0;
    for round in 0..40_000 {
        let mut body = corpus[round % corpus.len()].clone();
        let other = dice.below(corpus.len());
        for _ in 0..=dice.below(4) {
            dice.mutate(&mut body, &corpus[other]);
        }
        accepted += usize::from(check(&body));
    }
    assert!(accepted > 10_000, "only {accepted} were accepted: the mutations test nothing");
}

fn format() -> impl Strategy<Value = (u8, String, u32)> {
    (96..128u8, "[A-Za-z][A-Za-z0-9-]{0,12}", prop_oneof![Just(8000u32), Just(16_000), Just(48_000)])
}

fn attribute() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("sendonly".to_owned()),
        Just("rtcp-mux".to_owned()),
        "ptime:[1-9]0",
        "candidate:[a-z0-9 .]{1,30}",
        "x-[a-z]{1,8}(:[ -~]{0,20})?",
        "ssrc:[0-9]{1,9} cname:[a-z]{1,5}@192\\.0\\.2\\.[1-9]",
    ]
}

proptest! {
    #[test]
    fn a_generated_offer_survives_the_relay(
        ip in any::<[u8; 4]>().prop_map(IpAddr::from).prop_filter("unicast", |ip| !ip.is_multicast()),
        port in 0u16..65_535,
        formats in proptest::collection::vec(format(), 1..8),
        attributes in proptest::collection::vec(attribute(), 0..8),
        session in proptest::collection::vec(attribute(), 0..4),
        end in prop_oneof![Just("\r\n"), Just("\n"), Just("\r")],
    ) {
        let numbers: String = formats.iter().map(|(pt, ..)| format!(" {pt}")).collect();
        let mut lines = vec!["v=0".to_owned(), format!("o=- 1 1 IN IP4 {ip}"), "s=x".into(), format!("c=IN IP4 {ip}")];
        lines.extend(session.iter().map(|attribute| format!("a={attribute}")));
        lines.push(format!("m=audio {port} RTP/AVP{numbers}"));
        lines.extend(formats.iter().map(|(pt, name, clock)| format!("a=rtpmap:{pt} {name}/{clock}")));
        lines.extend(attributes.iter().map(|attribute| format!("a={attribute}")));
        let body: String = lines.iter().flat_map(|line| [line.as_str(), end]).collect();
        prop_assert!(check(body.as_bytes()), "refused:\n{body}");
        let sdp = Sdp::parse(body.as_bytes()).unwrap();
        let text = String::from_utf8(relayed(&sdp, local(), &ORIGIN)).unwrap();
        prop_assert!(!text.contains("192.0.2.") && !text.contains("candidate"));
    }

    #[test]
    fn arbitrary_octets_are_refused_or_relayed(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&body);
    }
}
