//! With a name server of a few lines on the loopback.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use hickory_resolver::{
    config::{ConnectionConfig, NameServerConfig, ResolverConfig},
    net::runtime::TokioRuntimeProvider,
    proto::{
        op::{Message, OpCode, ResponseCode},
        rr::{Name, RData, Record, rdata},
    },
};
use tokio::net::UdpSocket;

use super::*;
use crate::{configuration::take_up, shard::tests::world};

/// A name server: lines of `name TYPE data`, all with a time of a second.
struct Zone {
    lines: Mutex<String>,
    silent: AtomicBool,
    asked: AtomicUsize,
}

async fn serve(zone: Arc<Zone>) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 1500];
        loop {
            let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
            let asked = Message::from_vec(&buffer[..length]).unwrap();
            zone.asked.fetch_add(1, Ordering::Relaxed);
            if !zone.silent.load(Ordering::Relaxed) {
                let answer = zone.answer(&asked).to_vec().unwrap();
                socket.send_to(&answer, from).await.unwrap();
            }
        }
    });
    address
}

impl Zone {
    fn answer(&self, asked: &Message) -> Message {
        let mut answer = Message::response(asked.metadata.id, OpCode::Query);
        let question = asked.queries[0].clone();
        let (name, kind) = (question.name().clone(), question.query_type());
        answer.add_query(question);
        let lines = self.lines.lock().unwrap();
        let text = name.to_ascii();
        let of_name = |words: &&[&str]| format!("{}.", words[0]) == text;
        let lines: Vec<Vec<&str>> =
            lines.lines().map(|l| l.split_whitespace().collect::<Vec<_>>()).filter(|w| w.len() > 2).collect();
        let known: Vec<_> = lines.iter().map(Vec::as_slice).filter(of_name).collect();
        if known.is_empty() {
            answer.metadata.response_code = ResponseCode::NXDomain;
        }
        for words in known {
            let host = |at: usize| Name::from_ascii(format!("{}.", words[at])).unwrap();
            let data = match (words[1], kind) {
                ("A", RecordType::A) => RData::A(words[2].parse::<Ipv4Addr>().unwrap().into()),
                ("SRV", RecordType::SRV) => RData::SRV(rdata::SRV::new(
                    words[2].parse().unwrap(),
                    words[3].parse().unwrap(),
                    words[4].parse().unwrap(),
                    host(5),
                )),
                ("NAPTR", RecordType::NAPTR) => RData::NAPTR(rdata::NAPTR::new(
                    words[2].parse().unwrap(),
                    words[3].parse().unwrap(),
                    words[4].as_bytes().into(),
                    words[5].as_bytes().into(),
                    [].into(),
                    host(6),
                )),
                _ => continue,
            };
            answer.add_answer(Record::from_rdata(name.clone(), 1, data));
        }
        answer
    }
}

struct House {
    zone: Arc<Zone>,
    environment: Arc<Environment>,
    resolver: TokioResolver,
    known: HashMap<RoutingGatewayId, Known>,
}

impl House {
    /// The two vendors of the world, by name.
    async fn new(lines: &str, names: [&str; 2]) -> Self {
        let zone = Arc::new(Zone {
            lines: Mutex::new(lines.to_owned()),
            silent: AtomicBool::new(false),
            asked: AtomicUsize::new(0),
        });
        let address = serve(zone.clone()).await;
        let mut connection = ConnectionConfig::udp();
        connection.port = address.port();
        let server = NameServerConfig::new(address.ip(), true, vec![connection]);
        let config = ResolverConfig::from_name_servers(vec![server]);
        let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        builder.options_mut().timeout = Duration::from_millis(200);
        builder.options_mut().attempts = 1;
        let world = world::World::new("10");
        let environment = world.environment();
        let mut configuration = world::configuration("10");
        for (gateway, name) in configuration.routing_gateways.iter_mut().zip(names) {
            gateway.settings.address = domain::GatewayAddress::read(name, 5060).unwrap();
        }
        take_up(&environment, configuration);
        Self { zone, environment, resolver: builder.build().unwrap(), known: HashMap::new() }
    }

    /// Looks up what is due this long after now; gives where the first vendor is.
    async fn after(&mut self, seconds: u64) -> Vec<String> {
        let now = Instant::now() + Duration::from_secs(seconds);
        refresh(&self.environment, &self.resolver, &mut self.known, now).await;
        let known = self.known.get(&RoutingGatewayId(1));
        known.iter().flat_map(|k| k.places.iter()).map(|p| format!("{} {}", p.transport, p.address)).collect()
    }
}

