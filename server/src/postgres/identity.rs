//! The user whom Postgres runs as. It refuses root, so root lends it another.

use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    path::Path,
};

use rustix::process::{getegid, geteuid};
use tokio::process::Command;

use crate::{failure::Failure, state_directory::StateDirectory};

/// A user and group number, and whether they are lent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity {
    /// The user.
    pub(super) uid: u32,
    /// The group.
    pub(super) gid: u32,
    /// True when this process is root and Postgres is not.
    pub(super) lent: bool,
}

impl Identity {
    /// Ourselves, or, when we are root, whoever owns the existing database, else `postgres`, else `nobody`.
    pub(super) fn choose(state: &StateDirectory) -> Result<Self, Failure> {
        let existing = fs::metadata(state.path().join(super::home::LINK)).ok();
        let (uid, gid) = (geteuid().as_raw(), getegid().as_raw());
        if uid != 0 {
            return match existing {
                Some(metadata) if metadata.uid() != uid => Err(Failure::ForeignDatabase {
                    path: state.path().to_owned(),
                    owner: state.owner().unwrap_or(metadata.uid()),
                }),
                _ => Ok(Self { uid, gid, lent: false }),
            };
        }
        if let Some(metadata) = existing.filter(|metadata| metadata.uid() != 0) {
            return Ok(Self { uid: metadata.uid(), gid: metadata.gid(), lent: true });
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| lookup(&users, name))
            .map(|(uid, gid)| Self { uid, gid, lent: true })
            .ok_or(Failure::NoUnprivilegedUser)
    }

    /// A command that will run as this user, away from directories that it may not enter, and out of reach of the Ctrl-C that
    /// is meant for us: the switch must write its last calls before the database ends.
    pub(super) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command
            .current_dir("/")
            .process_group(0)
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| !name.as_encoded_bytes().starts_with(b"PG")));
        if self.lent {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Gives a file or directory to this user.
    pub(super) fn give(&self, path: &Path) -> std::io::Result<()> {
        if self.lent { chown(path, Some(self.uid), Some(self.gid)) } else { Ok(()) }
    }

    /// True when this user can enter the directory, whatever mechanism decides that.
    pub(super) async fn can_enter(&self, directory: &Path) -> bool {
        if !self.lent {
            return true;
        }
        // `test` runs as that user and so meets the same refusals as Postgres would.
        let status = self.command("/usr/bin/test").arg("-x").arg(directory).status().await;
        status.is_ok_and(|status| status.success())
    }
}

fn lookup(users: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = users
        .lines()
        .map(|line| line.split(':'))
        .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
    let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
    (uid != 0).then_some((uid, gid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_their_whole_name() {
        let users = "root:x:0:0:root:/root:/bin/bash\npostgres2:x:9:9::/:/bin/sh\npostgres:x:101:104:,,,:/var:/bin/bash\n";
        assert_eq!(lookup(users, "postgres"), Some((101, 104)));
        assert_eq!(lookup(users, "nobody"), None);
        assert_eq!(lookup(users, "root"), None, "root is never lent");
    }
}
