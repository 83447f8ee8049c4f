//! A document becomes the configuration: all of it in one transaction, or nothing.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use domain::{AccountId, AgentId, Invalid, RateTableId};
use sqlx::{Connection, PgConnection};

use crate::{Actor, Pool, Scope, Seal, StoreError, accounts, agents, change, rate_tables};

use super::{
    Change, Document,
    entry::{Entry, GivenParameter},
    parameters, phones, rates, things,
};

/// Complaints that are kept; a document with more is not mended by reading them all.
const MOST_REFUSALS: usize = 200;

/// Why a document was not applied. Nothing has been changed.
#[derive(Debug)]
pub enum ApplyError {
    /// Values that cannot be; prints one to a line.
    Refused(Vec<Refusal>),
    /// The database failed.
    Store(StoreError),
}

/// One thing that is wrong with a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Where in the document, from 1.
    pub line: usize,
    /// The table's kind: `account`.
    pub what: &'static str,
    /// Its name.
    pub name: String,
    /// The key; empty when it is about the whole table.
    pub field: String,
    /// What to do about it.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {} \"{}\": ", self.line, self.what, self.name)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Refused(refusals) => {
                for (i, refusal) in refusals.iter().enumerate() {
                    if i > 0 {
                        writeln!(f)?;
                    }
                    refusal.fmt(f)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ApplyError {}

impl<E: Into<StoreError>> From<E> for ApplyError {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

/// Applies a document without passwords; see [`apply_with`]. One with passwords is refused at them.
pub async fn apply(
    pool: &Pool,
    actor: &Actor,
    document: &Document,
    dry_run: bool,
) -> Result<Vec<Change>, ApplyError> {
    apply_with(pool, None, actor, document, dry_run).await
}

/// Applies a document; with `dry_run` tells what would be done and changes nothing. Returns a line for everything the document
/// names, unchanged things too. Passwords in it are sealed with `seal`.
///
/// # Errors
/// [`ApplyError::Refused`] with everything that is wrong (the first 200 complaints); nothing is changed then.
pub async fn apply_with(
    pool: &Pool,
    seal: Option<&Seal>,
    actor: &Actor,
    document: &Document,
    dry_run: bool,
) -> Result<Vec<Change>, ApplyError> {
    let mut tx = change::begin(pool).await?;
    lock_accounts(&mut tx, document).await?;
    let mut work = Work::begin(&mut tx, actor, seal).await?;
    for given in &document.parameters {
        work.parameter(&mut tx, given).await?;
    }
    for entry in &document.rate_tables {
        work.step(&mut tx, entry).await?;
    }
    // An agent pays from an account, and brings others.
    let (brought, own): (Vec<&Entry>, Vec<&Entry>) = document
        .accounts
        .iter()
        .partition(|entry| entry.text("agent").is_some_and(|agent| !agent.is_empty()));
    let gateways = document.mapping_gateways.iter().chain(&document.routing_gateways);
    // Phones may be forwarded to gateways of the same document.
    for entry in own
        .into_iter()
        .chain(&document.agents)
        .chain(brought)
        .chain(gateways)
        .chain(&document.phones)
        .chain(&document.registrations)
    {
        work.step(&mut tx, entry).await?;
    }
    if !work.refusals.is_empty() {
        return Err(ApplyError::Refused(work.refusals));
    }
    if dry_run {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
    }
    Ok(work.changes)
}

/// Takes the document's accounts in the order of their ids, as those do who settle calls: neither then waits for the other in
/// a circle.
async fn lock_accounts(conn: &mut PgConnection, document: &Document) -> Result<(), StoreError> {
    let names: Vec<String> = document.accounts.iter().map(|entry| entry.name.replace('\0', "")).collect();
    sqlx::query!(
        "select id from billing.accounts where name = any($1) order by id for no key update",
        &names
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// What is known while a document is worked through.
pub(super) struct Work<'a> {
    pub(super) actor: &'a Actor,
    pub(super) seal: Option<&'a Seal>,
    pub(super) rate_tables: BTreeMap<String, RateTableId>,
    pub(super) accounts: BTreeMap<String, AccountId>,
    pub(super) agents: BTreeMap<String, AgentId>,
    pub(super) changes: Vec<Change>,
    refusals: Vec<Refusal>,
    /// Things of this document that were refused: what refers to them is not blamed for it.
    failed: HashSet<(&'static str, String)>,
}

/// Why a thing of the document is not there.
pub(super) enum Miss {
    /// It is wrong; the fields are those of its form.
    Invalid(Invalid),
    /// It refers to something that has been refused itself.
    Follows,
    /// The database failed.
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for Miss {
    fn from(error: E) -> Self {
        match error.into() {
            StoreError::Invalid(invalid) => Self::Invalid(invalid),
            other => Self::Store(other),
        }
    }
}

impl<'a> Work<'a> {
    async fn begin(
        conn: &mut PgConnection,
        actor: &'a Actor,
        seal: Option<&'a Seal>,
    ) -> Result<Self, StoreError> {
        let tables = rate_tables::read(conn, &Scope::All, None).await?;
        let accounts = accounts::read(conn, &Scope::All, None, "", None).await?;
        let agents = agents::read(conn, &Scope::All, None, "").await?;
        Ok(Self {
            actor,
            seal,
            rate_tables: tables.into_iter().map(|r| (r.table.settings.name.into(), r.table.id)).collect(),
            accounts: accounts.into_iter().map(|a| (a.settings.name.into(), a.id)).collect(),
            agents: agents.into_iter().map(|r| (r.agent.settings.name.into(), r.agent.id)).collect(),
            changes: Vec::new(),
            refusals: Vec::new(),
            failed: HashSet::new(),
        })
    }

    /// One table of the document, behind a savepoint: what is wrong with it does not keep others from being checked.
    async fn step(&mut self, conn: &mut PgConnection, entry: &Entry) -> Result<(), ApplyError> {
        let mut savepoint = conn.begin().await?;
        let done = match entry.kind {
            "rate_table" => match things::rate_table(self, &mut savepoint, entry).await {
                Ok(table) => rates::apply(self, &mut savepoint, entry, table).await,
                Err(miss) => Err(miss),
            },
            "account" => things::account(self, &mut savepoint, entry).await,
            "agent" => things::agent(self, &mut savepoint, entry).await,
            "mapping_gateway" => things::mapping_gateway(self, &mut savepoint, entry).await,
            "phone" => phones::phone(self, &mut savepoint, entry).await,
            "registration" => phones::registration(self, &mut savepoint, entry).await,
            _ => things::routing_gateway(self, &mut savepoint, entry).await,
        };
        match done {
            Ok(()) => return Ok(savepoint.commit().await?),
            Err(Miss::Store(error)) => return Err(error.into()),
            Err(Miss::Follows) => {}
            Err(Miss::Invalid(invalid)) => self.refuse(entry, &invalid),
        }
        // A table that was made and then had a wrong rate is gone with the savepoint.
        match entry.kind {
            "rate_table" => drop(self.rate_tables.remove(&entry.name)),
            "account" => drop(self.accounts.remove(&entry.name)),
            "agent" => drop(self.agents.remove(&entry.name)),
            _ => {}
        }
        self.failed.insert((entry.kind, entry.name.clone()));
        Ok(savepoint.rollback().await?)
    }

    async fn parameter(&mut self, conn: &mut PgConnection, given: &GivenParameter) -> Result<(), ApplyError> {
        match parameters::apply(self, conn, given).await {
            Ok(()) | Err(Miss::Follows) => {}
            Err(Miss::Store(error)) => return Err(error.into()),
            // Nothing was written: the value is checked first.
            Err(Miss::Invalid(invalid)) => self.refusals.extend(invalid.0.into_iter().map(|error| Refusal {
                line: given.line,
                what: parameters::WHAT,
                name: given.parameter.to_string(),
                field: error.field,
                message: error.message,
            })),
        }
        Ok(())
    }

    fn refuse(&mut self, entry: &Entry, invalid: &Invalid) {
        for error in &invalid.0 {
            if self.refusals.len() < MOST_REFUSALS {
                self.refusals.push(Refusal {
                    line: rates::line_of(entry, &error.field).unwrap_or_else(|| entry.line_of(&error.field)),
                    what: entry.kind,
                    name: entry.name.clone(),
                    field: error.field.clone(),
                    message: error.message.clone(),
                });
            }
        }
    }

    /// The account of that name.
    pub(super) fn account(&self, name: &str) -> Result<AccountId, Miss> {
        self.accounts.get(name).copied().ok_or_else(|| self.missing("account", "account", name))
    }

    /// The agent of that name.
    pub(super) fn agent(&self, name: &str) -> Result<AgentId, Miss> {
        self.agents.get(name).copied().ok_or_else(|| self.missing("agent", "agent", name))
    }

    /// The rate table of that name.
    pub(super) fn rate_table(&self, name: &str) -> Result<RateTableId, Miss> {
        self.rate_tables.get(name).copied().ok_or_else(|| self.missing("rate_table", "rate table", name))
    }

    fn missing(&self, field: &'static str, what: &str, name: &str) -> Miss {
        if self.failed.contains(&(field, name.to_owned())) {
            return Miss::Follows;
        }
        Miss::Invalid(Invalid::field(field, format!("there is no {what} \"{name}\"")))
    }
}
