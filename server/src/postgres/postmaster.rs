//! The server process: started as our child, watched while we run, stopped when we end.
//!
//! When this process is killed, the server lives on without it. The next start recognises such a left-over by the data directory
//! on its command line and stops it before it starts its own, so that there is only one case to watch.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom},
    os::unix::{ffi::OsStrExt, fs::OpenOptionsExt},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::Child,
    sync::oneshot,
    task::JoinHandle,
    time::{Instant, sleep},
};

use crate::{failure::Failure, progress::Progress};

use super::cluster::{Cluster, last_line};

/// How often the server's state is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// Recovery after a crash reads everything written since the last checkpoint, on a slow disk for minutes.
const START_LIMIT: Duration = Duration::from_secs(600);
/// How long a server may take to end by itself, before it is told to drop everything (which recovery then repairs).
const STOP_LIMIT: Duration = Duration::from_secs(60);
/// A log larger than this is set aside at the next start; the one before it is dropped.
const LOG_LIMIT: u64 = 10 * 1024 * 1024;

/// A server that can be started, or one found running.
#[derive(Clone, Debug)]
pub(super) struct Postmaster {
    data: PathBuf,
    log: PathBuf,
    cluster: Option<Cluster>,
}

impl Postmaster {
    /// The server of a cluster.
    pub(super) fn of(cluster: &Cluster) -> Self {
        Self { data: cluster.home.data(), log: cluster.home.log(), cluster: Some(cluster.clone()) }
    }

    /// A server that is only to be stopped.
    pub(super) fn in_directory(data: &Path) -> Self {
        Self { data: data.to_owned(), log: data.with_file_name("log"), cluster: None }
    }

    /// Stops the server that a killed process left behind, and clears away its mark when only that is left.
    pub(super) async fn stop_leftover(&self, progress: Progress) -> Result<(), Failure> {
        if self.running().is_some() {
            progress.say("stopping the private Postgres that an earlier process left running");
        }
        self.stop().await?;
        // Numbers of processes come back, in containers soon: Postgres would take any process of this number for itself.
        fs::remove_file(self.mark()).ok();
        Ok(())
    }

    /// Stops the server, if it runs.
    pub(super) async fn stop(&self) -> Result<(), Failure> {
        for (signal, limit) in [(Signal::INT, STOP_LIMIT), (Signal::QUIT, STOP_LIMIT)] {
            let Some(pid) = self.running() else { return Ok(()) };
            kill_process(pid, signal).map_err(|error| Failure::System {
                what: "stop the private Postgres",
                cause: error.into(),
            })?;
            let end = Instant::now() + limit;
            while self.running().is_some() && Instant::now() < end {
                sleep(LOOK).await;
            }
        }
        match self.running() {
            None => Ok(()),
            Some(_) => Err(self.failure("does not stop", "it ignores every request to end".to_owned())),
        }
    }

    fn mark(&self) -> PathBuf {
        self.data.join("postmaster.pid")
    }

    /// The process, when the number in its mark really is a Postgres of this directory.
    fn running(&self) -> Option<Pid> {
        let mark = fs::read_to_string(self.mark()).ok()?;
        let number: i32 = mark.lines().next()?.trim().parse().ok()?;
        let arguments = fs::read(format!("/proc/{number}/cmdline")).ok()?;
        let ours = arguments.split(|byte| *byte == 0).any(|word| word == self.data.as_os_str().as_bytes());
        Pid::from_raw(number).filter(|_| ours)
    }

    /// True when the server says that it takes connections.
    fn is_ready(&self, number: Option<u32>) -> bool {
        let Ok(mark) = fs::read_to_string(self.mark()) else { return false };
        let mut lines = mark.lines();
        lines.next().and_then(|first| first.trim().parse().ok()) == number
            && lines.nth(6).is_some_and(|state| state.trim() == "ready")
    }

