//! REG-4: what a registration is (RFC 3261 §10.3).

use domain::{Parameter, PhoneDraft};

use super::world::{Device, World, contacts, draft, flow, header, reply, status};
use crate::Output;

#[test]
fn reg_4_a_phone_registers_refreshes_and_goes() {
    let mut world = World::new();
    let mut phone = Device::new("1001").with("Expires: 3600");
    assert_eq!(contacts(&world.registered(&mut phone)), ["<sip:1001@192.0.2.10:5060>;expires=3600"]);
    world.pass(1800);
    assert_eq!(world.contacts("1001"), ["<sip:1001@192.0.2.10:5060>;expires=1800"]);
    phone.cseq += 1;
    assert_eq!(contacts(&world.registered(&mut phone)), ["<sip:1001@192.0.2.10:5060>;expires=3600"]);
    // As the upstream of another switch that stops: expiry 0 removes at once (extract 5, feature 1).
    phone.headers = vec!["Expires: 0".into()];
    phone.cseq += 1;
    let gone = world.log_in(&mut phone, super::world::PASSWORD);
    assert!(gone.outputs.iter().any(|output| matches!(output, Output::Offline { .. })), "{:?}", gone.outputs);
    assert_eq!(contacts(&reply(gone)), [""; 0]);
    assert_eq!(world.contacts("1001"), [""; 0]);
}

#[test]
fn a_registration_that_is_not_refreshed_runs_out() {
    let mut world = World::new();
    world.registered(&mut Device::new("1001").with("Expires: 300"));
    assert_eq!(world.registrar.counts(world.now).online, 1);
    world.pass(299);
    assert!(world.registrar.expire(world.now).is_empty());
    world.pass(1);
    assert_eq!(world.registrar.counts(world.now).online, 0);
    let told = world.registrar.expire(world.now);
    assert!(
        matches!(&told[..], [Output::Offline { .. }, Output::Changed { bindings, .. }] if bindings.is_empty()),
        "{told:?}"
    );
    assert!(world.registrar.expire(world.now).is_empty(), "told once");
}

#[test]
fn the_parameter_of_a_contact_goes_before_the_header() {
    let world = World::new();
    let mut phone = Device::new("1001").with("Expires: 3600");
    phone.contacts = vec!["<sip:1001@192.0.2.10:5060>;expires=600;q=0.5".into()];
    assert_eq!(contacts(&world.registered(&mut phone)), ["<sip:1001@192.0.2.10:5060>;expires=600;q=0.500"]);
}

#[test]
fn a_brief_interval_is_423_with_the_least_that_is_taken() {
    let world = World::new();
    for (asked, expected) in [("1", 423), ("299", 423), ("300", 200), ("banana", 200), ("99999999999", 200)] {
        let mut phone = Device::at("1001", "192.0.2.10:5060", asked).with(&format!("Expires: {asked}"));
        let answer = reply(world.log_in(&mut phone, super::world::PASSWORD));
        assert_eq!(answer.status, expected, "{asked}");
        assert_eq!(header(&answer, "Min-Expires"), (expected == 423).then_some("300"), "{asked}");
    }
    assert_eq!(world.contacts("1001"), ["<sip:1001@192.0.2.10:5060>;expires=3600"]);
}

#[test]
fn reg_4_behind_address_translation_the_time_is_shorter_and_the_way_back_is_the_way_it_came() {
    let world = World::new();
    for (contact, nat) in [
        ("<sip:1001@10.0.0.5:5060>", true),
        ("<sip:1001@192.0.2.10:5060>", false),
        ("<sip:1001@192.0.2.10:40000>", true),
        ("<sip:1001@192.0.2.10>", false),
        ("<sip:1001@phone.invalid>", true),
    ] {
        let mut phone = Device::new("1001").with("Expires: 3600");
        phone.contacts = vec![contact.into()];
        phone.call_id = contact.into();
        let told = contacts(&world.registered(&mut phone));
        assert_eq!(told.len(), 1, "{told:?}");
        let expires = if nat { "expires=300" } else { "expires=3600" };
        assert!(told[0].ends_with(expires), "{contact}: {told:?}");
        let targets = world.registrar.find("1001").unwrap().targets(world.now);
        assert_eq!((targets[0].flow, targets[0].nat), (flow("192.0.2.10:5060"), nat));
    }
}

