//! A floor between one caller and two vendors.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use domain::*;
use media::{Address, MediaPlane, PlaneConfig, PortRange};
use sip::{
    Dialog, Endpoint, EndpointConfig, Event, Flow, InviteSpec, Mark, Message, Method, ServerId, SipUri,
    Transport, build_invite,
};

use super::super::floor::Floor;
use crate::{
    call::{Moment, Output},
    configuration::take_up,
    environment::{Counters, Environment},
    listener::{Listener, Listeners},
    spool::Record,
};

pub(crate) const SWITCH: &str = "127.0.0.1:5060";
pub(crate) const CALLER: &str = "127.0.0.1:5090";
pub(crate) const VENDOR: &str = "127.0.0.1:5080";
pub(crate) const SECOND_VENDOR: &str = "127.0.0.1:5081";

pub(crate) const SDP: &str = "v=0\r\no=x 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n";

pub(crate) struct World {
    pub(crate) now: Moment,
    pub(in crate::shard) floor: Floor,
    pub(crate) agents: BTreeMap<SocketAddr, Agent>,
    pub(crate) records: Vec<Record>,
    /// Answers whose writing the spool has not confirmed.
    pub(crate) unconfirmed: Vec<CallId>,
    pub(crate) confirm_at_once: bool,
    /// What is to be written down about phones.
    pub(crate) told: Vec<registrar::Output>,
    /// Keys of registrations whose server's name was to be looked up.
    pub(crate) located: Vec<u64>,
    /// Challenges that phones have answered.
    pub(crate) log_ins: u32,
}

/// A user agent: its transactions and what it has seen.
pub(crate) struct Agent {
    pub(crate) endpoint: Endpoint,
    pub(crate) events: Vec<Event>,
    pub(crate) deaf: bool,
    /// Messages that came while it was deaf.
    pub(crate) missed: usize,
}

impl Agent {
    pub(crate) fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, events: Vec::new(), deaf: false, missed: 0 }
    }
}

pub(crate) fn at(address: &str) -> SocketAddr {
    address.parse().unwrap()
}

/// A customer with this balance who pays 0.06 a minute per second, two vendors at 0.03 on prefix 44.
pub(crate) fn configuration(balance: &str) -> Configuration {
    let table = |id, name: &str, rate: &str| {
        let settings = RateTableDraft { name: name.into(), currency: "USD".into(), billing_unit: "1".into() };
        let row = RateDraft { prefix: "44".into(), rate: rate.into(), ..RateDraft::default() };
        (
            RateTable { id: RateTableId(id), version: RowVersion(1), settings: settings.check().unwrap() },
            RateRow {
                id: RateId(id),
                table: RateTableId(id),
                version: RowVersion(1),
                settings: row.check().unwrap(),
            },
        )
    };
    let account = |id, kind: &str, table: i64, paid: &str| Account {
        id: AccountId(id),
        version: RowVersion(1),
        settings: AccountDraft {
            name: format!("{kind} {id}"),
            kind: kind.into(),
            currency: "USD".into(),
            precision: "4".into(),
            credit_limit: "0".into(),
            rate_table: table.to_string(),
            status: "active".into(),
            agent: String::new(),
        }
        .check()
        .unwrap(),
        paid: paid.parse().unwrap(),
        charged: Money::ZERO,
    };
    let routing = |id, name: &str, address: &str, priority: &str| RoutingGateway {
        id: RoutingGatewayId(id),
        version: RowVersion(1),
        settings: RoutingGatewayDraft {
            name: name.into(),
            account: "2".into(),
            address: address.into(),
            prefixes: "44, 55".into(),
            prefix_mode: "extension".into(),
            priority: priority.into(),
            enabled: "on".into(),
            ..Default::default()
        }
        .check()
        .unwrap(),
    };
    let (sell, sell_row) = table(1, "sell", "0.06");
    let (buy, buy_row) = table(2, "buy", "0.03");
    Configuration {
        version: ConfigVersion(7),
        accounts: vec![account(1, "customer", 1, balance), account(2, "vendor", 2, "0")],
        mapping_gateways: vec![MappingGateway {
            id: MappingGatewayId(1),
            version: RowVersion(1),
            settings: MappingGatewayDraft {
                name: "trunk".into(),
                account: "1".into(),
                sources: CALLER.into(),
                max_calls: "2".into(),
                enabled: "on".into(),
                ..Default::default()
            }
            .check()
            .unwrap(),
        }],
        routing_gateways: vec![routing(1, "first", VENDOR, "1"), routing(2, "second", SECOND_VENDOR, "2")],
        rate_tables: vec![sell, buy],
        rates: [(RateTableId(1), vec![sell_row]), (RateTableId(2), vec![buy_row])].into(),
        // Gateways are asked whether they are there only in the tests about that.
        parameters: with(&[(Parameter::SS_SIP_OPTIONS_CHECK_PERIOD, "0")]),
        ..Default::default()
    }
}