const LINES: &str = "
    carrier.example NAPTR 10 10 s SIP+D2T _sip._tcp.carrier.example
    carrier.example NAPTR 20 10 s SIP+D2U _sip._udp.carrier.example
    _sip._udp.carrier.example SRV 1 0 5080 two.carrier.example
    _sip._udp.carrier.example SRV 0 0 5070 one.carrier.example
    one.carrier.example A 127.0.0.11
    two.carrier.example A 127.0.0.12
    ";

#[tokio::test]
async fn a_name_leads_to_its_services_in_their_order() {
    // There is no listener for TCP: what the domain prefers is of no use.
    let mut house = House::new(LINES, ["carrier.example", "one.carrier.example:5099"]).await;
    assert_eq!(house.after(0).await, ["UDP 127.0.0.11:5070", "UDP 127.0.0.12:5080"]);
    let second = &house.known[&RoutingGatewayId(2)];
    assert_eq!(second.places[0].address.to_string(), "127.0.0.11:5099");
}

#[tokio::test]
async fn a_name_is_looked_up_again_after_half_a_minute_and_not_before() {
    let mut house = House::new(LINES, ["one.carrier.example", "192.0.2.9"]).await;
    assert_eq!(house.after(0).await, ["UDP 127.0.0.11:5060"]);
    *house.zone.lines.lock().unwrap() = LINES.replace("127.0.0.11", "127.0.0.13");
    let asked = house.zone.asked.load(Ordering::Relaxed);
    assert_eq!(house.after(29).await, ["UDP 127.0.0.11:5060"]);
    assert_eq!(house.zone.asked.load(Ordering::Relaxed), asked);
    // The resolver's own memory is by the records' second.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(house.after(31).await, ["UDP 127.0.0.13:5060"]);
}

#[tokio::test]
async fn what_was_found_stays_while_the_dns_is_away_and_goes_when_it_says_so() {
    let mut house = House::new(LINES, ["one.carrier.example:5060", "192.0.2.9"]).await;
    assert_eq!(house.after(0).await, ["UDP 127.0.0.11:5060"]);
    house.zone.silent.store(true, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(house.after(31).await, ["UDP 127.0.0.11:5060"]);
    assert!(house.known[&RoutingGatewayId(1)].stale);
    house.zone.silent.store(false, Ordering::Relaxed);
    house.zone.lines.lock().unwrap().clear();
    assert!(house.after(62).await.is_empty());
    assert!(!house.known[&RoutingGatewayId(1)].stale);
}

#[tokio::test]
async fn a_gateway_that_is_gone_or_has_another_name_is_forgotten() {
    let mut house = House::new(LINES, ["one.carrier.example:5060", "two.carrier.example:5060"]).await;
    house.after(0).await;
    let mut configuration = world::configuration("10");
    configuration.routing_gateways.truncate(1);
    configuration.routing_gateways[0].settings.address =
        domain::GatewayAddress::read("two.carrier.example:5060", 5060).unwrap();
    take_up(&house.environment, configuration);
    assert_eq!(house.after(1).await, ["UDP 127.0.0.12:5060"]);
    assert_eq!(house.known.len(), 1);
}

#[tokio::test]
async fn a_server_at_which_we_register_is_found_by_its_services() {
    let lines = "
        carrier.example NAPTR 10 10 s SIP+D2T _sip._tcp.carrier.example
        carrier.example NAPTR 20 10 s SIP+D2U _sip._udp.carrier.example
        _sip._udp.carrier.example SRV 0 0 5070 one.carrier.example
        _sip._udp.carrier.example SRV 1 0 5070 two.carrier.example
        one.carrier.example A 127.0.0.11
        two.carrier.example A 127.0.0.12
        ";
    let house = House::new(lines, ["192.0.2.8", "192.0.2.9"]).await;
    let (names, wanted) = tokio::sync::mpsc::unbounded_channel();
    let finding = tokio::spawn(find_servers(house.environment.clone(), Some(house.resolver.clone()), wanted));
    let find = async |host: &str, port: Option<u16>| {
        let (told, found) = tokio::sync::oneshot::channel();
        let answer = Box::new(move |found: Vec<SocketAddr>| told.send(found).unwrap());
        names.send(Wanted { uri: SipUri::sip("", host, port), answer }).ok().unwrap();
        found.await.unwrap().iter().map(SocketAddr::to_string).collect::<Vec<_>>()
    };
    assert_eq!(find("carrier.example", None).await, ["127.0.0.11:5070", "127.0.0.12:5070"]);
    assert_eq!(find("one.carrier.example", None).await, ["127.0.0.11:5060"]);
    assert_eq!(find("one.carrier.example", Some(5099)).await, ["127.0.0.11:5099"]);
    assert!(find("nowhere.example", None).await.is_empty());
    drop(names);
    finding.await.unwrap();
}
