//! The wish to end: Ctrl-C, SIGTERM, or a terminal that is closed.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::{failure::Failure, progress::Progress};

/// A token that the first such signal cancels; the start-up that may be under way is finished and then everything is stopped in
/// order. A second signal ends the process at once: the spool loses nothing by it.
pub(crate) fn listen(progress: Progress) -> Result<CancellationToken, Failure> {
    let on = |kind| signal(kind).map_err(Failure::system("listen for signals"));
    let (mut interrupt, mut terminate, mut hang_up) =
        (on(SignalKind::interrupt())?, on(SignalKind::terminate())?, on(SignalKind::hangup())?);
    let end = CancellationToken::new();
    let wish = end.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
            if wish.is_cancelled() {
                progress.say("ended at once");
                std::process::exit(130);
            }
            wish.cancel();
        }
    });
    Ok(end)
}
