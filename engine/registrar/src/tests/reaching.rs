//! REG-9: calls to a phone, online and offline.

use std::time::Duration;

use domain::{ForwardTarget, Parameter, ParameterValues, PhoneDraft};

use super::world::{Device, World, draft, flow};
use crate::{Admission, Counts, Heartbeat, HeartbeatPlan, Reach};

fn name(reach: &Reach) -> &'static str {
    match reach {
        Reach::NoPhone => "no phone",
        Reach::Disabled => "disabled",
        Reach::Forwarded(_) => "forwarded",
        Reach::Busy(_) => "busy",
        Reach::Offline(_) => "offline",
        Reach::Rings(..) => "rings",
    }
}

#[test]
fn reg_9_a_number_is_met_as_its_phone_is_set() {
    let mut world = World::new();
    world.phone(3, PhoneDraft { enabled: String::new(), ..draft("1003") });
    world.phone(4, PhoneDraft { forward_always: "1001".into(), ..draft("1004") });
    world.phone(5, PhoneDraft { do_not_disturb: "on".into(), ..draft("1005") });
    world.phone(6, PhoneDraft { address: "192.0.2.60:5080".into(), ..draft("1006") });
    world.phone(7, PhoneDraft { forward_offline: "gateway:4".into(), ..draft("1007") });
    world.registered(&mut Device::new("1001"));
    for (number, expected) in [
        ("1001", "rings"),
        ("1002", "offline"),
        ("1003", "disabled"),
        ("1004", "forwarded"),
        ("1005", "busy"),
        ("1006", "rings"),
        ("1007", "offline"),
        ("14155550100", "no phone"),
        ("%00", "no phone"),
        ("", "no phone"),
    ] {
        assert_eq!(name(&world.registrar.reach(world.now, number)), expected, "{number}");
    }
    let Reach::Rings(_, fixed) = world.registrar.reach(world.now, "1006") else { panic!() };
    assert_eq!(
        (fixed[0].uri.to_string().as_str(), fixed[0].flow.remote),
        ("sip:1006@192.0.2.60:5080", "192.0.2.60:5080".parse().unwrap())
    );
    let Reach::Offline(line) = world.registrar.reach(world.now, "1007") else { panic!() };
    assert!(matches!(line.settings().forwarding.offline, Some(ForwardTarget::Gateway(id)) if id.0 == 4));
}

#[test]
fn the_best_liked_contact_rings_first() {
    let mut world = World::new();
    world.phone(1, PhoneDraft { max_contacts: "3".into(), ..draft("1001") });
    let mut phone = Device::new("1001");
    phone.contacts = vec![
        "<sip:a@192.0.2.10:5060>;q=0.1".into(),
        "<sip:b@192.0.2.10:5060>".into(),
        "<sip:c@192.0.2.10:5060>;q=0.5".into(),
    ];
    world.registered(&mut phone);
    let Reach::Rings(_, targets) = world.registrar.reach(world.now, "1001") else { panic!() };
    let users: Vec<_> = targets.iter().map(|target| target.uri.user.clone().unwrap()).collect();
    assert_eq!(users, ["b", "c", "a"]);
}

#[test]
fn a_phone_at_a_fixed_address_is_let_in_by_it_and_cannot_register() {
    let mut world = World::new();
    world.phone(6, PhoneDraft { address: "192.0.2.60:5080".into(), ..draft("1006") });
    let call = Device { method: "INVITE", ..Device::new("1006") };
    let (admission, outcome, _) = world.registrar.admit(world.now, &call.message(), flow("192.0.2.60:5080"));
    assert!(matches!(admission, Admission::Phone(line) if line.settings().number.as_str() == "1006"));
    assert_eq!(outcome, None);
    let (admission, ..) = world.registrar.admit(world.now, &call.message(), flow("192.0.2.60:5081"));
    assert!(matches!(admission, Admission::Refused(_)));
    let handled = world.log_in(&mut Device::at("1006", "192.0.2.61:5060", "x"), super::world::PASSWORD);
    assert_eq!(handled.outcome, Some(crate::Outcome::Unknown));
}

#[test]
fn ops_3_phones_online_are_counted_and_listed_by_address() {
    let mut world = World::new();
    for number in 0..50 {
        world.phone(100 + number, draft(&format!("20{number:02}")));
    }
    for number in 0..30 {
        let address = if number < 20 { "203.0.113.9" } else { "203.0.113.8" };
        let mut phone = Device::at(
            &format!("20{number:02}"),
            &format!("{address}:{}", 6000 + number),
            &number.to_string(),
        );
        if number < 5 {
            phone.contacts = vec![format!("<sip:20{number:02}@10.0.0.{number}>")];
        }
        world.registered(&mut phone);
    }
    assert_eq!(world.registrar.counts(world.now), Counts { phones: 52, online: 30, contacts: 30, nat: 5 });
    let by_address = world.registrar.by_address(world.now, 10);
    assert_eq!(by_address, [("203.0.113.9".parse().unwrap(), 20), ("203.0.113.8".parse().unwrap(), 10)]);
    let offline = world.registrar.statuses(0, 100, |status| status.bindings.is_empty());
    assert_eq!(offline.len(), 22);
    assert_eq!(world.registrar.statuses(20, 100, |status| status.bindings.is_empty()).len(), 2);
}

#[test]
fn heartbeats_go_in_bursts_over_phones_behind_address_translation_and_begin_anew_each_period() {
    let mut world = World::new();
    for number in 0..10 {
        let digits = format!("30{number:02}");
        world.phone(200 + number, draft(&digits));
        let mut phone = Device::at(&digits, &format!("203.0.113.9:{}", 6000 + number), &digits);
        if number % 2 == 0 {
            phone.contacts = vec![format!("<sip:{digits}@10.0.0.1:5060>")];
        }
        world.registered(&mut phone);
    }
    let mut values = ParameterValues::default();
    values.set(Parameter::SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME, "2").unwrap();
    let mut plan = HeartbeatPlan::of(&values);
    assert_eq!((plan.message.as_str(), plan.period.as_secs(), plan.pause.as_millis()), ("HELLO", 30, 500));
    let (start, mut heartbeat) = (world.now, Heartbeat::default());
    let mut sent = Vec::new();
    let mut now = start;
    while now < start + plan.period {
        let (ways, next) = heartbeat.burst(now, &world.registrar, &plan);
        assert!(ways.len() <= 2 && next > now);
        sent.extend(ways.iter().map(|way| way.remote.port()));
        now = next;
    }
    assert_eq!((sent, now), (vec![6000, 6002, 6004, 6006, 6008], start + plan.period));
    let (ways, _) = heartbeat.burst(now, &world.registrar, &plan);
    assert_eq!(ways[0].remote.port(), 6000);
    plan.message.clear();
    assert!(heartbeat.burst(now, &world.registrar, &plan).0.is_empty());
    // A walk that is not done in time begins anew.
    let slow = HeartbeatPlan {
        message: "x".into(),
        period: Duration::from_secs(1),
        pause: Duration::from_secs(1),
        burst: 1,
    };
    let mut heartbeat = Heartbeat::default();
    let first =
        |heartbeat: &mut Heartbeat, now| heartbeat.burst(now, &world.registrar, &slow).0[0].remote.port();
    assert_eq!((first(&mut heartbeat, start), first(&mut heartbeat, start + slow.period)), (6000, 6000));
}
