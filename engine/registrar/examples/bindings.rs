//! What a registrar costs: `cargo run --release -p registrar --example bindings [phones]`.
//!
//! Prints CPU time per REGISTER (challenge and answer), per renewal on a nonce in use, per look-up of a number, also with other
//! threads at work, and memory per binding.

#![allow(clippy::unwrap_used, reason = "a measurement may stop at the first surprise")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::{Configuration, PHONE_REALM, Phone, PhoneDraft, PhoneId, PhoneKeys, RowVersion};
use registrar::{Answer, Handled, Reach, Registrar, Reply};
use sip::digest::{Account, Algorithm, Asked, Ha1, answer};
use sip::{Flow, Message, Transport};

const PASSWORD: &str = "quiet-Heron-42";
const NOW: Duration = Duration::from_secs(1_800_000_000);

fn number(n: usize) -> String {
    format!("{}", 1_000_000 + n)
}

fn message(n: usize, cseq: u32, credentials: Option<&str>) -> Message {
    let number = number(n);
    let credentials = credentials.map(|value| format!("Authorization: {value}\r\n")).unwrap_or_default();
    let text = format!(
        "REGISTER sip:tandem.example SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK{n}{cseq};rport\r\n\
         Max-Forwards: 70\r\nFrom: <sip:{number}@tandem.example>;tag=f{n}\r\nTo: <sip:{number}@tandem.example>\r\n\
         Call-ID: 0123456789abcdef-{n}@10.0.0.5\r\nCSeq: {cseq} REGISTER\r\nContact: <sip:{number}@10.0.0.5:5060;ob>\r\n\
         User-Agent: Desk Phone 1.2.3.4\r\nExpires: 3600\r\n{credentials}Content-Length: 0\r\n\r\n"
    );
    Message::parse(Bytes::from(text)).unwrap()
}

fn flow(n: usize) -> Flow {
    let remote =
        format!("203.0.{}.{}:{}", n / 250 / 60 % 250, n / 60 % 250, 1024 + n % 60_000).parse().unwrap();
    Flow { transport: Transport::Udp, local: "198.51.100.1:5060".parse().unwrap(), remote }
}

fn reply(handled: Handled) -> Reply {
    match handled.answer {
        Answer::Reply(reply) => reply,
        Answer::Silent => panic!("no answer"),
    }
}

fn credentials(n: usize, challenge: &Reply, count: u32) -> String {
    let offered = challenge.headers.iter().map(|(_, value)| value.as_str());
    let asked = Asked { method: "REGISTER", uri: "sip:tandem.example", body: b"" };
    answer(offered, Account { user: &number(n), password: PASSWORD }, &asked, count, "c0ffee")
        .unwrap()
        .to_string()
}

fn resident_kilobytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn told(what: &str, began: Instant, times: usize) {
    println!("{what:<44} {:>9.3} us", began.elapsed().as_secs_f64() * 1e6 / times as f64);
}

fn main() {
    let phones: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let mut configuration = Configuration::default();
    for n in 0..phones {
        let draft =
            PhoneDraft { number: number(n), account: "1".into(), enabled: "on".into(), ..Default::default() };
        let id = PhoneId(n as i64);
        let settings = draft.check().unwrap().settings;
        configuration.phones.push(Phone { id, version: RowVersion(1), settings, has_password: true });
        let key = |algorithm| Ha1::new(algorithm, &number(n), PHONE_REALM, PASSWORD).expose().into();
        configuration
            .phone_keys
            .insert(id, PhoneKeys { md5: key(Algorithm::Md5), sha256: key(Algorithm::Sha256) });
    }
    let registrar = Registrar::new([7; 32]);
    let began = Instant::now();
    registrar.configure(&configuration);
    println!("configuration of {phones} phones taken up in {:?}", began.elapsed());
    drop(configuration);

    let first: Vec<_> = (0..phones).map(|n| message(n, 1, None)).collect();
    let began = Instant::now();
    let challenges: Vec<_> =
        first.iter().enumerate().map(|(n, m)| reply(registrar.register(NOW, m, flow(n)))).collect();
    told("REGISTER without credentials", began, phones);
    drop(first);
    let second: Vec<_> =
        (0..phones).map(|n| message(n, 2, Some(&credentials(n, &challenges[n], 1)))).collect();
    let before = resident_kilobytes();
    let began = Instant::now();
    for (n, message) in second.iter().enumerate() {
        assert_eq!(reply(registrar.register(NOW, message, flow(n))).status, 200);
    }
    told("REGISTER with credentials, a new contact", began, phones);
    let grown = resident_kilobytes().saturating_sub(before);
    println!("{:<44} {:>9} bytes", "memory per binding (with its nonce)", grown * 1024 / phones);
    drop(second);
    let third: Vec<_> =
        (0..phones).map(|n| message(n, 3, Some(&credentials(n, &challenges[n], 2)))).collect();
    let began = Instant::now();
    for (n, message) in third.iter().enumerate() {
        assert_eq!(reply(registrar.register(NOW + Duration::from_secs(60), message, flow(n))).status, 200);
    }
    told("REGISTER with credentials, a renewal", began, phones);
    drop(third);

    let numbers: Vec<String> = (0..phones).map(|n| number(n * 7919 % phones)).collect();
    let later = NOW + Duration::from_secs(61);
    let began = Instant::now();
    for number in &numbers {
        assert!(matches!(black_box(registrar.reach(later, number)), Reach::Rings(..)));
    }
    told("look-up of a number", began, phones);
    let began = Instant::now();
    assert!(registrar.expire(later).is_empty());
    println!(
        "{:<44} {:>9.3} ms",
        "a look at every phone for what has run out",
        began.elapsed().as_secs_f64() * 1e3
    );
    println!("{:?}", registrar.counts(later));

    // A flood of names that do not exist, each with an answer to our challenge.
    let times = phones.min(50_000);
    let flood: Vec<_> = (0..times)
        .map(|n| {
            let challenge = reply(registrar.register(later, &message(phones + n, 1, None), flow(n)));
            message(phones + n, 2, Some(&credentials(phones + n, &challenge, 1)))
        })
        .collect();
    let before = resident_kilobytes();
    let began = Instant::now();
    for (n, message) in flood.iter().enumerate() {
        black_box(registrar.register(later, message, flow(n)));
    }
    told("REGISTER of a name that does not exist", began, times);
    println!("{:<44} {:>9} kB", "memory for all of them", resident_kilobytes().saturating_sub(before));
}
