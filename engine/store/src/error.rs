//! What can go wrong, in the words of those who asked.

use domain::Invalid;

/// Why the store refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The values cannot be stored; the person who gave them can mend them.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed the row after it was read.
    #[error("{subject} has been changed by somebody else in the meantime")]
    Conflict {
        /// What was to be changed: `account "Acme"`.
        subject: String,
    },
    /// There is no such row, or the asker may not see it.
    #[error("there is no such entry")]
    NotFound,
    /// It cannot be removed while something refers to it.
    #[error("{subject} is in use by {by}")]
    InUse {
        /// What was to be removed.
        subject: String,
        /// What refers to it.
        by: String,
    },
    /// The database cannot be used now; the text is a whole sentence without secrets.
    #[error("{0}")]
    Unavailable(String),
    /// The database's structure is not the one this build knows.
    #[error("the database cannot be migrated: {0}")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// A row holds something that this build cannot read.
    #[error("stored {what} cannot be read: {value}")]
    Unreadable {
        /// Which kind of value.
        what: &'static str,
        /// The value.
        value: String,
    },
    /// Anything else, which is a fault of ours.
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// One sentence for the person at the portal: says what they can do and nothing about our inside.
    pub fn user_message(&self) -> String {
        match self {
            Self::Invalid(invalid) => invalid.to_string(),
            Self::Conflict { .. } | Self::NotFound | Self::InUse { .. } => {
                let text = self.to_string();
                let mut letters = text.chars();
                letters
                    .next()
                    .map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
                    .unwrap_or(text)
            }
            Self::Unavailable(_) => "The database is not available at the moment; try again.".to_owned(),
            Self::Migration(_) | Self::Unreadable { .. } | Self::Database(_) => {
                "Something went wrong on our side; it stands in the log.".to_owned()
            }
        }
    }

    /// True when the same call may succeed later: the database is away or busy, and nothing is wrong with what was asked.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    pub(crate) fn unreadable(what: &'static str, value: impl ToString) -> Self {
        Self::Unreadable { what, value: value.to_string() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Io(io) => Self::Unavailable(format!("the connection to the database broke: {io}")),
            sqlx::Error::PoolTimedOut => {
                Self::Unavailable("no connection to the database became free in time".to_owned())
            }
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unavailable("the connection to the database is closed".to_owned())
            }
            sqlx::Error::Database(database) => refusal(database.as_ref()).unwrap_or(Self::Database(error)),
            _ => Self::Database(error),
        }
    }
}

/// What Postgres refused, in our words; `None` when it is our fault.
fn refusal(error: &dyn sqlx::error::DatabaseError) -> Option<StoreError> {
    if let Some((field, message)) = error.constraint().and_then(constraint) {
        return Some(Invalid::field(field, message).into());
    }
    match error.code()?.as_ref() {
        // Text that Postgres cannot hold (22P05 in JSON), and numbers beyond a column.
        "22021" | "22P05" => Some(Invalid::field("", "the NUL character is not allowed").into()),
        "22003" => Some(Invalid::field("", "a number is too large").into()),
        "40001" | "40P01" | "55P03" => {
            Some(StoreError::Unavailable("other changes were in the way".to_owned()))
        }
        "57P01" | "57P02" | "57P03" | "53300" => {
            Some(StoreError::Unavailable(format!("the database turns us away: {}", error.message())))
        }
        code if code.starts_with("08") => {
            Some(StoreError::Unavailable("the connection to the database broke".to_owned()))
        }
        _ => None,
    }
}

/// The form field that a constraint guards, and what to do there.
fn constraint(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "accounts_name_key"
        | "mapping_gateways_name_key"
        | "routing_gateways_name_key"
        | "rate_tables_name_key"
        | "users_name_key"
        | "roles_name_key"
        | "agents_name_key"
        | "api_tokens_name_key"
        | "registrations_name_key"
        | "webhooks_name_key" => ("name", "this name is taken"),
        "mapping_gateways_username_key" => ("user", "another gateway has this user"),
        "phones_number_key" => ("number", "another phone has this number"),
        "phones_address_key" => ("address", "another phone has this address"),
        "phones_account_fkey" => ("account", "there is no such account"),
        "accounts_rate_table_fkey" => ("rate_table", "there is no such rate table"),
        "mapping_gateways_account_fkey" | "routing_gateways_account_fkey" | "agents_account_fkey" => {
            ("account", "there is no such account")
        }
        "agents_account_key" => ("account", "another agent has this account"),
        "accounts_agent_fkey" => ("agent", "there is no such agent"),
        "accounts_agent_check" => ("agent", "only a customer has an agent"),
        "users_role_fkey" => ("role", "there is no such role"),
        "users_agent_fkey" | "users_account_fkey" | "users_home_check" => {
            ("home", "there is no such agent or account")
        }
        "rates_rate_table_fkey" => ("rate_table", "there is no such rate table"),
        "rates_prefix_key" => ("prefix", "this prefix has a rate already"),
        "mapping_gateway_sources_key" => ("sources", "another gateway has one of these sources"),
        "accounts_credit_limit_check" => ("credit_limit", "a credit limit is zero or more"),
        "accounts_precision_check" => ("precision", "a precision is 0 to 6 decimals"),
        "rates_rate_check" => ("rate", "a rate is zero or more"),
        "rates_connect_fee_check" => ("connect_fee", "a connect fee is zero or more"),
        "rates_billing_unit_check" | "rate_tables_billing_unit_check" => {
            ("billing_unit", "a billing unit is 1 to 3600 seconds")
        }
        "mapping_gateways_max_calls_check" | "routing_gateways_max_calls_check" => {
            ("max_calls", "a line limit is 1 or more")
        }
        "routing_gateways_priority_check" => ("priority", "a priority is 0 to 1000"),
        "routing_gateways_port_check" => ("address", "a port is 1 to 65535"),
        _ => return None,
    })
}
