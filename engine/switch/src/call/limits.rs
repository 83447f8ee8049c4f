//! Money while both sides talk (decision 8): the hold is extended one window ahead; when it cannot be, the call is cut as what is
//! held runs out.

use std::time::Duration;

use domain::{EndReason, ReleaseSide, Seconds};

use super::{Alarm, Call, Desk, Moment, stage::Stage};

/// How long before the end of the covered time more money is asked for.
const LEAD: Duration = Duration::from_secs(10);
/// A cut comes this much early, so that timer slop never reaches the next second and with it a charge above the hold.
const SLOP: Duration = Duration::from_millis(20);

impl Call {
    /// Sets the next look at the money.
    pub(super) fn watch_money(&self, desk: &mut Desk, now: Moment) {
        let Some(answered) = &self.answered else { return };
        let Some(covered) = answered.covered else { return };
        let end = answered.steady + Duration::from_secs(u64::from(covered));
        let at = if answered.last_window { end.checked_sub(SLOP) } else { end.checked_sub(LEAD) };
        desk.set_alarm(at.unwrap_or(end).max(now.steady), self.id, Alarm::Money);
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
        let next = covered.saturating_add(desk.environment.rules.advance.seconds().0);
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
}
