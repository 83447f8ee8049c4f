//! Who pays for a call, and how far the money that is held reaches (decision 8).

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{Account, EndReason, Money, Seconds};
use routing::Priced;

use crate::{account::Hold, environment::Environment};

/// How long before the end of the covered time more money is asked for.
const LEAD: Duration = Duration::from_secs(10);
/// A cut comes this much early, so that timer slop never reaches the next second and with it a charge above the hold.
const SLOP: Duration = Duration::from_millis(20);

/// An account, its price for the call, and what is held of its money.
pub(crate) struct Payer {
    pub(crate) account: Arc<Account>,
    /// Free without one.
    pub(crate) price: Option<Priced>,
    hold: Option<Hold>,
    /// From the answer on: talk time, in seconds, that the held money covers; none when the call is free.
    covered: Option<u32>,
    /// The money cannot be extended: the call is cut when what is covered has been talked.
    last_window: bool,
}

impl Payer {
    pub(crate) fn new(account: Arc<Account>) -> Self {
        Self { account, price: None, hold: None, covered: None, last_window: false }
    }

    /// Holds the money of the first window.
    pub(crate) fn reserve(&mut self, environment: &Environment, window: Seconds) -> Result<(), EndReason> {
        let Some(price) = &self.price else { return Ok(()) };
        let purse = environment.purses.of(self.account.id).ok_or(EndReason::InternalError)?;
        self.hold = Hold::take(&purse, billing::hold_for(window, &price.terms));
        if self.hold.is_none() { Err(EndReason::AccountBalanceNotEnough) } else { Ok(()) }
    }

    /// The call was answered: the first window begins.
    pub(crate) fn begin(&mut self, window: Seconds) {
        self.covered = self.price.as_ref().filter(|price| price.terms.rate.nanos() > 0).map(|_| window.0);
    }

    /// When the money of a call that was answered then is to be looked at; never for a free one.
    pub(crate) fn due(&self, answered: Instant) -> Option<Instant> {
        let end = answered + Duration::from_secs(u64::from(self.covered?));
        Some(end.checked_sub(if self.last_window { SLOP } else { LEAD }).unwrap_or(end))
    }

    /// The covered time ends soon, or has ended: holds one window more, or what there is. `false` when it is all talked away.
    pub(crate) fn extend(&mut self, window: Seconds) -> bool {
        let (Some(hold), Some(price), Some(covered)) = (&mut self.hold, &self.price, self.covered) else {
            return true;
        };
        if self.last_window {
            return false;
        }
        let next = covered.saturating_add(window.0);
        if hold.raise_to(billing::hold_for(Seconds(next), &price.terms)) {
            self.covered = Some(next);
        } else {
            // What is left may still pay for part of a window. Another call may take it first: then this one keeps what it has.
            let reach = billing::affordable(hold.reach(), &price.terms).map_or(covered, |s| s.0).max(covered);
            if hold.raise_to(billing::hold_for(Seconds(reach), &price.terms)) {
                self.covered = Some(reach);
            }
            self.last_window = true;
        }
        true
    }

    /// What is held now.
    pub(crate) fn held(&self) -> Money {
        self.hold.as_ref().map(|hold| hold.amount()).unwrap_or_default()
    }

    /// The call is over and cost this.
    pub(crate) fn settle(&mut self, charge: Money) {
        if let Some(hold) = self.hold.take() {
            hold.settle(charge);
        }
    }
}
