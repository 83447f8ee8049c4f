use sdp_types::Media;

/// Payload types with a fixed meaning (RFC 3551 §6, tables 4 and 5; G.722 says 8000 although it samples at 16 kHz).
const STATIC: [(u8, &str, u32); 18] = [
    (0, "PCMU", 8_000),
    (3, "GSM", 8_000),
    (4, "G723", 8_000),
    (5, "DVI4", 8_000),
    (6, "DVI4", 16_000),
    (7, "LPC", 8_000),
    (8, "PCMA", 8_000),
    (9, "G722", 8_000),
    (10, "L16", 44_100),
    (11, "L16", 44_100),
    (12, "QCELP", 8_000),
    (13, "CN", 8_000),
    (14, "MPA", 90_000),
    (15, "G728", 8_000),
    (16, "DVI4", 11_025),
    (17, "DVI4", 22_050),
    (18, "G729", 8_000),
    (19, "CN", 8_000),
];

/// A format of an audio line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// RTP payload type, 0–127.
    pub pt: u8,
    /// Encoding name as the far end writes it; empty for a dynamic type without `a=rtpmap`.
    pub encoding: String,
    /// RTP clock in Hz; 0 when unknown.
    pub clock: u32,
}

impl Payload {
    /// Whether this carries no voice by itself: DTMF (RFC 4733), comfort noise (RFC 3389), redundancy (RFC 2198).
    pub fn is_auxiliary(&self) -> bool {
        ["telephone-event", "CN", "red", "tone"].iter().any(|name| self.encoding.eq_ignore_ascii_case(name))
    }

    /// Whether both name the same codec, whatever payload type each chose. Names ignore case (RFC 4855 §3).
    pub fn same_codec(&self, other: &Payload) -> bool {
        match self.encoding.is_empty() || other.encoding.is_empty() {
            true => self.pt == other.pt,
            false => self.encoding.eq_ignore_ascii_case(&other.encoding) && self.clock == other.clock,
        }
    }
}

/// The formats of a media line in its order.
pub(super) fn payloads(media: &Media) -> Vec<Payload> {
    let types = media.fmt.split_ascii_whitespace().filter_map(|format| format.parse().ok());
    types.filter(|pt| *pt < 128).map(|pt| payload(media, pt)).collect()
}

fn payload(media: &Media, pt: u8) -> Payload {
    let mapped = attributes(media, "rtpmap").find_map(|value| mapping(value, pt));
    let fixed = || {
        STATIC.iter().find(|(fixed, ..)| *fixed == pt).map(|(_, name, clock)| ((*name).to_owned(), *clock))
    };
    let (encoding, clock) = mapped.or_else(fixed).unwrap_or_default();
    Payload { pt, encoding, clock }
}

/// `<pt> <encoding>/<clock>[/<channels>]` (RFC 8866 §6.6).
fn mapping(value: &str, pt: u8) -> Option<(String, u32)> {
    let (number, rest) = value.trim_start().split_once(char::is_whitespace)?;
    if number.parse() != Ok(pt) {
        return None;
    }
    let mut parts = rest.trim().split('/');
    let encoding = parts.next().filter(|encoding| !encoding.is_empty())?;
    let clock = parts.next().and_then(|clock| clock.trim().parse().ok()).unwrap_or(8_000);
    Some((encoding.to_owned(), clock))
}

fn attributes<'a>(media: &'a Media, name: &'a str) -> impl Iterator<Item = &'a str> {
    media.attributes.iter().filter(move |a| a.attribute == name).filter_map(|a| a.value.as_deref())
}
