//! The RTCP header (RFC 3550 §6.4.1), read in place.

use std::ops::RangeInclusive;

/// Header and the sender's SSRC: the shortest report.
const SHORTEST: usize = 8;

/// SR to AVB (RFC 3550 §12.1, RFC 4585, RFC 3611).
const PACKET_TYPES: RangeInclusive<u8> = 200..=207;

/// Whether a datagram begins with a well-formed RTCP packet. Compound and encrypted packets follow it unread.
#[inline]
pub(crate) fn is_valid(packet: &[u8]) -> bool {
    let [first, kind, high, low, ..] = *packet else { return false };
    let length = 4 * (usize::from(u16::from_be_bytes([high, low])) + 1);
    first >> 6 == 2 && PACKET_TYPES.contains(&kind) && packet.len() >= SHORTEST && length <= packet.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_receiver_report_is_valid() {
        assert!(is_valid(&[0x80, 201, 0, 1, 1, 2, 3, 4]));
    }

    #[test]
    fn a_length_beyond_the_datagram_is_refused() {
        assert!(!is_valid(&[0x80, 201, 0, 2, 1, 2, 3, 4]));
    }

    #[test]
    fn rtp_and_short_packets_are_refused() {
        assert!(!is_valid(&[0x80, 8, 0, 1, 1, 2, 3, 4]));
        assert!(!is_valid(&[0x80, 200, 0]));
        assert!(!is_valid(&[]));
    }
}
