//! REGISTER at a shard.

use domain::Parameter;
use sip::{HeaderName, Method};

use super::super::world::*;
use super::world::*;
use crate::configuration::take_up;

#[test]
fn a_phone_is_challenged_registers_and_is_to_be_written_down() {
    let mut world = world(vec![draft("1001")]);
    world.register(PHONE, "1001");
    let online = world.told.iter().filter(|told| matches!(told, registrar::Output::Online { .. })).count();
    let changed = world.told.iter().filter(|told| matches!(told, registrar::Output::Changed { .. })).count();
    assert_eq!((online, changed), (1, 1));
    assert!(world.records.is_empty(), "a registration is no call");
}

#[test]
fn without_any_phone_a_registration_is_a_strangers() {
    let mut world = world(vec![]);
    world.register_for(PHONE, "1001", 600);
    assert_eq!(world.heard(PHONE), [403]);
}

#[test]
fn a_phone_that_unregisters_is_called_no_more() {
    let mut world = world(vec![draft("1001")]);
    world.register(PHONE, "1001");
    world.pass(1.0);
    world.register_for(PHONE, "1001", 0);
    assert_eq!(world.heard(PHONE), [200]);
    world.invite("1001", Some(SDP));
    assert_eq!(world.heard(CALLER), [100, 503]);
}

#[test]
fn reg_4_a_device_is_told_that_another_took_its_place_where_that_is_set() {
    for set in ["Off", "On"] {
        let mut world = with_agents(World::new("10"));
        let mut configuration = configured(vec![draft("1001")]);
        configuration.parameters.set(Parameter::SS_ENDPOINT_REGISTER_REPLACE_NOTIFY, set).unwrap();
        take_up(&world.floor.desk.environment, configuration);
        world.register(PHONE, "1001");
        world.pass(1.0);
        world.agent(PHONE).events.clear();
        world.register(OTHER, "1001");
        assert_eq!(world.was_asked(PHONE, Method::Notify), set == "On", "{set}");
        if set == "On" {
            let (_, notify) = world.asked(PHONE, Method::Notify);
            assert_eq!(notify.header(HeaderName::Event), Some("reg"));
            let body = String::from_utf8(notify.body().to_vec()).unwrap();
            let gone = format!("event=\"rejected\"><uri>sip:1001@{PHONE}</uri>");
            assert!(body.contains(&gone), "{body}");
        }
    }
}

#[test]
fn the_trace_says_what_credentials_came_to() {
    use registrar::Outcome;
    use trace::{Direction, Fate, Question, Target};

    let mut world = world(vec![draft("1001")]);
    world.register(PHONE, "1001");
    world.register_for(OTHER, "1002", 600);
    for (phone, came_to) in [(PHONE, Outcome::Good), (OTHER, Outcome::Unknown)] {
        let question = Question {
            target: Target::Address(vec![phone.parse().unwrap()]),
            only_refused: false,
            from: chrono::DateTime::UNIX_EPOCH,
            until: world.now.wall + chrono::TimeDelta::hours(1),
            most: 50,
        };
        let found = trace::search(&[world.floor.snapshot()], &question).messages;
        let received = found.iter().filter(|seen| seen.direction == Direction::Received);
        let fates: Vec<Fate> = received.map(|seen| seen.fate).collect();
        assert_eq!(fates, [Fate::Login(Outcome::Challenged), Fate::Login(came_to)], "{phone}");
    }
}