#[test]
fn times_of_a_phone_s_own_take_the_place_of_the_system_s() {
    let mut world = World::with(&[(Parameter::SS_ENDPOINT_EXPIRE, "1800")]);
    world.registered(&mut Device::new("1001"));
    assert_eq!(world.contacts("1001"), ["<sip:1001@192.0.2.10:5060>;expires=1800"]);
    let overrides = [("SS_ENDPOINT_EXPIRE".to_owned(), "900".to_owned())].into();
    world.phone(1, PhoneDraft { overrides, ..draft("1001") });
    world.registered(&mut Device { cseq: 9, ..Device::new("1001") });
    assert_eq!(world.contacts("1001"), ["<sip:1001@192.0.2.10:5060>;expires=900"]);
}

#[test]
fn reg_4_a_new_registration_kicks_the_earlier_one() {
    let world = World::new();
    world.registered(&mut Device::at("1001", "192.0.2.10:5060", "old"));
    let mut newer = Device::at("1001", "192.0.2.11:5060", "new");
    let handled = world.log_in(&mut newer, super::world::PASSWORD);
    let displaced = handled.outputs.iter().any(
        |output| matches!(output, Output::Displaced { binding, .. } if &*binding.contact == "sip:1001@192.0.2.10:5060"),
    );
    assert!(displaced, "{:?}", handled.outputs);
    assert_eq!(contacts(&reply(handled)), ["<sip:1001@192.0.2.11:5060>;expires=3600"]);
}

#[test]
fn reg_4_without_replacement_a_second_registration_is_refused_while_the_first_lives() {
    let mut world = World::with(&[(Parameter::SS_ENDPOINT_REGISTER_REPLACE, "Off")]);
    world.registered(&mut Device::at("1001", "192.0.2.10:5060", "old").with("Expires: 300"));
    assert_eq!(
        status(&world.log_in(&mut Device::at("1001", "192.0.2.11:5060", "new"), super::world::PASSWORD)),
        403
    );
    // Its own refresh is no second one.
    world.registered(
        &mut Device { cseq: 5, ..Device::at("1001", "192.0.2.10:5060", "old") }.with("Expires: 300"),
    );
    world.pass(300);
    world.registered(&mut Device::at("1001", "192.0.2.11:5060", "later"));
}

#[test]
fn reg_4_several_contacts_ring_and_the_oldest_goes_when_there_is_no_room() {
    let mut world = World::new();
    world.phone(1, PhoneDraft { max_contacts: "2".into(), ..draft("1001") });
    for (second, address) in ["192.0.2.1:5060", "192.0.2.2:5060", "192.0.2.3:5060"].into_iter().enumerate() {
        world.pass(1);
        world.registered(&mut Device::at("1001", address, &format!("device-{second}")));
    }
    let left: Vec<_> = world.contacts("1001").iter().map(|c| c[..24].to_owned()).collect();
    assert_eq!(left, ["<sip:1001@192.0.2.2:5060", "<sip:1001@192.0.2.3:5060"]);
    let mut both = Device::at("1001", "192.0.2.9:5060", "three");
    both.contacts = (1..=3).map(|n| format!("<sip:1001@192.0.2.9:{}>", 6000 + n)).collect();
    assert_eq!(
        status(&world.log_in(&mut both, super::world::PASSWORD)),
        403,
        "more than there is room for at all"
    );
}

