//! Keys in the state directory.
//!
//! `seal.key` opens the secrets in the database. It is not in the database, so that who steals the database alone cannot read
//! them. Back it up beside the database: without it, second factors and the passwords of phones must be set up anew.
//! `nonce.key` signs the challenges to phones. It outlives a restart, so that phones go on with the challenge they have; without
//! it each is challenged once more.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use store::Seal;

use crate::failure::Failure;

/// What opens sealed secrets.
pub(crate) fn seal(state: &Path) -> Result<Seal, Failure> {
    open(state.join("seal.key")).map(|key| Seal::new(&key))
}

/// What signs challenges.
pub(crate) fn nonce(state: &Path) -> Result<[u8; 32], Failure> {
    open(state.join("nonce.key"))
}

/// Reads a key, or makes one when there is none.
fn open(path: PathBuf) -> Result<[u8; 32], Failure> {
    let key = read(&path).and_then(|known| match known {
        Some(key) => Ok(key),
        None => make(&path),
    });
    key.map_err(|cause| Failure::File { path, cause })
}

fn read(path: &Path) -> io::Result<Option<[u8; 32]>> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read?,
    };
    // Never made anew over one that is broken: what it sealed would be lost for good.
    let key = bytes
        .try_into()
        .map_err(|_| io::Error::other("it is not a key of 32 bytes; restore it from a backup"))?;
    Ok(Some(key))
}

/// Written aside and moved into place: a process that is killed in between leaves no half key behind.
fn make(path: &Path) -> io::Result<[u8; 32]> {
    let key = Seal::generate();
    let aside = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(&key)?;
    file.sync_all()?;
    fs::rename(aside, path)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_made_once_is_private_and_a_broken_one_is_not_replaced() {
        let state = std::env::temp_dir().join(format!("tandem-seal-{}", std::process::id()));
        fs::remove_dir_all(&state).ok();
        fs::create_dir(&state).unwrap();
        seal(&state).unwrap();
        let path = state.join("seal.key");
        let key = fs::read(&path).unwrap();
        assert_eq!(key.len(), 32);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        seal(&state).unwrap();
        assert_ne!(nonce(&state).unwrap(), key.as_slice());
        assert_eq!(fs::read(&path).unwrap(), key);
        fs::write(&path, "short").unwrap();
        let sentence = seal(&state).err().unwrap().to_string();
        assert!(sentence.contains("seal.key") && sentence.contains("backup"), "{sentence}");
        assert_eq!(fs::read(&path).unwrap(), b"short");
        fs::remove_dir_all(state).unwrap();
    }
}
