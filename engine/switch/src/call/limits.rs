//! Time and money while both sides talk. Money (decision 8): the hold is extended one window ahead; when it cannot be, the call is
//! cut as what is held runs out. Time (decision 11, LIM-1): the smallest limit that applies.

use std::time::Duration;

use domain::{EndReason, ReleaseSide};

use super::{Alarm, Call, Desk, Moment, payer::Payer, stage::Stage};

impl Call {
    /// Sets the next look at the money.
    pub(super) fn watch_money(&mut self, desk: &mut Desk, now: Moment) {
        let Some(answered) = &self.answered else { return };
        let answered = answered.steady;
        if let Some(at) = self.payers_mut().filter_map(|payer| payer.due(answered)).min() {
            self.set_alarm(desk, at.max(now.steady), Alarm::Money);
        }
    }

    /// The covered time ends soon, or has ended.
    pub(super) fn money_due(&mut self, desk: &mut Desk, now: Moment) {
        if !matches!(self.stage, Stage::Talking | Stage::Confirming(_)) {
            return;
        }
        let Some(answered) = &self.answered else { return };
        let window = self.rules.advance.seconds();
        let answered = answered.steady;
        let due = |payer: &Payer| payer.due(answered).is_some_and(|at| at <= now.steady);
        // Every one of them, whatever became of the one before.
        let spent =
            self.payers_mut().map(|payer| due(payer) && !payer.extend(window)).filter(|spent| *spent).count();
        if spent > 0 {
            return self.hang_up_both(desk, now, EndReason::AccountBalanceNotEnough, ReleaseSide::Switch);
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
