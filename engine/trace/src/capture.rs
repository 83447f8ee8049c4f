//! Captures: what matches is kept aside, for as long as somebody wants it.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{CallId, CaptureEnd, CaptureView};

use crate::{Seen, Target, glance::Glance};

/// The longest time that a capture may run.
pub const LONGEST: TimeDelta = TimeDelta::hours(24);
/// Octets that one capture may hold.
pub const MOST_BYTES: u64 = 32 << 20;
/// Captures that run at the same time.
pub const MOST_RUNNING: usize = 5;
/// Captures that are kept; when there are more, the oldest that has ended goes.
pub const MOST_KEPT: usize = 20;
/// Calls and dialogs that one capture follows.
const MOST_FOLLOWED: usize = 50_000;
/// What a message takes beside its octets.
const OVERHEAD: u64 = 160;

/// What is to be captured.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaptureOrder {
    /// Whose messages.
    pub target: Target,
    /// The same in words, for people.
    pub what: String,
    /// Who wants it.
    pub by: String,
    /// For how long.
    pub lasting: TimeDelta,
    /// How many octets at most.
    pub bytes: u64,
}

/// Why a capture was not begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CaptureRefused {
    /// As many run as may.
    TooMany,
    /// It would run longer, or hold more, than any may.
    TooMuch,
}

#[derive(Default)]
pub(crate) struct Captures {
    last: u64,
    all: BTreeMap<u64, Capture>,
}

struct Capture {
    order: CaptureOrder,
    started_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    ended: Option<(DateTime<Utc>, CaptureEnd)>,
    messages: Vec<Seen>,
    bytes: u64,
    /// What had been lost when it began, and when it ended.
    lost: (u64, Option<u64>),
    calls: HashSet<CallId>,
    dialogs: HashSet<Vec<u8>>,
}

impl Captures {
    pub(crate) fn begin(
        &mut self,
        now: DateTime<Utc>,
        order: CaptureOrder,
        lost: u64,
    ) -> Result<CaptureView, CaptureRefused> {
        let within =
            order.lasting > TimeDelta::zero() && order.lasting <= LONGEST && order.bytes <= MOST_BYTES;
        if !within {
            return Err(CaptureRefused::TooMuch);
        }
        self.end_due(now, lost);
        if self.all.values().filter(|capture| capture.ended.is_none()).count() >= MOST_RUNNING {
            return Err(CaptureRefused::TooMany);
        }
        while self.all.len() >= MOST_KEPT {
            let oldest = self.all.iter().find(|(_, capture)| capture.ended.is_some()).map(|(id, _)| *id);
            self.all.remove(&oldest.expect("fewer run than are kept"));
        }
        self.last += 1;
        let (calls, dialogs) = match &order.target {
            Target::Call { id, call_ids } => {
                (HashSet::from([*id]), call_ids.iter().map(|c| c.as_bytes().to_vec()).collect())
            }
            _ => Default::default(),
        };
        let ends_at = now + order.lasting;
        let capture = Capture {
            order,
            started_at: now,
            ends_at,
            ended: None,
            messages: Vec::new(),
            bytes: 0,
            lost: (lost, None),
            calls,
            dialogs,
        };
        let view = capture.view(self.last, lost);
        self.all.insert(self.last, capture);
        Ok(view)
    }

    pub(crate) fn end(&mut self, now: DateTime<Utc>, id: u64, lost: u64) -> Option<CaptureView> {
        let capture = self.all.get_mut(&id).filter(|capture| capture.ended.is_none())?;
        capture.end(now, CaptureEnd::Stopped, lost);
        Some(capture.view(id, lost))
    }

    pub(crate) fn forget(&mut self, id: u64) -> Option<CaptureView> {
        self.all.remove(&id).map(|capture| capture.view(id, capture.lost.0))
    }

    pub(crate) fn any_runs(&self) -> bool {
        self.all.values().any(|capture| capture.ended.is_none())
    }

