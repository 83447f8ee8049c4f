//! Money that people move.

use domain::{AccountId, Book, Invalid, LedgerEntryId, Money};
use serde::Serialize;
use sqlx::PgConnection;

use crate::{
    Actor, Pool, StoreError, amount,
    change::{self, NOTHING, Record},
    text,
};

use super::edit::{one, subject};

/// Most that one payment may move, 10⁹ currency units: far below what an account can hold.
const LARGEST: Money = Money::from_micros(1_000_000_000_000_000);

#[derive(Serialize)]
struct Payment<'a> {
    amount: Money,
    note: &'a str,
}

/// Books a payment from the account's owner (positive) or to them (negative): the ledger's entry and the account's `paid` in
/// one transaction.
///
/// # Errors
/// [`StoreError::Invalid`] at `amount` (zero or too large) or `note` (longer than 200 characters, control characters).
pub async fn pay(
    pool: &Pool,
    actor: &Actor,
    id: AccountId,
    amount: Money,
    note: &str,
) -> Result<LedgerEntryId, StoreError> {
    let note = text::typed("note", note, 200)?;
    if amount == Money::ZERO || amount > LARGEST || amount < -LARGEST {
        return Err(Invalid::field("amount", "a payment is not zero and at most 1000000000").into());
    }
    let mut tx = change::begin(pool).await?;
    let entry = book(&mut tx, id, Book::Cash, amount, note).await?;
    let account = one(&mut tx, id).await?;
    let payment = Payment { amount, note };
    let paid = Record {
        action: "pay",
        subject: &subject(&account.settings),
        before: NOTHING,
        after: Some(&payment),
    };
    change::record(&mut tx, actor, paid).await?;
    tx.commit().await?;
    Ok(entry)
}

/// What an account begins with, when it is made from a document.
pub(crate) async fn open(conn: &mut PgConnection, id: AccountId, amount: Money) -> Result<(), StoreError> {
    if amount > LARGEST || amount < -LARGEST {
        return Err(Invalid::field("opening_balance", "an opening balance is at most 1000000000").into());
    }
    if amount != Money::ZERO {
        book(conn, id, Book::Opening, amount, "").await?;
    }
    Ok(())
}

async fn book(
    conn: &mut PgConnection,
    id: AccountId,
    book: Book,
    amount: Money,
    note: &str,
) -> Result<LedgerEntryId, StoreError> {
    let value = amount::from_money(amount);
    let updated = sqlx::query!("update billing.accounts set paid = paid + $2 where id = $1", id.0, value)
        .execute(&mut *conn)
        .await?;
    if updated.rows_affected() == 0 {
        return Err(StoreError::NotFound);
    }
    let entry = sqlx::query_scalar!(
        "insert into billing.ledger (account_id, book, amount, note) values ($1, $2, $3, $4) returning id",
        id.0,
        book.name(),
        value,
        note,
    )
    .fetch_one(conn)
    .await?;
    Ok(LedgerEntryId(entry))
}
