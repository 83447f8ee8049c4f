//! REG-3 and REG-5: how often and how long one may fail.

use std::net::IpAddr;

use domain::Parameter;

use super::world::{Device, PASSWORD, World, flow, status};
use crate::{Outcome, Output, Suspended, SuspensionReason};

const WRONG: &str = "Another-Word-1";

fn fail(world: &World, device: &mut Device) -> (u16, Option<Outcome>) {
    device.credentials = None;
    device.cseq += 1;
    let handled = world.log_in(device, WRONG);
    (status(&handled), handled.outcome)
}

/// Fails in an authentication of its own each time.
fn fail_anew(world: &World, number: &str, address: &str, times: u32) -> Vec<u16> {
    (0..times)
        .map(|n| {
            fail(world, &mut Device::at(number, address, &format!("{address}-{n}-{}", world.now.as_secs()))).0
        })
        .collect()
}

#[test]
fn reg_3_six_wrong_credentials_in_one_authentication_are_403() {
    let world = World::new();
    let mut device = Device::new("1001");
    let codes: Vec<_> = (0..6).map(|_| fail(&world, &mut device).0).collect();
    assert_eq!(codes, [401, 401, 401, 401, 401, 403]);
}

#[test]
fn reg_3_ex_8_a_slow_device_is_cut_off_by_the_time_with_tries_left() {
    let mut world = World::new();
    let mut device = Device::new("1001");
    for _ in 0..3 {
        assert_eq!(fail(&world, &mut device).0, 401);
        world.pass(4);
    }
    assert_eq!(fail(&world, &mut device), (403, Some(Outcome::TooLong)));
    device.credentials = None;
    device.cseq += 1;
    assert_eq!(status(&world.log_in(&mut device, PASSWORD)), 403, "the right password comes too late");
    world.pass(10);
    device.credentials = None;
    assert_eq!(
        status(&world.log_in(&mut device, PASSWORD)),
        200,
        "a new authentication under the same Call-ID"
    );
}

#[test]
fn reg_3_ex_8_a_fast_device_uses_up_its_tries_before_the_time() {
    let mut world = World::new();
    let mut device = Device::new("1001");
    let mut codes = Vec::new();
    for _ in 0..6 {
        codes.push(fail(&world, &mut device));
        world.now += std::time::Duration::from_millis(1500);
    }
    assert_eq!(codes.last(), Some(&(403, Some(Outcome::TooManyTries))));
}

#[test]
fn reg_5_example_1_after_five_failures_the_sixth_register_is_403_for_600_seconds() {
    let mut world = World::with(&[
        (Parameter::SS_ENDPOINTREGISTERRETRY, "5"),
        (Parameter::SS_ENDPOINTREGISTERSUSPENDTIME, "600"),
        (Parameter::SS_AUTHENTICATION_MAX_RETRY, "0"),
    ]);
    assert_eq!(fail_anew(&world, "1001", "203.0.113.7:5060", 5), [401; 5]);
    let mut sixth = Device::at("1001", "203.0.113.7:5060", "sixth");
    let handled = world.log_in(&mut sixth, PASSWORD);
    assert_eq!(
        (status(&handled), handled.outcome),
        (403, Some(Outcome::Suspended)),
        "without a look at the password"
    );
    world.pass(599);
    assert_eq!(status(&world.log_in(&mut sixth, PASSWORD)), 403);
    world.pass(1);
    assert_eq!(status(&world.log_in(&mut sixth, PASSWORD)), 200, "released by itself");
    assert_eq!(fail_anew(&world, "1001", "203.0.113.7:5060", 4), [401; 4], "and the count began anew");
}

#[test]
fn reg_5_example_2_six_failures_suspend_for_three_minutes_by_default_and_tries_do_not_lengthen_it() {
    let mut world = World::new();
    fail_anew(&world, "1001", "203.0.113.7:5060", 6);
    for _ in 0..17 {
        world.pass(10);
        assert_eq!(fail_anew(&world, "1001", "203.0.113.7:5060", 1), [403]);
    }
    world.pass(10);
    assert_eq!(fail_anew(&world, "1001", "203.0.113.7:5060", 1), [401]);
}

