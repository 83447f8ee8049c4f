//! Who is suspended, for pages and programs.

use std::{sync::atomic::Ordering, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Happened, OutcomeView, SuspendedParty, SuspensionCause, SuspensionView};
use registrar::{Suspended, Suspension, SuspensionReason};

use crate::{Handle, call::Moment};

impl Handle {
    /// Who is suspended now, the latest first.
    pub fn suspensions(&self) -> Vec<SuspensionView> {
        let now = Moment::now().since_epoch();
        self.registrar().suspensions(now).into_iter().map(view).collect()
    }

    /// Ends the suspensions of a party before their time and forgets its failures; whether there was one.
    pub fn release(&self, party: &SuspendedParty) -> bool {
        let now = Moment::now().since_epoch();
        let released = held(party).is_some_and(|who| self.registrar().release(now, &who));
        if released {
            self.environment.suspensions_changed.store(true, Ordering::Relaxed);
            let SuspendedParty { user, address } = party.clone();
            let what = Happened::Suspension { user, address, begun: false, cause: None, until: None };
            self.environment.tell(Moment::now(), what);
        }
        released
    }

    /// How often each outcome of an authentication came since the start.
    pub fn outcomes(&self) -> Vec<OutcomeView> {
        let outcomes = self.registrar().outcomes().into_iter();
        outcomes.map(|(outcome, count)| OutcomeView { outcome: outcome.to_string(), count }).collect()
    }
}

/// What others are told when it begins.
pub(crate) fn begun(suspension: Suspension) -> Happened {
    let SuspensionView { party: SuspendedParty { user, address }, cause, until, .. } = view(suspension);
    Happened::Suspension { user, address, begun: true, cause: Some(cause), until: Some(until) }
}

/// One that was written down; none that holds nobody.
pub(crate) fn stored(view: &SuspensionView) -> Option<Suspension> {
    Some(Suspension {
        who: held(&view.party)?,
        reason: match view.cause {
            SuspensionCause::Registrations => SuspensionReason::Registrations,
            SuspensionCause::Passwords => SuspensionReason::Passwords,
            SuspensionCause::Strangers => SuspensionReason::Strangers,
        },
        failures: view.failures,
        known: view.known,
        since: since_epoch(view.since),
        until: since_epoch(view.until),
    })
}

pub(crate) fn view(suspension: Suspension) -> SuspensionView {
    let party = match suspension.who {
        Suspended::UserAt(user, address) => SuspendedParty { user: Some(user), address: Some(address) },
        Suspended::User(user) => SuspendedParty { user: Some(user), address: None },
        Suspended::Address(address) => SuspendedParty { user: None, address: Some(address) },
    };
    SuspensionView {
        party,
        cause: match suspension.reason {
            SuspensionReason::Registrations => SuspensionCause::Registrations,
            SuspensionReason::Passwords => SuspensionCause::Passwords,
            SuspensionReason::Strangers => SuspensionCause::Strangers,
        },
        failures: suspension.failures,
        known: suspension.known,
        since: moment(suspension.since),
        until: moment(suspension.until),
    }
}

fn held(party: &SuspendedParty) -> Option<Suspended> {
    Some(match (party.user.clone(), party.address) {
        (Some(user), Some(address)) => Suspended::UserAt(user, address),
        (Some(user), None) => Suspended::User(user),
        (None, Some(address)) => Suspended::Address(address),
        (None, None) => return None,
    })
}

/// A moment as a time since the Unix epoch.
fn since_epoch(at: DateTime<Utc>) -> Duration {
    (at - DateTime::UNIX_EPOCH).to_std().unwrap_or_default()
}

/// A time since the Unix epoch as a moment.
fn moment(since_epoch: Duration) -> DateTime<Utc> {
    let since = TimeDelta::from_std(since_epoch).unwrap_or(TimeDelta::zero());
    DateTime::UNIX_EPOCH + since.min(TimeDelta::days(100_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_shown_can_be_released() {
        let address = "192.0.2.7".parse().unwrap();
        for who in [
            Suspended::UserAt("1001".into(), address),
            Suspended::User("1001".into()),
            Suspended::Address(address),
        ] {
            let suspension = Suspension {
                who: who.clone(),
                reason: SuspensionReason::Passwords,
                failures: 6,
                known: true,
                since: Duration::from_secs(1_800_000_000),
                until: Duration::MAX,
            };
            let view = view(suspension.clone());
            assert_eq!(view.since.timestamp(), 1_800_000_000);
            assert_eq!(held(&view.party), Some(who));
            let back = stored(&view).unwrap();
            assert_eq!(
                (back.who, back.since, back.reason),
                (suspension.who, suspension.since, suspension.reason)
            );
        }
        assert_eq!(held(&SuspendedParty::default()), None);
    }
}
