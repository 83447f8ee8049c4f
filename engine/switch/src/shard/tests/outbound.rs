//! Registrations of ours at another server.

use domain::*;
use sip::Method;

use super::world::*;
use crate::configuration::take_up;

/// With one registration at the first vendor's address.
fn world(password: &str) -> World {
    registering_at(VENDOR, password)
}

fn registering_at(server: &str, password: &str) -> World {
    let world = World::new("10");
    take_up(&world.floor.desk.environment, with_registration(server, password));
    world
}

fn with_registration(server: &str, password: &str) -> Configuration {
    let mut configuration = configuration("10");
    let draft = RegistrationDraft {
        name: "upstream".into(),
        server: server.into(),
        user: "tandem".into(),
        enabled: "on".into(),
        password: password.into(),
        ..RegistrationDraft::default()
    };
    let checked = draft.check().unwrap();
    let id = RegistrationId(1);
    configuration.registration_passwords.extend(checked.password.map(|password| (id, password)));
    configuration.registrations.push(Registration {
        id,
        version: RowVersion(1),
        settings: checked.settings,
        has_password: true,
    });
    configuration
}

impl World {
    fn registrations(&mut self) -> usize {
        self.count(VENDOR, Method::Register)
    }

    fn state(&self) -> OutboundState {
        self.floor.registrations(self.now).remove(0).state
    }

    fn accept(&mut self, seconds: u32) {
        let asked = self.asked(VENDOR, Method::Register);
        let contact = format!("{};expires={seconds}", asked.1.header(sip::HeaderName::Contact).unwrap());
        let contact = contact.replacen(";expires=3600", "", 1);
        self.respond_plain(VENDOR, &asked, 200, &[("Contact", &contact)]);
    }
}

#[test]
fn it_answers_the_challenge_and_refreshes_before_its_time_is_over() {
    let mut world = world("quiet-Heron-42");
    world.pass(2.0);
    assert_eq!(world.registrations(), 1);
    let asked = world.asked(VENDOR, Method::Register);
    let challenge = "Digest realm=\"up\", nonce=\"abc\", algorithm=MD5, qop=\"auth\"";
    world.respond_plain(VENDOR, &asked, 401, &[("WWW-Authenticate", challenge)]);
    assert_eq!(world.registrations(), 2);
    let second = world.asked(VENDOR, Method::Register).1;
    assert!(second.header(sip::HeaderName::Authorization).unwrap().contains("username=\"tandem\""));
    world.accept(600);
    assert!(matches!(world.state(), OutboundState::Registered { .. }), "{:?}", world.state());
    world.pass(600.0);
    assert!(world.registrations() > 2, "it was refreshed");
}

#[test]
fn a_refusal_is_shown_with_its_reason_and_tried_again() {
    let mut world = world("quiet-Heron-42");
    world.pass(2.0);
    let asked = world.asked(VENDOR, Method::Register);
    world.respond_plain(VENDOR, &asked, 403, &[]);
    let OutboundState::Waiting { why } = world.state() else { panic!("{:?}", world.state()) };
    assert!(why.contains("403"), "{why}");
    let before = world.registrations();
    assert!(world.floor.register_now(world.now, RegistrationId(1)), "it can be hurried");
    world.pass(1.0);
    assert_eq!(world.registrations(), before + 1);
}

#[test]
fn nobody_there_is_told_as_no_answer() {
    let mut world = world("quiet-Heron-42");
    world.agent(VENDOR).deaf = true;
    world.pass(40.0);
    let why = world.floor.registrations(world.now).remove(0).last_failure;
    assert_eq!(why.as_deref(), Some("no answer"));
}

#[test]
fn a_registration_that_is_taken_away_is_cancelled() {
    let mut world = world("quiet-Heron-42");
    world.pass(2.0);
    world.accept(600);
    take_up(&world.floor.desk.environment, configuration("10"));
    world.pass(2.0);
    let last = world.asked(VENDOR, Method::Register).1;
    assert!(last.header(sip::HeaderName::Contact).unwrap().contains("expires=0"));
    world.accept(0);
    assert!(world.floor.registrations(world.now).is_empty());
}

#[test]
fn a_stop_withdraws_it_and_waits_for_the_answer() {
    let mut world = world("quiet-Heron-42");
    world.pass(2.0);
    world.accept(600);
    world.floor.stop(world.now);
    world.settle();
    assert!(!world.floor.is_withdrawn());
    let last = world.asked(VENDOR, Method::Register).1;
    assert!(last.header(sip::HeaderName::Contact).unwrap().contains("expires=0"));
    world.accept(0);
    assert!(world.floor.is_withdrawn());
}

/// With one registration at a name that leads to both vendors, the first of which is asked.
fn at_two_places() -> World {
    let mut world = registering_at("registrar.example", "quiet-Heron-42");
    world.pass(2.0);
    let key = world.located.pop().expect("the name was to be looked up");
    world.floor.on_located(world.now, key, vec![at(VENDOR), at(SECOND_VENDOR)]);
    world.settle();
    assert_eq!((world.registrations(), world.count(SECOND_VENDOR, Method::Register)), (1, 0));
    world
}

#[test]
fn a_place_that_refuses_for_now_is_passed_over_for_the_next_one_of_the_server() {
    let mut world = at_two_places();
    let asked = world.asked(VENDOR, Method::Register);
    world.respond_plain(VENDOR, &asked, 503, &[]);
    assert_eq!(world.count(SECOND_VENDOR, Method::Register), 1);
    let asked = world.asked(SECOND_VENDOR, Method::Register);
    world.respond_plain(SECOND_VENDOR, &asked, 503, &[]);
    assert!(matches!(world.state(), OutboundState::Waiting { .. }), "no place is left: {:?}", world.state());
}

#[test]
fn so_is_one_that_is_silent() {
    let mut world = at_two_places();
    world.agent(VENDOR).deaf = true;
    world.pass(33.0);
    assert_eq!(world.count(SECOND_VENDOR, Method::Register), 1);
}

#[test]
fn a_challenge_is_answered_at_the_place_that_made_it() {
    let mut world = at_two_places();
    let asked = world.asked(VENDOR, Method::Register);
    let challenge = "Digest realm=\"up\", nonce=\"abc\", algorithm=MD5, qop=\"auth\"";
    world.respond_plain(VENDOR, &asked, 401, &[("WWW-Authenticate", challenge)]);
    assert!(world.located.is_empty(), "nobody needs to be asked where it is");
    assert_eq!((world.registrations(), world.count(SECOND_VENDOR, Method::Register)), (2, 0));
    world.accept(600);
    assert!(matches!(world.state(), OutboundState::Registered { .. }), "{:?}", world.state());
}
