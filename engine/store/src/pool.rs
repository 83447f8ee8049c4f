//! The way to Postgres.

use std::{str::FromStr, time::Duration};

use sqlx::{
    Connection, PgConnection,
    migrate::{Migrate, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::StoreError;

/// Connections to the database, shared by all who use the store.
pub type Pool = sqlx::PgPool;

/// Oldest Postgres that has all we use, as `server_version_num`.
const OLDEST: i32 = 150_000;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Opens at most `connections` connections to the database at `url`, after one that tells what is wrong.
///
/// # Errors
/// [`StoreError::Unavailable`] with one sentence: unreadable URL, unreachable, wrong password, no such database, too old.
pub async fn connect(url: &str, connections: u32) -> Result<Pool, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| StoreError::Unavailable(format!("the database URL cannot be read: {error}")))?
        .application_name("tandem")
        // Lists have conditions that are there or not: a plan that serves them all reads everything.
        .options([("plan_cache_mode", "force_custom_plan")]);
    probe(&options).await?;
    let pool = PgPoolOptions::new()
        .max_connections(connections.max(1))
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await?;
    Ok(pool)
}

/// A single connection, because a pool would go on trying until its own time-out and then only say that.
async fn probe(options: &PgConnectOptions) -> Result<(), StoreError> {
    let place = place(options);
    let attempt = tokio::time::timeout(Duration::from_secs(10), PgConnection::connect_with(options)).await;
    let mut conn = match attempt {
        Err(_) => return unavailable(format!("Postgres at {place} did not answer within 10 seconds")),
        Ok(Err(error)) => return unavailable(refused(&error, options, &place)),
        Ok(Ok(conn)) => conn,
    };
    let version = sqlx::query_scalar!(r#"select current_setting('server_version_num')::int as "version!""#)
        .fetch_one(&mut conn)
        .await?;
    if let Some(sentence) = too_old(version, &place) {
        return unavailable(sentence);
    }
    // The server forgets the connection anyhow; not having said good-bye is no reason to fail.
    let _ = conn.close().await;
    Ok(())
}

fn too_old(version: i32, place: &str) -> Option<String> {
    (version < OLDEST)
        .then(|| format!("Postgres at {place} is version {}; 15 or newer is needed", version / 10_000))
}

fn unavailable(sentence: String) -> Result<(), StoreError> {
    Err(StoreError::Unavailable(sentence))
}

fn refused(error: &sqlx::Error, options: &PgConnectOptions, place: &str) -> String {
    let user = options.get_username();
    let database = options.get_database().unwrap_or(user);
    let sqlx::Error::Database(refusal) = error else {
        return format!("Postgres at {place} cannot be reached: {error}");
    };
    match refusal.code().as_deref() {
        Some("28P01") => format!("Postgres at {place} refuses the password of user \"{user}\""),
        Some("28000") => {
            format!("Postgres at {place} does not let user \"{user}\" in: {}", refusal.message())
        }
        Some("3D000") => format!("there is no database \"{database}\" in the Postgres at {place}"),
        Some("53300") => format!("Postgres at {place} has no connection free: {}", refusal.message()),
        Some("57P03") => format!("Postgres at {place} is starting or stopping: {}", refusal.message()),
        _ => format!("Postgres at {place} refuses the connection: {}", refusal.message()),
    }
}

fn place(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(socket) => format!("{}:{}", socket.display(), options.get_port()),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}

/// What a migration did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MigrationReport {
    /// Descriptions of the steps that were missing and have been applied, in order.
    pub applied: Vec<String>,
}

/// Brings the database's structure up to that of this build.
///
/// # Errors
/// [`StoreError::Migration`] when the database has been migrated by a newer or another build, or a step fails.
pub async fn migrate(pool: &Pool) -> Result<MigrationReport, StoreError> {
    let mut conn = pool.acquire().await?;
    conn.ensure_migrations_table("_sqlx_migrations").await.map_err(StoreError::Migration)?;
    let known = conn.list_applied_migrations("_sqlx_migrations").await.map_err(StoreError::Migration)?;
    MIGRATIONS.run(&mut *conn).await.map_err(StoreError::Migration)?;
    let applied = MIGRATIONS
        .iter()
        .filter(|step| known.iter().all(|done| done.version != step.version))
        .map(|step| step.description.to_string())
        .collect();
    Ok(MigrationReport { applied })
}

/// The checksums of all steps, in order.
#[cfg(feature = "testing")]
pub(crate) fn checksums() -> impl Iterator<Item = &'static [u8]> {
    MIGRATIONS.iter().map(|step| step.checksum.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postgres_older_than_15_is_refused_with_its_version() {
        assert_eq!(
            too_old(140_011, "here").as_deref(),
            Some("Postgres at here is version 14; 15 or newer is needed")
        );
        assert_eq!(too_old(150_000, "here"), None);
    }
}
