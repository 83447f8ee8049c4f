//! The world with phones in it.

use domain::*;
use sip::{
    Dialog, Endpoint, EndpointConfig, HeaderName, Mark, Message, SipUri,
    digest::{Account, Algorithm, Asked, Ha1, answer},
    rsip,
};

use super::super::world::{Agent, *};
use crate::configuration::take_up;

pub(crate) const PHONE: &str = "127.0.0.1:5070";
pub(super) const OTHER: &str = "127.0.0.1:5071";
pub(super) const PASSWORD: &str = "quiet-Heron-42";

pub(super) fn draft(number: &str) -> PhoneDraft {
    PhoneDraft { number: number.into(), account: "1".into(), enabled: "on".into(), ..Default::default() }
}

/// With these phones and the account's balance 10.
pub(super) fn world(phones: Vec<PhoneDraft>) -> World {
    let mut world = with_agents(World::new("10"));
    configure(&mut world, phones);
    world
}

/// With user agents at the addresses of phones.
pub(crate) fn with_agents(mut world: World) -> World {
    for (mark, address) in [(110, PHONE), (111, OTHER)] {
        let config = EndpointConfig { mark: Mark(mark), seed: Some(mark.into()), ..Default::default() };
        world.agents.insert(at(address), Agent::new(Endpoint::new(config)));
    }
    world
}

pub(super) fn configure(world: &mut World, phones: Vec<PhoneDraft>) {
    take_up(&world.floor.desk.environment, configured(phones));
}

pub(super) fn configured(phones: Vec<PhoneDraft>) -> Configuration {
    let mut configuration = configuration("10");
    for (id, draft) in (1..).zip(phones) {
        let settings = draft.check().unwrap().settings;
        let key =
            |algorithm| Ha1::new(algorithm, settings.number.as_str(), PHONE_REALM, PASSWORD).expose().into();
        let keys = PhoneKeys { md5: key(Algorithm::Md5), sha256: key(Algorithm::Sha256) };
        let id = PhoneId(id);
        configuration.phones.push(Phone { id, version: RowVersion(1), settings, has_password: true });
        configuration.phone_keys.insert(id, keys);
    }
    configuration
}

impl World {
    /// Sends a request from a phone and answers one challenge. Gives the request that was let in, or refused.
    pub(crate) fn ask(&mut self, from: &str, user: &str, mut request: rsip::Request) -> rsip::Request {
        let now = self.now.steady;
        let way = flow(at(from), at(SWITCH));
        self.agent(from).events.clear();
        self.agent(from).endpoint.request(now, way, request.clone());
        self.settle();
        let Some((code, challenge)) = self.challenge(from) else { return request };
        let (asked, given) = match code {
            401 => (HeaderName::WwwAuthenticate, "Authorization"),
            _ => (HeaderName::ProxyAuthenticate, "Proxy-Authorization"),
        };
        let offers: Vec<&str> = challenge.headers(asked).collect();
        let (method, uri) = (request.method.to_string(), request.uri.to_string());
        let asked = Asked { method: &method, uri: &uri, body: b"" };
        let account = Account { user, password: PASSWORD };
        // The clock stands, so nonces repeat: each log-in has a count of its own.
        self.log_ins += 1;
        let made = answer(offers, account, &asked, self.log_ins, "c0ffee").unwrap();
        request.headers.push(sip::make_header(given, made.to_string()));
        let cseq = sip::find_header(&request.headers, "CSeq").unwrap();
        let number: u32 = cseq.split(' ').next().unwrap().parse().unwrap();
        let next = format!("{} {method}", number + 1);
        sip::replace_header(&mut request.headers, "CSeq", next);
        self.agent(from).events.clear();
        self.agent(from).endpoint.request(now, way, request.clone());
        self.settle();
        request
    }

    fn challenge(&mut self, from: &str) -> Option<(u16, Message)> {
        let code = *self.heard(from).last()?;
        matches!(code, 401 | 407).then(|| (code, self.response(from, code).1))
    }

    /// Registers a phone at this address.
    pub(super) fn register(&mut self, from: &str, number: &str) {
        self.register_for(from, number, 600);
        assert_eq!(self.heard(from), [200]);
    }

    pub(super) fn register_for(&mut self, from: &str, number: &str, seconds: u32) {
        let aor = format!("<sip:{number}@tandem.example>");
        let headers = [
            ("Max-Forwards", "70".to_owned()),
            ("From", format!("{aor};tag=r{number}")),
            ("To", aor),
            ("Call-ID", format!("register-{from}-{number}")),
            ("CSeq", format!("{} REGISTER", self.now.since_epoch().as_millis() % 1_000_000_000)),
            ("Contact", format!("<sip:{number}@{from}>")),
            ("Expires", seconds.to_string()),
        ];
        let request = rsip::Request {
            method: rsip::Method::Register,
            uri: SipUri::sip("", "tandem.example", None).to_rsip(),
            version: rsip::Version::V2,
            headers: headers.into_iter().map(|(n, v)| sip::make_header(n, v)).collect::<Vec<_>>().into(),
            body: Vec::new(),
        };
        self.ask(from, number, request);
    }

    /// The side that took this INVITE hangs up.
    pub(super) fn hang_up(&mut self, at_address: &str, asked: &(sip::ServerId, Message)) {
        let way = flow(at(at_address), at(SWITCH));
        let mut dialog = Dialog::uas(&asked.1, "agent", way, &format!("<sip:{at_address}>")).unwrap();
        self.request(at_address, &mut dialog, rsip::Method::Bye, None);
        assert_eq!(self.heard(at_address).last(), Some(&200));
    }

    pub(super) fn was_cancelled(&mut self, address: &str) -> bool {
        self.agent(address).events.iter().any(|event| matches!(event, sip::Event::Cancelled { .. }))
    }

    /// A phone calls a number, with its credentials.
    pub(super) fn call_from(&mut self, from: &str, number: &str, to: &str) -> rsip::Request {
        let invite = self.invite_of(from, number, to);
        self.ask(from, number, invite)
    }
}
