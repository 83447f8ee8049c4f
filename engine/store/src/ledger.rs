//! The ledger: `billing.ledger`. Entries are written beside what they book (payments in `accounts`, calls in `cdrs`).

use chrono::{DateTime, Utc};
use domain::{AccountId, CallId, Currency, LedgerEntryId, LedgerRow, Money, Page};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::{Pool, Scope, StoreError, amount::to_money};

/// An account's entries, newest first, older than `after`; at most `limit` (1 to 1000).
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such account or the asker may not see it.
pub async fn entries(
    pool: &Pool,
    scope: &Scope,
    account: AccountId,
    after: Option<LedgerEntryId>,
    limit: u32,
) -> Result<Page<LedgerRow>, StoreError> {
    crate::accounts::find(pool, scope, account).await?;
    let limit = limit.clamp(1, 1000) as usize;
    let rows = sqlx::query_as!(
        Row,
        "select id, at, account_id, book, amount, call_id, note from billing.ledger
         where account_id = $1 and ($2::bigint is null or id < $2)
         order by id desc limit $3",
        account.0,
        after.map(|id| id.0),
        limit as i64 + 1,
    )
    .fetch_all(pool)
    .await?;
    let more = rows.len() > limit;
    Ok(Page { rows: rows.into_iter().take(limit).map(LedgerRow::try_from).collect::<Result<_, _>>()?, more })
}

/// The last payments and opening balances of the accounts that the asker may see, newest first; at most `limit` (1 to 100).
pub async fn payments(pool: &Pool, scope: &Scope, limit: u32) -> Result<Vec<LedgerRow>, StoreError> {
    let seen = scope.accounts(pool).await?;
    let rows = sqlx::query_as!(
        Row,
        "select id, at, account_id, book, amount, call_id, note from billing.ledger
         where book in ('cash', 'opening') and ($1::bigint[] is null or account_id = any($1))
         order by id desc limit $2",
        seen.as_deref(),
        i64::from(limit.clamp(1, 100)),
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(LedgerRow::try_from).collect()
}

struct Row {
    id: i64,
    at: DateTime<Utc>,
    account_id: i64,
    book: String,
    amount: Decimal,
    call_id: Option<Uuid>,
    note: String,
}

impl TryFrom<Row> for LedgerRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: LedgerEntryId(row.id),
            at: row.at,
            account: AccountId(row.account_id),
            book: row.book.parse().map_err(|_| StoreError::unreadable("book", &row.book))?,
            amount: to_money(row.amount)?,
            call: row.call_id.map(CallId),
            note: row.note,
        })
    }
}

/// Whether the books are right.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LedgerCheck {
    /// Accounts compared.
    pub accounts: usize,
    /// Those where something does not add up.
    pub differences: Vec<LedgerDifference>,
}

impl LedgerCheck {
    /// True when every account adds up.
    pub fn holds(&self) -> bool {
        self.differences.is_empty()
    }
}

/// An account that does not add up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LedgerDifference {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Its currency.
    pub currency: Currency,
    /// Paid less charged, as it stands on the account.
    pub balance: Money,
    /// Sum of all its ledger entries; must equal the balance.
    pub ledger: Money,
    /// Sum of its ledger entries for calls.
    pub ledger_calls: Money,
    /// What its CDRs charge it, as a negative amount; must equal the ledger's.
    pub cdr_calls: Money,
}

/// Compares each account with its ledger and the ledger with the CDRs, all at one moment. Reads every CDR.
pub async fn check(pool: &Pool) -> Result<LedgerCheck, StoreError> {
    let rows = sqlx::query!(
        r#"with booked as (
               select account_id, sum(amount) as total, sum(amount) filter (where call_id is not null) as calls
               from billing.ledger group by account_id
           ), called as (
               select account_id, currency, sum(amount) as total
               from (select account_id, currency, -fee as amount from cdr.calls
                     union all
                     select vendor_account_id, cost_currency, -cost from cdr.calls where cost is not null) as charges
               group by account_id, currency
           )
           select a.id, a.name, a.currency, a.paid - a.charged as "balance!", coalesce(b.total, 0) as "ledger!",
                  coalesce(b.calls, 0) as "ledger_calls!", coalesce(c.total, 0) as "cdr_calls!"
           from billing.accounts a
           left join booked b on b.account_id = a.id
           left join called c on c.account_id = a.id and c.currency = a.currency
           order by a.id"#
    )
    .fetch_all(pool)
    .await?;
    let accounts = rows.len();
    let mut differences = Vec::new();
    for row in rows {
        if row.balance != row.ledger || row.ledger_calls != row.cdr_calls {
            differences.push(LedgerDifference {
                account: AccountId(row.id),
                name: row.name,
                currency: row
                    .currency
                    .parse()
                    .map_err(|_| StoreError::unreadable("currency", &row.currency))?,
                balance: to_money(row.balance)?,
                ledger: to_money(row.ledger)?,
                ledger_calls: to_money(row.ledger_calls)?,
                cdr_calls: to_money(row.cdr_calls)?,
            });
        }
    }
    Ok(LedgerCheck { accounts, differences })
}
