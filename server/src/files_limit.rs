//! Each call holds four sockets: the soft limit of 1024 open files that shells give would end at 250 calls.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises the limit of open files to what the system allows.
pub(crate) fn raise() {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return;
    }
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the limit of open files stays low: few calls will fit");
    }
}
