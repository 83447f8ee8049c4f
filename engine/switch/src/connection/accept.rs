//! Listening for connections.

use std::{io, net::SocketAddr, time::Duration};

use sip::{Flow, Transport};
use socket2::SockRef;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    time::timeout,
};

use super::{
    Order, Reception,
    peer::{HANDSHAKE, Peer},
    stream, websocket,
};
use crate::{environment::Environment, shard::put_mark};

/// Connections that the kernel keeps until they are accepted.
const BACKLOG: u32 = 1024;
/// After the process has run out of file descriptors.
const PAUSE: Duration = Duration::from_millis(200);

/// Opens a listening socket.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // As for datagrams: an address of IPv6 takes IPv6 alone.
    if address.is_ipv6() {
        SockRef::from(&socket).set_only_v6(true)?;
    }
    // A restart must not wait for connections of the last run to be forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts connections until the end is called.
pub(crate) async fn serve(listener: TcpListener, transport: Transport, local: SocketAddr, to: Reception) {
    loop {
        let accepted = tokio::select! {
            () = to.end.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, remote)) => {
                let flow = Flow { transport, local, remote: canonical(remote) };
                tokio::spawn(admit(stream, flow, to.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection cannot be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn canonical(remote: SocketAddr) -> SocketAddr {
    SocketAddr::new(remote.ip().to_canonical(), remote.port())
}

async fn admit(stream: TcpStream, flow: Flow, to: Reception) {
    let (answer, admitted) = oneshot::channel();
    let _ = to.connections.0.send(Order::Accept(flow, answer));
    let Ok(Some((serial, queue))) = admitted.await else { return };
    let peer = Peer::new(flow, serial, &to);
    let _ = stream.set_nodelay(true);
    mark(&stream, &to.environment);
    let tls = match flow.transport {
        Transport::Tls | Transport::Wss => {
            let Some(tls) = to.tls else { return };
            match timeout(HANDSHAKE, tls.accept(stream)).await {
                Ok(Ok(stream)) => Carrier::Tls(Box::new(stream)),
                _ => return,
            }
        }
        _ => Carrier::Plain(stream),
    };
    match (flow.transport, tls) {
        (Transport::Ws | Transport::Wss, Carrier::Plain(stream)) => {
            websocket::carry(&peer, stream, queue).await
        }
        (Transport::Ws | Transport::Wss, Carrier::Tls(stream)) => {
            websocket::carry(&peer, *stream, queue).await
        }
        (_, Carrier::Plain(stream)) => stream::carry(&peer, stream, queue, true).await,
        (_, Carrier::Tls(stream)) => stream::carry(&peer, *stream, queue, true).await,
    }
}

/// Marks what a connection sends, as `SS_QOS_SIGNAL` says when it begins.
pub(super) fn mark(stream: &TcpStream, environment: &Environment) {
    let ipv4 = stream.peer_addr().is_ok_and(|peer| peer.is_ipv4());
    // A system that does not allow it marks nothing; calls go on.
    let _ = put_mark(&SockRef::from(stream), ipv4, environment.rules.load().signal_mark);
}

enum Carrier {
    Plain(TcpStream),
    Tls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
}