/// These values of the system.
pub(crate) fn with(values: &[(Parameter, &str)]) -> ParameterValues {
    let mut all = ParameterValues::default();
    for (parameter, text) in values {
        all.set(*parameter, text).unwrap();
    }
    all
}

impl World {
    pub(crate) fn new(balance: &str) -> Self {
        let loopback = [127, 0, 0, 1].into();
        // Tests of one process share the machine's ports with each other: each takes what is free of a wide range.
        let ports = PortRange { first: 31_000, last: 39_998 };
        let address = Address { bind: loopback, advertise: loopback };
        let localhost = std::net::Ipv6Addr::LOCALHOST.into();
        let second = Some(Address { bind: localhost, advertise: localhost });
        let plane = MediaPlane::start(PlaneConfig { address, second, ports, workers: 1 }).unwrap();
        let environment = Arc::new(Environment {
            listeners: Listeners::new(vec![Listener::new(Transport::Udp, at(SWITCH), at(SWITCH))]),
            tables: ArcSwap::default(),
            purses: Default::default(),
            customer_lines: Default::default(),
            vendor_lines: Default::default(),
            vendor_pauses: Default::default(),
            places: Default::default(),
            reach: Default::default(),
            suspensions_changed: Default::default(),
            news: crate::environment::news(),
            phone_lines: Default::default(),
            registrar: registrar::Registrar::new([7; 32]),
            outbound: ArcSwap::default(),
            plane,
            counters: Counters::default(),
            rules: Default::default(),
            trace: trace::Trace::new(1, 4 << 20).0,
        });
        take_up(&environment, configuration(balance));
        let agent = |mark| {
            Agent::new(Endpoint::new(EndpointConfig {
                mark: Mark(mark),
                seed: Some(mark.into()),
                ..Default::default()
            }))
        };
        Self {
            now: Moment::now(),
            floor: Floor::new(Mark(0), "Tandem", environment),
            agents: [(at(CALLER), agent(100)), (at(VENDOR), agent(101)), (at(SECOND_VENDOR), agent(102))]
                .into(),
            records: Vec::new(),
            unconfirmed: Vec::new(),
            confirm_at_once: true,
            told: Vec::new(),
            located: Vec::new(),
            log_ins: 0,
        }
    }

    /// What its shard shares with others.
    pub(crate) fn environment(&self) -> Arc<Environment> {
        self.floor.desk.environment.clone()
    }

    /// Delivers everything until nothing is on its way.
    pub(crate) fn settle(&mut self) {
        loop {
            let mut moved = false;
            while let Some(output) = self.floor.poll_output() {
                moved = true;
                match output {
                    Output::Record(record, confirm) => {
                        self.records.push(record);
                        self.unconfirmed.extend(confirm);
                    }
                    Output::Phone(told) => self.told.push(told),
                    Output::Locate(key, _) => self.located.push(key),
                }
            }
            if self.confirm_at_once {
                for call in std::mem::take(&mut self.unconfirmed) {
                    self.floor.on_recorded(self.now, call);
                }
            }
            while let Some(transmit) = self.floor.poll_transmit() {
                moved = true;
                self.floor.note_sent(self.now, &transmit);
                let agent = self.agents.get_mut(&transmit.flow.remote).expect("a known agent");
                if agent.deaf {
                    agent.missed += 1;
                } else {
                    let flow = flow(transmit.flow.remote, at(SWITCH));
                    agent.endpoint.on_datagram(self.now.steady, flow, transmit.bytes);
                }
            }
            for (address, agent) in &mut self.agents {
                while let Some(event) = agent.endpoint.poll_event() {
                    moved = true;
                    agent.events.push(event);
                }
                while let Some(transmit) = agent.endpoint.poll_transmit() {
                    moved = true;
                    self.floor.on_message(self.now, flow(at(SWITCH), *address), transmit.bytes);
                }
            }
            if !moved {
                return;
            }
        }
    }

    /// Lets time pass, in steps no longer than a second.
    pub(crate) fn pass(&mut self, seconds: f32) {
        let mut left = Duration::from_secs_f32(seconds);
        while !left.is_zero() {
            let step = left.min(Duration::from_millis(500));
            left -= step;
            self.now = self.now.plus(step);
            self.floor.on_timer(self.now);
            for agent in self.agents.values_mut() {
                agent.endpoint.on_timer(self.now.steady);
            }
            self.settle();
        }
    }

