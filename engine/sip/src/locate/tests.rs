use super::*;

const ALL: [Transport; 3] = [Transport::Udp, Transport::Tcp, Transport::Tls];

/// A zone: lines of `name TYPE data`.
fn look_up(zone: &str, need: &Need) -> Answer {
    let lines = |name: &str, kind: &str| {
        let name = name.trim_end_matches('.').to_owned();
        let kind = kind.to_owned();
        zone.lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .filter(move |words| words.len() > 2 && words[0] == name && words[1] == kind)
    };
    match need {
        Need::Naptr(name) => Answer::Naptr(
            lines(name, "NAPTR")
                .map(|words| Naptr {
                    order: words[2].parse().unwrap(),
                    preference: words[3].parse().unwrap(),
                    flags: words[4].into(),
                    service: words[5].into(),
                    replacement: words[6].into(),
                })
                .collect(),
        ),
        Need::Srv(name) => Answer::Srv(
            lines(name, "SRV")
                .map(|words| Srv {
                    priority: words[2].parse().unwrap(),
                    weight: words[3].parse().unwrap(),
                    port: words[4].parse().unwrap(),
                    target: words[5].into(),
                })
                .collect(),
        ),
        Need::Address(name) => {
            Answer::Address(lines(name, "A").map(|words| words[2].parse().unwrap()).collect())
        }
    }
}

/// All needs in order, and where they led.
fn walk(uri: &str, able: &[Transport], zone: &str) -> (Vec<String>, Vec<String>) {
    let mut locate = Locate::new(&SipUri::parse(uri).unwrap(), able).unwrap();
    let mut asked = Vec::new();
    while let Some(need) = locate.need() {
        asked.push(match &need {
            Need::Naptr(name) => format!("NAPTR {name}"),
            Need::Srv(name) => format!("SRV {name}"),
            Need::Address(name) => format!("A {name}"),
        });
        locate.answer(look_up(zone, &need), Duration::from_secs(300), &mut |_| 0);
    }
    let found = locate.found().destinations;
    (asked, found.iter().map(|found| format!("{} {}", found.transport, found.address)).collect())
}

/// RFC 3263 §4.1's own example, with hosts.
const EXAMPLE: &str = "
    example.com NAPTR 50 50 s SIPS+D2T _sips._tcp.example.com.
    example.com NAPTR 90 50 s SIP+D2T _sip._tcp.example.com
    example.com NAPTR 100 50 s SIP+D2U _sip._udp.example.com.
    example.com NAPTR 10 10 u E2U+sip nonsense
    _sip._tcp.example.com SRV 0 1 5060 server1.example.com
    _sip._tcp.example.com SRV 0 2 5062 server2.example.com.
    _sip._udp.example.com SRV 0 0 5070 server1.example.com
    _sips._tcp.example.com SRV 0 0 5071 server2.example.com
    server1.example.com A 192.0.2.1
    server1.example.com A 2001:db8::1
    server2.example.com A 192.0.2.2
    example.com A 192.0.2.9
    plain.example A 192.0.2.7
    srvonly.example A 192.0.2.8
    _sip._tcp.srvonly.example SRV 1 1 5080 server2.example.com
    none.example A 192.0.2.6
    _sip._udp.none.example SRV 0 0 0 .
    ";

#[test]
fn each_form_of_uri_asks_what_rfc_3263_says() {
    for (uri, asked, found) in [
        ("sip:192.0.2.5", vec![], vec!["UDP 192.0.2.5:5060"]),
        ("sip:a@[2001:db8::5]:5070", vec![], vec!["UDP [2001:db8::5]:5070"]),
        ("sips:192.0.2.5", vec![], vec!["TLS 192.0.2.5:5061"]),
        ("sips:192.0.2.5;transport=tcp", vec![], vec!["TLS 192.0.2.5:5061"]),
        ("sip:192.0.2.5;transport=TCP", vec![], vec!["TCP 192.0.2.5:5060"]),
        ("sip:example.com;maddr=192.0.2.77", vec![], vec!["UDP 192.0.2.77:5060"]),
        ("sip:example.com:5099", vec!["A example.com"], vec!["UDP 192.0.2.9:5099"]),
        ("sips:example.com:5099", vec!["A example.com"], vec!["TLS 192.0.2.9:5099"]),
        (
            "sip:example.com;transport=udp",
            vec!["SRV _sip._udp.example.com", "A server1.example.com"],
            vec!["UDP 192.0.2.1:5070", "UDP [2001:db8::1]:5070"],
        ),
        (
            "sip:plain.example;transport=tls",
            vec!["SRV _sips._tcp.plain.example", "A plain.example"],
            vec!["TLS 192.0.2.7:5061"],
        ),
        (
            "sip:plain.example.",
            vec![
                "NAPTR plain.example",
                "SRV _sip._udp.plain.example",
                "SRV _sip._tcp.plain.example",
                "SRV _sips._tcp.plain.example",
                "A plain.example",
            ],
            vec!["UDP 192.0.2.7:5060"],
        ),
        (
            "sips:plain.example",
            vec!["NAPTR plain.example", "SRV _sips._tcp.plain.example", "A plain.example"],
            vec!["TLS 192.0.2.7:5061"],
        ),
        (
            "sip:srvonly.example",
            vec![
                "NAPTR srvonly.example",
                "SRV _sip._udp.srvonly.example",
                "SRV _sip._tcp.srvonly.example",
                "A server2.example.com",
                "SRV _sips._tcp.srvonly.example",
            ],
            vec!["TCP 192.0.2.2:5080"],
        ),
        ("sip:none.example;transport=udp", vec!["SRV _sip._udp.none.example"], vec![]),
    ] {
        let (really_asked, really_found) = walk(uri, &ALL, EXAMPLE);
        assert_eq!(really_asked, asked, "{uri}");
        assert_eq!(really_found, found, "{uri}");
    }
}

