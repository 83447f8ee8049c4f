//! Messages as a file that Wireshark, tcpdump and sngrep open: pcapng with raw IP packets.
//!
//! We saw messages and no packets, so the headers below them are made up: IP, and UDP for every transport. What travelled
//! otherwise, and what became of a refused message, stands in the packet's comment.

use std::net::{IpAddr, SocketAddr};

use sip::Transport;

use crate::{Direction, Seen, hep::six};

/// LINKTYPE_RAW: packets begin with the IP header.
const RAW_IP: u16 = 101;
/// The longest packet that its own length field can tell.
const LONGEST: usize = 65_535;

/// The file of these messages.
pub fn pcapng(messages: &[Seen], program: &str) -> Vec<u8> {
    let mut file = Vec::with_capacity(messages.iter().map(|seen| seen.bytes.len() + 160).sum());
    section(&mut file, program);
    interface(&mut file);
    for seen in messages {
        packet(&mut file, seen);
    }
    file
}

/// The section header block.
fn section(file: &mut Vec<u8>, program: &str) {
    let mut body = Vec::new();
    body.extend_from_slice(&0x1a2b_3c4d_u32.to_le_bytes());
    body.extend_from_slice(&1u16.to_le_bytes());
    body.extend_from_slice(&0u16.to_le_bytes());
    // The section's length is not told.
    body.extend_from_slice(&u64::MAX.to_le_bytes());
    // shb_userappl.
    option(&mut body, 4, program.as_bytes());
    option(&mut body, 0, b"");
    block(file, 0x0a0d_0d0a, &body);
}

/// The interface description block; times count microseconds unless it says otherwise.
fn interface(file: &mut Vec<u8>) {
    let mut body = Vec::new();
    body.extend_from_slice(&RAW_IP.to_le_bytes());
    body.extend_from_slice(&0u16.to_le_bytes());
    body.extend_from_slice(&(LONGEST as u32).to_le_bytes());
    block(file, 1, &body);
}

/// An enhanced packet block.
fn packet(file: &mut Vec<u8>, seen: &Seen) {
    let (from, to) = match seen.direction {
        Direction::Received => (seen.flow.remote, seen.flow.local),
        Direction::Sent => (seen.flow.local, seen.flow.remote),
    };
    let datagram = datagram(from, to, &seen.bytes);
    let micros = u64::try_from(seen.at.timestamp_micros()).unwrap_or_default();
    let mut body = Vec::with_capacity(datagram.len() + 64);
    body.extend_from_slice(&0u32.to_le_bytes());
    body.extend_from_slice(&((micros >> 32) as u32).to_le_bytes());
    body.extend_from_slice(&(micros as u32).to_le_bytes());
    body.extend_from_slice(&(datagram.len() as u32).to_le_bytes());
    body.extend_from_slice(&(datagram.len() as u32).to_le_bytes());
    body.extend_from_slice(&datagram);
    pad(&mut body);
    let comment = comment(seen);
    if !comment.is_empty() {
        option(&mut body, 1, comment.as_bytes());
        option(&mut body, 0, b"");
    }
    block(file, 6, &body);
}

fn comment(seen: &Seen) -> String {
    let mut said = Vec::new();
    if seen.flow.transport != Transport::Udp {
        said.push(format!("travelled over {}", seen.flow.transport));
    }
    if let Some(code) = seen.fate.code() {
        said.push(match seen.fate.detail() {
            detail if detail.is_empty() => code,
            detail => format!("{code}: {detail}"),
        });
    }
    said.join("; ")
}

fn block(file: &mut Vec<u8>, kind: u32, body: &[u8]) {
    let length = (body.len() + 12) as u32;
    file.extend_from_slice(&kind.to_le_bytes());
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(body);
    file.extend_from_slice(&length.to_le_bytes());
}

fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    body.extend_from_slice(&code.to_le_bytes());
    body.extend_from_slice(&(value.len() as u16).to_le_bytes());
    body.extend_from_slice(value);
    pad(body);
}

fn pad(body: &mut Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
}

/// A UDP datagram in an IP packet. What is too long for one is cut.
fn datagram(from: SocketAddr, to: SocketAddr, message: &[u8]) -> Vec<u8> {
    match (from.ip().to_canonical(), to.ip().to_canonical()) {
        (IpAddr::V4(source), IpAddr::V4(target)) => {
            let message = &message[..message.len().min(LONGEST - 28)];
            let length = (20 + 8 + message.len()) as u16;
            let mut packet = vec![0x45, 0];
            packet.extend_from_slice(&length.to_be_bytes());
            // Identification 0, not to be fragmented, 64 hops, UDP, checksum to come.
            packet.extend_from_slice(&[0, 0, 0x40, 0, 64, 17, 0, 0]);
            packet.extend_from_slice(&source.octets());
            packet.extend_from_slice(&target.octets());
            let check = checksum(&[&packet]);
            packet[10..12].copy_from_slice(&check.to_be_bytes());
            let addresses = [source.octets(), target.octets()].concat();
            udp(&mut packet, &addresses, from.port(), to.port(), message);
            packet
        }
        (source, target) => {
            let (source, target) = (six(source), six(target));
            let message = &message[..message.len().min(LONGEST - 48)];
            let length = (8 + message.len()) as u16;
            let mut packet = vec![0x60, 0, 0, 0];
            packet.extend_from_slice(&length.to_be_bytes());
            packet.extend_from_slice(&[17, 64]);
            packet.extend_from_slice(&source.octets());
            packet.extend_from_slice(&target.octets());
            let addresses = [source.octets(), target.octets()].concat();
            udp(&mut packet, &addresses, from.port(), to.port(), message);
            packet
        }
    }
}

fn udp(packet: &mut Vec<u8>, addresses: &[u8], from: u16, to: u16, message: &[u8]) {
    let length = (8 + message.len()) as u16;
    let mut head = Vec::with_capacity(8);
    for word in [from, to, length, 0] {
        head.extend_from_slice(&word.to_be_bytes());
    }
    // The pseudo header: addresses, zero and protocol, length (RFC 768; RFC 8200 §8.1 sums the same words).
    let pseudo = [&[0, 17][..], &length.to_be_bytes()].concat();
    let check = match checksum(&[addresses, &pseudo, &head, message]) {
        0 => 0xffff,
        check => check,
    };
    head[6..8].copy_from_slice(&check.to_be_bytes());
    packet.extend_from_slice(&head);
    packet.extend_from_slice(message);
}

/// The Internet checksum (RFC 1071) over parts of which all but the last have an even length.
fn checksum(parts: &[&[u8]]) -> u16 {
    let mut sum = 0u32;
    for part in parts {
        for pair in part.chunks(2) {
            sum += u32::from(u16::from_be_bytes([pair[0], pair.get(1).copied().unwrap_or_default()]));
            sum = (sum & 0xffff) + (sum >> 16);
        }
    }
    !(sum as u16)
}
