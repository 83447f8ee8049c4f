//! Which database a command works with: one of the user's own, the private one of a running process, or the private one started
//! for as long as the command takes.

use store::Pool;

use crate::{
    failure::Failure,
    options::Place,
    postgres::{self, Private},
    progress::Progress,
    state_directory::{StateDirectory, StateLock},
};

/// What a command does where no process has ever worked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum New {
    /// It begins there.
    Made,
    /// It has nothing to say about an empty place.
    Refused,
}

/// A database in reach, with what has to be ended after use.
#[derive(Debug)]
pub(crate) struct Database {
    pool: Pool,
    private: Option<Private>,
    // Held until the private Postgres has ended, hence below it.
    _lock: Option<StateLock>,
}

impl Database {
    /// For the running switch, which has the lock already: the user's own, or the private one.
    pub(crate) async fn for_switch(
        url: Option<&str>,
        state: &StateDirectory,
        progress: Progress,
    ) -> Result<Self, Failure> {
        match url {
            Some(url) => {
                progress.say("connecting to your Postgres");
                Ok(Self { pool: store::connect(url, connections()).await?, private: None, _lock: None })
            }
            None => Self::start(state, connections(), None, progress).await,
        }
    }

    /// For a command of a few moments.
    pub(crate) async fn for_command(place: &Place, new: New, progress: Progress) -> Result<Self, Failure> {
        if let Some(url) = &place.database_url {
            return Ok(Self { pool: store::connect(url, 2).await?, private: None, _lock: None });
        }
        let state = match new {
            New::Made => StateDirectory::open(&place.state)?,
            New::Refused => StateDirectory::existing(&place.state)?,
        };
        if let Some(lock) = state.lock()? {
            return Self::start(&state, 2, Some(lock), progress).await;
        }
        let url = postgres::url_of_running(&state)
            .ok_or_else(|| Failure::OtherDatabase { path: state.path().to_owned() })?;
        Ok(Self { pool: store::connect(&url, 2).await?, private: None, _lock: None })
    }

    async fn start(
        state: &StateDirectory,
        connections: u32,
        lock: Option<StateLock>,
        progress: Progress,
    ) -> Result<Self, Failure> {
        let private = Private::start(state, progress).await?;
        match store::connect(private.url(), connections).await {
            Ok(pool) => Ok(Self { pool, private: Some(private), _lock: lock }),
            Err(error) => {
                private.stop().await;
                Err(error.into())
            }
        }
    }

    /// The connections.
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Ends the connections and, when we started it, the private Postgres.
    pub(crate) async fn close(self) {
        self.pool.close().await;
        if let Some(private) = self.private {
            private.stop().await;
        }
    }
}

/// The portal, the spool's writer and the watch for changes share these; each request holds one for milliseconds.
fn connections() -> u32 {
    let cores = std::thread::available_parallelism().map_or(2, |cores| cores.get());
    u32::try_from(cores * 4).unwrap_or(u32::MAX).clamp(8, 40)
}