    pub(crate) fn agent(&mut self, address: &str) -> &mut Agent {
        self.agents.get_mut(&at(address)).unwrap()
    }

    /// The caller's INVITE to `number`.
    pub(crate) fn invite(&mut self, number: &str, body: Option<&str>) -> rsip::Request {
        self.invite_with(number, body, &[])
    }

    pub(crate) fn invite_with(
        &mut self,
        number: &str,
        body: Option<&str>,
        headers: &[(&str, &str)],
    ) -> rsip::Request {
        let invite = self.made_invite(CALLER, "4930123", number, body, headers);
        let now = self.now.steady;
        self.agent(CALLER).endpoint.request(now, flow(at(CALLER), at(SWITCH)), invite.clone());
        self.settle();
        invite
    }

    /// An INVITE of `user` at `from`, with an offer, not sent yet.
    pub(crate) fn invite_of(&mut self, from: &str, user: &str, number: &str) -> rsip::Request {
        self.made_invite(from, user, number, Some(SDP), &[])
    }

    fn made_invite(
        &mut self,
        from: &str,
        user: &str,
        number: &str,
        body: Option<&str>,
        headers: &[(&str, &str)],
    ) -> rsip::Request {
        build_invite(
            &mut self.agent(from).endpoint,
            &InviteSpec {
                uri: SipUri::sip(number, "127.0.0.1", Some(5060)),
                from_display: None,
                from_user: user.into(),
                from_host: from.into(),
                to_user: number.into(),
                to_host: SWITCH.into(),
                user_phone: false,
                contact: format!("<sip:{from}>"),
                max_forwards: 70,
                headers: headers
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                body: body.map(|body| ("application/sdp".into(), body.into())),
            },
        )
    }

