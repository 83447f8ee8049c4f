//! What people do about suspensions. The suspensions themselves are the switch's.

use domain::SuspendedParty;

use crate::{
    Actor, Pool, StoreError,
    change::{self, NOTHING, Record},
    text,
};

/// Writes down that somebody released these parties. Write it before it is done: what is not written must not happen.
pub async fn record_release(
    pool: &Pool,
    actor: &Actor,
    parties: &[SuspendedParty],
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    for party in parties {
        let user = party.user.as_deref().map(|user| format!(" of \"{}\"", text::received(user, 256)));
        let address = party.address.map(|address| format!(" from {address}"));
        let subject = format!("suspension{}{}", user.unwrap_or_default(), address.unwrap_or_default());
        let released =
            Record::<(), ()> { action: "release", subject: &subject, before: NOTHING, after: NOTHING };
        change::record(&mut tx, actor, released).await?;
    }
    tx.commit().await?;
    Ok(())
}
