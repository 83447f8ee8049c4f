//! The work beside the shards: gives what they saw to captures and export, only while somebody wants it.

use std::{
    sync::mpsc::{Receiver, TryRecvError},
    thread,
    time::{Duration, Instant},
};

use chrono::Utc;
use domain::CallId;

use crate::{Trace, hep::Exporter, shared::Fed};

/// Between two looks while messages are wanted. Nobody is woken for a message: to wake a thread costs more than the message.
const LOOK: Duration = Duration::from_millis(10);
/// Between two looks while nothing is wanted.
const REST: Duration = Duration::from_secs(60);
/// Messages taken before captures are free for readers again.
const STRETCH: usize = 512;

/// The work of a thread of its own; see [`Trace::new`].
pub struct Collector {
    trace: Trace,
    inbox: Receiver<Fed>,
}

impl Collector {
    pub(crate) fn new(trace: Trace, inbox: Receiver<Fed>) -> Self {
        Self { trace, inbox }
    }

    /// Works until [`Trace::stop`]; what came before is exported first.
    pub fn run(self) {
        self.trace.worked_by(thread::current());
        let mut exporter = Exporter::default();
        loop {
            let stopped = self.trace.is_stopped();
            while self.stretch(&mut exporter) {}
            if self.trace.captures_now().end_due(Utc::now(), self.trace.lost()) {
                self.trace.look_again();
            }
            if stopped {
                return;
            }
            thread::park_timeout(if self.trace.is_wanted() { LOOK } else { REST });
        }
    }

    /// Works off some of what waits; false when nothing is left.
    fn stretch(&self, exporter: &mut Exporter) -> bool {
        let mut full = false;
        let mut more = true;
        let first = self.inbox.try_recv();
        // Whoever wants messages said so before they came.
        exporter.take_up(&self.trace, Instant::now());
        let mut captures = self.trace.captures_now();
        for fed in
            std::iter::once(first).chain(std::iter::repeat_with(|| self.inbox.try_recv()).take(STRETCH))
        {
            match fed {
                Ok(Fed::Leg(call, call_id)) => {
                    captures.leg(call, &call_id);
                    exporter.leg(call, call_id.into_bytes());
                }
                Ok(Fed::Message(seen)) => {
                    full |= captures.take(&seen, self.trace.lost());
                    exporter.send(&seen);
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {
                    more = false;
                    break;
                }
            }
        }
        drop(captures);
        if full {
            self.trace.look_again();
        }
        self.trace.note_exported(exporter.exported());
        more
    }
}

/// What a HEP packet carries to tie the legs of a call together.
pub(crate) fn correlation(call: CallId) -> String {
    call.to_string()
}
