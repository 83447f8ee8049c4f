//! The fixed RTP header (RFC 3550 §5.1), read in place.

/// Octets of a header without contributing sources.
const FIXED: usize = 12;

/// Payload types that a multiplexed RTCP packet would show (RFC 5761 §4): never RTP here, since the relay declines
/// `rtcp-mux`.
const RTCP_LOOKALIKE: std::ops::RangeInclusive<u8> = 72..=79;

/// The payload type of a well-formed RTP packet, `None` for anything else.
#[inline]
pub(crate) fn payload_type(packet: &[u8]) -> Option<u8> {
    let (first, second) = (*packet.first()?, *packet.get(1)?);
    let contributors = usize::from(first & 0x0f);
    let payload_type = second & 0x7f;
    let valid = first >> 6 == 2
        && packet.len() >= FIXED + 4 * contributors
        && !RTCP_LOOKALIKE.contains(&payload_type);
    valid.then_some(payload_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(first: u8, second: u8) -> [u8; 12] {
        [first, second, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4]
    }

    #[test]
    fn the_marker_bit_is_no_part_of_the_payload_type() {
        assert_eq!(payload_type(&header(0x80, 0x80 | 8)), Some(8));
    }

    #[test]
    fn another_version_is_no_rtp() {
        for first in [0x00, 0x40, 0xc0] {
            assert_eq!(payload_type(&header(first, 0)), None);
        }
    }

    #[test]
    fn a_header_cut_short_is_no_rtp() {
        for length in 0..12 {
            assert_eq!(payload_type(&header(0x80, 0)[..length]), None);
        }
        assert_eq!(payload_type(&header(0x81, 0)), None, "the announced contributing source is missing");
    }

    #[test]
    fn a_sender_report_on_the_rtp_port_is_no_rtp() {
        assert_eq!(payload_type(&header(0x80, 200)), None);
    }
}
