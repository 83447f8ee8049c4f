//! SIP over WebSocket (RFC 7118): one WebSocket message is one SIP message.

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::mpsc::Receiver,
    time::timeout,
};
use tokio_tungstenite::tungstenite::{
    Message,
    handshake::server::{ErrorResponse, Request, Response},
    http::{HeaderValue, StatusCode, header::SEC_WEBSOCKET_PROTOCOL},
    protocol::WebSocketConfig,
};

use super::peer::{FIRST, HANDSHAKE, IDLE, Peer};

/// A SIP message over a stream may be this long; so may one here.
const LONGEST: usize = 64 * 1024;

/// Shakes hands with a browser and serves it until it ends.
pub(super) async fn carry<S>(peer: &Peer, stream: S, mut queue: Receiver<Bytes>)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let limits = WebSocketConfig::default()
        .max_message_size(Some(LONGEST))
        .max_frame_size(Some(LONGEST))
        .max_write_buffer_size(16 * LONGEST);
    let handshake = tokio_tungstenite::accept_hdr_async_with_config(stream, speaks_sip, Some(limits));
    let Ok(Ok(socket)) = timeout(HANDSHAKE, handshake).await else { return };
    let _counted = peer.note_opened(true);
    let (mut sink, mut source) = socket.split();
    let mut patience = FIRST;
    loop {
        tokio::select! {
            () = peer.end.cancelled() => return,
            message = queue.recv() => {
                let Some(message) = message else { return };
                peer.note_sent();
                // Text when it can be (RFC 7118 §4.2); a body may be anything.
                let message = match String::from_utf8(message.into()) {
                    Ok(text) => Message::text(text),
                    Err(other) => Message::binary(other.into_bytes()),
                };
                if !matches!(timeout(IDLE, sink.send(message)).await, Ok(Ok(()))) {
                    return;
                }
            }
            received = timeout(patience, source.next()) => match received {
                Ok(Some(Ok(Message::Text(text)))) => {
                    patience = IDLE;
                    deliver(peer, Bytes::from(text)).await;
                }
                Ok(Some(Ok(Message::Binary(bytes)))) => {
                    patience = IDLE;
                    deliver(peer, bytes).await;
                }
                // Pongs are the library's work; they go out with the next message or flush.
                Ok(Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)))) => {
                    if sink.flush().await.is_err() {
                        return;
                    }
                }
                Ok(Some(Ok(Message::Close(_))) | None | Some(Err(_))) | Err(_) => return,
            },
        }
    }
}

async fn deliver(peer: &Peer, message: Bytes) {
    // Keep-alive by line ends, as some send it here too (RFC 7118 §6).
    if !message.iter().all(u8::is_ascii_whitespace) {
        peer.deliver(message).await;
    }
}

/// Only the sub-protocol `sip` is spoken (RFC 7118 §4.1).
// The library's callback has this type.
#[allow(clippy::result_large_err)]
fn speaks_sip(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL).iter();
    let sip = offered
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|protocol| protocol.trim().eq_ignore_ascii_case("sip"));
    if sip {
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("sip"));
        Ok(response)
    } else {
        let mut refused = ErrorResponse::new(Some("only the sub-protocol sip is spoken here\n".to_owned()));
        *refused.status_mut() = StatusCode::BAD_REQUEST;
        Err(refused)
    }
}
