//! Registered contacts, written behind: `sip.bindings`.

use std::{collections::BTreeMap, net::SocketAddr};

use chrono::{DateTime, Utc};
use domain::{PhoneContact, PhoneId, StoredBinding};
use ipnet::IpNet;
use sqlx::PgConnection;

use crate::{Pool, StoreError, text};

/// Writes down, for each phone, all its contacts in place of what was there; a phone that is gone meanwhile is passed over. One
/// transaction; give each phone once, with its latest contacts.
pub async fn save_batch(pool: &Pool, phones: &[(PhoneId, Vec<StoredBinding>)]) -> Result<(), StoreError> {
    let ids: Vec<i64> = phones.iter().map(|(phone, _)| phone.0).collect();
    let all: Vec<(i32, &StoredBinding)> =
        phones.iter().flat_map(|(_, bindings)| (0i32..).zip(bindings)).collect();
    let column = |pick: fn(&StoredBinding) -> &str| -> Vec<String> {
        all.iter().map(|(_, b)| text::received(pick(b), 2048)).collect()
    };
    let optional = |pick: fn(&StoredBinding) -> Option<&str>| -> Vec<Option<String>> {
        all.iter().map(|(_, b)| pick(b).map(|text| text::received(text, 256))).collect()
    };
    let numbers =
        |pick: fn(&StoredBinding) -> i64| -> Vec<i64> { all.iter().map(|(_, b)| pick(b)).collect() };
    let times = |pick: fn(&StoredBinding) -> DateTime<Utc>| -> Vec<DateTime<Utc>> {
        all.iter().map(|(_, b)| pick(b)).collect()
    };
    let nets = |pick: fn(&StoredBinding) -> SocketAddr| -> Vec<IpNet> {
        all.iter().map(|(_, b)| pick(b).ip().into()).collect()
    };
    // Arrays of arrays must be of one size in Postgres: a path goes as one text.
    let paths: Vec<String> = all.iter().map(|(_, b)| text::received(&b.path.join("\n"), 4096)).collect();
    let mut tx = pool.begin().await?;
    // In the order of their ids, so that two writers do not wait for each other in a circle.
    sqlx::query!("select id from sip.phones where id = any($1) order by id for key share", &ids)
        .fetch_all(&mut *tx)
        .await?;
    sqlx::query!("delete from sip.bindings where phone_id = any($1)", &ids).execute(&mut *tx).await?;
    sqlx::query!(
        r#"insert into sip.bindings (phone_id, place, contact, call_id, cseq, q, expires, refreshed, transport, local_address,
                                     local_port, remote_address, remote_port, nat, path, user_agent, instance, reg_id)
           select b.phone_id, b.place, b.contact, b.call_id, b.cseq, b.q, b.expires, b.refreshed, b.transport, b.local_address,
                  b.local_port, b.remote_address, b.remote_port, b.nat, string_to_array(b.path, E'\n'),
                  b.user_agent, b.instance, b.reg_id
           from (select unnest($1::bigint[]) as phone_id, unnest($2::int[]) as place, unnest($3::text[]) as contact,
                        unnest($4::text[]) as call_id, unnest($5::bigint[]) as cseq, unnest($6::bigint[])::int as q,
                        unnest($7::timestamptz[]) as expires, unnest($8::timestamptz[]) as refreshed,
                        unnest($9::text[]) as transport, unnest($10::inet[]) as local_address,
                        unnest($11::bigint[])::int as local_port, unnest($12::inet[]) as remote_address,
                        unnest($13::bigint[])::int as remote_port, unnest($14::bool[]) as nat, unnest($15::text[]) as path,
                        unnest($16::text[]) as user_agent, unnest($17::text[]) as instance,
                        unnest($18::bigint[]) as reg_id) b
           join sip.phones p on p.id = b.phone_id"#,
        &numbers(|b| b.phone.0),
        &all.iter().map(|(place, _)| *place).collect::<Vec<i32>>(),
        &column(|b| &b.contact),
        &column(|b| &b.call_id),
        &numbers(|b| i64::from(b.cseq)),
        &numbers(|b| i64::from(b.q)),
        &times(|b| b.expires),
        &times(|b| b.refreshed),
        &column(|b| &b.transport),
        &nets(|b| b.local),
        &numbers(|b| i64::from(b.local.port())),
        &nets(|b| b.remote),
        &numbers(|b| i64::from(b.remote.port())),
        &all.iter().map(|(_, b)| b.nat).collect::<Vec<bool>>(),
        &paths,
        &optional(|b| b.user_agent.as_deref()) as &[Option<String>],
        &optional(|b| b.instance.as_deref()) as &[Option<String>],
        &all.iter().map(|(_, b)| b.reg_id.map(i64::from)).collect::<Vec<_>>() as &[Option<i64>],
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// What was written down and has not run out at `now`.
pub async fn load(pool: &Pool, now: DateTime<Utc>) -> Result<Vec<StoredBinding>, StoreError> {
    let rows = sqlx::query!(
        r#"select phone_id, contact, call_id, cseq, q, expires, refreshed, transport,
                  local_address as "local_address: IpNet", local_port, remote_address as "remote_address: IpNet", remote_port,
                  nat, path, user_agent, instance, reg_id
           from sip.bindings where expires > $1 order by phone_id, place"#,
        now,
    )
    .fetch_all(pool)
    .await?;
    let bindings = rows.into_iter().map(|row| {
        let small =
            |what, number: i64| u32::try_from(number).map_err(|_| StoreError::unreadable(what, number));
        let port = |number: i32| u16::try_from(number).map_err(|_| StoreError::unreadable("port", number));
        Ok(StoredBinding {
            phone: PhoneId(row.phone_id),
            contact: row.contact,
            call_id: row.call_id,
            cseq: small("sequence number", row.cseq)?,
            q: u16::try_from(row.q).map_err(|_| StoreError::unreadable("preference", row.q))?,
            expires: row.expires,
            refreshed: row.refreshed,
            transport: row.transport,
            local: SocketAddr::new(row.local_address.addr(), port(row.local_port)?),
            remote: SocketAddr::new(row.remote_address.addr(), port(row.remote_port)?),
            nat: row.nat,
            path: row.path,
            user_agent: row.user_agent,
            instance: row.instance,
            reg_id: row.reg_id.map(|id| small("flow", id)).transpose()?,
        })
    });
    bindings.collect()
}

/// Removes what has run out at `now`; how many contacts that were.
pub async fn prune(pool: &Pool, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let gone = sqlx::query!("delete from sip.bindings where expires <= $1", now).execute(pool).await?;
    Ok(gone.rows_affected())
}

/// The contacts of these phones that have not run out, of each the one refreshed last first.
pub(crate) async fn contacts(
    conn: &mut PgConnection,
    phones: &[PhoneId],
) -> Result<BTreeMap<PhoneId, Vec<PhoneContact>>, StoreError> {
    let ids: Vec<i64> = phones.iter().map(|phone| phone.0).collect();
    let rows = sqlx::query!(
        r#"select phone_id, contact, transport, remote_address as "remote_address: IpNet", remote_port, nat, user_agent,
                  refreshed, expires
           from sip.bindings where phone_id = any($1) and expires > now() order by phone_id, refreshed desc, place"#,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    let mut all: BTreeMap<PhoneId, Vec<PhoneContact>> = BTreeMap::new();
    for row in rows {
        let port =
            u16::try_from(row.remote_port).map_err(|_| StoreError::unreadable("port", row.remote_port))?;
        let contact = PhoneContact {
            contact: row.contact,
            transport: row.transport,
            remote: SocketAddr::new(row.remote_address.addr(), port),
            nat: row.nat,
            user_agent: row.user_agent,
            refreshed: row.refreshed,
            expires: row.expires,
        };
        all.entry(PhoneId(row.phone_id)).or_default().push(contact);
    }
    Ok(all)
}
