//! What a start finds in the spool.

use std::{collections::HashMap, fs, io, path::Path};

use domain::{CallId, Cdr};

use super::{Record, segment};

/// The calls that Postgres may not have.
#[derive(Default, Debug)]
pub(crate) struct Replay {
    /// CDRs that were written and perhaps not drained.
    pub(crate) closed: Vec<Cdr>,
    /// Calls that were open when the process ended, each as its last checkpoint has it: `SwitchRestarted`.
    pub(crate) interrupted: Vec<Cdr>,
    /// Segments whose end was cut short or damaged.
    pub(crate) damaged: Vec<u64>,
    segments: Vec<u64>,
}

impl Replay {
    /// Removes the files that were read; call it once Postgres has everything.
    pub(crate) fn discard(&self, directory: &Path) -> io::Result<()> {
        for number in &self.segments {
            fs::remove_file(segment::path(directory, *number))?;
        }
        Ok(())
    }
}

/// Reads everything in `directory`.
pub(crate) fn replay(directory: &Path) -> io::Result<Replay> {
    let drained = segment::load_drained(directory);
    let mut found = Replay { segments: segment::list(directory)?, ..Replay::default() };
    let mut open: HashMap<CallId, Cdr> = HashMap::new();
    for number in found.segments.clone() {
        let leftover = segment::scan(directory, number, 0, u64::MAX, |record, end| match record {
            Record::Open(cdr) => {
                open.insert(cdr.id, *cdr);
            }
            Record::Closed(cdr) => {
                open.remove(&cdr.id);
                if (number, end) > (drained.segment, drained.offset) {
                    found.closed.push(*cdr);
                }
            }
        })?;
        if leftover {
            found.damaged.push(number);
        }
    }
    found.interrupted = open.into_values().collect();
    found.interrupted.sort_by_key(|cdr| cdr.id);
    Ok(found)
}
