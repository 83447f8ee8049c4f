//! REG-2 and REG-8: challenges, credentials, silence.

use domain::{Parameter, PhoneDraft};
use sip::digest::{Algorithm, Challenge};

use super::world::{Device, PASSWORD, World, draft, flow, header, reply, status};
use crate::{Admission, Answer, Outcome};

#[test]
fn reg_2_the_challenge_has_the_code_and_the_hashes_that_are_set() {
    for (code, register, invite) in [("401", 401, 401), ("407", 407, 407), ("401/407", 401, 407)] {
        let world = World::with(&[(Parameter::SS_SIP_AUTHENTICATION_CODE, code)]);
        let mut phone = Device::new("1001");
        assert_eq!(status(&world.send(&phone.message(), phone.flow)), register);
        world.registered(&mut phone);
        let mut call = Device { method: "INVITE", count: 1000, ..Device::new("1001") };
        let (Admission::Refused(Answer::Reply(challenge)), ..) =
            world.registrar.admit(world.now, &call.message(), call.flow)
        else {
            panic!("a registered phone is challenged for its calls all the same")
        };
        assert_eq!(challenge.status, invite);
        call.answer(&challenge, PASSWORD);
        let (admission, outcome, _) = world.registrar.admit(world.now, &call.message(), call.flow);
        assert!(matches!(admission, Admission::Phone(_)));
        assert_eq!(outcome, Some(Outcome::Good));
    }
    for (set, offered) in [
        ("MD5/SHA-256", &[Algorithm::Md5, Algorithm::Sha256][..]),
        ("SHA-256/MD5", &[Algorithm::Sha256, Algorithm::Md5]),
        ("MD5", &[Algorithm::Md5]),
        ("SHA-256", &[Algorithm::Sha256]),
    ] {
        let world = World::with(&[(Parameter::SS_SIP_AUTHENTICATION_ALGORITHM, set)]);
        let mut phone = Device::new("1001");
        let challenge = reply(world.send(&phone.message(), phone.flow));
        let told: Vec<_> =
            challenge.headers.iter().map(|(_, value)| Challenge::parse(value).unwrap().algorithm).collect();
        assert_eq!(told, offered);
        world.registered(&mut phone);
    }
}

#[test]
fn reg_2_a_nonce_may_be_used_again_but_no_count_of_it_twice() {
    let mut world = World::new();
    let mut phone = Device::new("1001");
    let challenge = reply(world.send(&phone.message(), phone.flow));
    for count in 1..=3 {
        phone.count = count;
        phone.answer(&challenge, PASSWORD);
        assert_eq!(world.send(&phone.message(), phone.flow).outcome, Some(Outcome::Good));
    }
    phone.cseq += 1;
    let replayed = world.send(&phone.message(), phone.flow);
    assert_eq!(replayed.outcome, Some(Outcome::Replayed));
    assert!(header(&reply(replayed), "WWW-Authenticate").unwrap().contains("stale=true"));
    world.pass(301);
    phone.count = 4;
    phone.answer(&challenge, PASSWORD);
    let old = world.send(&phone.message(), phone.flow);
    assert_eq!(old.outcome, Some(Outcome::Stale));
    let fresh = reply(old);
    assert!(header(&fresh, "WWW-Authenticate").unwrap().contains("stale=true"));
    phone.count = 1;
    phone.answer(&fresh, PASSWORD);
    assert_eq!(world.send(&phone.message(), phone.flow).outcome, Some(Outcome::Good));
}

#[test]
fn credentials_of_another_source_method_or_realm_let_nobody_in() {
    let world = World::new();
    let mut phone = Device::new("1001");
    let challenge = reply(world.send(&phone.message(), phone.flow));
    phone.answer(&challenge, PASSWORD);
    let elsewhere = world.send(&phone.message(), flow("192.0.2.66:5060"));
    assert_eq!(elsewhere.outcome, Some(Outcome::Stale));
    let call = Device { method: "INVITE", ..phone.clone() };
    let (admission, outcome, _) = world.registrar.admit(world.now, &call.message(), call.flow);
    assert!(matches!(admission, Admission::Refused(_)));
    assert_eq!(outcome, Some(Outcome::Bad));
    let foreign = |realm: &str| {
        let credentials = phone.credentials.clone().unwrap().replace("realm=\"tandem\"", realm);
        world.send(
            &Device { credentials: Some(credentials), call_id: "r".into(), ..phone.clone() }.message(),
            phone.flow,
        )
    };
    let other = foreign("realm=\"carrier\"");
    assert_eq!((status(&other), other.outcome), (401, Some(Outcome::WrongRealm)));
    // Credentials for a proxy further on may stand before ours.
    let both = phone.clone().with(
        "Authorization: Digest username=\"x\", realm=\"carrier\", nonce=\"n\", uri=\"sip:h\", response=\"0\"",
    );
    assert_eq!(world.send(&both.message(), phone.flow).outcome, Some(Outcome::Good));
}

