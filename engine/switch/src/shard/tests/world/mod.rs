//! A floor between one caller and two vendors.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use domain::*;
use media::{Address, MediaPlane, PlaneConfig, PortRange};
use sip::{Endpoint, EndpointConfig, Event, Flow, Mark, Transport};

mod calls;
mod configuration;

pub(crate) use self::configuration::{configuration, with};
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
