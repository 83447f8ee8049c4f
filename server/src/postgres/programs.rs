//! Where Postgres' programs are: Debian keeps them off the PATH.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use tokio::process::Command;

use crate::failure::Failure;

/// The oldest version that the schema works with.
const OLDEST: u32 = 15;

/// A directory with `initdb` and `postgres`.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    directory: PathBuf,
}

impl Programs {
    /// Looks at `$PG_BIN`, then in Debian's places, newest first, then asks `pg_config`, then the PATH.
    pub(super) async fn find() -> Result<Self, Failure> {
        if let Some(directory) = env::var_os("PG_BIN") {
            return Self::at(PathBuf::from(directory)).await.ok_or(Failure::NoPostgres);
        }
        let mut places = installed(Path::new("/usr/lib/postgresql"));
        places.extend(asked().await);
        places.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
        for place in places {
            if let Some(programs) = Self::at(place).await {
                return Ok(programs);
            }
        }
        Err(Failure::NoPostgres)
    }

    async fn at(directory: PathBuf) -> Option<Self> {
        let programs = Self { directory };
        let complete = programs.initdb().is_file() && programs.postgres().is_file();
        (complete && programs.version().await? >= OLDEST).then_some(programs)
    }

    /// The program that makes a cluster.
    pub(super) fn initdb(&self) -> PathBuf {
        self.directory.join("initdb")
    }

    /// The server.
    pub(super) fn postgres(&self) -> PathBuf {
        self.directory.join("postgres")
    }

    async fn version(&self) -> Option<u32> {
        let output = Command::new(self.postgres()).arg("--version").output().await.ok()?;
        major_version(&String::from_utf8_lossy(&output.stdout))
    }
}

fn installed(root: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_unstable_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, path)| path).collect()
}

async fn asked() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().await.ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(text.trim())).filter(|path| path.is_absolute())
}

fn major_version(text: &str) -> Option<u32> {
    let version = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_the_program_says() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_version("command not found"), None);
    }
}
