//! A connection whose messages are cut from a stream of bytes: TCP and TLS.

use std::{io, time::Instant};

use bytes::Bytes;
use sip::{
    Transport,
    stream::{Frame, PONG, StreamFramer},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufWriter},
    net::TcpStream,
    sync::mpsc::Receiver,
    time::timeout,
};

use super::{
    Tls,
    accept::mark,
    peer::{FIRST, HANDSHAKE, IDLE, Peer, REST},
};

/// Opens a connection to a peer and serves it.
pub(super) async fn call(peer: Peer, queue: Receiver<Bytes>, tls: Option<Tls>) {
    let remote = peer.flow.remote;
    let connected = timeout(HANDSHAKE, async {
        let stream = TcpStream::connect(remote).await?;
        stream.set_nodelay(true)?;
        mark(&stream, &peer.environment);
        match peer.flow.transport {
            Transport::Tls => {
                let tls = tls.ok_or_else(|| io::Error::other("TLS is not set up"))?;
                Ok::<_, io::Error>(Carrier::Tls(Box::new(tls.connect(remote, stream).await?)))
            }
            _ => Ok(Carrier::Plain(stream)),
        }
    });
    match connected.await {
        Ok(Ok(Carrier::Plain(stream))) => carry(&peer, stream, queue, false).await,
        Ok(Ok(Carrier::Tls(stream))) => carry(&peer, *stream, queue, false).await,
        Ok(Err(error)) => tracing::debug!(%remote, %error, "no connection"),
        Err(_) => tracing::debug!(%remote, "no connection in time"),
    }
}

enum Carrier {
    Plain(TcpStream),
    Tls(Box<tokio_rustls::client::TlsStream<TcpStream>>),
}

/// Serves an open connection until it ends.
pub(super) async fn carry<S>(peer: &Peer, stream: S, mut queue: Receiver<Bytes>, by_peer: bool)
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let _counted = peer.note_opened(by_peer);
    let (reader, writer) = tokio::io::split(stream);
    let (pongs, mut pong) = tokio::sync::mpsc::channel(1);
    let writing = async {
        let mut writer = BufWriter::new(writer);
        loop {
            let message = tokio::select! {
                message = queue.recv() => match message {
                    Some(message) => { peer.note_sent(); message }
                    // The switchboard has let go of it.
                    None => return,
                },
                Some(()) = pong.recv() => Bytes::from_static(PONG),
            };
            let written = timeout(IDLE, async {
                writer.write_all(&message).await?;
                if queue.is_empty() { writer.flush().await } else { Ok(()) }
            });
            if !matches!(written.await, Ok(Ok(()))) {
                return;
            }
        }
    };
    tokio::select! {
        () = peer.end.cancelled() => {}
        () = writing => {}
        () = read(peer, reader, pongs, by_peer) => {}
    }
}

async fn read<R: AsyncRead + Unpin>(
    peer: &Peer,
    mut reader: R,
    pongs: tokio::sync::mpsc::Sender<()>,
    by_peer: bool,
) {
    let mut framer = StreamFramer::new();
    let mut buffer = vec![0; 16 * 1024];
    // A peer that we called need not begin.
    let mut patience = if by_peer { FIRST } else { IDLE };
    let mut begun: Option<Instant> = None;
    loop {
        let most = match begun {
            Some(begun) => REST.saturating_sub(begun.elapsed()),
            None => patience,
        };
        let length = match timeout(most, reader.read(&mut buffer)).await {
            Ok(Ok(length)) if length > 0 => length,
            _ => return,
        };
        framer.push(&buffer[..length]);
        loop {
            match framer.next() {
                Ok(Some(Frame::Message(message))) => {
                    patience = IDLE;
                    begun = None;
                    peer.deliver(message).await;
                }
                // One answer is enough for pings that come faster than they are answered.
                Ok(Some(Frame::Ping)) => {
                    let _ = pongs.try_send(());
                }
                Ok(Some(Frame::Pong)) => {}
                Ok(None) => break,
                Err(error) => {
                    tracing::debug!(remote = %peer.flow.remote, %error, "a stream cannot be read any further");
                    return;
                }
            }
        }
        begun = framer.is_waiting().then(|| begun.unwrap_or_else(Instant::now));
    }
}
