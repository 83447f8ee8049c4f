use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use sdp_types::{Attribute, Connection, Media};

use super::read::Sdp;

/// Our `o=` line (RFC 8866 §5.2): the far end learns nothing of the other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The same through a dialog.
    pub session_id: u64,
    /// One higher with each changed description of the dialog (RFC 3264 §8).
    pub version: u64,
    /// Our address.
    pub address: IpAddr,
}

/// Attributes that invite the far end past the relay, or to RTCP on the RTP port.
const BYPASSES: [&str; 17] = [
    "candidate",
    "remote-candidates",
    "end-of-candidates",
    "ice-ufrag",
    "ice-pwd",
    "ice-options",
    "ice-lite",
    "ice-mismatch",
    "ice-pacing",
    "alt",
    "altc",
    "source-filter",
    "rtcp",
    "rtcp-mux",
    "rtcp-mux-only",
    "bundle-only",
    "msid",
];

/// Attributes whose values may look like an address and are none.
const NO_ADDRESSES: [&str; 5] = ["rtpmap", "fmtp", "ptime", "crypto", "fingerprint"];

/// The description of `sdp` for the other side of a relay that receives at `local` (RTCP one port higher).
///
/// The audio stream keeps formats and attributes in their order; every other stream keeps its place and is offered or
/// answered with port 0 (RFC 3264 §5.1, §6). A hold by the unspecified address stays one (§8.4).
pub fn relayed(sdp: &Sdp, local: SocketAddr, origin: &Origin) -> Vec<u8> {
    let mut session = sdp.session.clone();
    session.origin = sdp_types::Origin::with_ip_addr(origin.session_id, origin.version, origin.address);
    // What stands there names the maker of the other device.
    session.session_name = "-".to_owned();
    session.connection = Some(Connection::from_ip_addr(connection(sdp, local.ip())));
    session.attributes.retain(may_pass);
    for (index, media) in session.medias.iter_mut().enumerate() {
        let live = sdp.chosen == Some(index) && media.port != 0;
        lead_through(media, if live { local.port() } else { 0 });
    }
    let mut body = Vec::with_capacity(1024);
    session.write(&mut body).expect("a Vec takes every write");
    body
}

/// Ours, or the unspecified address of our family when the stream is held by it.
fn connection(sdp: &Sdp, ours: IpAddr) -> IpAddr {
    let held = sdp.audio_ref().is_some_and(|audio| !audio.is_rejected() && audio.rtp.ip().is_unspecified());
    match ours {
        _ if !held => ours,
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    }
}

fn lead_through(media: &mut Media, port: u16) {
    media.port = port;
    media.num_ports = None;
    media.connections.clear();
    media.attributes.retain(may_pass);
}

fn may_pass(attribute: &Attribute) -> bool {
    let name = attribute.attribute.trim();
    let value = attribute.value.as_deref().unwrap_or_default();
    let bundle = name == "group" && value.trim_start().to_ascii_uppercase().starts_with("BUNDLE");
    let discloses = !NO_ADDRESSES.contains(&name) && mentions_address(value);
    !BYPASSES.contains(&name) && !bundle && !discloses
}

/// Whether a value contains an IP address, alone or behind an `@`, as vendor attributes and `a=ssrc:… cname:` do.
fn mentions_address(value: &str) -> bool {
    let words = value.split(|c: char| !(c.is_ascii_hexdigit() || matches!(c, '.' | ':')));
    words.map(|word| word.trim_matches(['.', ':'])).any(|word| {
        let v6 = word.len() > 2 && word.contains(':') && word.parse::<Ipv6Addr>().is_ok();
        let host = word.rsplit(':').find(|part| part.contains('.')).unwrap_or_default();
        v6 || host.parse::<Ipv4Addr>().is_ok()
    })
}