    /// The last new request with this method that an agent got.
    pub(crate) fn asked(&mut self, address: &str, method: Method) -> (ServerId, Message) {
        let found = self.agent(address).events.iter().rev().find_map(|event| match event {
            Event::Request { server, message, .. } if message.method() == Some(&method) => {
                Some((*server, message.clone()))
            }
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{address} got no {method:?}"))
    }

    pub(crate) fn was_asked(&mut self, address: &str, method: Method) -> bool {
        self.agent(address)
            .events
            .iter()
            .any(|event| matches!(event, Event::Request { message, .. } if message.method() == Some(&method)))
    }

    /// An agent's response to a request.
    pub(crate) fn respond(
        &mut self,
        address: &str,
        request: &(ServerId, Message),
        code: u16,
        body: Option<&str>,
    ) {
        self.respond_with(address, request, code, body, &[]);
    }

    pub(crate) fn respond_with(
        &mut self,
        address: &str,
        (server, request): &(ServerId, Message),
        code: u16,
        body: Option<&str>,
        headers: &[(&str, &str)],
    ) {
        let now = self.now.steady;
        let agent = self.agent(address);
        let mut response = sip::reply(request, code, None, Some("agent"));
        response.headers.push(sip::make_header("Contact", format!("<sip:{address}>")));
        headers.iter().for_each(|(name, value)| response.headers.push(sip::make_header(name, *value)));
        if let Some(body) = body {
            response.headers.push(sip::make_header("Content-Type", "application/sdp"));
            response.body = body.into();
        }
        agent.endpoint.respond(now, *server, response);
        self.settle();
    }

    /// A response without a Contact of the agent's own.
    pub(super) fn respond_plain(
        &mut self,
        address: &str,
        (server, request): &(ServerId, Message),
        code: u16,
        headers: &[(&str, &str)],
    ) {
        let now = self.now.steady;
        let mut response = sip::reply(request, code, None, Some("agent"));
        headers.iter().for_each(|(name, value)| response.headers.push(sip::make_header(name, *value)));
        self.agent(address).endpoint.respond(now, *server, response);
        self.settle();
    }

    /// How many requests with this method an agent got.
    pub(crate) fn count(&mut self, address: &str, method: Method) -> usize {
        let events = &self.agent(address).events;
        let asked = |event: &&Event| matches!(event, Event::Request { message, .. } if message.method() == Some(&method));
        events.iter().filter(asked).count()
    }

    /// The statuses of the responses that the caller got, in order.
    pub(crate) fn heard(&mut self, address: &str) -> Vec<u16> {
        let events = &self.agent(address).events;
        events
            .iter()
            .filter_map(|event| match event {
                Event::Response { message, .. } => message.status(),
                _ => None,
            })
            .collect()
    }

    /// The last response with this status that an agent got.
    pub(crate) fn response(&mut self, address: &str, status: u16) -> (sip::ClientId, Message) {
        let found = self.agent(address).events.iter().rev().find_map(|event| match event {
            Event::Response { client, message, .. } if message.status() == Some(status) => {
                Some((*client, message.clone()))
            }
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{address} got no {status}"))
    }

    /// A call up to the caller's ACK. Gives both ends' dialogs.
    pub(crate) fn talk(&mut self) -> (Dialog, Dialog) {
        let invite = self.invite("442071234567", Some(SDP));
        let asked = self.asked(VENDOR, Method::Invite);
        self.respond(VENDOR, &asked, 180, None);
        self.respond(VENDOR, &asked, 200, Some(SDP));
        let caller = self.acknowledge(&invite);
        let callee =
            Dialog::uas(&asked.1, "agent", flow(at(VENDOR), at(SWITCH)), &format!("<sip:{VENDOR}>")).unwrap();
        (caller, callee)
    }

    /// The caller acknowledges the 200 that it got.
    pub(crate) fn acknowledge(&mut self, invite: &rsip::Request) -> Dialog {
        self.acknowledge_from(CALLER, invite)
    }

    pub(crate) fn acknowledge_from(&mut self, from: &str, invite: &rsip::Request) -> Dialog {
        let (client, answer) = self.response(from, 200);
        let flow = flow(at(from), at(SWITCH));
        let dialog = Dialog::uac(invite, &answer, flow).unwrap();
        let now = self.now.steady;
        self.agent(from).endpoint.acknowledge(now, client, flow, dialog.ack(1));
        self.settle();
        dialog
    }

    /// A request of an agent inside its dialog.
    pub(crate) fn request(
        &mut self,
        address: &str,
        dialog: &mut Dialog,
        method: rsip::Method,
        body: Option<&str>,
    ) -> sip::ClientId {
        let mut request = dialog.request(method);
        if let Some(body) = body {
            request.headers.push(sip::make_header("Content-Type", "application/sdp"));
            request.body = body.into();
        }
        let now = self.now.steady;
        let client = self.agent(address).endpoint.request(now, flow(at(address), at(SWITCH)), request);
        self.settle();
        client
    }

    /// The caller takes its INVITE back.
    pub(crate) fn cancel(&mut self) {
        let now = self.now.steady;
        let (client, _) = self.response(CALLER, 100);
        self.agent(CALLER).endpoint.cancel(now, client);
        self.settle();
    }

    /// Answers every BYE that has not been answered.
    pub(crate) fn accept_byes(&mut self) {
        self.accept_byes_at(&[CALLER, VENDOR, SECOND_VENDOR]);
    }

    pub(crate) fn accept_byes_at(&mut self, addresses: &[&str]) {
        for address in addresses {
            if self.was_asked(address, Method::Bye) {
                let bye = self.asked(address, Method::Bye);
                self.respond(address, &bye, 200, None);
            }
        }
    }

    /// The one CDR of the one call.
    pub(crate) fn cdr(&self) -> Cdr {
        let closed: Vec<_> = self.records.iter().filter(|r| matches!(r, Record::Closed(_))).collect();
        match closed.as_slice() {
            [Record::Closed(cdr)] => (**cdr).clone(),
            other => panic!("{} closed records", other.len()),
        }
    }

    /// The CDR, once the call is over.
    pub(crate) fn cdr_if_closed(&self) -> Option<&Cdr> {
        self.records.iter().find_map(|record| match record {
            Record::Closed(cdr) => Some(&**cdr),
            Record::Open(_) => None,
        })
    }

    /// Lets all timers run out and finds nothing left of any call: no money held, no line, no index, no transaction.
    pub(crate) fn assert_nothing_is_left(&mut self) {
        self.accept_byes();
        self.pass(130.0);
        let desk = &self.floor.desk;
        assert!(self.floor.calls.is_empty(), "calls");
        assert!(desk.tags.is_empty() && desk.servers.is_empty() && desk.clients.is_empty(), "indices");
        let stats = desk.endpoint.stats();
        assert_eq!((stats.clients, stats.servers), (0, 0), "transactions");
        let environment = &desk.environment;
        assert_eq!(environment.purses.of(AccountId(1)).unwrap().held(), Money::ZERO);
        assert_eq!(environment.plane.usage().open_sessions, 0);
        assert_eq!(environment.counters.active.load(std::sync::atomic::Ordering::Relaxed), 0);
        assert!(environment.customer_lines.take(MappingGatewayId(1), Some(1)).is_some(), "lines");
        assert!(environment.vendor_lines.take(RoutingGatewayId(1), Some(1)).is_some(), "vendor lines");
    }
}

pub(crate) fn flow(local: SocketAddr, remote: SocketAddr) -> Flow {
    Flow { transport: Transport::Udp, local, remote }
}
