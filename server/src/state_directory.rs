//! The one directory in which everything that is kept lives, and the lock that keeps a second process out.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    net::SocketAddr,
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use domain::ListenerView;

use crate::failure::Failure;

/// The file whose lock says that a process works here. It also marks the directory as ours: only such a directory is ever
/// deleted by `make clean-state`.
const LOCK: &str = "tandem.lock";
/// Where the running process says how it is reached.
pub(crate) const RUNNING: &str = "running";

/// An existing state directory.
#[derive(Clone, Debug)]
pub(crate) struct StateDirectory {
    path: PathBuf,
}

/// The right to be the only process in a state directory; the operating system takes it back when the process ends, however
/// that happens.
#[derive(Debug)]
pub(crate) struct StateLock {
    file: File,
    running: PathBuf,
}

impl StateDirectory {
    /// Makes the directory when it is missing and finds its absolute path.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let failure = |cause| Failure::StateDirectory { path: path.to_owned(), cause };
        // Call records are private. As root, though, Postgres runs as somebody else and has to pass through.
        let mode = if rustix::process::geteuid().is_root() { 0o711 } else { 0o700 };
        DirBuilder::new().recursive(true).mode(mode).create(path).map_err(failure)?;
        let path = path.canonicalize().map_err(failure)?;
        if !path.join(LOCK).exists() && fs::read_dir(&path).map_err(failure)?.next().is_some() {
            let cause = io::Error::other("it holds other files and is no state directory of tandem");
            return Err(Failure::StateDirectory { path, cause });
        }
        Ok(Self { path })
    }

    /// Finds a directory in which a process has worked before.
    pub(crate) fn existing(path: &Path) -> Result<Self, Failure> {
        if !path.join(LOCK).is_file() {
            return Err(Failure::NotFound(format!(
                "{} is no state directory of tandem: give the right one with --state, or start tandem first",
                path.display()
            )));
        }
        Self::open(path)
    }

    /// Its absolute path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The user who made it.
    pub(crate) fn owner(&self) -> io::Result<u32> {
        fs::metadata(&self.path).map(|metadata| metadata.uid())
    }

    /// Where calls are written before they reach the database: nobody else's to read.
    pub(crate) fn spool(&self) -> Result<PathBuf, Failure> {
        let path = self.path.join("spool");
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .map_err(|cause| Failure::StateDirectory { path: path.clone(), cause })?;
        Ok(path)
    }

    /// Takes the directory for this process; `None` when another process has it.
    pub(crate) fn lock(&self) -> Result<Option<StateLock>, Failure> {
        let failure = |cause| Failure::StateDirectory { path: self.path.clone(), cause };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.path.join(LOCK))
            .map_err(failure)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(cause)) => return Err(failure(cause)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(failure)?;
        Ok(Some(StateLock { file, running: self.path.join(RUNNING) }))
    }

    /// The process that holds the lock, for messages.
    pub(crate) fn holder(&self) -> String {
        let mut text = String::new();
        File::open(self.path.join(LOCK)).and_then(|file| file.take(20).read_to_string(&mut text)).ok();
        match text.trim() {
            "" => "of unknown number".to_owned(),
            number => number.to_owned(),
        }
    }
}

impl StateLock {
    /// The directory that it is the lock of.
    pub(crate) fn directory(&self) -> &Path {
        self.running.parent().expect("the file stands in the directory")
    }

    /// Writes down how this process is reached, in lines that a shell reads too.
    pub(crate) fn announce(
        &self,
        http: SocketAddr,
        sip: SocketAddr,
        listeners: &[ListenerView],
    ) -> Result<(), Failure> {
        let mut text = format!("pid={}\nhttp={http}\nsip={sip}\n", std::process::id());
        for listener in listeners {
            text += &format!("{}={}\n", listener.transport.to_ascii_lowercase(), listener.bound);
        }
        let temporary = self.running.with_extension("new");
        fs::write(&temporary, text)
            .and_then(|()| fs::rename(&temporary, &self.running))
            .map_err(Failure::system("write down the addresses of the process"))
    }
}

impl Drop for StateLock {
    fn drop(&mut self) {
        fs::remove_file(&self.running).ok();
        self.file.unlock().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("tandem-state-{name}-{}", std::process::id()));
        fs::remove_dir_all(&path).ok();
        path
    }

    #[test]
    fn a_second_process_is_kept_out_until_the_first_has_gone() {
        let path = fresh("lock");
        let state = StateDirectory::open(&path).unwrap();
        let lock = state.lock().unwrap().unwrap();
        assert!(state.lock().unwrap().is_none());
        assert_eq!(state.holder(), std::process::id().to_string());
        drop(lock);
        assert!(state.lock().unwrap().is_some());
        fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn a_directory_with_other_files_is_refused() {
        let path = fresh("foreign");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("thesis.txt"), "years of work").unwrap();
        let sentence = StateDirectory::open(&path).unwrap_err().to_string();
        assert!(sentence.contains("holds other files"), "{sentence}");
        fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn a_file_in_the_way_is_one_clear_sentence() {
        let path = fresh("file");
        fs::write(&path, "").unwrap();
        let sentence = StateDirectory::open(&path).unwrap_err().to_string();
        assert!(sentence.contains("choose another with --state"), "{sentence}");
        fs::remove_file(path).unwrap();
    }
}
