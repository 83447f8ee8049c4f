//! Requests that have been here before: merged ones (RFC 3261 §8.2.2.2), loops and spirals (§16.3 step 4).

use std::hash::{DefaultHasher, Hasher};

use super::{ClientId, Endpoint, ServerId};
use crate::message::{HeaderName, Message};
use crate::scan;
use crate::via::Via;

/// A request that comes from one of our own, through others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Return {
    /// It asks for the same again: answer 482.
    Loop(ClientId),
    /// Somebody on the way gave it another Request-URI; it may go on, Max-Forwards bounds it.
    Spiral(ClientId),
}

impl Endpoint {
    /// Whether a request descends from one that this shard has on its way. A proxy between keeps our Via; a B2BUA makes
    /// new ones, and then only Max-Forwards tells. For requests of other shards see [`Message::visits`].
    pub fn returned(&self, request: &Message) -> Option<Return> {
        let branches = request.list(HeaderName::Via).filter_map(|via| Via::parse(via).ok()?.branch());
        let ours = branches.filter_map(|branch| self.config.mark.branch_number(branch));
        let client = ours.filter_map(|number| self.by_branch.get(&(number, false))).next().copied()?;
        let same = self.request_uri_of(client).is_some_and(|sent| sent == request.request_uri().as_bytes());
        Some(if same { Return::Loop(client) } else { Return::Spiral(client) })
    }

    /// The Request-URI of a request of ours that may still be answered.
    fn request_uri_of(&self, client: ClientId) -> Option<&[u8]> {
        let line = &self.clients.get(client.0)?.request;
        let line = &line[..scan::find_byte(line, b'\r')?];
        line.split(|b| *b == b' ').nth(1)
    }

    /// What is the same in all copies of a request that a proxy forked, and in no other request: From tag, Call-ID and
    /// CSeq, when there is no To tag. Hashed with a secret, so nobody can make two requests look alike.
    pub(super) fn merge_key(&self, request: &Message) -> Option<u64> {
        let from_tag = request.from_tag()?;
        if request.to_tag().is_some() {
            return None;
        }
        let (number, method) = request.cseq();
        let mut hash = DefaultHasher::new();
        hash.write_u64(self.secret[0]);
        for part in [from_tag, request.call_id(), method.as_str()] {
            hash.write(part.as_bytes());
            hash.write_u8(0xff);
        }
        hash.write_u32(number);
        hash.write_u64(self.secret[1]);
        Some(hash.finish())
    }

    /// Remembers a new request, so that its copies are known.
    pub(super) fn note_origin(&mut self, server: ServerId, origin: Option<u64>) {
        if let (Some(origin), Some(transaction)) = (origin, self.servers.get_mut(server.0)) {
            transaction.merge_key = Some(origin);
            self.by_origin.insert(origin, server);
        }
    }

    /// Lets a request with the same names be a new one: it was challenged, and peers that do not count on their CSeq
    /// come back with the credentials.
    pub(super) fn forget_merge_key(&mut self, server: ServerId) {
        let key = self.servers.get_mut(server.0).and_then(|transaction| transaction.merge_key.take());
        if let Some(key) = key {
            self.by_origin.remove(&key);
        }
    }
}