#[test]
fn reg_5_example_3_a_success_before_the_threshold_begins_the_count_anew() {
    let world = World::new();
    for _ in 0..3 {
        assert_eq!(fail_anew(&world, "1001", "203.0.113.7:5060", 5), [401; 5]);
        let mut right = Device::at("1001", "203.0.113.7:5060", "right");
        right.cseq = 100;
        right.call_id = format!("right-{}", world.registrar.outcomes()[0].1);
        world.registered(&mut right);
    }
    assert!(world.registrar.suspensions(world.now).is_empty());
}

#[test]
fn reg_5_switched_off_nobody_is_suspended() {
    let world = World::with(&[
        (Parameter::SS_ENDPOINTREGISTERSUSPEND, "Off"),
        (Parameter::SS_AUTHENTICATION_MAX_RETRY, "0"),
    ]);
    assert_eq!(fail_anew(&world, "1001", "203.0.113.7:5060", 200), [401; 200]);
}

#[test]
fn reg_5_the_customer_is_not_locked_out_by_a_stranger_until_ten_times_the_threshold() {
    let world = World::new();
    fail_anew(&world, "1001", "203.0.113.7:5060", 6);
    world.registered(&mut Device::new("1001"));
    for stranger in 0..8 {
        fail_anew(&world, "1001", &format!("203.0.113.{}:5060", 20 + stranger), 6);
    }
    world.registered(&mut Device { cseq: 20, ..Device::new("1001") });
    fail_anew(&world, "1001", "203.0.113.99:5060", 6);
    let whole =
        world.registrar.suspensions(world.now).into_iter().find(|s| s.who == Suspended::User("1001".into()));
    assert_eq!(whole.map(|s| s.failures), Some(60));
    assert_eq!(status(&world.log_in(&mut Device { cseq: 30, ..Device::new("1001") }, PASSWORD)), 403);
}

#[test]
fn reg_5_a_registration_suspension_leaves_calls_and_incoming_calls_alone() {
    let world = World::with(&[(Parameter::SS_AUTHENTICATION_MAX_RETRY, "0")]);
    world.registered(&mut Device::new("1001"));
    fail_anew(&world, "1001", super::world::HOME, 6);
    assert_eq!(status(&world.log_in(&mut Device { cseq: 40, ..Device::new("1001") }, PASSWORD)), 403);
    let call = Device { method: "INVITE", ..Device::new("1001") };
    let (_, outcome, _) = world.registrar.admit(world.now, &call.message(), call.flow);
    assert_eq!(outcome, Some(Outcome::Challenged));
    assert!(matches!(world.registrar.reach(world.now, "1001"), crate::Reach::Rings(..)));
}

#[test]
fn reg_5_suspensions_are_told_listed_and_released() {
    let world = World::new();
    let mut outputs = Vec::new();
    for n in 0..6 {
        let mut device = Device::at("1001", "203.0.113.7:5060", &n.to_string());
        outputs.extend(world.log_in(&mut device, WRONG).outputs);
    }
    let who = Suspended::UserAt("1001".into(), "203.0.113.7".parse().unwrap());
    let told: Vec<_> =
        outputs.iter().filter(|o| matches!(o, Output::Suspended(s) if s.who == who && s.known)).collect();
    assert_eq!(told.len(), 2, "as a registration and as a password: {outputs:?}");
    let listed = world.registrar.suspensions(world.now);
    assert!(listed.iter().any(|s| s.reason == SuspensionReason::Registrations));
    assert_eq!((listed[0].until - world.now).as_secs(), 180);
    assert!(world.registrar.release(world.now, &who));
    assert!(!world.registrar.release(world.now, &who));
    assert!(world.registrar.suspensions(world.now).is_empty());
    world.registered(&mut Device::at("1001", "203.0.113.7:5060", "after"));
}

#[test]
fn reg_5_example_5_a_scanner_of_unknown_extensions_is_suspended_and_its_neighbours_who_are_registered_are_not()
 {
    let world = World::new();
    let address = "203.0.113.7";
    let mut neighbour = Device::at("1001", &format!("{address}:7777"), "neighbour");
    world.registered(&mut neighbour);
    let mut refused = 0;
    for extension in 0..100 {
        let mut device =
            Device::at(&format!("9{extension:03}"), &format!("{address}:5060"), &extension.to_string());
        refused += u32::from(fail(&world, &mut device).0 == 403);
    }
    assert_eq!(refused, 40, "sixty names, then silence of another kind");
    let suspended = world.registrar.suspensions(world.now);
    assert_eq!(suspended[0].who, Suspended::Address(address.parse::<IpAddr>().unwrap()));
    assert_eq!(suspended[0].reason, SuspensionReason::Strangers);
    world.registered(&mut Device { cseq: 9, ..neighbour });
    assert_eq!(
        status(&world.log_in(&mut Device::at("1002", &format!("{address}:8888"), "x"), PASSWORD)),
        403
    );
}