    /// Ends those whose time is over; true when there was one.
    pub(crate) fn end_due(&mut self, now: DateTime<Utc>, lost: u64) -> bool {
        let mut any = false;
        for capture in self.all.values_mut().filter(|c| c.ended.is_none() && c.ends_at <= now) {
            capture.end(capture.ends_at, CaptureEnd::TimeOver, lost);
            any = true;
        }
        any
    }

    /// A leg of a call has this Call-ID.
    pub(crate) fn leg(&mut self, call: CallId, call_id: &str) {
        for capture in self.all.values_mut().filter(|capture| capture.ended.is_none()) {
            if !capture.order.target.means_whole_calls() {
                continue;
            }
            if capture.calls.contains(&call) {
                capture.follow(call_id.as_bytes());
            } else if capture.dialogs.contains(call_id.as_bytes()) && capture.calls.len() < MOST_FOLLOWED {
                capture.calls.insert(call);
            }
        }
    }

    /// Keeps a message for those who want it; true when one of them is full now.
    pub(crate) fn take(&mut self, seen: &Seen, lost: u64) -> bool {
        let mut full = false;
        for capture in self.all.values_mut().filter(|capture| capture.ended.is_none()) {
            if seen.at >= capture.started_at && seen.at <= capture.ends_at && capture.wants(seen) {
                full |= capture.keep(seen, lost);
            }
        }
        full
    }

    pub(crate) fn views(&self, lost: u64) -> Vec<CaptureView> {
        self.all.iter().rev().map(|(id, capture)| capture.view(*id, lost)).collect()
    }

    pub(crate) fn messages(&self, id: u64) -> Option<Vec<Seen>> {
        self.all.get(&id).map(|capture| {
            let mut messages = capture.messages.clone();
            messages.sort_by_key(|seen| seen.at);
            messages
        })
    }
}

impl Capture {
    fn wants(&mut self, seen: &Seen) -> bool {
        if !self.order.target.means_whole_calls() {
            return self.order.target.names(&seen.flow, &seen.bytes);
        }
        let call_id = Glance::at(&seen.bytes).call_id();
        if self.dialogs.contains(call_id) {
            return true;
        }
        let named = self.order.target.names(&seen.flow, &seen.bytes);
        if named {
            self.follow(call_id);
        }
        named
    }

    fn follow(&mut self, call_id: &[u8]) {
        if !call_id.is_empty() && self.dialogs.len() < MOST_FOLLOWED {
            self.dialogs.insert(call_id.to_vec());
        }
    }

    /// True when it is full now.
    fn keep(&mut self, seen: &Seen, lost: u64) -> bool {
        let bytes = seen.bytes.len() as u64 + OVERHEAD;
        if self.bytes + bytes > self.order.bytes {
            self.end(seen.at, CaptureEnd::Full, lost);
            return true;
        }
        self.bytes += bytes;
        // A copy of its own: what was received may be a part of a larger piece of memory.
        self.messages.push(Seen { bytes: bytes::Bytes::copy_from_slice(&seen.bytes), ..seen.clone() });
        false
    }

    fn end(&mut self, at: DateTime<Utc>, why: CaptureEnd, lost: u64) {
        self.ended = Some((at, why));
        self.lost.1 = Some(lost);
        self.calls = HashSet::new();
        self.dialogs = HashSet::new();
    }

    fn view(&self, id: u64, lost: u64) -> CaptureView {
        CaptureView {
            id,
            what: self.order.what.clone(),
            by: self.order.by.clone(),
            started_at: self.started_at,
            ends_at: self.ends_at,
            ended_at: self.ended.map(|(at, _)| at),
            end: self.ended.map(|(_, why)| why),
            messages: self.messages.len() as u64,
            bytes: self.bytes,
            most_bytes: self.order.bytes,
            lost: self.lost.1.unwrap_or(lost).saturating_sub(self.lost.0),
        }
    }
}
