use super::payload::Payload;
use super::read::Sdp;

/// The voice codec that an answer settles on: its first format that was offered and is more than DTMF or comfort noise
/// (RFC 3264 §6.1). The payload type is the answerer's.
pub fn common_codec(offer: &Sdp, answer: &Sdp) -> Option<Payload> {
    let offered = &offer.audio_ref()?.payloads;
    let answered = &answer.audio_ref().filter(|audio| !audio.is_rejected())?.payloads;
    let mut voice = answered.iter().filter(|payload| !payload.is_auxiliary());
    voice.find(|payload| offered.iter().any(|offer| offer.same_codec(payload))).cloned()
}