#[test]
fn a_wildcard_removes_everything_and_only_with_zero_and_alone() {
    let world = World::new();
    world.registered(&mut Device::new("1001"));
    let wild = |contacts: &[&str], headers: &[&str]| Device {
        contacts: contacts.iter().map(|c| (*c).into()).collect(),
        headers: headers.iter().map(|h| (*h).into()).collect(),
        call_id: "wild".into(),
        ..Device::new("1001")
    };
    for (contacts, headers) in [
        (&["*"][..], &[][..]),
        (&["*"], &["Expires: 3600"]),
        (&["*", "<sip:1001@192.0.2.10:5060>"], &["Expires: 0"]),
        (&["<sip:1001@192.0.2.10:5060>, *"], &["Expires: 0"]),
    ] {
        let answer = reply(world.log_in(&mut wild(contacts, headers), super::world::PASSWORD));
        assert_eq!((answer.status, answer.reason), (400, Some("Invalid Wildcard Contact")), "{contacts:?}");
    }
    assert_eq!(world.contacts("1001").len(), 1);
    world.registered(&mut wild(&["*"], &["Expires: 0"]));
    assert_eq!(world.contacts("1001"), [""; 0]);
}

#[test]
fn an_overtaken_request_changes_nothing() {
    let world = World::new();
    let mut phone = Device { cseq: 10, ..Device::new("1001") };
    world.registered(&mut phone);
    let mut late = Device {
        cseq: 3,
        contacts: vec!["<sip:1001@192.0.2.10:5060>;expires=0".into()],
        ..Device::new("1001")
    };
    assert_eq!(status(&world.log_in(&mut late, super::world::PASSWORD)), 500);
    let mut late = Device { cseq: 3, contacts: vec!["*".into()], ..Device::new("1001") }.with("Expires: 0");
    assert_eq!(status(&world.log_in(&mut late, super::world::PASSWORD)), 500);
    assert_eq!(world.contacts("1001").len(), 1);
    // After a reboot the device counts anew under another Call-ID.
    world.registered(&mut Device { call_id: "reboot".into(), ..Device::new("1001") });
}

#[test]
fn one_wrong_contact_of_several_leaves_everything_as_it_was() {
    let mut world = World::new();
    world.phone(1, PhoneDraft { max_contacts: "5".into(), ..draft("1001") });
    for bad in [
        "<sip:x@[::1>",
        "tel:+1",
        "<http://x>",
        "<sip:1001@192.0.2.10:0>",
        "<sip:a@b>;expires=5",
        &format!("<sip:{}@h>", "x".repeat(600)),
    ] {
        let mut phone = Device::new("1001");
        phone.contacts = vec!["<sip:1001@192.0.2.10:5060>".into(), bad.into()];
        let code = status(&world.log_in(&mut phone, super::world::PASSWORD));
        assert!(matches!(code, 400 | 423), "{bad}: {code}");
    }
    assert_eq!(world.contacts("1001"), [""; 0]);
    let mut crowd = Device::new("1001");
    crowd.contacts = (0..200).map(|n| format!("<sip:1001@192.0.2.10:{}>", 2000 + n)).collect();
    crowd.contacts = vec![crowd.contacts.join(", ")];
    assert_eq!(status(&world.log_in(&mut crowd, super::world::PASSWORD)), 403);
}

#[test]
fn equal_uris_in_other_words_are_one_contact() {
    let mut world = World::new();
    world.phone(1, PhoneDraft { max_contacts: "5".into(), ..draft("1001") });
    world.registered(&mut Device::new("1001"));
    let mut again = Device { cseq: 7, ..Device::new("1001") };
    again.contacts = vec!["<SIP:%31001@192.0.2.10:5060>".into()];
    world.registered(&mut again);
    assert_eq!(world.contacts("1001").len(), 1);
}

