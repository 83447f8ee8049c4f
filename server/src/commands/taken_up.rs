//! Waits until the running switch has taken up a change of configuration: what is printed then is true for the next call.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use domain::ConfigVersion;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::{health::CONFIGURATION, progress::Progress, state_directory::RUNNING};

const PATIENCE: Duration = Duration::from_secs(10);

/// Says nothing when no switch runs on this state.
pub(super) async fn wait(state: &Path, wanted: ConfigVersion) {
    let Ok(running) = fs::read_to_string(state.join(RUNNING)) else { return };
    let address = running.lines().find_map(|line| line.strip_prefix("http=")?.parse::<SocketAddr>().ok());
    let Some(address) = address else { return };
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match timeout(Duration::from_secs(2), version_at(address)).await {
            Ok(Some(version)) if version >= wanted => {
                return Progress::Stdout.say("taken up by the running switch");
            }
            Ok(Some(_)) | Err(_) => sleep(Duration::from_millis(20)).await,
            // What stands in the file has gone: a process that was killed.
            Ok(None) => return,
        }
    }
    Progress::Stdout.say("the running switch has not taken it up yet; it says why on its console");
}

async fn version_at(address: SocketAddr) -> Option<ConfigVersion> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.ok()?;
    let mut answer = String::new();
    stream.take(4096).read_to_string(&mut answer).await.ok()?;
    let version = answer.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case(CONFIGURATION).then(|| value.trim().parse().ok())?
    });
    version.map(ConfigVersion)
}
