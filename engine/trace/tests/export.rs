//! What leaves the trace: HEP as a socket receives it, and files of packets read back.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::{net::UdpSocket, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::CallId;
use sip::{Flow, Transport};
use trace::{Direction, Fate, HepSettings, Recorder, Seen, Trace, pcapng};

fn flow(transport: Transport, local: &str, remote: &str) -> Flow {
    Flow { transport, local: local.parse().unwrap(), remote: remote.parse().unwrap() }
}

/// The chunks of a packet, by vendor and type.
fn chunks(packet: &[u8]) -> Vec<((u16, u16), Vec<u8>)> {
    let word = |at: usize| u16::from_be_bytes([packet[at], packet[at + 1]]);
    assert_eq!((&packet[..4], usize::from(word(4))), (&b"HEP3"[..], packet.len()));
    let (mut at, mut chunks) = (6, Vec::new());
    while at < packet.len() {
        let length = usize::from(word(at + 4));
        assert!(length >= 6);
        chunks.push(((word(at), word(at + 2)), packet[at + 6..at + length].to_vec()));
        at += length;
    }
    assert_eq!(at, packet.len());
    chunks
}

fn chunk(chunks: &[((u16, u16), Vec<u8>)], kind: u16) -> Vec<u8> {
    let found: Vec<_> = chunks.iter().filter(|((vendor, k), _)| (*vendor, *k) == (0, kind)).collect();
    assert_eq!(found.len(), 1, "chunk {kind}");
    found[0].1.clone()
}

#[test]
fn a_collector_gets_what_was_seen_until_the_export_ends() {
    let collector = UdpSocket::bind("127.0.0.1:0").unwrap();
    collector.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let (trace, work) = Trace::new(1, 1 << 20);
    let mut recorder = Recorder::new(&trace);
    let working = std::thread::spawn(move || work.run());
    let settings = HepSettings {
        host: "127.0.0.1".to_owned(),
        port: collector.local_addr().unwrap().port(),
        node: 4711,
    };
    trace.export_to(Some(settings));

    let call = CallId(uuid::Uuid::from_u128(0x77));
    let at = DateTime::from_timestamp_micros(1_800_000_000_123_456).unwrap();
    let udp = flow(Transport::Udp, "192.0.2.1:5060", "198.51.100.7:5070");
    let bytes = Bytes::from_static(b"OPTIONS sip:h SIP/2.0\r\nCall-ID: abc\r\n\r\n");
    recorder.belongs(at, call, "abc");
    recorder.received(at, udp, &bytes);
    recorder.settle();

    let mut buffer = [0; 65_536];
    let length = collector.recv(&mut buffer).unwrap();
    let read = chunks(&buffer[..length]);
    for (kind, expected) in [
        (1, vec![2]),
        (2, vec![17]),
        (3, vec![198, 51, 100, 7]),
        (4, vec![192, 0, 2, 1]),
        (7, 5070u16.to_be_bytes().to_vec()),
        (8, 5060u16.to_be_bytes().to_vec()),
        (9, 1_800_000_000u32.to_be_bytes().to_vec()),
        (10, 123_456u32.to_be_bytes().to_vec()),
        (11, vec![1]),
        (12, 4711u32.to_be_bytes().to_vec()),
        (15, bytes.to_vec()),
        (17, call.to_string().into_bytes()),
    ] {
        assert_eq!(chunk(&read, kind), expected, "chunk {kind}");
    }

    // The other way, over TCP and IPv6.
    recorder.sent(at, flow(Transport::Tcp, "[2001:db8::1]:5060", "[2001:db8::2]:5061"), &bytes);
    let length = collector.recv(&mut buffer).unwrap();
    let read = chunks(&buffer[..length]);
    assert_eq!((chunk(&read, 1), chunk(&read, 2)), (vec![10], vec![6]));
    assert_eq!(chunk(&read, 5), "2001:db8::1".parse::<std::net::Ipv6Addr>().unwrap().octets());
    assert_eq!(chunk(&read, 8), 5061u16.to_be_bytes());

    // The collector's thread takes changes up in order: what was sent before the end arrives, what comes after does not.
    trace.export_to(None);
    recorder.sent(at, udp, &bytes);
    collector.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(collector.recv(&mut buffer).is_err());
    assert_eq!((trace.exported().sent, trace.exported().dropped, trace.lost()), (2, 0, 0));
    trace.stop();
    working.join().unwrap();
}