#[test]
fn nobody_registers_for_somebody_else() {
    let world = World::new();
    let mut thief = Device { number: "1002".into(), ..Device::new("1001") };
    let handled = world.log_in(&mut thief, super::world::PASSWORD);
    assert_eq!((status(&handled), handled.outcome), (403, Some(crate::Outcome::WrongUser)));
    assert_eq!(world.contacts("1002"), [""; 0]);
}

#[test]
fn unknown_demands_are_told() {
    let world = World::new();
    let mut phone = Device::new("1001").with("Require: path, gruu, foo");
    let answer = reply(world.log_in(&mut phone, super::world::PASSWORD));
    assert_eq!((answer.status, header(&answer, "Unsupported")), (420, Some("gruu, foo")));
}

#[test]
fn reg_4_within_the_light_interval_a_renewal_is_answered_without_work() {
    let mut world = World::with(&[(Parameter::SS_ENDPOINT_REGISTER_LIGHT_INTERVAL, "60")]);
    let mut phone = Device::new("1001");
    world.registered(&mut phone);
    world.pass(59);
    phone.cseq += 1;
    phone.credentials = None;
    let light = world.send(&phone.message(), phone.flow);
    assert_eq!((light.outcome, light.outputs.len()), (None, 0));
    assert_eq!(contacts(&reply(light)), ["<sip:1001@192.0.2.10:5060>;expires=3541"]);
    // From elsewhere, for another contact, for an end or later it is work as always.
    let elsewhere = flow("192.0.2.66:5060");
    assert_eq!(status(&world.send(&phone.message(), elsewhere)), 401);
    let other = Device { contacts: vec!["<sip:x@192.0.2.10:5060>".into()], ..phone.clone() };
    assert_eq!(status(&world.send(&other.message(), phone.flow)), 401);
    let end = phone.clone().with("Expires: 0");
    assert_eq!(status(&world.send(&end.message(), phone.flow)), 401);
    world.pass(1);
    assert_eq!(status(&world.send(&phone.message(), phone.flow)), 401);
}

#[test]
fn what_was_written_down_is_there_after_a_restart() {
    let mut world = World::new();
    let mut phone = Device::new("1001").with("User-Agent: Desk/1.0");
    phone.contacts = vec!["<sip:1001@10.0.0.5:5060>;q=0.7;+sip.instance=\"<urn:uuid:1>\";reg-id=1".into()];
    let handled = world.log_in(&mut phone, super::world::PASSWORD);
    let stored: Vec<_> = handled
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::Changed { phone, bindings } => Some(bindings.stored(*phone)),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(stored.len(), 1);
    let before = world.registrar.find("1001").unwrap().targets(world.now);
    let told = world.contacts("1001");
    world.registrar = crate::Registrar::new([9; 32]);
    world.configure();
    assert_eq!(world.registrar.restore(world.now, &stored), 1);
    assert_eq!(
        (world.contacts("1001"), world.registrar.find("1001").unwrap().targets(world.now)),
        (told, before)
    );
    world.pass(300);
    assert_eq!(world.registrar.restore(world.now, &stored), 0, "what has run out meanwhile stays away");
}

#[test]
fn a_phone_that_changes_keeps_its_registration_and_one_with_another_number_loses_it() {
    let mut world = World::new();
    world.registered(&mut Device::new("1001"));
    world.phone(1, PhoneDraft { display_name: "Reception".into(), ..draft("1001") });
    assert_eq!(world.contacts("1001").len(), 1);
    world.configuration.phones.retain(|phone| phone.id.0 != 1);
    let renamed = domain::Phone {
        id: domain::PhoneId(1),
        version: domain::RowVersion(2),
        settings: draft("1009").check().unwrap().settings,
        has_password: true,
    };
    world.configuration.phones.push(renamed);
    let told = world.configure();
    assert!(
        matches!(&told[..], [Output::Changed { bindings, .. }, Output::Offline { .. }] if bindings.is_empty()),
        "{told:?}"
    );
}
