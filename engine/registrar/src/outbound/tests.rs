use std::time::Duration;

use domain::{Configuration, Parameter, ParameterValues, RegistrationDraft, RegistrationId, RowVersion};
use rand::SeedableRng;
use rand::rngs::SmallRng;
use sip::rsip::Request;
use sip::{Message, find_header, make_header, print_request, print_response};

use super::*;
use crate::tests::world::{PASSWORD, World, flow};
use crate::{Answer, Reply};

const HERE: &str = "192.0.2.10:5060";

fn draft() -> RegistrationDraft {
    RegistrationDraft {
        name: "Carrier".into(),
        server: "tandem.example".into(),
        user: "1001".into(),
        password: PASSWORD.into(),
        enabled: "on".into(),
        ..Default::default()
    }
}

fn plan(draft: &RegistrationDraft, parameters: &[(Parameter, &str)]) -> Plan {
    let mut values = ParameterValues::default();
    for (parameter, value) in parameters {
        values.set(*parameter, value).unwrap();
    }
    let checked = draft.check().unwrap();
    Plan::of(&checked.settings, checked.password.as_ref(), &values, HERE.parse().unwrap())
}

struct Pair {
    upstream: World,
    ours: Registration,
    chance: SmallRng,
    sent: Vec<String>,
}

/// The request as it arrives there.
fn arrived(request: &Request) -> Message {
    let mut request = request.clone();
    request.headers.push(make_header("Via", "SIP/2.0/UDP 192.0.2.10;branch=z9hG4bKx"));
    Message::parse(print_request(&request)).unwrap()
}

impl Pair {
    fn new(plan: Plan) -> Self {
        let upstream = World::new();
        let ours = Registration::new(plan, "our-call".into(), "our-tag".into(), upstream.now);
        Self { upstream, ours, chance: SmallRng::seed_from_u64(1), sent: Vec::new() }
    }

    /// Lets both talk until nothing more is said; the statuses heard.
    fn talk(&mut self, first: Option<Request>) -> Vec<u16> {
        let mut statuses = Vec::new();
        let mut next = first;
        while let Some(request) = next {
            let message = arrived(&request);
            self.sent.push(String::from_utf8_lossy(message.bytes()).into_owned());
            // Each request later: a standing clock would give the same nonce twice.
            self.upstream.now += Duration::from_millis(5);
            let Answer::Reply(reply) =
                self.upstream.registrar.register(self.upstream.now, &message, flow(HERE)).answer
            else {
                break;
            };
            statuses.push(reply.status);
            next = self.hear(&message, &reply);
        }
        statuses
    }

    fn hear(&mut self, message: &Message, reply: &Reply) -> Option<Request> {
        let response = Message::parse(print_response(&reply.to(message, "theirs"))).unwrap();
        self.ours.on_response(self.upstream.now, &response, &mut self.chance)
    }

