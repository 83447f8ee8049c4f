//! Segment files and positions in them.

use std::{
    fs,
    io::{self, Read as _, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::record::{Record, read};

/// A place in the spool: everything before it has been dealt with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) struct Position {
    /// The segment's number.
    pub(crate) segment: u64,
    /// Bytes into it.
    pub(crate) offset: u64,
}

pub(super) fn path(directory: &Path, number: u64) -> PathBuf {
    directory.join(format!("{number:012}.spool"))
}

/// The numbers of the segments in a directory, oldest first.
pub(super) fn list(directory: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        if let Some(number) =
            name.to_str().and_then(|n| n.strip_suffix(".spool")).and_then(|n| n.parse().ok())
        {
            numbers.push(number);
        }
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Calls `each` for every whole record in the `length` bytes of a segment from `offset` on, with the offset behind it.
/// `true` when bytes are left over: a record that was cut short, or damage.
pub(super) fn scan(
    directory: &Path,
    number: u64,
    offset: u64,
    length: u64,
    mut each: impl FnMut(Record, u64),
) -> io::Result<bool> {
    let mut bytes = Vec::new();
    load(directory, number, offset, length, &mut bytes)?;
    let mut at = 0;
    while let Some((record, length)) = read(&bytes[at..]) {
        at += length;
        each(record, offset + at as u64);
    }
    Ok(at < bytes.len())
}

/// Puts at most `length` bytes of a segment, from `offset` on, into `bytes` in place of what stood there.
pub(super) fn load(
    directory: &Path,
    number: u64,
    offset: u64,
    length: u64,
    bytes: &mut Vec<u8>,
) -> io::Result<()> {
    bytes.clear();
    let mut file = fs::File::open(path(directory, number))?;
    file.seek(SeekFrom::Start(offset))?;
    file.take(length).read_to_end(bytes)?;
    Ok(())
}

/// The position up to which Postgres has everything; the beginning when none was noted or the note is unreadable, since bringing
/// a CDR twice does no harm.
pub(super) fn load_drained(directory: &Path) -> Position {
    let noted = fs::read_to_string(directory.join("drained")).unwrap_or_default();
    let mut words = noted.split_whitespace().map(str::parse);
    match (words.next(), words.next()) {
        (Some(Ok(segment)), Some(Ok(offset))) => Position { segment, offset },
        _ => Position::default(),
    }
}

/// Notes the position. A crash leaves the old note or the new one, never half of one.
pub(super) fn store_drained(directory: &Path, position: Position) -> io::Result<()> {
    let fresh = directory.join("drained.new");
    fs::write(&fresh, format!("{} {}\n", position.segment, position.offset))?;
    fs::rename(fresh, directory.join("drained"))
}
