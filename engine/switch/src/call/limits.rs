//! Time and money while both sides talk. Money (decision 8): the hold is extended one window ahead; when it cannot be, the call is
//! cut as what is held runs out. Time (decision 11, LIM-1): the smallest limit that applies.

use std::time::Duration;

use domain::{EndReason, ReleaseSide, Seconds};

use super::{Alarm, Call, Desk, Moment, stage::Stage};

/// How long before the end of the covered time more money is asked for.
const LEAD: Duration = Duration::from_secs(10);
/// A cut comes this much early, so that timer slop never reaches the next second and with it a charge above the hold.
const SLOP: Duration = Duration::from_millis(20);

impl Call {
    /// Sets the next look at the money.
    pub(super) fn watch_money(&mut self, desk: &mut Desk, now: Moment) {
        let Some(answered) = &self.answered else { return };
        let Some(covered) = answered.covered else { return };
        let end = answered.steady + Duration::from_secs(u64::from(covered));
        let at = if answered.last_window { end.checked_sub(SLOP) } else { end.checked_sub(LEAD) };
        self.set_alarm(desk, at.unwrap_or(end).max(now.steady), Alarm::Money);
    }

    /// The covered time ends soon, or has ended.
    pub(super) fn money_due(&mut self, desk: &mut Desk, now: Moment) {
        if !matches!(self.stage, Stage::Talking | Stage::Confirming(_)) {
            return;
        }
        let (Some(answered), Some(hold), Some(price)) = (&mut self.answered, &mut self.hold, &self.price)
        else {
            return;
        };
        let Some(covered) = answered.covered else { return };
        if answered.last_window {
            return self.hang_up_both(desk, now, EndReason::AccountBalanceNotEnough, ReleaseSide::Switch);
        }
        let next = covered.saturating_add(self.rules.advance.seconds().0);
        if hold.raise_to(billing::hold_for(Seconds(next), &price.terms)) {
            answered.covered = Some(next);
        } else {
            // What is left may still pay for part of a window. Another call may take it first: then this one keeps what it has.
            let reach = billing::affordable(hold.reach(), &price.terms).map_or(covered, |s| s.0).max(covered);
            if hold.raise_to(billing::hold_for(Seconds(reach), &price.terms)) {
                answered.covered = Some(reach);
            }
            answered.last_window = true;
        }
        self.watch_money(desk, now);
    }

    /// The longest that this call may last, and why.
    fn longest(&self) -> Option<(Duration, EndReason)> {
        let rules = &self.rules;
        let of_callee = self.callee.as_ref().and_then(|leg| leg.rules.max_duration);
        let plain = rules.max_duration.into_iter().chain(of_callee).min();
        let plain = plain.map(|limit| (limit, EndReason::MaxDurationReached));
        let without_timer = rules.no_timer_limit.filter(|_| !self.caller.offer.is_timer());
        let without_timer = without_timer.map(|limit| (limit, EndReason::NonTimerLimitReached));
        plain.into_iter().chain(without_timer).min_by_key(|(limit, _)| *limit)
    }

    pub(super) fn watch_duration(&mut self, desk: &mut Desk, now: Moment) {
        if let Some((limit, _)) = self.longest() {
            self.set_alarm(desk, now.after(limit), Alarm::Duration);
        }
    }

    pub(super) fn duration_due(&mut self, desk: &mut Desk, now: Moment) {
        if let Some((_, reason)) = self.longest() {
            self.end(desk, now, reason);
        }
    }
}
