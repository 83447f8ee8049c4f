//! From rows to accounts.

use domain::{Account, AccountId, AccountKind, AccountSettings, AgentId, Precision, RateTableId, RowVersion};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::{Scope, StoreError, amount};

struct Row {
    id: i64,
    row_version: i64,
    name: String,
    kind: String,
    currency: String,
    money_precision: i32,
    credit_limit: Decimal,
    rate_table_id: Option<i64>,
    status: String,
    paid: Decimal,
    charged: Decimal,
    agent_id: Option<i64>,
}

impl TryFrom<Row> for Account {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: AccountId(row.id),
            version: RowVersion(row.row_version),
            settings: AccountSettings {
                name: row.name.parse().map_err(|_| StoreError::unreadable("account name", &row.name))?,
                kind: row.kind.parse().map_err(|_| StoreError::unreadable("account kind", &row.kind))?,
                currency: row
                    .currency
                    .parse()
                    .map_err(|_| StoreError::unreadable("currency", &row.currency))?,
                precision: u32::try_from(row.money_precision)
                    .ok()
                    .and_then(Precision::new)
                    .ok_or_else(|| StoreError::unreadable("precision", row.money_precision))?,
                credit_limit: amount::to_money(row.credit_limit)?,
                rate_table: row.rate_table_id.map(RateTableId),
                status: row
                    .status
                    .parse()
                    .map_err(|_| StoreError::unreadable("account status", &row.status))?,
                agent: row.agent_id.map(AgentId),
            },
            paid: amount::to_money(row.paid)?,
            charged: amount::to_money(row.charged)?,
        })
    }
}

/// Accounts by name: all, or those that every condition given holds for.
pub(crate) async fn read(
    conn: &mut PgConnection,
    scope: &Scope,
    id: Option<AccountId>,
    search: &str,
    kind: Option<AccountKind>,
) -> Result<Vec<Account>, StoreError> {
    let seen = scope.accounts(&mut *conn).await?;
    let rows = sqlx::query_as!(
        Row,
        "select id, row_version, name, kind, currency, money_precision, credit_limit, rate_table_id, status, paid, charged,
                agent_id
         from billing.accounts
         where ($1::bigint[] is null or id = any($1)) and ($2::bigint is null or id = $2)
           and strpos(lower(name), lower($3)) > 0 and ($4::text is null or kind = $4)
         order by lower(name), id",
        seen.as_deref(),
        id.map(|id| id.0),
        search,
        kind.map(AccountKind::name),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Account::try_from).collect()
}
