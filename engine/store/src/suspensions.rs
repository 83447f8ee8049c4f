//! Suspensions: the switch's, written behind to `sip.suspensions`; and what people do about them.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::{SuspendedParty, SuspensionView};
use ipnet::IpNet;

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

/// Suspensions in force at `now`, as they were written last; forgets those whose time is over.
pub async fn load(pool: &Pool, now: DateTime<Utc>) -> Result<Vec<SuspensionView>, StoreError> {
    sqlx::query!("delete from sip.suspensions where until <= $1", now).execute(pool).await?;
    let rows = sqlx::query!(
        r#"select user_name, address as "address: IpNet", cause, failures, known, since, until from sip.suspensions
           where until > $1 order by since"#,
        now,
    )
    .fetch_all(pool)
    .await?;
    let suspensions = rows.into_iter().map(|row| {
        let user = row.user_name.map(String::from_utf8).transpose();
        Ok(SuspensionView {
            party: SuspendedParty {
                user: user.map_err(|_| StoreError::unreadable("suspended user", "no UTF-8"))?,
                address: row.address.map(|network| network.addr()),
            },
            cause: row.cause.parse().map_err(|_| StoreError::unreadable("suspension's cause", &row.cause))?,
            failures: row.failures.unsigned_abs(),
            known: row.known,
            since: row.since,
            until: row.until,
        })
    });
    suspensions.collect()
}

/// Writes down what has begun and takes away what has ended, by party and cause.
pub async fn save(pool: &Pool, begun: &[SuspensionView], ended: &[SuspensionView]) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    let (parties, causes): (Vec<_>, Vec<_>) = ended.iter().map(keys).unzip();
    sqlx::query!(
        "delete from sip.suspensions s using unnest($1::text[], $2::text[]) as gone(party, cause)
         where s.party = gone.party and s.cause = gone.cause",
        &parties,
        &causes,
    )
    .execute(&mut *tx)
    .await?;
    let (parties, causes): (Vec<_>, Vec<_>) = begun.iter().map(keys).unzip();
    let users: Vec<Option<Vec<u8>>> =
        begun.iter().map(|one| one.party.user.as_ref().map(|user| user.clone().into_bytes())).collect();
    let addresses: Vec<Option<IpNet>> = begun.iter().map(|one| one.party.address.map(IpNet::from)).collect();
    let failures: Vec<i32> =
        begun.iter().map(|one| i32::try_from(one.failures).unwrap_or(i32::MAX)).collect();
    let known: Vec<bool> = begun.iter().map(|one| one.known).collect();
    let (since, until): (Vec<_>, Vec<_>) = begun.iter().map(|one| (one.since, one.until)).unzip();
    sqlx::query!(
        "insert into sip.suspensions (party, cause, user_name, address, failures, known, since, until)
         select * from unnest($1::text[], $2::text[], $3::bytea[], $4::inet[], $5::int[], $6::bool[], $7::timestamptz[],
                              $8::timestamptz[])
         on conflict (party, cause) do update
         set failures = excluded.failures, known = excluded.known, since = excluded.since, until = excluded.until",
        &parties,
        &causes,
        &users as &[Option<Vec<u8>>],
        &addresses as &[Option<IpNet>],
        &failures,
        &known,
        &since,
        &until,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// What tells one from another. Names come from the network and may hold what no text column can: hexadecimal.
fn keys(suspension: &SuspensionView) -> (String, String) {
    let SuspendedParty { user, address } = &suspension.party;
    let user =
        user.iter().flat_map(|user| user.bytes()).map(|byte| format!("{byte:02x}")).collect::<String>();
    let address = address.map(|address: IpAddr| address.to_string()).unwrap_or_default();
    let named = if suspension.party.user.is_some() { "user" } else { "anyone" };
    (format!("{named}:{user}@{address}"), suspension.cause.to_string())
}
