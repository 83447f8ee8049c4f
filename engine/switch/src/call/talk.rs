//! The media between the legs.

use media::{Remote, Session, Side, sdp};

/// A relay session with what has been negotiated over it.
pub(crate) struct Talk {
    session: Session,
    /// Our `o=` line towards each side.
    origins: [sdp::Origin; 2],
    /// The last description from each side and the one for each side, as bytes: read, they would be ten times as large.
    heard_bytes: [Vec<u8>; 2],
    told_bytes: [Vec<u8>; 2],
}

fn index(side: Side) -> usize {
    match side {
        Side::Caller => 0,
        Side::Callee => 1,
    }
}

impl Talk {
    /// `session_ids` are unguessable numbers for the two `o=` lines.
    pub(crate) fn new(session: Session, session_ids: [u64; 2]) -> Self {
        let origin = |side, id: u64| sdp::Origin {
            session_id: id >> 2,
            version: 0,
            address: session.local(side).ip(),
        };
        let origins = [origin(Side::Caller, session_ids[0]), origin(Side::Callee, session_ids[1])];
        Self { session, origins, heard_bytes: Default::default(), told_bytes: Default::default() }
    }

    /// Takes a description that came from `from` and gives the one for the other side, with our addresses. The relay expects
    /// packets from where the description says; one without live audio leaves it as it was.
    pub(crate) fn pass(&mut self, from: Side, body: &[u8]) -> Result<Vec<u8>, sdp::SdpError> {
        let towards = from.other();
        // The same again refreshes a session and changes none: the version stays (RFC 3264 §8), and what the relay has learned.
        if self.heard_bytes[index(from)] == body && !self.told_bytes[index(towards)].is_empty() {
            return Ok(self.told_bytes[index(towards)].clone());
        }
        let described = sdp::Sdp::parse(body)?;
        if let Some(audio) = described.audio().filter(|audio| !audio.is_rejected()) {
            self.session.expect(from, Remote { rtp: audio.rtp, rtcp: audio.rtcp });
        }
        let origin = &mut self.origins[index(towards)];
        origin.version += 1;
        let told = sdp::relayed(&described, self.session.local(towards), origin);
        self.heard_bytes[index(from)] = body.to_vec();
        self.told_bytes[index(towards)].clone_from(&told);
        Ok(told)
    }

    /// What was told last to a side.
    pub(crate) fn told(&self, side: Side) -> &[u8] {
        &self.told_bytes[index(side)]
    }

    /// The codec both sides named, answer first.
    pub(crate) fn codec(&self) -> Option<String> {
        let [caller, callee] = self.heard_bytes.each_ref().map(|bytes| sdp::Sdp::parse(bytes).ok());
        let payload = sdp::common_codec(&caller?, &callee?)?;
        Some(payload.encoding)
    }

    /// What passed so far.
    pub(crate) fn counters(&self) -> domain::MediaCounters {
        let stats = self.session.stats();
        domain::MediaCounters {
            caller_packets: stats.caller.packets_in,
            caller_octets: stats.caller.octets_in,
            callee_packets: stats.callee.packets_in,
            callee_octets: stats.callee.octets_in,
        }
    }
}
