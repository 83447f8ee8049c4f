use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use sdp_types::{AddrType, Attribute, Connection, Media, Session};

use super::error::SdpError;
use super::payload::{self, Payload};

/// Who may send (RFC 8866 §6.7), as the far end sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Both.
    #[default]
    SendRecv,
    /// The far end sends only: it has put the call on hold.
    SendOnly,
    /// The far end receives only.
    RecvOnly,
    /// Nobody.
    Inactive,
}

/// The audio stream that is relayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioMedia {
    /// Port of the `m=` line; 0 refuses the stream (RFC 3264 §6).
    pub port: u16,
    /// Where the far end receives RTP.
    pub rtp: SocketAddr,
    /// Where it receives RTCP: `a=rtcp` (RFC 3605), the RTP port if it insists on multiplexing (RFC 8858), else one
    /// port higher. Plain `a=rtcp-mux` changes nothing, since the relay declines it (RFC 5761 §5.1.1).
    pub rtcp: SocketAddr,
    /// Direction of the stream, else of the session.
    pub direction: Direction,
    /// Formats in order of preference.
    pub payloads: Vec<Payload>,
    /// Milliseconds of audio in a packet, if the far end says so.
    pub ptime: Option<u32>,
    /// Whether the far end wants no media now: `sendonly`, `inactive` or the unspecified address.
    pub held: bool,
}

impl AudioMedia {
    /// Whether the stream is refused or ended.
    pub fn is_rejected(&self) -> bool {
        self.port == 0
    }
}

/// The media line that is relayed: the first live audio stream, else the first refused one.
pub(super) fn chosen(session: &Session) -> Option<usize> {
    let is_audio = |media: &Media| media.media.eq_ignore_ascii_case("audio");
    let live = session.medias.iter().position(|media| is_audio(media) && media.port != 0);
    live.or_else(|| session.medias.iter().position(is_audio))
}

/// Reads the stream of a media line.
///
/// # Errors
/// A live stream without a usable address.
pub(super) fn read(session: &Session, media: &Media) -> Result<AudioMedia, SdpError> {
    let ip = match media.connections.first().or(session.connection.as_ref()) {
        _ if media.port == 0 => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        Some(connection) => address(connection)?,
        None => return Err(SdpError::NoConnection),
    };
    let rtp = SocketAddr::new(ip, media.port);
    let direction =
        direction(&media.attributes).or_else(|| direction(&session.attributes)).unwrap_or_default();
    let sends_only = matches!(direction, Direction::SendOnly | Direction::Inactive);
    Ok(AudioMedia {
        port: media.port,
        rtp,
        rtcp: rtcp(media, rtp),
        direction,
        payloads: payload::payloads(media),
        ptime: value(media, "ptime").and_then(whole_number),
        held: sends_only || (media.port != 0 && ip.is_unspecified()),
    })
}

/// The address of a `c=` line, without the TTL that some write.
fn address(connection: &Connection) -> Result<IpAddr, SdpError> {
    let text = connection.connection_address.split('/').next().unwrap_or_default();
    match text.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(ip) if ip.is_multicast() => Err(SdpError::AddressIsMulticast(ip)),
        Ok(ip) => Ok(ip),
        // How IPv6 hosts write "no address yet" or a hold: a name that never resolves (RFC 6761 §6.4).
        Err(_) if text.to_ascii_lowercase().trim_end_matches('.').ends_with(".invalid") => {
            Ok(match connection.addrtype {
                AddrType::Ip6 => Ipv6Addr::UNSPECIFIED.into(),
                _ => Ipv4Addr::UNSPECIFIED.into(),
            })
        }
        Err(_) => Err(SdpError::AddressIsName(text.to_owned())),
    }
}

/// `a=rtcp:<port> [IN IP4 <address>]`.
fn rtcp(media: &Media, rtp: SocketAddr) -> SocketAddr {
    let mut words = value(media, "rtcp").unwrap_or_default().split_ascii_whitespace();
    if let Some(port) = words.next().and_then(|port| port.parse().ok()) {
        let ip = words.nth(2).and_then(|ip| ip.parse::<IpAddr>().ok()).filter(|ip| !ip.is_multicast());
        return SocketAddr::new(ip.unwrap_or(rtp.ip()), port);
    }
    if media.attributes.iter().any(|attribute| attribute.attribute == "rtcp-mux-only") {
        return rtp;
    }
    match rtp.port() {
        0 => rtp,
        port => SocketAddr::new(rtp.ip(), port.saturating_add(1)),
    }
}

fn direction(attributes: &[Attribute]) -> Option<Direction> {
    let mut flags = attributes.iter().filter(|attribute| attribute.value.is_none());
    flags.find_map(|attribute| match attribute.attribute.as_str() {
        "sendrecv" => Some(Direction::SendRecv),
        "sendonly" => Some(Direction::SendOnly),
        "recvonly" => Some(Direction::RecvOnly),
        "inactive" => Some(Direction::Inactive),
        _ => None,
    })
}

fn value<'a>(media: &'a Media, name: &str) -> Option<&'a str> {
    media.attributes.iter().find(|attribute| attribute.attribute == name)?.value.as_deref()
}

/// `20`, and `20.0` as some devices write.
fn whole_number(text: &str) -> Option<u32> {
    text.trim().split('.').next()?.parse().ok()
}
