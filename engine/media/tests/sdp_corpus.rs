//! Bodies as devices send them: read, or refused for a reason.

use media::sdp::{Direction, Origin, Sdp, SdpError, common_codec, relayed};

fn body(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/sdp/{name}.sdp", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn parsed(name: &str) -> Sdp {
    Sdp::parse(&body(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn refused(name: &str) -> SdpError {
    Sdp::parse(&body(name)).expect_err(name)
}

fn rewritten(name: &str) -> String {
    let origin = Origin { session_id: 77, version: 3, address: [203, 0, 113, 1].into() };
    let local = "203.0.113.1:30000".parse().expect("an address");
    String::from_utf8(relayed(&parsed(name), local, &origin)).expect("text")
}

/// What the far end of a body announced: RTP, RTCP, names of the formats.
fn audio(name: &str) -> (String, String, Vec<String>) {
    let audio = parsed(name).audio().unwrap_or_else(|| panic!("{name} has no audio"));
    let formats = audio.payloads.iter().map(|p| format!("{} {}/{}", p.pt, p.encoding, p.clock)).collect();
    (audio.rtp.to_string(), audio.rtcp.to_string(), formats)
}

#[test]
fn a_carrier_offer_is_read_in_full() {
    let sdp = parsed("carrier-sbc");
    let audio = sdp.audio().unwrap();
    assert_eq!(audio.rtp, "198.51.100.21:21436".parse().unwrap());
    assert_eq!(audio.rtcp, "198.51.100.21:21437".parse().unwrap());
    assert_eq!((audio.direction, audio.ptime, audio.held), (Direction::SendRecv, Some(20), false));
    let formats: Vec<_> = audio.payloads.iter().map(|p| (p.pt, p.encoding.as_str(), p.clock)).collect();
    let expected = [(18, "G729", 8000), (8, "PCMA", 8000), (0, "PCMU", 8000), (101, "telephone-event", 8000)];
    assert_eq!(formats, expected);
    assert_eq!(sdp.origin(), Some("SBC 1820948 1820948 IN IP4 198.51.100.20"));
    assert!(!sdp.is_rejected());
}

#[test]
fn what_is_missing_or_misplaced_is_passed_over() {
    for (name, rtp) in [
        ("no-s-no-t", "198.51.100.20:4000"),
        ("no-origin", "198.51.100.20:4000"),
        ("lf-only", "198.51.100.60:14410"),
        ("cr-only", "198.51.100.60:14410"),
        ("trailing-garbage", "198.51.100.62:4000"),
        ("bandwidth-before-connection", "198.51.100.64:4000"),
        ("huge-origin", "198.51.100.65:17000"),
        ("short-origin", "198.51.100.66:4000"),
        ("contacts-and-keys", "198.51.100.70:49170"),
        ("odd-spaces", "198.51.100.71:4000"),
        ("latin1", "198.51.100.72:4000"),
        ("two-connections", "198.51.100.73:4000"),
    ] {
        assert_eq!(audio(name).0, rtp, "{name}");
    }
}

#[test]
fn formats_without_a_map_have_their_fixed_meaning_or_none() {
    assert_eq!(audio("no-origin").2, ["0 PCMU/8000", "8 PCMA/8000", "13 CN/8000"]);
    assert_eq!(audio("dynamic-unmapped").2, ["97 iLBC/8000", "96 /0", "8 pcma/8000"]);
    assert_eq!(audio("odd-spaces").2, ["8 PCMA/8000", "0 PCMU/8000"]);
}

#[test]
fn rtcp_goes_where_it_was_announced() {
    assert_eq!(audio("ipv6").1, "[2001:db8::22]:6101");
    assert_eq!(audio("ice-and-mux").1, "192.168.1.8:54325");
    let mux =
        String::from_utf8(body("ice-and-mux")).unwrap().replace("a=rtcp:54325 IN IP4 192.168.1.8\r\n", "");
    let rtcp = |text: &str| Sdp::parse(text.as_bytes()).unwrap().audio().unwrap().rtcp.port();
    assert_eq!(rtcp(&mux), 54322, "multiplexing is declined, so the next port counts");
    assert_eq!(rtcp(&mux.replace("a=rtcp-mux", "a=rtcp-mux-only")), 54321);
    assert_eq!(rtcp(&mux.replace("m=audio 54321", "m=audio 65535")), 65535);
}

#[test]
fn every_way_to_hold_is_seen() {
    for (name, direction) in [
        ("hold-zero-address", Direction::SendRecv),
        ("hold-sendonly", Direction::SendOnly),
        ("hold-inactive-media-level", Direction::Inactive),
        ("hold-invalid-name", Direction::SendRecv),
    ] {
        let audio = parsed(name).audio().unwrap();
        assert_eq!((audio.held, audio.direction), (true, direction), "{name}");
    }
}

#[test]
fn a_fractional_ptime_is_read() {
    assert_eq!(parsed("ptime-fraction").audio().unwrap().ptime, Some(20));
}

#[test]
fn the_first_live_audio_line_is_the_stream() {
    assert_eq!(audio("several-media").0, "198.51.100.51:49170");
    assert!(parsed("t38-image").audio().is_none() && parsed("t38-image").is_rejected());
    let refused = parsed("audio-refused-image-live");
    assert!(refused.is_rejected() && refused.audio().unwrap().is_rejected());
}

#[test]
fn what_cannot_be_used_is_refused_with_the_reason() {
    assert_eq!(refused("fqdn"), SdpError::AddressIsName("media.example.com".into()));
    assert_eq!(refused("multicast"), SdpError::AddressIsMulticast([233, 252, 0, 1].into()));
    assert_eq!(refused("no-connection"), SdpError::NoConnection);
    assert_eq!(
        refused("port-too-high").to_string(),
        "SDP syntax: Invalid field formatting in line 5 at Media port"
    );
    assert_eq!(refused("no-formats").to_string(), "SDP syntax: Missing field Media proto in line 5");
    assert_eq!(refused("not-sdp").to_string(), "SDP syntax: No version line");
    assert_eq!(Sdp::parse(b"").unwrap_err().to_string(), "SDP syntax: No version line");
}

#[test]
fn bodies_beyond_the_limits_are_refused() {
    let mut long = body("carrier-sbc");
    long.resize((16 << 10) + 1, b' ');
    assert_eq!(Sdp::parse(&long), Err(SdpError::TooLong { length: 16385 }));
    let mut many = body("carrier-sbc");
    (0..16).for_each(|_| many.extend(b"m=audio 0 RTP/AVP 8\r\n"));
    assert_eq!(Sdp::parse(&many), Err(SdpError::TooManyMedia { count: 17 }));
}

#[test]
fn the_relay_shows_its_own_address_and_keeps_formats_and_attributes() {
    let expected = "v=0\r\n\
        o=- 77 3 IN IP4 203.0.113.1\r\n\
        s=-\r\n\
        c=IN IP4 203.0.113.1\r\n\
        t=0 0\r\n\
        m=audio 30000 RTP/AVP 18 8 0 101\r\n\
        a=rtpmap:18 G729/8000\r\n\
        a=fmtp:18 annexb=no\r\n\
        a=rtpmap:8 PCMA/8000\r\n\
        a=rtpmap:0 PCMU/8000\r\n\
        a=rtpmap:101 telephone-event/8000\r\n\
        a=fmtp:101 0-15\r\n\
        a=ptime:20\r\n\
        a=maxptime:40\r\n\
        a=sendrecv\r\n";
    assert_eq!(rewritten("carrier-sbc"), expected);
}

#[test]
fn nothing_leads_past_the_relay() {
    let expected = "v=0\r\n\
        o=- 77 3 IN IP4 203.0.113.1\r\n\
        s=-\r\n\
        c=IN IP4 203.0.113.1\r\n\
        t=0 0\r\n\
        a=msid-semantic: WMS stream\r\n\
        m=audio 30000 RTP/AVP 111 8\r\n\
        a=rtpmap:111 opus/48000/2\r\n\
        a=fmtp:111 minptime=10;useinbandfec=1\r\n\
        a=rtcp-fb:111 transport-cc\r\n\
        a=ssrc:314159 label:voice\r\n";
    assert_eq!(rewritten("ice-and-mux"), expected);
}

#[test]
fn other_streams_keep_their_place_with_port_0() {
    let text = rewritten("several-media");
    let media: Vec<_> = text.lines().filter(|line| line.starts_with("m=")).collect();
    let expected = [
        "m=video 0 RTP/AVP 31 99",
        "m=audio 30000 RTP/AVP 0 8",
        "m=audio 0 RTP/SAVP 0",
        "m=application 0 TCP/BFCP *",
    ];
    assert_eq!(media, expected);
    assert!(!text.contains("BUNDLE"));
}

#[test]
fn a_refused_stream_stays_refused_and_a_held_one_held() {
    assert!(rewritten("audio-refused-image-live").contains("m=audio 0 RTP/AVP 8\r\nm=image 0 udptl t38\r\n"));
    assert!(rewritten("hold-zero-address").contains("c=IN IP4 0.0.0.0\r\n"));
    assert!(rewritten("hold-invalid-name").contains("c=IN IP4 0.0.0.0\r\n"), "in the relay's own family");
    assert!(rewritten("hold-sendonly").contains("c=IN IP4 203.0.113.1\r\nt=0 0\r\na=sendonly\r\n"));
}

#[test]
fn an_ipv6_relay_writes_ip6() {
    let origin = Origin { session_id: 1, version: 1, address: "2001:db8::1".parse().unwrap() };
    let body = relayed(&parsed("carrier-sbc"), "[2001:db8::1]:30000".parse().unwrap(), &origin);
    let text = String::from_utf8(body).unwrap();
    assert!(text.contains("o=- 1 1 IN IP6 2001:db8::1\r\n") && text.contains("c=IN IP6 2001:db8::1\r\n"));
}

#[test]
fn no_relayed_body_names_the_far_end() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sdp")).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
        if Sdp::parse(&body(&name)).is_err() {
            continue;
        }
        let text = rewritten(&name);
        for foreign in ["198.51.100.", "192.168.", "2001:db8", "10.47.", "203.0.113.77", "555-6011", "jdoe"] {
            assert!(!text.contains(foreign), "{name} shows {foreign}:\n{text}");
        }
    }
}

fn voice(offer: &str, answer: &str) -> Option<String> {
    let sdp = |formats: &str| {
        let body = format!("v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP {formats}\r\n");
        Sdp::parse(body.as_bytes()).unwrap_or_else(|error| panic!("{formats}: {error}"))
    };
    common_codec(&sdp(offer), &sdp(answer)).map(|payload| format!("{} {}", payload.pt, payload.encoding))
}

#[test]
fn the_common_codec_is_the_first_voice_format_of_the_answer_that_was_offered() {
    let events = |pt| format!("\r\na=rtpmap:{pt} telephone-event/8000");
    assert_eq!(voice("18 8 0", "8 0").as_deref(), Some("8 PCMA"));
    assert_eq!(
        voice(&format!("8 101{}", events(101)), &format!("101 8{}", events(101))).as_deref(),
        Some("8 PCMA")
    );
    assert_eq!(voice("8 13", "13 8").as_deref(), Some("8 PCMA"));
    assert_eq!(voice("0", "8 0").as_deref(), Some("0 PCMU"), "8 was not offered");
    assert_eq!(voice("0", "8"), None);
    let renumbered = voice("97 8\r\na=rtpmap:97 iLBC/8000", "98\r\na=rtpmap:98 ILBC/8000");
    assert_eq!(renumbered.as_deref(), Some("98 ILBC"));
}

#[test]
fn a_refused_answer_has_no_codec() {
    assert_eq!(common_codec(&parsed("carrier-sbc"), &parsed("audio-refused-image-live")), None);
}