#[test]
fn nobody_is_suspended_by_packets_with_a_forged_source() {
    let world = World::new();
    let mut attacker = Device::at("1001", "203.0.113.7:5060", "a");
    let challenge = super::world::reply(world.send(&attacker.message(), attacker.flow));
    attacker.answer(&challenge, WRONG);
    for forged in 0..100 {
        attacker.call_id = format!("forged-{forged}");
        let handled = world.send(&attacker.message(), flow(super::world::HOME));
        assert_eq!(handled.outcome, Some(Outcome::StrangeNonce));
    }
    assert!(world.registrar.suspensions(world.now).is_empty());
    world.registered(&mut Device::new("1001"));
}

#[test]
fn a_storm_of_right_registrations_after_an_outage_suspends_nobody() {
    let mut world = World::new();
    for number in 0..500 {
        world.configuration.phones.push(domain::Phone {
            id: domain::PhoneId(1000 + number),
            version: domain::RowVersion(1),
            settings: super::world::draft(&format!("5{number:03}")).check().unwrap().settings,
            has_password: true,
        });
        let keys = super::world::keys(&format!("5{number:03}"), PASSWORD);
        world.configuration.phone_keys.insert(domain::PhoneId(1000 + number), keys);
    }
    world.configure();
    for number in 0..500 {
        world.registered(&mut Device::at(
            &format!("5{number:03}"),
            &format!("192.0.2.1:{}", 10_000 + number),
            "office",
        ));
    }
    assert_eq!(world.registrar.counts(world.now).online, 500);
    assert!(world.registrar.suspensions(world.now).is_empty());
}

#[test]
fn ex_10_guesses_an_hour_stay_within_the_table() {
    for (retry, timeout, suspend, most) in
        [("6", 10, "180", 126), ("3", 10, "600", 21), ("10", 10, "60", 610)]
    {
        let mut world = World::with(&[
            (Parameter::SS_SIP_AUTHENTICATION_RETRY, retry),
            (Parameter::SS_AUTHENTICATION_MAX_RETRY, retry),
            (Parameter::SS_AUTHENTICATION_FAILED_SUSPEND, suspend),
            (Parameter::SS_ENDPOINTREGISTERSUSPEND, "Off"),
        ]);
        let (mut guesses, end) = (0, world.now.as_secs() + 3600);
        while world.now.as_secs() < end {
            let mut device = Device::at("1001", "203.0.113.7:5060", &world.now.as_secs().to_string());
            let outcome = fail(&world, &mut device).1;
            guesses += u32::from(outcome != Some(Outcome::Suspended));
            world.pass(if outcome == Some(Outcome::Suspended) { 5 } else { 1 });
        }
        assert!(guesses <= most, "{retry} {timeout} {suspend}: {guesses}");
    }
}

#[test]
fn a_suspension_is_in_force_again_after_a_restart_until_its_time() {
    let mut before = World::new();
    fail_anew(&before, "1001", "192.0.2.7:5060", 7);
    let held = before.registrar.suspensions(before.now);
    assert!(!held.is_empty());

    let mut after = World::new();
    after.now = before.now;
    after.registrar.restore_suspensions(after.now, &held);
    assert_eq!(after.registrar.suspensions(after.now), held);
    let handled = after.log_in(&mut Device::at("1001", "192.0.2.7:5060", "restarted"), PASSWORD);
    assert_eq!((status(&handled), handled.outcome), (403, Some(Outcome::Suspended)));
    let elsewhere = after.log_in(&mut Device::at("1001", "192.0.2.8:5060", "elsewhere"), PASSWORD);
    assert_eq!(status(&elsewhere), 200, "it holds whom it held");

    let left = held.iter().map(|one| one.until).max().unwrap() - before.now;
    before.pass(left.as_secs() + 1);
    after.now = before.now;
    let handled = after.log_in(&mut Device::at("1001", "192.0.2.7:5060", "later"), PASSWORD);
    assert_eq!(status(&handled), 200);
    after.registrar.restore_suspensions(after.now, &held);
    assert!(after.registrar.suspensions(after.now).is_empty(), "what is over is not put back");
}
