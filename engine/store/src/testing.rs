//! A fresh, migrated database for each test, on the Postgres of `DATABASE_URL` or on a private one that ends with the test
//! process.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Mutex, OnceLock},
    time::{SystemTime, UNIX_EPOCH},
};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};

use crate::Pool;

/// A database of one test.
#[derive(Clone, Debug)]
pub struct TestDatabase {
    /// Connections to it, ten at most.
    pub pool: Pool,
    /// Where it is, for a process that the test starts.
    pub url: String,
}

/// Makes a database with all migrations and nothing else. Takes tens of milliseconds once the first one has been made.
///
/// # Panics
/// When there is no Postgres, with what is missing: a test cannot go on without.
pub async fn database() -> TestDatabase {
    let server = tokio::task::spawn_blocking(server).await.expect("the server starts or panics");
    let name = format!("tandem_test_{}_{:016x}", seconds_now(), rand::random::<u64>());
    copy_template(&server, &name).await;
    let url = server.database(&name);
    let pool = crate::connect(&url, 10).await.expect("the database has just been made");
    TestDatabase { pool, url }
}

#[derive(Clone)]
struct Server {
    admin: PgConnectOptions,
}

impl Server {
    fn database(&self, name: &str) -> String {
        self.admin.clone().database(name).to_url_lossy().to_string()
    }
}

/// The server of this process. Its standard input is kept open: when the process ends, however it ends, the server sees the
/// end of it and cleans itself away.
fn server() -> Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    static RUNNING: Mutex<Option<Child>> = Mutex::new(None);
    SERVER
        .get_or_init(|| {
            if let Ok(url) = std::env::var("DATABASE_URL") {
                return Server { admin: url.parse().expect("DATABASE_URL is a Postgres URL") };
            }
            let mut child = Command::new("sh")
                .args(["-c", include_str!("testing.sh")])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("there is a shell");
            let mut line = String::new();
            let output = child.stdout.take().expect("it was asked to be piped");
            BufReader::new(output).read_line(&mut line).expect("the script writes text");
            *RUNNING.lock().expect("only this closure locks it") = Some(child);
            let Some(directory) = line.trim().strip_prefix("ready ") else {
                panic!("no Postgres for tests: {}", line.trim());
            };
            let admin = PgConnectOptions::new_without_pgpass()
                .socket(directory)
                .username("postgres")
                .database("postgres");
            Server { admin }
        })
        .clone()
}

/// Copies a template that the first comer migrates. The lock is held over the copy too: Postgres refuses to copy a database that
/// somebody is connected to.
async fn copy_template(server: &Server, name: &str) {
    let template = format!("tandem_template_{:016x}", migrations_fingerprint());
    let mut admin = connect(&server.admin).await;
    run(&mut admin, "select pg_advisory_lock(hashtext('tandem tests'))".to_owned()).await;
    let ready: Option<bool> = sqlx::query_scalar("select datistemplate from pg_database where datname = $1")
        .bind(&template)
        .fetch_optional(&mut admin)
        .await
        .expect("the catalogue can be read");
    if ready != Some(true) {
        remove_old(&mut admin).await;
        run(&mut admin, format!("drop database if exists {template}")).await;
        run(&mut admin, format!("create database {template}")).await;
        let pool = crate::connect(&server.database(&template), 1).await.expect("it has just been made");
        crate::migrate(&pool).await.expect("the migrations are right");
        pool.close().await;
        run(&mut admin, format!("alter database {template} is_template true")).await;
    }
    run(&mut admin, format!("create database {name} template {template} strategy file_copy")).await;
    // The lock goes with the connection.
    admin.close().await.expect("the connection was good a moment ago");
}

/// On a server that outlives its tests, databases of an hour ago belong to nobody.
async fn remove_old(admin: &mut PgConnection) {
    let names: Vec<String> =
        sqlx::query_scalar("select datname from pg_database where datname like 'tandem\\_test\\_%'")
            .fetch_all(&mut *admin)
            .await
            .expect("the catalogue can be read");
    for name in names {
        let made: Option<u64> = name.split('_').nth(2).and_then(|seconds| seconds.parse().ok());
        if made.is_some_and(|made| made + 3600 < seconds_now()) {
            run(admin, format!("drop database if exists {name} with (force)")).await;
        }
    }
}

async fn connect(options: &PgConnectOptions) -> PgConnection {
    options.connect().await.expect("the test server takes connections")
}

async fn run(admin: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(admin).await.expect("a statement of the harness");
}

/// FNV-1a over the checksums: a changed migration takes another template.
fn migrations_fingerprint() -> u64 {
    crate::pool::checksums()
        .flat_map(|checksum| checksum.iter().copied())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn seconds_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
