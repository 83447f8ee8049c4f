//! A registrar with a few phones, and a device that knows its password.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use domain::{Configuration, PHONE_REALM, Parameter, Phone, PhoneDraft, PhoneId, PhoneKeys, RowVersion};
use sip::digest::{Account, Algorithm, Asked, Ha1, answer};
use sip::{Flow, Message, Transport};

use crate::{Answer, Handled, Outcome, Registrar, Reply};

pub(crate) const PASSWORD: &str = "quiet-Heron-42";
pub(crate) const HOME: &str = "192.0.2.10:5060";

pub(crate) struct World {
    pub(crate) registrar: Registrar,
    pub(crate) now: Duration,
    pub(crate) configuration: Configuration,
    /// The clock stands, so all nonces for one address are the same: each log-in has a count of its own.
    count: AtomicU32,
}

pub(crate) fn draft(number: &str) -> PhoneDraft {
    PhoneDraft { number: number.into(), account: "1".into(), enabled: "on".into(), ..Default::default() }
}

impl World {
    /// With phones 1001 and 1002.
    pub(crate) fn new() -> Self {
        let mut world = Self {
            registrar: Registrar::new([9; 32]),
            now: Duration::from_secs(1_800_000_000),
            configuration: Configuration::default(),
            count: AtomicU32::new(1),
        };
        world.phone(1, draft("1001"));
        world.phone(2, draft("1002"));
        world
    }

    /// With these parameters.
    pub(crate) fn with(parameters: &[(Parameter, &str)]) -> Self {
        let mut world = Self::new();
        for (parameter, value) in parameters {
            world.configuration.parameters.set(*parameter, value).unwrap();
        }
        world.configure();
        world
    }

    /// Adds or changes a phone.
    pub(crate) fn phone(&mut self, id: i64, draft: PhoneDraft) {
        let settings = draft.check().unwrap().settings;
        let keys = keys(settings.number.as_str(), PASSWORD);
        let id = PhoneId(id);
        self.configuration.phones.retain(|phone| phone.id != id);
        self.configuration.phones.push(Phone { id, version: RowVersion(1), settings, has_password: true });
        self.configuration.phone_keys.insert(id, keys);
        self.configure();
    }

    pub(crate) fn configure(&self) -> Vec<crate::Output> {
        self.registrar.configure(&self.configuration)
    }

    pub(crate) fn pass(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }

    pub(crate) fn send(&self, message: &Message, flow: Flow) -> Handled {
        self.registrar.register(self.now, message, flow)
    }

    /// Sends, and answers one challenge with `password`.
    pub(crate) fn log_in(&self, device: &mut Device, password: &str) -> Handled {
        let first = self.send(&device.message(), device.flow);
        let Answer::Reply(challenge) = &first.answer else { return first };
        if !matches!(challenge.status, 401 | 407) {
            return first;
        }
        device.count = self.count.fetch_add(1, Ordering::Relaxed);
        device.answer(challenge, password);
        self.send(&device.message(), device.flow)
    }

    /// Registers, and expects it to go well.
    pub(crate) fn registered(&self, device: &mut Device) -> Reply {
        let handled = self.log_in(device, PASSWORD);
        assert_eq!(handled.outcome, Some(Outcome::Good), "{:?}", handled.answer);
        reply(handled)
    }

    /// The contacts that a question tells.
    pub(crate) fn contacts(&self, number: &str) -> Vec<String> {
        let mut question = Device::new(number);
        question.contacts = vec![];
        contacts(&self.registered(&mut question))
    }
}

pub(crate) fn keys(number: &str, password: &str) -> PhoneKeys {
    let key = |algorithm| Ha1::new(algorithm, number, PHONE_REALM, password).expose().into();
    PhoneKeys { md5: key(Algorithm::Md5), sha256: key(Algorithm::Sha256) }
}

pub(crate) fn reply(handled: Handled) -> Reply {
    match handled.answer {
        Answer::Reply(reply) => reply,
        Answer::Silent => panic!("no answer: {:?}", handled.outcome),
    }
}

pub(crate) fn status(handled: &Handled) -> u16 {
    match &handled.answer {
        Answer::Reply(reply) => reply.status,
        Answer::Silent => 0,
    }
}

pub(crate) fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
    reply.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}

pub(crate) fn contacts(reply: &Reply) -> Vec<String> {
    reply.headers.iter().filter(|(name, _)| *name == "Contact").map(|(_, value)| value.clone()).collect()
}

pub(crate) fn flow(remote: &str) -> Flow {
    let remote: SocketAddr = remote.parse().unwrap();
    Flow { transport: Transport::Udp, local: "198.51.100.1:5060".parse().unwrap(), remote }
}

/// One device's registration.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) number: String,
    pub(crate) user: String,
    pub(crate) method: &'static str,
    pub(crate) call_id: String,
    pub(crate) cseq: u32,
    pub(crate) contacts: Vec<String>,
    pub(crate) headers: Vec<String>,
    pub(crate) flow: Flow,
    pub(crate) credentials: Option<String>,
    pub(crate) count: u32,
}

impl Device {
    pub(crate) fn new(number: &str) -> Self {
        Self {
            number: number.into(),
            user: number.into(),
            method: "REGISTER",
            call_id: format!("call-{number}"),
            cseq: 1,
            contacts: vec![format!("<sip:{number}@{HOME}>")],
            headers: vec![],
            flow: flow(HOME),
            credentials: None,
            count: 1,
        }
    }

    pub(crate) fn at(number: &str, address: &str, call_id: &str) -> Self {
        Self {
            contacts: vec![format!("<sip:{number}@{address}>")],
            flow: flow(address),
            call_id: call_id.into(),
            ..Self::new(number)
        }
    }

    pub(crate) fn with(mut self, header: &str) -> Self {
        self.headers.push(header.into());
        self
    }

    pub(crate) fn message(&self) -> Message {
        let Self { number, method, call_id, cseq, .. } = self;
        let mut text = format!(
            "{method} sip:tandem.example SIP/2.0\r\nVia: SIP/2.0/UDP host;branch=z9hG4bK{cseq}\r\nMax-Forwards: 70\r\n\
             From: <sip:{number}@tandem.example>;tag=f\r\nTo: <sip:{number}@tandem.example>\r\nCall-ID: {call_id}\r\n\
             CSeq: {cseq} {method}\r\n"
        );
        for contact in &self.contacts {
            text += &format!("Contact: {contact}\r\n");
        }
        for header in self.headers.iter().chain(&self.credentials) {
            text += &format!("{header}\r\n");
        }
        Message::parse(Bytes::from(text + "Content-Length: 0\r\n\r\n")).unwrap()
    }

    /// Answers the first challenge, under the next sequence number.
    pub(crate) fn answer(&mut self, challenge: &Reply, password: &str) {
        let (name, credentials) = match challenge.status {
            401 => ("WWW-Authenticate", "Authorization"),
            _ => ("Proxy-Authenticate", "Proxy-Authorization"),
        };
        let offered =
            challenge.headers.iter().filter(|(header, _)| *header == name).map(|(_, value)| value.as_str());
        let asked = Asked { method: self.method, uri: "sip:tandem.example", body: b"" };
        let account = Account { user: &self.user, password };
        let made = answer(offered, account, &asked, self.count, "c0ffee").unwrap();
        self.credentials = Some(format!("{credentials}: {made}"));
        self.cseq += 1;
    }
}