    /// Starts the server and waits until it takes connections.
    async fn launch(&self, progress: Progress) -> Result<Child, Failure> {
        let cluster = self.cluster.as_ref().expect("only a cluster's own server is launched");
        let log = self.open_log()?;
        let said_before = log.metadata().map_or(0, |metadata| metadata.len());
        let mut child = cluster
            .identity
            .command(cluster.programs.postgres())
            .arg("-D")
            .arg(&self.data)
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(Failure::system("open the log of the private Postgres"))?)
            .stderr(log)
            .spawn()
            .map_err(Failure::system("run postgres"))?;
        let began = Instant::now();
        let mut patience = Duration::from_secs(5);
        loop {
            if let Ok(Some(_)) = child.try_wait() {
                return Err(self.failure("does not start", self.reason(said_before)));
            }
            if self.is_ready(child.id()) {
                return Ok(child);
            }
            if began.elapsed() > START_LIMIT {
                self.stop().await.ok();
                return Err(self.failure("does not start", "it is not ready after ten minutes".to_owned()));
            }
            if began.elapsed() > patience {
                progress.say(format_args!(
                    "the private Postgres is not ready yet ({} s)",
                    began.elapsed().as_secs()
                ));
                patience *= 2;
            }
            sleep(LOOK).await;
        }
    }

    fn open_log(&self) -> Result<File, Failure> {
        if fs::metadata(&self.log).is_ok_and(|metadata| metadata.len() > LOG_LIMIT) {
            fs::rename(&self.log, self.log.with_extension("old")).ok();
        }
        OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&self.log)
            .map_err(Failure::system("open the log of the private Postgres"))
    }

    fn reason(&self, said_before: u64) -> String {
        let mut bytes = Vec::new();
        if let Ok(mut log) = File::open(&self.log) {
            log.seek(SeekFrom::Start(said_before))
                .and_then(|_| log.take(65_536).read_to_end(&mut bytes))
                .ok();
        }
        let text = String::from_utf8_lossy(&bytes);
        match text.lines().find(|line| line.contains("FATAL:")) {
            Some(line) => line.trim().to_owned(),
            None => last_line(&text),
        }
    }

    fn failure(&self, step: &'static str, cause: String) -> Failure {
        Failure::Postgres { step, cause, log: self.log.clone() }
    }
}

/// Keeps a server running.
#[derive(Debug)]
pub(super) struct Supervisor {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Supervisor {
    /// Starts the server; should it ever end by itself it is started again, while calls go on and their records wait in the
    /// spool.
    pub(super) async fn start(postmaster: Postmaster, progress: Progress) -> Result<Self, Failure> {
        let child = postmaster.launch(progress).await?;
        let (stop, stopped) = oneshot::channel();
        Ok(Self { stop, task: tokio::spawn(watch(postmaster, child, stopped, progress)) })
    }

    /// Ends the server and waits for it.
    pub(super) async fn stop(self) {
        self.stop.send(()).ok();
        self.task.await.ok();
    }
}

async fn watch(
    postmaster: Postmaster,
    mut child: Child,
    mut stopped: oneshot::Receiver<()>,
    progress: Progress,
) {
    let mut pause = Duration::from_secs(1);
    loop {
        tokio::select! {
            biased;
            _ = &mut stopped => break,
            _ = child.wait() => {}
        }
        progress.say("the private Postgres has ended unexpectedly; starting it again");
        loop {
            tokio::select! {
                biased;
                _ = &mut stopped => return,
                () = sleep(pause) => {}
            }
            match postmaster.launch(progress).await {
                Ok(next) => {
                    child = next;
                    pause = Duration::from_secs(1);
                    break;
                }
                Err(failure) => {
                    tracing::error!("{failure}");
                    pause = (pause * 2).min(Duration::from_secs(60));
                }
            }
        }
    }
    // The child is reaped while its end is waited for: an unreaped one would still look alive.
    let (outcome, _) = tokio::join!(postmaster.stop(), child.wait());
    if let Err(failure) = outcome {
        tracing::error!("{failure}");
    }
}
