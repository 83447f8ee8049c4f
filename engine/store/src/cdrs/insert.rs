//! CDRs and what they settle, in one transaction and only once.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::{AccountId, Book, CallId, Cdr, Currency, Money, Price};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Pool, StoreError, amount};

use super::{columns, hours};

/// What became of a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Inserted {
    /// Calls written now.
    pub new: usize,
    /// Calls that were there already, or twice in the batch.
    pub repeated: usize,
    /// Amounts of new calls that could not be charged because the account has been removed meanwhile, or has another
    /// currency now. The CDR still tells them.
    pub unposted: usize,
}

/// Writes a batch of CDRs together with their ledger entries and the accounts' charges: all of it or nothing. A call that is
/// there already is left as it is and charged no second time, whoever wrote it.
///
/// A customer is charged the fee in the book `revenue`, a vendor the cost in the book `cost`; both entries are negative, so
/// that an account's entries always add up to its balance.
pub async fn insert(pool: &Pool, cdrs: &[Cdr]) -> Result<Inserted, StoreError> {
    if cdrs.is_empty() {
        return Ok(Inserted::default());
    }
    let mut seen = HashSet::with_capacity(cdrs.len());
    let mut batch: Vec<&Cdr> = cdrs.iter().filter(|cdr| seen.insert(cdr.id)).collect();
    batch.sort_by_key(|cdr| (cdr.started_at, cdr.id));

    let mut tx = pool.begin().await?;
    let written = columns::write(&mut tx, &batch).await?;
    if let (Some(first), Some(last), false) = (batch.first(), batch.last(), written.is_empty()) {
        hours::add(&mut tx, &written, first.started_at, last.started_at).await?;
    }
    let new: HashSet<Uuid> = written.into_iter().collect();
    let charges: Vec<Charge> =
        batch.iter().filter(|cdr| new.contains(&cdr.id.0)).flat_map(|cdr| Charge::of(cdr)).collect();
    let unposted = post(&mut tx, &charges).await?;
    tx.commit().await?;
    Ok(Inserted { new: new.len(), repeated: cdrs.len() - new.len(), unposted })
}

/// What one call costs one account.
struct Charge {
    call: CallId,
    account: AccountId,
    currency: Currency,
    book: Book,
    amount: Money,
}

impl Charge {
    /// The charges of a call; an amount of zero moves nothing.
    fn of(cdr: &Cdr) -> impl Iterator<Item = Self> {
        let charge = |price: &Price, book| Self {
            call: cdr.id,
            account: price.account,
            currency: price.currency,
            book,
            amount: price.amount,
        };
        [
            Some(charge(&cdr.customer, Book::Revenue)),
            cdr.vendor.as_ref().map(|vendor| charge(vendor, Book::Cost)),
        ]
        .into_iter()
        .flatten()
        .filter(|charge| charge.amount != Money::ZERO)
    }
}

/// Writes the entries and raises the accounts' charges; tells how many charges found no account.
async fn post(conn: &mut PgConnection, charges: &[Charge]) -> Result<usize, StoreError> {
    let wanted: BTreeSet<i64> = charges.iter().map(|charge| charge.account.0).collect();
    let accounts = lock(conn, &wanted.into_iter().collect::<Vec<_>>()).await?;
    let (posted, unposted): (Vec<&Charge>, Vec<&Charge>) = charges
        .iter()
        .partition(|charge| accounts.get(&charge.account.0).is_some_and(|c| c == charge.currency.as_str()));
    for charge in &unposted {
        tracing::warn!(call = %charge.call, account = %charge.account, amount = %charge.amount,
            "a call's charge has no account to stand on");
    }
    if posted.is_empty() {
        return Ok(unposted.len());
    }
    // The unique index on (call, account, book) is a second lock on the door: what it keeps out is not charged either.
    let entries = sqlx::query!(
        "insert into billing.ledger (account_id, book, amount, call_id)
         select account_id, book, -amount, call_id
         from unnest($1::bigint[], $2::text[], $3::numeric[], $4::uuid[]) as c (account_id, book, amount, call_id)
         on conflict (call_id, account_id, book) where call_id is not null do nothing
         returning account_id, amount",
        &posted.iter().map(|charge| charge.account.0).collect::<Vec<_>>(),
        &posted.iter().map(|charge| charge.book.name().to_owned()).collect::<Vec<_>>(),
        &posted.iter().map(|charge| amount::from_money(charge.amount)).collect::<Vec<_>>(),
        &posted.iter().map(|charge| charge.call.0).collect::<Vec<_>>(),
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut sums = BTreeMap::new();
    for entry in entries {
        *sums.entry(entry.account_id).or_insert(rust_decimal::Decimal::ZERO) += entry.amount;
    }
    let (ids, amounts): (Vec<_>, Vec<_>) = sums.into_iter().unzip();
    sqlx::query!(
        "update billing.accounts a set charged = charged - c.amount
         from unnest($1::bigint[], $2::numeric[]) as c (id, amount) where a.id = c.id",
        &ids,
        &amounts,
    )
    .execute(conn)
    .await?;
    Ok(unposted.len())
}

/// Takes the accounts in the order of their ids, as every writer does: two batches over the same accounts wait instead of
/// deadlocking. Returns the currencies of those that exist.
async fn lock(conn: &mut PgConnection, ids: &[i64]) -> Result<BTreeMap<i64, String>, StoreError> {
    let rows = sqlx::query!(
        "select id, currency from billing.accounts where id = any($1) order by id for no key update",
        ids
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.currency)).collect())
}
