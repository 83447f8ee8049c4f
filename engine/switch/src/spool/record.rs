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

/// What stands at the beginning of `bytes`.
pub(super) enum Read {
    /// A whole record and the bytes it took.
    Record(Record, usize),
    /// Nothing, or a record that is not (yet) whole.
    Partial,
    /// Bytes that were never written as a record.
    Damaged,
}

pub(super) fn read(bytes: &[u8]) -> Read {
    let Some((header, rest)) = bytes.split_at_checked(HEADER) else { return Read::Partial };
    let word = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let length = word(0) as usize;
    if length == 0 || length > LONGEST {
        return Read::Damaged;
    }
    let Some(payload) = rest.get(..length) else { return Read::Partial };
    if crc32c::crc32c(payload) != word(4) {
        return Read::Damaged;
    }
    match serde_json::from_slice(payload) {
        Ok(record) => Read::Record(record, HEADER + length),
        Err(_) => Read::Damaged,
    }
}
