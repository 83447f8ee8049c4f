//! Real sockets on this machine's loopback, and a shard that only keeps what it is given.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use media::{Address, MediaPlane, PlaneConfig, PortRange};
use sip::{Flow, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::timeout,
};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest, http::HeaderValue};
use tokio_util::sync::CancellationToken;

use super::{Connections, Reception, Switchboard, Tls, TlsFiles, bind, serve};
use crate::{
    environment::{Counters, Environment},
    listener::{Listener, Listeners},
    shard::Input,
};

const OPTIONS: &str = "OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

struct House {
    address: SocketAddr,
    local: SocketAddr,
    connections: Connections,
    shard: UnboundedReceiver<Input>,
    environment: Arc<Environment>,
    _end: tokio_util::sync::DropGuard,
}

/// With a certificate of its own, trusted or not, whose files go when they have been read.
fn tls(trusted: bool) -> Tls {
    let directory =
        std::env::temp_dir().join(format!("tandem-tls-{}-{:x}", std::process::id(), rand::random::<u64>()));
    std::fs::create_dir_all(&directory).unwrap();
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let file = |name: &str, text: String| -> PathBuf {
        let path = directory.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let certificate = file("certificate.pem", made.cert.pem());
    let files = TlsFiles {
        key: file("key.pem", made.signing_key.serialize_pem()),
        authorities: trusted.then(|| certificate.clone()),
        certificate,
    };
    let tls = Tls::load(&files).unwrap();
    std::fs::remove_dir_all(directory).unwrap();
    tls
}

fn house(transport: Transport) -> House {
    let tls = tls(true);
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let loopback = [127, 0, 0, 1].into();
    let ports = PortRange { first: 31_000, last: 39_998 };
    let media = Address { bind: loopback, advertise: loopback };
    let plane = MediaPlane::start(PlaneConfig { address: media, second: None, ports, workers: 1 }).unwrap();
    let udp = "127.0.0.1:5060".parse().unwrap();
    let environment = Arc::new(Environment {
        listeners: Listeners::new(vec![
            Listener::new(Transport::Udp, udp, udp),
            Listener::new(transport, address, address),
        ]),
        tables: ArcSwap::default(),
        purses: Default::default(),
        customer_lines: Default::default(),
        vendor_lines: Default::default(),
        phone_lines: Default::default(),
        registrar: registrar::Registrar::new([7; 32]),
        outbound: ArcSwap::default(),
        vendor_pauses: Default::default(),
        places: Default::default(),
        reach: Default::default(),
        suspensions_changed: Default::default(),
        news: crate::environment::news(),
        plane,
        counters: Counters::default(),
        rules: Default::default(),
        trace: trace::Trace::new(1, 1 << 20).0,
    });
    let (sender, shard) = unbounded_channel();
    let (connections, orders) = Connections::new();
    let end = CancellationToken::new();
    let reception = Reception {
        environment: environment.clone(),
        shards: vec![sender].into(),
        connections: connections.clone(),
        tls: Some(tls),
        end: end.clone(),
    };
    tokio::spawn(serve(listener, transport, address, reception.clone()));
    tokio::spawn(Switchboard::new(reception).run(orders));
    House { address, local: address, connections, shard, environment, _end: end.drop_guard() }
}

impl House {
    async fn message(&mut self) -> (Flow, Bytes) {
        loop {
            match timeout(Duration::from_secs(5), self.shard.recv()).await.expect("nothing came").unwrap() {
                Input::Message(flow, message, _) => return (flow, message),
                // An earlier connection's end.
                Input::FlowFailed(_) => {}
                _ => panic!("what is that?"),
            }
        }
    }

    async fn broken(&mut self) -> Flow {
        loop {
            match timeout(Duration::from_secs(5), self.shard.recv()).await.expect("nothing came").unwrap() {
                Input::FlowFailed(flow) => return flow,
                Input::Message(..) => {}
                _ => panic!("what is that?"),
            }
        }
    }

    fn flow(&self, transport: Transport, remote: SocketAddr) -> Flow {
        Flow { transport, local: self.local, remote }
    }
}

#[tokio::test]
async fn a_message_in_pieces_arrives_whole_and_the_answer_goes_back_the_same_way() {
    let mut house = house(Transport::Tcp);
    let mut peer = TcpStream::connect(house.address).await.unwrap();
    for piece in OPTIONS.as_bytes().chunks(50) {
        peer.write_all(piece).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let (flow, message) = house.message().await;
    assert_eq!(message, OPTIONS.as_bytes());
    assert_eq!(flow, house.flow(Transport::Tcp, peer.local_addr().unwrap()));
    house.connections.send(flow, Bytes::from_static(b"SIP/2.0 200 OK\r\n\r\n"));
    let mut answer = [0; 18];
    timeout(Duration::from_secs(5), peer.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"SIP/2.0 200 OK\r\n\r\n");
    let view = house.environment.listeners.of(&flow).unwrap().view();
    assert_eq!((view.received, view.sent, view.open, view.accepted), (1, 1, 1, 1));
}

#[tokio::test]
async fn a_ping_is_answered() {
    let house = house(Transport::Tcp);
    let mut peer = TcpStream::connect(house.address).await.unwrap();
    peer.write_all(b"\r\n\r\n").await.unwrap();
    let mut pong = [0; 2];
    timeout(Duration::from_secs(5), peer.read_exact(&mut pong)).await.unwrap().unwrap();
    assert_eq!(&pong, b"\r\n");
}

#[tokio::test]
async fn a_stream_that_is_no_sip_is_closed_and_its_end_is_told() {
    let mut house = house(Transport::Tcp);
    let mut peer = TcpStream::connect(house.address).await.unwrap();
    let address = peer.local_addr().unwrap();
    peer.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut rest = Vec::new();
    timeout(Duration::from_secs(5), peer.read_to_end(&mut rest)).await.unwrap().ok();
    assert!(rest.is_empty());
    assert_eq!(house.broken().await, house.flow(Transport::Tcp, address));
}

#[tokio::test]
async fn a_peer_that_is_not_there_is_told_as_broken() {
    let mut house = house(Transport::Tcp);
    let nobody = bind("127.0.0.1:0".parse().unwrap()).unwrap().local_addr().unwrap();
    let flow = house.flow(Transport::Tcp, nobody);
    house.connections.send(flow, Bytes::from_static(OPTIONS.as_bytes()));
    assert_eq!(house.broken().await, flow);
}

#[tokio::test]
async fn one_connection_to_a_gateway_carries_all_that_is_sent_to_it() {
    let house = house(Transport::Tcp);
    let gateway = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let flow = house.flow(Transport::Tcp, gateway.local_addr().unwrap());
    for _ in 0..3 {
        house.connections.send(flow, Bytes::from_static(OPTIONS.as_bytes()));
    }
    let (mut stream, _) = timeout(Duration::from_secs(5), gateway.accept()).await.unwrap().unwrap();
    let mut all = vec![0; OPTIONS.len() * 3];
    timeout(Duration::from_secs(5), stream.read_exact(&mut all)).await.unwrap().unwrap();
    assert_eq!(all, OPTIONS.repeat(3).as_bytes());
    assert!(timeout(Duration::from_millis(100), gateway.accept()).await.is_err(), "a second connection");
}

#[tokio::test]
async fn a_flood_over_a_connection_stops_at_the_socket() {
    let mut house = house(Transport::Tcp);
    let mut peer = TcpStream::connect(house.address).await.unwrap();
    let flood = OPTIONS.repeat(1000);
    let writing = tokio::spawn(async move { peer.write_all(flood.as_bytes()).await.map(|()| peer) });
    tokio::time::sleep(Duration::from_millis(300)).await;
    // The shard has worked off nothing: what it holds is the connection's credit and no more.
    let mut held = Vec::new();
    while let Ok(input) = house.shard.try_recv() {
        held.push(input);
    }
    assert_eq!(held.len(), 64);
    drop(held);
    for _ in 64..1000 {
        house.message().await;
    }
    writing.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_stranger_gets_no_more_than_his_share_of_connections() {
    let house = house(Transport::Tcp);
    let mut peers = Vec::new();
    for _ in 0..70 {
        let mut peer = TcpStream::connect(house.address).await.unwrap();
        peer.write_all(b"\r\n\r\n").await.unwrap();
        peers.push(peer);
    }
    let mut served = 0;
    for peer in &mut peers {
        let mut pong = [0; 2];
        if let Ok(Ok(_)) = timeout(Duration::from_secs(2), peer.read_exact(&mut pong)).await {
            served += 1;
        }
    }
    assert_eq!(served, 64);
    let refused = house.environment.listeners.iter().map(|listener| listener.view().refused).sum::<u64>();
    assert_eq!(refused, 6);
}

#[tokio::test]
async fn tls_carries_messages_both_ways_and_a_wrong_certificate_is_refused() {
    let mut answering = house(Transport::Tls);
    // This one trusts its own certificate only.
    let calling = house(Transport::Tls);
    let remote = answering.address;
    let flow = calling.flow(Transport::Tls, remote);
    let mut calling = calling;
    calling.connections.send(flow, Bytes::from_static(OPTIONS.as_bytes()));
    assert_eq!(calling.broken().await, flow);

    let mut peer = tls(false).connect(remote, TcpStream::connect(remote).await.unwrap()).await.unwrap();
    peer.write_all(OPTIONS.as_bytes()).await.unwrap();
    let (flow, message) = answering.message().await;
    assert_eq!((flow.transport, message.as_ref()), (Transport::Tls, OPTIONS.as_bytes()));
    answering.connections.send(flow, Bytes::from_static(b"SIP/2.0 200 OK\r\n\r\n"));
    let mut answer = [0; 18];
    timeout(Duration::from_secs(5), peer.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"SIP/2.0 200 OK\r\n\r\n");
}

#[tokio::test]
async fn a_websocket_speaks_sip_and_nothing_else() {
    let mut house = house(Transport::Ws);
    let url = format!("ws://{}/", house.address);
    assert!(
        tokio_tungstenite::client_async(&url, TcpStream::connect(house.address).await.unwrap())
            .await
            .is_err()
    );

    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("sip"));
    let stream = TcpStream::connect(house.address).await.unwrap();
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
    socket.send(Message::text(OPTIONS)).await.unwrap();
    let (flow, message) = house.message().await;
    assert_eq!((flow.transport, message.as_ref()), (Transport::Ws, OPTIONS.as_bytes()));
    house.connections.send(flow, Bytes::from_static(b"SIP/2.0 200 OK\r\n\r\n"));
    let answer = timeout(Duration::from_secs(5), socket.next()).await.unwrap().unwrap().unwrap();
    assert_eq!(answer, Message::text("SIP/2.0 200 OK\r\n\r\n"));
    // Nobody can call a browser that has gone.
    socket.close(None).await.unwrap();
    drop(socket);
    assert_eq!(house.broken().await, flow);
    house.connections.send(flow, Bytes::from_static(OPTIONS.as_bytes()));
    assert_eq!(house.broken().await, flow);
}