    /// Answers the next request with this.
    fn told(&mut self, request: &Request, status: u16, headers: &[(&'static str, &str)]) -> Option<Request> {
        let reply = headers.iter().fold(Reply::plain(status), |reply, (name, value)| reply.with(name, value));
        self.hear(&arrived(request), &reply)
    }

    fn tick(&mut self) -> Option<Request> {
        let now = self.upstream.now;
        self.ours.on_timer(now)
    }

    fn wait(&mut self) -> Duration {
        let due = self.ours.deadline().unwrap();
        let waited = due - self.upstream.now;
        self.upstream.now = due;
        waited
    }
}

#[test]
fn reg_7_ex_1_and_ex_3_registered_challenged_cancelled_with_the_digest_answered() {
    let mut pair = Pair::new(plan(&draft(), &[]));
    let first = pair.tick();
    assert_eq!(pair.talk(first), [401, 200]);
    assert!(matches!(pair.ours.state(), RegistrationState::Registered { .. }));
    assert_eq!(pair.upstream.registrar.counts(pair.upstream.now).online, 1);
    pair.upstream.pass(100);
    let cancel = pair.ours.stop(pair.upstream.now);
    assert_eq!(pair.talk(cancel), [401, 200]);
    assert_eq!(*pair.ours.state(), RegistrationState::Gone);
    assert_eq!(pair.upstream.registrar.counts(pair.upstream.now).online, 0, "no binding is left there");
    let [first, second, cancel, answered] = &pair.sent[..] else { panic!("{:?}", pair.sent) };
    assert!(first.contains("Expires: 3600\r\n") && !first.contains("Authorization"));
    assert!(second.contains("Authorization: Digest username=\"1001\""));
    for message in [cancel, answered] {
        assert!(
            message.contains("Expires: 0\r\n")
                && message.contains("Contact: <sip:1001@192.0.2.10:5060>;expires=0\r\n")
        );
    }
    for (cseq, message) in (1..).zip(&pair.sent) {
        assert!(message.contains("Call-ID: our-call\r\n") && message.contains(";tag=our-tag\r\n"));
        assert!(message.contains(&format!("CSeq: {cseq} REGISTER\r\n")));
    }
}

#[test]
fn reg_7_ex_2_switched_off_nothing_is_sent_and_the_binding_stays_until_it_runs_out() {
    let mut pair = Pair::new(plan(&draft(), &[(Parameter::SS_SIP_USER_AGENT_SEND_UNREGISTER, "Off")]));
    let first = pair.tick();
    pair.talk(first);
    assert!(pair.ours.stop(pair.upstream.now).is_none());
    assert_eq!(*pair.ours.state(), RegistrationState::Gone);
    assert_eq!(pair.upstream.contacts("1001"), ["<sip:1001@192.0.2.10:5060>;expires=3600"]);
    // The restarted switch takes the place of what it left behind.
    let mut again = Pair::new(plan(&draft(), &[]));
    again.ours = Registration::new(plan(&draft(), &[]), "after".into(), "t".into(), pair.upstream.now);
    again.upstream = pair.upstream;
    let first = again.tick();
    assert_eq!(again.talk(first), [401, 200]);
}

#[test]
fn reg_6_auto_refreshes_between_half_and_nine_tenths_of_what_was_given_and_fixed_at_half() {
    for given in [20u64, 60, 300, 3600] {
        let mut pair = Pair::new(plan(&draft(), &[]));
        let mut waits = Vec::new();
        for _ in 0..50 {
            let request = pair.tick().unwrap();
            let contact = format!("<sip:1001@192.0.2.10>;expires={given}");
            assert!(
                pair.told(&request, 200, &[("Contact", "<sip:x@h>;expires=9"), ("Contact", &contact)])
                    .is_none()
            );
            waits.push(pair.wait());
        }
        let (least, most) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
        let given = Duration::from_secs(given);
        assert!(*least >= given / 2 && *most <= given * 9 / 10, "{given:?}: {least:?} {most:?}");
        assert!(given - *most >= Duration::from_secs(3));
        assert!(given.as_secs() < 60 || least < most, "they do not stay together");
    }
    let fixed = RegistrationDraft { period: "120".into(), ..draft() };
    let mut pair = Pair::new(plan(&fixed, &[]));
    let request = pair.tick().unwrap();
    assert_eq!(find_header(&request.headers, "Expires"), Some("120"));
    pair.told(&request, 200, &[("Contact", "<sip:1001@192.0.2.10:5060>;expires=120")]);
    assert_eq!(pair.wait(), Duration::from_secs(60));
}

#[test]
fn reg_6_after_each_failure_exactly_the_delay_and_without_end() {
    for (set, expected) in [("30", 30), ("60", 60), ("120", 120), ("300", 300)] {
        let mut pair = Pair::new(plan(&draft(), &[(Parameter::SS_SIP_USER_AGENT_RETRY_DELAY, set)]));
        let started = pair.upstream.now;
        for status in [403, 503, 500, 404, 600] {
            let request = pair.tick().unwrap();
            assert!(pair.told(&request, status, &[("Retry-After", "5")]).is_none());
            assert!(
                matches!(pair.ours.last_failure(), Some(Failure::Refused { status: told, .. }) if *told == status)
            );
            assert_eq!(pair.wait().as_secs(), expected);
        }
        // The table of extract 4: five retries are 2.5, 5, 10 and 25 minutes.
        assert_eq!((pair.upstream.now - started).as_secs(), 5 * expected);
        pair.tick().unwrap();
        pair.ours.on_timeout(pair.upstream.now);
        assert_eq!(*pair.ours.state(), RegistrationState::Waiting { why: Failure::Timeout });
        assert_eq!(pair.wait().as_secs(), expected);
        let request = pair.tick().unwrap();
        pair.told(&request, 200, &[]);
        assert!(matches!(pair.ours.state(), RegistrationState::Registered { .. }));
    }
}

#[test]
fn a_423_is_asked_again_for_the_least_and_a_senseless_one_is_a_failure() {
    let mut pair = Pair::new(plan(&RegistrationDraft { period: "60".into(), ..draft() }, &[]));
    let request = pair.tick();
    assert_eq!(pair.talk(request), [401, 423, 401, 200]);
    assert!(pair.sent[2].contains("Expires: 300\r\n"));
    let mut pair = Pair::new(plan(&draft(), &[]));
    for senseless in ["60", "banana", "99999999"] {
        let request = pair.tick().unwrap();
        assert!(pair.told(&request, 423, &[("Min-Expires", senseless)]).is_none());
        pair.wait();
    }
}

#[test]
fn reg_6_wrong_and_missing_passwords_end_and_are_told() {
    let mut pair = Pair::new(plan(&RegistrationDraft { password: "Another-Word-1".into(), ..draft() }, &[]));
    let request = pair.tick();
    let heard = pair.talk(request);
    assert_eq!(heard.last(), Some(&403), "{heard:?}");
    assert!(heard.len() <= 8);
    let mut pair = Pair::new(plan(&draft(), &[(Parameter::SS_SIP_AUTHENTICATION_RETRY, "2")]));
    let mut next = pair.tick();
    let mut requests = 0;
    while let Some(request) = next {
        requests += 1;
        next = pair.told(&request, 407, &[("Proxy-Authenticate", "Digest realm=\"r\", nonce=\"n\"")]);
    }
    assert_eq!((requests, pair.ours.last_failure()), (3, Some(&Failure::Password)));
    let mut pair = Pair::new(plan(&RegistrationDraft { password: String::new(), ..draft() }, &[]));
    let request = pair.tick();
    assert_eq!(pair.talk(request), [401]);
    assert_eq!(pair.ours.last_failure(), Some(&Failure::NoPassword));
    let mut pair = Pair::new(plan(&draft(), &[]));
    let request = pair.tick().unwrap();
    assert!(pair.told(&request, 401, &[("WWW-Authenticate", "Negotiate x")]).is_none());
    assert!(matches!(pair.ours.last_failure(), Some(Failure::Challenge(_))));
}

#[test]
fn the_authentication_user_proxy_host_name_privacy_and_transport_are_used() {
    let full = RegistrationDraft {
        proxy: "198.51.100.9:5090".into(),
        auth_user: "trunk-7".into(),
        contact: "pbx.example.com".into(),
        transport: "tcp".into(),
        ..draft()
    };
    let plan = plan(&full, &[(Parameter::SS_SIP_USER_AGENT_PRIVACY, "Id")]);
    assert_eq!(plan.next_hop().to_string(), "sip:198.51.100.9:5090;transport=tcp");
    let mut pair = Pair::new(plan);
    let request = pair.tick().unwrap();
    assert_eq!(
        find_header(&request.headers, "Contact"),
        Some("<sip:1001@pbx.example.com:5060;transport=tcp>;expires=3600")
    );
    assert_eq!(find_header(&request.headers, "Privacy"), Some("id"));
    assert_eq!(find_header(&request.headers, "To"), Some("<sip:1001@tandem.example>"));
    let challenge = "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"";
    let answered = pair.told(&request, 407, &[("Proxy-Authenticate", challenge)]).unwrap();
    let credentials = find_header(&answered.headers, "Proxy-Authorization").unwrap();
    assert!(
        credentials.contains("username=\"trunk-7\"") && credentials.contains("uri=\"sip:tandem.example\"")
    );
    assert!(credentials.contains("SHA-256") && credentials.contains("nc=00000001"));
}

#[test]
fn reg_7_a_cancellation_that_is_refused_or_unanswered_ends_all_the_same() {
    for answer in [Some(403), Some(500), None] {
        let mut pair = Pair::new(plan(&draft(), &[]));
        let first = pair.tick();
        pair.talk(first);
        let cancel = pair.ours.stop(pair.upstream.now).unwrap();
        match answer {
            Some(status) => drop(pair.told(&cancel, status, &[])),
            None => pair.ours.on_timeout(pair.upstream.now),
        }
        assert_eq!(*pair.ours.state(), RegistrationState::Gone);
    }
    // What never succeeded needs none.
    let mut pair = Pair::new(plan(&draft(), &[]));
    let request = pair.tick().unwrap();
    pair.told(&request, 403, &[]);
    assert!(pair.ours.stop(pair.upstream.now).is_none());
}

fn configuration(drafts: &[(i64, RegistrationDraft)]) -> Configuration {
    let mut configuration = Configuration::default();
    for (id, draft) in drafts {
        let (id, checked) = (RegistrationId(*id), draft.check().unwrap());
        configuration.registrations.push(domain::Registration {
            id,
            version: RowVersion(1),
            settings: checked.settings,
            has_password: checked.password.is_some(),
        });
        configuration.registration_passwords.extend(checked.password.map(|password| (id, password)));
    }
    configuration
}

#[test]
fn registrations_start_one_after_another_and_follow_the_configuration() {
    let (mut all, mut chance) = (Registrations::default(), SmallRng::seed_from_u64(1));
    let address = HERE.parse().unwrap();
    let mut now = Duration::from_secs(1_800_000_000);
    let start = now;
    let named =
        |name: &str, user: &str| RegistrationDraft { name: name.into(), user: user.into(), ..draft() };
    let three = [(1, named("a", "1")), (2, named("b", "2")), (3, named("c", "3"))];
    assert!(all.configure(now, &configuration(&three), address, &mut chance).is_empty());
    let mut keys = Vec::new();
    for place in 0..3 {
        now = all.deadline().unwrap();
        assert_eq!(now, start + Duration::from_millis(100) * place);
        let sendings = all.on_timer(now);
        assert_eq!(sendings.len(), 1);
        let answer = Reply::plain(200).with("Expires", 600).to(&arrived(&sendings[0].request), "t");
        let answer = Message::parse(print_response(&answer)).unwrap();
        assert!(all.on_response(now, sendings[0].key, &answer, &mut chance).is_none());
        keys.push(sendings[0].key);
    }
    // One stays under another name, one has another user, one goes.
    let changed = [(1, named("renamed", "1")), (2, named("b", "22"))];
    let cancelled = all.configure(now, &configuration(&changed), address, &mut chance);
    assert_eq!(cancelled.iter().map(|s| s.key).collect::<Vec<_>>(), keys[1..]);
    assert!(all.on_timer(now).is_empty(), "the new one waits for the end of the earlier one");
    for sending in &cancelled {
        let answer =
            Message::parse(print_response(&Reply::plain(200).to(&arrived(&sending.request), "t"))).unwrap();
        all.on_response(now, sending.key, &answer, &mut chance);
    }
    let fresh = all.on_timer(all.deadline().unwrap());
    assert_eq!(fresh.len(), 1);
    assert!(find_header(&fresh[0].request.headers, "To").unwrap().contains("sip:22@"));
    assert_eq!(all.all().count(), 2);
    let last = all.stop(now);
    assert_eq!(last.len(), 2, "the one that was not answered yet may have been taken");
    assert!(!all.is_idle());
    last.iter().for_each(|sending| all.on_timeout(now, sending.key));
    assert!(all.is_idle());
}

#[test]
fn a_mended_password_is_tried_at_once() {
    let (mut all, mut chance) = (Registrations::default(), SmallRng::seed_from_u64(1));
    let (address, now) = (HERE.parse().unwrap(), Duration::from_secs(1_800_000_000));
    all.configure(now, &configuration(&[(1, draft())]), address, &mut chance);
    let sending = all.on_timer(now).remove(0);
    let refusal =
        Message::parse(print_response(&Reply::plain(403).to(&arrived(&sending.request), "t"))).unwrap();
    all.on_response(now, sending.key, &refusal, &mut chance);
    assert_eq!(all.deadline(), Some(now + Duration::from_secs(60)));
    let mended = RegistrationDraft { password: "right".into(), ..draft() };
    assert!(all.configure(now, &configuration(&[(1, mended)]), address, &mut chance).is_empty());
    assert_eq!(all.on_timer(now).len(), 1);
}

#[test]
fn answers_to_earlier_requests_and_hostile_answers_change_nothing() {
    let mut pair = Pair::new(plan(&draft(), &[]));
    let request = pair.tick().unwrap();
    assert!(pair.told(&request, 100, &[]).is_none());
    let late = Request {
        headers: vec![
            make_header("To", "<sip:h>"),
            make_header("From", "<sip:h>"),
            make_header("Call-ID", "c"),
            make_header("CSeq", "77 REGISTER"),
        ]
        .into(),
        ..request.clone()
    };
    assert!(pair.told(&late, 200, &[]).is_none());
    assert_eq!(*pair.ours.state(), RegistrationState::Asking);
    let huge = "<sip:1001@192.0.2.10:5060>;expires=4294967295";
    assert!(pair.told(&request, 200, &[("Contact", huge)]).is_none());
    assert!(
        matches!(pair.ours.state(), RegistrationState::Registered { until } if *until <= pair.upstream.now + Duration::from_secs(86_400))
    );
}
