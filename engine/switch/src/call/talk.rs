//! The media between the legs.

use media::{Family, MediaError, Remote, Session, Side, sdp};

/// A relay session with what has been negotiated over it.
pub(crate) struct Talk {
    session: Session,
    /// Our `o=` line towards each side.
    origins: [sdp::Origin; 2],
    /// The last description from each side and the one for each side, as bytes: read, they would be ten times as large.
    heard_bytes: [Vec<u8>; 2],
    told_bytes: [Vec<u8>; 2],
}

/// Why a description was not passed on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TalkError {
    /// It cannot be read.
    #[error(transparent)]
    Description(#[from] sdp::SdpError),
    /// There is no room for what it asks.
    #[error(transparent)]
    Media(#[from] MediaError),
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
    pub(crate) fn pass(&mut self, from: Side, body: &[u8]) -> Result<Vec<u8>, TalkError> {
        let towards = from.other();
        // The same again refreshes a session and changes none: the version stays (RFC 3264 §8), and what the relay has learned.
        if self.heard_bytes[index(from)] == body && !self.told_bytes[index(towards)].is_empty() {
            return Ok(self.told_bytes[index(towards)].clone());
        }
        let described = sdp::Sdp::parse(body)?;
        if let Some(audio) = described.audio().filter(|audio| !audio.is_rejected()) {
            // A hold by 0.0.0.0 says nothing of where the far end is (RFC 3264 §8.4).
            if !audio.rtp.ip().is_unspecified() {
                self.meet(from, audio.rtp.into())?;
            }
            self.session.expect(from, Remote { rtp: audio.rtp, rtcp: audio.rtcp });
        }
        let origin = &mut self.origins[index(towards)];
        origin.version += 1;
        let told = sdp::relayed(&described, self.session.local(towards), origin);
        self.heard_bytes[index(from)] = body.to_vec();
        self.told_bytes[index(towards)].clone_from(&told);
        Ok(told)
    }

    /// Whether a side is heard only from where its description says (SIP-13).
    pub(crate) fn believe(&mut self, side: Side, alone: bool) {
        self.session.believe(side, alone);
    }

    /// Meets a side by this version of IP from now on, if there is an address of it.
    pub(crate) fn meet(&mut self, side: Side, family: Family) -> Result<(), MediaError> {
        if !self.session.meet(side, family)? {
            return Ok(());
        }
        let told = &mut self.told_bytes[index(side)];
        if told.is_empty() {
            // Told once, it stays the same through the dialog (RFC 3264 §8).
            self.origins[index(side)].address = self.session.local(side).ip();
        }
        // What it was told leads to ports that are closed now.
        told.clear();
        Ok(())
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
