use domain::Cdr;
use serde::{Deserialize, Serialize};

/// One thing said about a call.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Record {
    /// The call is in progress; its CDR if it ended now.
    Open(Box<Cdr>),
    /// The call is over.
    Closed(Box<Cdr>),
}

/// Bytes before each payload: its length and its CRC32C, both little-endian.
pub(super) const HEADER: usize = 8;
/// A longer record can only be damage.
const LONGEST: usize = 1 << 20;

impl Record {
    /// Appends the record to `out` as it stands in a file.
    pub(super) fn print(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0; HEADER]);
        serde_json::to_writer(&mut *out, self).expect("a CDR has only string keys and writes to memory");
        let payload = &out[start + HEADER..];
        let (length, checksum) = (payload.len() as u32, crc32c::crc32c(payload));
        out[start..start + 4].copy_from_slice(&length.to_le_bytes());
        out[start + 4..start + HEADER].copy_from_slice(&checksum.to_le_bytes());
    }
}

/// The record at the beginning of `bytes` and the bytes it took; `None` when there is none that is whole and undamaged.
pub(super) fn read(bytes: &[u8]) -> Option<(Record, usize)> {
    let (payload, length) = payload(bytes)?;
    Some((parse(payload)?, length))
}

/// The payload at the beginning of `bytes`, if it is whole and its checksum right, and the bytes that the record takes.
pub(super) fn payload(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let (header, rest) = bytes.split_at_checked(HEADER)?;
    let word = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let length = word(0) as usize;
    if length == 0 || length > LONGEST {
        return None;
    }
    let payload = rest.get(..length)?;
    (crc32c::crc32c(payload) == word(4)).then_some((payload, HEADER + length))
}

/// What a payload says.
pub(super) fn parse(payload: &[u8]) -> Option<Record> {
    serde_json::from_slice(payload).ok()
}

/// Whether a payload is surely a [`Record::Open`], without parsing it.
pub(super) fn is_checkpoint(payload: &[u8]) -> bool {
    payload.starts_with(br#"{"open":"#)
}