#[test]
fn a_collector_without_an_address_costs_packets_and_nothing_else() {
    let (trace, work) = Trace::new(1, 1 << 20);
    let mut recorder = Recorder::new(&trace);
    trace.export_to(Some(HepSettings { host: "no.such.name.invalid".to_owned(), port: 9060, node: 1 }));
    let udp = flow(Transport::Udp, "192.0.2.1:5060", "198.51.100.7:5070");
    for _ in 0..20_000 {
        recorder.sent(Utc::now(), udp, &Bytes::from_static(b"OPTIONS sip:h SIP/2.0\r\n\r\n"));
    }
    assert!(trace.lost() > 0, "more than the collector has room for are counted as lost");
    trace.stop();
    work.run();
    assert_eq!(trace.exported().dropped + trace.lost(), 20_000);
}

#[test]
fn messages_of_any_length_make_packets() {
    for length in [0, 1, 65_507, 70_000, 200_000] {
        let seen = Seen {
            at: Utc::now(),
            direction: Direction::Sent,
            flow: flow(Transport::Tls, "192.0.2.1:5061", "[2001:db8::2]:5061"),
            fate: Fate::Handled,
            bytes: vec![b'x'; length].into(),
        };
        let read = chunks(&trace::hep_packet(&seen, 1, None));
        let told = chunk(&read, 15).len();
        assert!(told == length || (length > 64_000 && told > 64_000), "{told} of {length}");
        // A v4 address beside a v6 one is told as v6 (RFC 4291 §2.5.5.2).
        assert_eq!(&chunk(&read, 5)[..12], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]);
        let file = pcapng(&[seen], "test");
        let packet = &packets(&file)[0];
        assert!(packet.1.len() <= 65_535);
    }
}

/// The packets of a file with their comments, the blocks checked on the way.
fn packets(file: &[u8]) -> Vec<(u64, Vec<u8>, String)> {
    let double = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let (mut at, mut packets, mut kinds) = (0, Vec::new(), Vec::new());
    while at < file.len() {
        let (kind, length) = (double(at), double(at + 4));
        assert_eq!((length % 4, double(at + length - 4)), (0, length));
        kinds.push(kind);
        if kind == 6 {
            let micros = ((double(at + 12) as u64) << 32) | double(at + 16) as u64;
            let captured = double(at + 20);
            let data = file[at + 28..at + 28 + captured].to_vec();
            let option = at + 28 + captured.next_multiple_of(4);
            let comment = match option < at + length - 4 {
                true => {
                    let size = u16::from_le_bytes([file[option + 2], file[option + 3]]) as usize;
                    String::from_utf8(file[option + 4..option + 4 + size].to_vec()).unwrap()
                }
                false => String::new(),
            };
            packets.push((micros, data, comment));
        }
        at += length;
    }
    assert_eq!(&kinds[..2], [0x0a0d_0d0a, 1]);
    packets
}

/// RFC 1071: over a right packet it is 0.
fn sum(parts: &[&[u8]]) -> u16 {
    let octets = parts.concat();
    let mut sum = 0u64;
    for pair in octets.chunks(2) {
        sum += u64::from(pair[0]) << 8 | u64::from(*pair.get(1).unwrap_or(&0));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[test]
fn a_file_has_the_packets_with_right_sums_and_says_what_they_are_not() {
    let at = DateTime::from_timestamp_micros(1_800_000_000_123_456).unwrap();
    let seen =
        |direction, flow, fate, body: &'static [u8]| Seen { at, direction, flow, fate, bytes: body.into() };
    let four = flow(Transport::Udp, "192.0.2.1:5060", "198.51.100.7:5070");
    let six = flow(Transport::Tcp, "[2001:db8::1]:5060", "[2001:db8::2]:5061");
    let file = pcapng(
        &[
            seen(Direction::Received, four, Fate::UnknownSource { answered: false }, b"odd"),
            seen(Direction::Sent, six, Fate::Handled, b"even"),
        ],
        "test",
    );
    let read = packets(&file);
    let (micros, packet, comment) = &read[0];
    assert_eq!((*micros, comment.as_str()), (1_800_000_000_123_456, "unknown_source_silent"));
    assert_eq!((packet[0], u16::from_be_bytes([packet[2], packet[3]])), (0x45, 31));
    assert_eq!((&packet[12..16], &packet[16..20]), (&[198, 51, 100, 7][..], &[192, 0, 2, 1][..]));
    assert_eq!(sum(&[&packet[..20]]), 0);
    assert_eq!(sum(&[&packet[12..20], &[0, 17, 0, 11], &packet[20..], &[0]]), 0);
    assert_eq!((&packet[20..26], &packet[28..]), (&[0x13, 0xce, 0x13, 0xc4, 0, 11][..], &b"odd"[..]));

    let (_, packet, comment) = &read[1];
    assert_eq!(comment, "travelled over TCP");
    assert_eq!((packet[0], packet[6], u16::from_be_bytes([packet[4], packet[5]])), (0x60, 17, 12));
    assert_eq!(sum(&[&packet[8..40], &[0, 17, 0, 12], &packet[40..]]), 0);
    assert_eq!(&packet[48..], b"even");
}
