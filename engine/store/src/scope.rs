//! Who asks and who changes.

use domain::{AccountId, AgentId, Home, LiveCall, UserId};
use sqlx::PgExecutor;

use crate::{Pool, StoreError};

/// Whose rows a question may be answered from. Every query of the portal takes one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Everything: the administration, or the process itself.
    All,
    /// A reseller's things: its own account and those of its customers, each as [`Scope::Account`] would see it.
    Agent(AgentId),
    /// One account's own things: itself, its gateways, its price list, the calls it pays for (without what they cost us and
    /// where they went) and its ledger.
    Account(AccountId),
}

impl From<Home> for Scope {
    fn from(home: Home) -> Self {
        match home {
            Home::Administration => Self::All,
            Home::Agent(id) => Self::Agent(id),
            Home::Account(id) => Self::Account(id),
        }
    }
}

impl Scope {
    /// The accounts to be seen, as the queries take them (`account_id = any($1)`); none for all of them.
    pub(crate) async fn accounts(
        self,
        executor: impl PgExecutor<'_>,
    ) -> Result<Option<Vec<i64>>, StoreError> {
        Ok(match self {
            Self::All => None,
            Self::Account(id) => Some(vec![id.0]),
            Self::Agent(id) => Some(
                sqlx::query_scalar!(
                    r#"select id as "id!" from billing.accounts where agent_id = $1
                       union select account_id from billing.agents where id = $1"#,
                    id.0,
                )
                .fetch_all(executor)
                .await?,
            ),
        })
    }

    /// The accounts that may be seen now, for what does not stand in the database: calls in progress. A list that runs on
    /// takes a new one from time to time, because customers come and go.
    pub async fn sight(self, pool: &Pool) -> Result<Sight, StoreError> {
        let accounts = self.accounts(pool).await?;
        Ok(Sight(accounts.map(|mut accounts| {
            accounts.sort_unstable();
            accounts
        })))
    }
}

/// The accounts that somebody may see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sight(Option<Vec<i64>>);

impl Sight {
    /// True when the things of `account` may be seen.
    pub fn includes(&self, account: AccountId) -> bool {
        self.0.as_ref().is_none_or(|accounts| accounts.binary_search(&account.0).is_ok())
    }

    /// Leaves of calls in progress those that may be seen, without the vendor's side unless everything may.
    pub fn live_calls(&self, calls: impl IntoIterator<Item = LiveCall>) -> Vec<LiveCall> {
        let seen = calls.into_iter().filter(|call| self.includes(call.account));
        if self.0.is_none() {
            return seen.collect();
        }
        seen.map(|call| LiveCall { routing_gateway: None, routing_gateway_name: None, ..call }).collect()
    }
}

/// Who changes something; stands in the audit log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// The person; none for the command line.
    pub user: Option<UserId>,
    /// Their name, or the command's.
    pub name: String,
}

impl Actor {
    /// The process itself, or a command of it: `tandem apply`.
    pub fn command(name: &str) -> Self {
        Self { user: None, name: name.to_owned() }
    }
}
