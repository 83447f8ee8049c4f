//! Tells when the money of who pays for calls is used up, and when there is some again (CDR-7).

use std::{sync::Arc, time::Duration};

use domain::{AccountId, AccountKind, Happened};
use hashbrown::HashMap;
use tokio_util::sync::CancellationToken;

use crate::{call::Moment, environment::Environment};

/// How often it is looked at: who waits for the news is a person or a program, not a call.
const EVERY: Duration = Duration::from_secs(2);

/// Looks until the end is called. What holds at the start is no news.
pub(crate) async fn watch(environment: Arc<Environment>, end: CancellationToken) {
    let mut known = HashMap::new();
    loop {
        look(&environment, &mut known);
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Money that calls in progress hold is not used up yet: an account is not told of for a call that may cost less.
fn look(environment: &Environment, known: &mut HashMap<AccountId, bool>) {
    let tables = environment.tables.load_full();
    let mut seen = HashMap::with_capacity(known.len());
    for account in tables.accounts().filter(|account| account.settings.kind == AccountKind::Customer) {
        let Some(purse) = environment.purses.of(account.id) else { continue };
        let available = purse.available() + purse.held();
        let exhausted = available.micros() <= 0;
        seen.insert(account.id, exhausted);
        if known.get(&account.id).is_some_and(|before| *before != exhausted) {
            let told = Happened::Balance {
                account: account.id,
                name: account.settings.name.to_string(),
                exhausted,
                available: available.to_string(),
                currency: account.settings.currency.to_string(),
            };
            environment.tell(Moment::now(), told);
        }
    }
    *known = seen;
}
