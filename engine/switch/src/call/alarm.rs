//! When a call looks at itself again.
//!
//! A call keeps its own times and only the earliest stands in its shard's agenda. So what an ended call leaves behind there is one
//! entry for as long as its next alarm was away (a checkpoint: seconds), not one for hours until its longest duration.

use std::time::Instant;

use super::{Call, Desk, Moment};
use media::Side;

/// What a time is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Alarm {
    /// When an attempt has made no progress for too long.
    Attempt,
    /// When the held money will soon be used up.
    Money,
    /// When the call has lasted as long as it may.
    Duration,
    /// When the session with the caller is to be refreshed, or has not been.
    CallerSession,
    /// The same with the callee.
    CalleeSession,
    /// When a talking call is written down again.
    Checkpoint,
}

const ALL: [Alarm; 6] = [
    Alarm::Attempt,
    Alarm::Money,
    Alarm::Duration,
    Alarm::CallerSession,
    Alarm::CalleeSession,
    Alarm::Checkpoint,
];

/// A call's times.
#[derive(Default)]
pub(crate) struct Alarms {
    at: [Option<Instant>; ALL.len()],
    /// The one in the agenda that counts; a wake at any other time is one that was overtaken.
    queued: Option<Instant>,
}

impl Alarms {
    fn take_due(&mut self, now: Instant) -> Option<Alarm> {
        let due = ALL.into_iter().find(|alarm| self.at[*alarm as usize].is_some_and(|at| at <= now))?;
        self.at[due as usize] = None;
        Some(due)
    }

    fn earliest(&self) -> Option<Instant> {
        self.at.iter().flatten().min().copied()
    }
}

impl Call {
    /// Sets an alarm, in place of an earlier one of its kind.
    pub(super) fn set_alarm(&mut self, desk: &mut Desk, at: Instant, alarm: Alarm) {
        self.alarms.at[alarm as usize] = Some(at);
        self.queue(desk);
    }

    fn queue(&mut self, desk: &mut Desk) {
        if let Some(at) = self.alarms.earliest()
            && self.alarms.queued.is_none_or(|queued| at < queued)
        {
            desk.wake_at(at, self.id);
            self.alarms.queued = Some(at);
        }
    }

    /// The agenda's time `at` has come.
    pub(super) fn on_wake(&mut self, desk: &mut Desk, now: Moment, at: Instant) {
        if self.alarms.queued != Some(at) {
            return;
        }
        self.alarms.queued = None;
        while let Some(alarm) = self.alarms.take_due(now.steady) {
            match alarm {
                Alarm::Attempt => self.attempt_overdue(desk, now),
                Alarm::Money => self.money_due(desk, now),
                Alarm::Duration => self.duration_due(desk, now),
                Alarm::CallerSession => self.session_due(desk, now, Side::Caller),
                Alarm::CalleeSession => self.session_due(desk, now, Side::Callee),
                Alarm::Checkpoint => self.checkpoint_due(desk, now),
            }
        }
        self.queue(desk);
    }
}
