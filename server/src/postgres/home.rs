//! The directory of the private Postgres, and that of its socket.
//!
//! Normally both lie in the state directory. Two things can forbid it: the user whom root lends Postgres may be unable to
//! enter (a checkout below /root), and the path of a Unix socket may have at most 107 bytes. Then a link in the state directory
//! points to a place that works, so that the state directory still decides: when it is deleted, the place is an orphan, which
//! the next start removes.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use crate::{failure::Failure, state_directory::StateDirectory};

use super::{cluster, identity::Identity, postmaster::Postmaster};

/// The database's name in the state directory: a directory or a link to one.
pub(super) const LINK: &str = "postgres";
/// Databases of state directories that Postgres' user cannot enter.
const ELSEWHERE: &str = "/var/lib/tandem";
/// In such a database: the state directory that it belongs to.
const OWNER: &str = "state-directory";
/// Linux: `sun_path` has 108 bytes, the last one zero.
const LONGEST_SOCKET_PATH: usize = 107;
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// The private Postgres' own directory.
#[derive(Clone, Debug)]
pub(super) struct Home {
    path: PathBuf,
}

impl Home {
    /// Finds the directory of this state, or makes one.
    pub(super) async fn prepare(state: &StateDirectory, identity: &Identity) -> Result<Self, Failure> {
        let link = state.path().join(LINK);
        let path = match link.canonicalize() {
            Ok(path) => path,
            Err(_) if link.is_symlink() => return Err(Failure::DatabaseGone { link }),
            Err(_) if identity.can_enter(state.path()).await => {
                closed_directory(&link, identity)
                    .map_err(Failure::system("make the database's directory"))?;
                link
            }
            Err(_) => elsewhere(&link, identity).await?,
        };
        if !identity.can_enter(&path).await {
            return Err(Failure::DatabaseOutOfReach { path, uid: identity.uid });
        }
        Ok(Self { path })
    }

    /// The directory.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The cluster's files.
    pub(super) fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    /// What the server says.
    pub(super) fn log(&self) -> PathBuf {
        self.path.join("log")
    }

    /// The directory of the socket, made when it is missing.
    pub(super) fn socket(&self, identity: &Identity) -> Result<PathBuf, Failure> {
        let failure = || Failure::system("make the directory of the database's socket");
        let usual = self.path.join("socket");
        if let Ok(existing) = usual.canonicalize()
            && is_ours(&existing, identity)
        {
            return Ok(existing);
        }
        if usual.is_symlink() {
            fs::remove_file(&usual).map_err(failure())?;
        }
        if usual.join(SOCKET_NAME).as_os_str().len() <= LONGEST_SOCKET_PATH {
            closed_directory(&usual, identity).map_err(failure())?;
            return Ok(usual);
        }
        let short = PathBuf::from(format!("/tmp/tandem-{:016x}", rand::random::<u64>()));
        closed_directory(&short, identity).map_err(failure())?;
        symlink(&short, &usual).map_err(failure())?;
        Ok(short)
    }
}

/// The directory of the socket, when there is one.
pub(super) fn existing_socket(state: &StateDirectory) -> Option<PathBuf> {
    let socket = state.path().join(LINK).join("socket").canonicalize().ok()?;
    socket.join(SOCKET_NAME).exists().then_some(socket)
}

/// A directory in /tmp could have been put there by anybody: it must be Postgres' own and closed to others.
fn is_ours(directory: &Path, identity: &Identity) -> bool {
    fs::symlink_metadata(directory).is_ok_and(|metadata| {
        metadata.is_dir() && metadata.uid() == identity.uid && metadata.permissions().mode() & 0o077 == 0
    })
}

fn closed_directory(path: &Path, identity: &Identity) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)?;
    identity.give(path)
}

async fn elsewhere(link: &Path, identity: &Identity) -> Result<PathBuf, Failure> {
    let failure = || Failure::system("make the database's directory in /var/lib/tandem");
    let root = Path::new(ELSEWHERE);
    DirBuilder::new().recursive(true).mode(0o711).create(root).map_err(failure())?;
    remove_orphans(root).await;
    let path = root.join(format!("{:016x}", rand::random::<u64>()));
    closed_directory(&path, identity).map_err(failure())?;
    fs::write(path.join(OWNER), link.as_os_str().as_encoded_bytes()).map_err(failure())?;
    symlink(&path, link).map_err(failure())?;
    Ok(path)
}

/// Deletes databases whose state directory has been deleted or has another database by now.
async fn remove_orphans(root: &Path) {
    for path in fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let Ok(owner) = fs::read_to_string(path.join(OWNER)) else { continue };
        if fs::read_link(&owner).is_ok_and(|target| target == path) {
            continue;
        }
        let postmaster = Postmaster::in_directory(&path.join(cluster::DATA));
        if postmaster.stop().await.is_ok() {
            fs::remove_dir_all(&path).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ourselves() -> Identity {
        Identity {
            uid: rustix::process::geteuid().as_raw(),
            gid: rustix::process::getegid().as_raw(),
            lent: false,
        }
    }

    fn home(depth: usize) -> Home {
        let root = std::env::temp_dir().join(format!("tandem-home-{depth}-{}", std::process::id()));
        fs::remove_dir_all(&root).ok();
        let path = (0..depth).fold(root, |path, _| path.join("a-rather-long-name"));
        fs::create_dir_all(&path).unwrap();
        Home { path }
    }

    #[test]
    fn the_socket_lies_beside_the_data() {
        let home = home(0);
        let socket = home.socket(&ourselves()).unwrap();
        assert_eq!(socket, home.path().canonicalize().unwrap().join("socket"));
        assert_eq!(home.socket(&ourselves()).unwrap(), socket, "the second time it is found");
        fs::remove_dir_all(home.path).unwrap();
    }

    #[test]
    fn a_path_too_long_for_a_socket_gets_a_short_one_that_is_remembered() {
        let home = home(8);
        let socket = home.socket(&ourselves()).unwrap();
        assert!(socket.join(SOCKET_NAME).as_os_str().len() <= LONGEST_SOCKET_PATH);
        assert_eq!(home.socket(&ourselves()).unwrap(), socket);
        fs::remove_dir(&socket).unwrap();
        let again = home.socket(&ourselves()).unwrap();
        assert_ne!(again, socket, "a cleaned /tmp is no obstacle");
        fs::remove_dir(again).unwrap();
    }

    #[test]
    fn an_open_directory_in_the_place_of_the_socket_is_not_trusted() {
        let home = home(9);
        let socket = home.socket(&ourselves()).unwrap();
        fs::set_permissions(&socket, fs::Permissions::from_mode(0o777)).unwrap();
        let other = home.socket(&ourselves()).unwrap();
        assert_ne!(other, socket);
        fs::remove_dir(socket).unwrap();
        fs::remove_dir(other).unwrap();
    }
}
