//! The private Postgres: a database cluster in the state directory that this process makes, starts, watches and stops.
//!
//! Read in this order: [`programs`] finds Postgres' binaries; [`identity`] is the user it runs as, since it refuses root;
//! [`home`] is the place of its files and of its socket; [`cluster`] makes and configures the files; [`postmaster`] starts,
//! stops and restarts the server; this file ties them together.
//!
//! It listens on no network address. Its socket lies in a directory that only its user and root may enter, which is why the
//! authentication method inside can be `trust`.

mod cluster;
mod home;
mod identity;
mod postmaster;
mod programs;

use crate::{failure::Failure, progress::Progress, state_directory::StateDirectory};

use self::{cluster::Cluster, home::Home, identity::Identity, postmaster::Supervisor, programs::Programs};

/// The only database role; it owns everything.
const ROLE: &str = "tandem";
/// The port is only a part of the socket's name: nothing listens on the network.
const PORT: u16 = 5432;

/// A running private Postgres. It is stopped by [`Private::stop`]; should the process die without that, the next start finds
/// the left-over server and stops it first.
#[derive(Debug)]
pub(crate) struct Private {
    url: String,
    supervisor: Supervisor,
}

impl Private {
    /// Makes the cluster on first use and starts its server. The caller holds the lock of the state directory.
    pub(crate) async fn start(state: &StateDirectory, progress: Progress) -> Result<Self, Failure> {
        let programs = Programs::find().await?;
        let identity = Identity::choose(state)?;
        let home = Home::prepare(state, &identity).await?;
        let cluster = Cluster { programs, identity, home };
        cluster.postmaster().stop_leftover(progress).await?;
        if cluster.is_new() {
            progress.say("making the private Postgres database");
            cluster.initialise().await?;
        }
        let socket = cluster.home.socket(&cluster.identity)?;
        cluster.configure(&socket)?;
        progress.say(format_args!("starting the private Postgres in {}", cluster.home.path().display()));
        let supervisor = Supervisor::start(cluster.postmaster(), progress).await?;
        Ok(Self { url: url(&socket), supervisor })
    }

    /// How to connect.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Ends the server, all data safe on disk.
    pub(crate) async fn stop(self) {
        self.supervisor.stop().await;
    }
}

/// How to connect to the private Postgres of another process that runs in `state`; `None` when it has none.
pub(crate) fn url_of_running(state: &StateDirectory) -> Option<String> {
    home::existing_socket(state).map(|socket| url(&socket))
}

fn url(socket: &std::path::Path) -> String {
    // Everything is spelled out because sqlx would otherwise take it from PG… variables of the environment.
    format!(
        "postgres://{ROLE}@localhost:{PORT}/postgres?sslmode=disable&host={}",
        percent_encoded(socket.as_os_str().as_encoded_bytes())
    )
}

fn percent_encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_path_survives_the_url() {
        assert_eq!(percent_encoded("/tmp/a b&c=%é".as_bytes()), "/tmp/a%20b%26c%3D%25%C3%A9");
    }
}