#[test]
fn naptr_orders_the_services_and_srv_the_hosts() {
    let (_, found) = walk("sip:example.com", &ALL, EXAMPLE);
    assert_eq!(
        found,
        [
            "TLS 192.0.2.2:5071",
            "TCP 192.0.2.1:5060",
            "TCP [2001:db8::1]:5060",
            "TCP 192.0.2.2:5062",
            "UDP 192.0.2.1:5070",
            "UDP [2001:db8::1]:5070",
        ]
    );
    let (asked, found) = walk("sip:example.com", &[Transport::Udp], EXAMPLE);
    assert_eq!(asked, ["NAPTR example.com", "SRV _sip._udp.example.com", "A server1.example.com"]);
    assert_eq!(found[0], "UDP 192.0.2.1:5070");
    let (_, found) = walk("sips:example.com", &ALL, EXAMPLE);
    assert_eq!(found, ["TLS 192.0.2.2:5071"], "a secure URI never leads to an open transport");
}

#[test]
fn what_cannot_be_reached_is_told_at_once() {
    let new = |uri: &str, able: &[Transport]| Locate::new(&SipUri::parse(uri).unwrap(), able).map(|_| ());
    assert_eq!(new("tel:+15550100", &ALL), Err(LocateError::NoHost));
    assert_eq!(new("sip:h;transport=sctp", &ALL), Err(LocateError::Transport));
    assert_eq!(new("sip:h;transport=ws", &ALL), Err(LocateError::Transport));
    assert_eq!(new("sips:h;transport=udp", &ALL), Err(LocateError::Transport));
    assert_eq!(new("sips:h", &[Transport::Udp]), Err(LocateError::Transport));
    assert_eq!(new("sip:h", &[Transport::Tcp]), Ok(()));
}

#[test]
fn the_time_to_keep_has_a_floor_and_a_ceiling() {
    for (ttls, kept) in [([5, 900], 30), ([7200, 9000], 3600), ([600, 90], 90)] {
        let mut locate = Locate::new(&SipUri::parse("sip:h;transport=udp").unwrap(), &ALL).unwrap();
        for ttl in ttls {
            locate.answer(Answer::Srv(Vec::new()), Duration::from_secs(ttl), &mut |_| 0);
        }
        assert_eq!(locate.need(), None);
        assert_eq!(locate.found().ttl, Duration::from_secs(kept));
    }
}

#[test]
fn a_zone_without_end_is_left_in_time() {
    let mut locate = Locate::new(&SipUri::parse("sip:h").unwrap(), &ALL).unwrap();
    let mut lookups = 0;
    while let Some(need) = locate.need() {
        lookups += 1;
        let many = |number: usize| format!("{number}.example");
        let answer = match need {
            Need::Naptr(_) => Answer::Naptr(
                (0..1000)
                    .map(|number| Naptr {
                        order: 1,
                        preference: 1,
                        flags: "S".into(),
                        service: "sip+d2u".into(),
                        replacement: many(number),
                    })
                    .collect(),
            ),
            Need::Srv(_) => Answer::Srv(
                (0..1000).map(|n| Srv { priority: 1, weight: 9, port: 5060, target: many(n) }).collect(),
            ),
            Need::Address(_) => {
                Answer::Address((0..10).map(|last| IpAddr::from([10, 0, lookups, last])).collect())
            }
        };
        locate.answer(answer, Duration::from_secs(60), &mut |sum| sum / 3);
    }
    assert!(lookups <= 24, "{lookups}");
    assert_eq!(locate.found().destinations.len(), 32);
}
