//! Who asks and who changes.

use domain::{AccountId, UserId};

/// Whose rows a question may be answered from. Every query of the portal takes one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Everything: an administrator, or the process itself.
    All,
    /// One account's own things: itself, its gateways, its price list, the calls it pays for (without what they cost us and
    /// where they went) and its ledger.
    Account(AccountId),
}

impl Scope {
    /// The only account to be seen, as the queries take it.
    pub(crate) fn account(self) -> Option<i64> {
        match self {
            Self::All => None,
            Self::Account(id) => Some(id.0),
        }
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