#[test]
fn hostile_credentials_are_challenged_and_remembered_by_nobody() {
    let world = World::new();
    let long = "x".repeat(10_000);
    for credentials in [
        "Authorization: Basic QWxhZGRpbg==".to_owned(),
        "Authorization: Digest".into(),
        "Authorization: Digest username=\"%00\", realm=\"tandem\", nonce=\"\", uri=\"\", response=\"\"".into(),
        "Authorization: Digest username=\"' or 1=1 --\", realm=\"tandem\", nonce=\"n\", uri=\"u\", response=\"r\"".into(),
        "Authorization: Digest username=\"\\\"\\\"\", realm=\"tandem\", nonce=\"n\", uri=\"u\", response=\"r\"".into(),
        "Authorization: Digest username=\"1001\", realm=\"tandem\", nonce=\"n\", uri=\"u\", response=\"r\", qop=auth, nc=zz, cnonce=c".into(),
        "Authorization: Digest username=\"1001\", realm=\"tandem\", nonce=\"n\", uri=\"u\", response=\"r\", algorithm=SHA-512".into(),
        format!("Authorization: Digest username=\"{long}\", realm=\"tandem\", nonce=\"n\", uri=\"u\", response=\"r\""),
    ] {
        for _ in 0..20 {
            let device = Device { credentials: Some(credentials.clone()), ..Device::new("1001") };
            let handled = world.send(&device.message(), device.flow);
            assert_eq!(status(&handled), 401, "{:?}", handled.outcome);
        }
    }
    assert!(world.registrar.suspensions(world.now).is_empty(), "no nonce of ours was answered");
}

#[test]
fn a_phone_may_come_only_from_its_networks() {
    let mut world = World::new();
    world.phone(1, PhoneDraft { allowed_networks: "192.0.2.0/24".into(), ..draft("1001") });
    world.registered(&mut Device::new("1001"));
    let mut abroad = Device::at("1001", "203.0.113.1:5060", "abroad");
    let handled = world.log_in(&mut abroad, PASSWORD);
    assert_eq!((status(&handled), handled.outcome), (401, Some(Outcome::BadPlace)));
}

#[test]
fn who_does_not_exist_is_answered_like_who_has_another_password() {
    let mut world = World::new();
    world.phone(3, PhoneDraft { enabled: String::new(), ..draft("1003") });
    for attempt in 1..=8 {
        let answers: Vec<_> = ["1001", "1003", "4711"]
            .into_iter()
            .map(|number| {
                let mut device = Device::at(number, "203.0.113.7:5060", &format!("guess-{attempt}"));
                let handled = world.log_in(&mut device, "Another-Word-1");
                let mut answer = reply(handled);
                answer.headers.iter_mut().for_each(|(_, value)| {
                    *value = value.replace(number, "N");
                });
                answer
            })
            .collect();
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "attempt {attempt}: {answers:?}");
    }
}

#[test]
fn reg_8_with_replies_off_strangers_hear_nothing_and_phones_are_challenged() {
    let mut world = World::with(&[(Parameter::SS_REPLY_UNAUTHORIZED, "Off")]);
    world.phone(3, PhoneDraft { enabled: String::new(), ..draft("1003") });
    for stranger in ["4711", "1003", "%00", ""] {
        let device = Device::at(stranger, "203.0.113.7:5060", "s");
        let handled = world.send(&device.message(), device.flow);
        assert_eq!((handled.answer, handled.outcome), (Answer::Silent, Some(Outcome::Silent)), "{stranger}");
    }
    world.registered(&mut Device::new("1001"));
    // On: the same strangers are challenged.
    let world = World::new();
    let device = Device::new("4711");
    assert_eq!(status(&world.send(&device.message(), device.flow)), 401);
}

#[test]
fn a_client_that_does_not_count_is_let_in_once_per_nonce_and_only_where_it_said() {
    let world = World::new();
    let mut phone = Device::new("1001");
    let mut challenge = reply(world.send(&phone.message(), phone.flow));
    challenge.headers.iter_mut().for_each(|(_, value)| *value = value.replace(", qop=\"auth\"", ""));
    phone.answer(&challenge, PASSWORD);
    assert_eq!(world.send(&phone.message(), phone.flow).outcome, Some(Outcome::Good));
    phone.cseq += 1;
    assert_eq!(world.send(&phone.message(), phone.flow).outcome, Some(Outcome::Replayed));
    let counts: std::collections::HashMap<_, _> =
        world.registrar.outcomes().into_iter().map(|(o, n)| (o.to_string(), n)).collect();
    assert_eq!((counts["good"], counts["replayed"], counts["challenged"]), (1, 1, 1));
}
