//! How messages find their transaction (RFC 3261 §17.1.3, §17.2.3).

use smallvec::SmallVec;

use crate::mark::COOKIE;
use crate::message::Message;
use crate::method::Method;
use crate::via::Via;

/// A key while it is only looked up; most fit without an allocation.
pub(crate) type Key = SmallVec<[u8; 256]>;

/// The name of the server transaction that a request belongs to, under `method`: ACK and CANCEL look for INVITE.
///
/// With the magic cookie that is branch, sent-by and method. Peers of RFC 2543 have no such branch; there the
/// Request-URI, From tag, Call-ID, CSeq number and the top Via together are the name.
pub(crate) fn server_key(message: &Message, via: &Via<'_>, method: &Method) -> Key {
    let mut key = Key::new();
    let port = via.port.unwrap_or(5060).to_be_bytes();
    match via.branch().filter(|branch| branch.starts_with(COOKIE) && branch.len() > COOKIE.len()) {
        Some(branch) => push(&mut key, branch.as_bytes()),
        None => {
            push(&mut key, message.request_uri().as_bytes());
            push(&mut key, message.from_tag().unwrap_or("").as_bytes());
            push(&mut key, message.call_id().as_bytes());
            key.extend_from_slice(&message.cseq().0.to_be_bytes());
            push(&mut key, via.branch().unwrap_or("").as_bytes());
        }
    }
    let host = key.len();
    push(&mut key, via.host.as_bytes());
    key[host..].make_ascii_lowercase();
    key.extend_from_slice(&port);
    push(&mut key, method.as_str().as_bytes());
    key
}

/// The name by which the ACK of a 2xx finds its INVITE: it is a transaction of its own, so only the dialog and the
/// number tell (RFC 3261 §13.2.2.4).
pub(crate) fn ack_key(call_id: &str, local_tag: &str, remote_tag: &str, cseq: u32) -> Key {
    let mut key = Key::new();
    push(&mut key, call_id.as_bytes());
    push(&mut key, local_tag.as_bytes());
    push(&mut key, remote_tag.as_bytes());
    key.extend_from_slice(&cseq.to_be_bytes());
    key
}

/// Adds a part and an end mark that no header value can hold.
fn push(key: &mut Key, part: &[u8]) {
    key.extend_from_slice(part);
    key.push(b'\n');
}
