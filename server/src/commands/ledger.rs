//! `tandem ledger check`

use crate::{database::Database, failure::Failure, progress::Progress};

/// Compares ledger, balances and call records of every account; differences make the command fail.
pub(super) async fn check(database: &Database) -> Result<(), Failure> {
    let check = store::ledger::check(database.pool()).await?;
    if check.holds() {
        Progress::Stdout.say(format_args!("the ledger adds up: {} accounts", check.accounts));
        return Ok(());
    }
    for difference in &check.differences {
        let currency = difference.currency;
        Progress::Stdout.say(format_args!(
            "account \"{}\": balance {} {currency}, ledger {}; calls in the ledger {}, in the call records {}",
            difference.name, difference.balance, difference.ledger, difference.ledger_calls, difference.cdr_calls,
        ));
    }
    Err(Failure::Ledger(format!("{} of {} accounts differ", check.differences.len(), check.accounts)))
}
