//! Why the process cannot go on, each as one sentence that says what to do.

use std::{io, net::SocketAddr, path::PathBuf};

/// A failure that ends the process with exit code 1. Its `Display` is the only thing a person sees.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The state directory cannot be made or entered.
    #[error("cannot use {path} as the state directory: {cause}; choose another with --state")]
    StateDirectory { path: PathBuf, cause: io::Error },
    /// A second process wants the same state.
    #[error(
        "another tandem (process {holder}) already runs in {path}; stop it or choose another directory with --state"
    )]
    StateInUse { path: PathBuf, holder: String },
    /// The lock is held by a process whose database we do not know.
    #[error("the tandem that runs in {path} uses a Postgres of your own: give the same --database-url here")]
    OtherDatabase { path: PathBuf },
    /// No Postgres binaries.
    #[error(
        "no Postgres 15 or newer was found: install it (Debian: apt-get install postgresql), set PG_BIN to the directory of its \
         programs, or give --database-url"
    )]
    NoPostgres,
    /// The private Postgres refuses.
    #[error("the private Postgres {step}: {cause} (details in {log})")]
    Postgres { step: &'static str, cause: String, log: PathBuf },
    /// The unprivileged user cannot be found or used.
    #[error(
        "Postgres must not run as root and there is neither a user `postgres` nor `nobody`: install Postgres' package or give --database-url"
    )]
    NoUnprivilegedUser,
    /// Somebody else's database directory.
    #[error(
        "{path} belongs to user number {owner}, not to you: run tandem as that user, or choose another directory with --state"
    )]
    ForeignDatabase { path: PathBuf, owner: u32 },
    /// A parent directory is closed to the user that Postgres runs as.
    #[error(
        "the Postgres in {path} runs as user number {uid}, who may not enter that directory: open its parents (chmod o+x) or choose another directory with --state"
    )]
    DatabaseOutOfReach { path: PathBuf, uid: u32 },
    /// The recorded place of the database is empty.
    #[error("the database that {link} points to is gone; delete the state directory for a clean start")]
    DatabaseGone { link: PathBuf },
    /// Anything the database says.
    #[error("{0}")]
    Store(String),
    /// A listening address is not to be had.
    #[error("cannot listen on {address} for the portal: {cause}; choose another address with --http")]
    Http { address: SocketAddr, cause: io::Error },
    /// The switch does not start.
    #[error("{0}")]
    Switch(String),
    /// A file named on the command line.
    #[error("cannot read {path}: {cause}")]
    File { path: PathBuf, cause: io::Error },
    /// The document of `apply` is wrong; every complaint on a line of its own.
    #[error("{0}")]
    Document(String),
    /// What was asked for is not there.
    #[error("{0}")]
    NotFound(String),
    /// A wrong value on the command line or at the prompt.
    #[error("{0}")]
    Refused(String),
    /// The ledger does not add up.
    #[error("the ledger does not add up: {0}")]
    Ledger(String),
    /// Somebody has altered the audit log.
    #[error("the audit log has been altered: line {line} of {lines} is not as it was written, or is missing")]
    Audit { line: i64, lines: u64 },
    /// The operating system refuses something that never fails.
    #[error("cannot {what}: {cause}")]
    System { what: &'static str, cause: io::Error },
}

impl Failure {
    /// Wraps an I/O error with what was being done, as in "cannot …".
    pub(crate) fn system(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |cause| Self::System { what, cause }
    }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        Self::Store(error.to_string())
    }
}
