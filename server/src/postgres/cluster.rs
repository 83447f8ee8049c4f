//! The files of the cluster: made once, configured at each start.

use std::{fs, path::Path, process::Stdio};

use crate::failure::Failure;

use super::{ROLE, home::Home, identity::Identity, postmaster::Postmaster, programs::Programs};

/// The cluster's directory below its home.
pub(super) const DATA: &str = "data";
/// Our settings, included by postgresql.conf.
const SETTINGS: &str = "tandem.conf";

/// A cluster, made or about to be.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    /// Its programs.
    pub(super) programs: Programs,
    /// Its user.
    pub(super) identity: Identity,
    /// Its place.
    pub(super) home: Home,
}

impl Cluster {
    /// True when it has still to be made.
    pub(super) fn is_new(&self) -> bool {
        !self.home.data().exists()
    }

    /// Its server.
    pub(super) fn postmaster(&self) -> Postmaster {
        Postmaster::of(self)
    }

    /// Makes the files. They get their name only when they are complete: an interrupted start is simply begun again.
    pub(super) async fn initialise(&self) -> Result<(), Failure> {
        let incomplete = self.home.path().join("data.incomplete");
        let mut complaint = String::new();
        // C.UTF-8 folds the case of all letters; where a system lacks it, C sorts the same.
        for locale in ["C.UTF-8", "C"] {
            fs::remove_dir_all(&incomplete).ok();
            let output = self
                .identity
                .command(self.programs.initdb())
                .arg("--pgdata")
                .arg(&incomplete)
                .args(["--username", ROLE, "--auth", "trust", "--encoding", "UTF8", "--locale", locale])
                .arg("--no-instructions")
                .stdin(Stdio::null())
                .output()
                .await
                .map_err(Failure::system("run initdb"))?;
            if output.status.success() {
                self.include_settings(&incomplete)?;
                return fs::rename(&incomplete, self.home.data())
                    .map_err(Failure::system("name the database's directory"));
            }
            complaint = last_line(&String::from_utf8_lossy(&output.stderr));
        }
        Err(Failure::Postgres { step: "cannot be made", cause: complaint, log: self.home.log() })
    }

    fn include_settings(&self, data: &Path) -> Result<(), Failure> {
        let path = data.join("postgresql.conf");
        let mut text = fs::read_to_string(&path).map_err(Failure::system("read postgresql.conf"))?;
        text.push_str(&format!("\ninclude_if_exists = '{SETTINGS}'\n"));
        fs::write(&path, text).map_err(Failure::system("write postgresql.conf"))
    }

    /// Writes the settings of this start; postgresql.conf itself stays with the operator.
    pub(super) fn configure(&self, socket: &Path) -> Result<(), Failure> {
        let path = self.home.data().join(SETTINGS);
        fs::write(&path, settings(&socket.to_string_lossy()))
            .and_then(|()| self.identity.give(&path))
            .map_err(Failure::system("write the settings of the private Postgres"))
    }
}

fn settings(socket: &str) -> String {
    // The value is a list: each directory in double quotes, and the whole in single ones.
    let socket = format!("\"{}\"", socket.replace('"', "\"\"")).replace('\'', "''");
    format!(
        "# Written at each start of tandem.\n\
         listen_addresses = ''\n\
         port = {}\n\
         unix_socket_directories = '{socket}'\n\
         logging_collector = off\n\
         log_min_messages = warning\n\
         log_checkpoints = off\n\
         jit = off\n",
        super::PORT
    )
}

/// The last line with something on it: where Postgres' programs say why.
pub(super) fn last_line(text: &str) -> String {
    text.lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("no reason was given")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_paths_are_quoted_for_the_settings() {
        let text = settings("/tmp/o'b, \"c\"");
        assert!(text.contains(r#"unix_socket_directories = '"/tmp/o''b, ""c"""'"#), "{text}");
    }

    #[test]
    fn the_reason_is_the_last_thing_said() {
        assert_eq!(last_line("a\nFATAL: b \n\n"), "FATAL: b");
        assert_eq!(last_line(""), "no reason was given");
    }
}
