//! Live pictures of the switch, sent once a second to every browser that looks.
//!
//! One task draws each picture once for all who look, and none when nobody does. A browser that reads too slowly skips
//! pictures; nothing piles up.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::State,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use http::{StatusCode, header};
use serde::Serialize;
use store::{Scope, Sight, StoreError};
use tokio::{
    sync::{Semaphore, mpsc, watch},
    time::{MissedTickBehavior, interval},
};
use tokio_stream::wrappers::ReceiverStream;

use super::{
    router::{STILL_THERE, Site},
    session::Asker,
};
use crate::live::{AllCalls, LiveCalls, LiveListeners, LiveStatus};

/// Streams at the same time.
const SEATS: usize = 256;

type Picture = Arc<str>;

/// What is drawn of a moment for whoever looks.
trait Drawn: Send + Sync + 'static {
    /// For the administration, which sees everything: drawn once for all of them.
    fn whole(&self) -> &Picture;
    /// For somebody who sees a part.
    fn part(&self, sight: &Sight) -> Picture;
}

#[derive(Default)]
struct CallsNow {
    all: AllCalls,
    whole: Picture,
}

impl Drawn for CallsNow {
    fn whole(&self) -> &Picture {
        &self.whole
    }

    fn part(&self, sight: &Sight) -> Picture {
        drawn(&self.all.seen_by(sight))
    }
}

#[derive(Default)]
struct StatusNow {
    all: AllCalls,
    whole: Picture,
}

impl Drawn for StatusNow {
    fn whole(&self) -> &Picture {
        &self.whole
    }

    fn part(&self, sight: &Sight) -> Picture {
        drawn(&LiveStatus::of_some(&self.all, sight))
    }
}

/// What only the administration sees; it has no parts.
#[derive(Default)]
struct ListenersNow(Picture);

impl Drawn for ListenersNow {
    fn whole(&self) -> &Picture {
        &self.0
    }

    fn part(&self, _: &Sight) -> Picture {
        Picture::default()
    }
}

/// The pictures of the moment.
#[derive(Clone)]
pub(super) struct Feeds {
    calls: watch::Receiver<Arc<CallsNow>>,
    status: watch::Receiver<Arc<StatusNow>>,
    listeners: watch::Receiver<Arc<ListenersNow>>,
    /// How many look at the status who see only a part: for them the calls are listed.
    parts: Arc<AtomicUsize>,
    seats: Arc<Semaphore>,
}

impl Feeds {
    /// Begins to draw. It ends when the router is dropped.
    pub(super) fn start(switch: switch::Handle) -> Self {
        let (calls_out, calls) = watch::channel(Arc::default());
        let (status_out, status) = watch::channel(Arc::default());
        let (listeners_out, listeners) = watch::channel(Arc::default());
        let parts = Arc::new(AtomicUsize::new(0));
        let counted = parts.clone();
        tokio::spawn(async move {
            let mut tick = interval(Duration::from_secs(1));
            tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
            loop {
                tokio::select! {
                    _ = tick.tick() => {}
                    () = calls_out.closed() => return,
                }
                // One receiver of each is our own.
                let calls_wanted = calls_out.receiver_count() > 1;
                let part_wanted = counted.load(Ordering::Relaxed) > 0;
                let all = match calls_wanted || part_wanted {
                    true => LiveCalls::of(&switch).await,
                    false => AllCalls::default(),
                };
                if status_out.receiver_count() > 1 {
                    let whole = drawn(&LiveStatus::from(&switch.status()));
                    status_out.send_replace(Arc::new(StatusNow { all: all.clone(), whole }));
                }
                if listeners_out.receiver_count() > 1 {
                    listeners_out.send_replace(Arc::new(ListenersNow(drawn(&LiveListeners::of(&switch)))));
                }
                if calls_wanted {
                    let whole = drawn(&all.whole());
                    calls_out.send_replace(Arc::new(CallsNow { all, whole }));
                }
            }
        });
        Self { calls, status, listeners, parts, seats: Arc::new(Semaphore::new(SEATS)) }
    }
}

/// Counts somebody who sees a part, as long as they look.
struct PartSeat(Arc<AtomicUsize>);

impl PartSeat {
    fn take(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count.clone())
    }
}

impl Drop for PartSeat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn drawn(picture: &impl Serialize) -> Picture {
    serde_json::to_string(picture).expect("plain data becomes JSON").into()
}

/// The calls in progress.
pub(super) async fn calls(State(site): State<Site>, asker: Asker) -> Response {
    let feed = site.feeds.calls.clone();
    follow(site, asker, feed).await
}

/// The counters.
pub(super) async fn status(State(site): State<Site>, asker: Asker) -> Response {
    let feed = site.feeds.status.clone();
    follow(site, asker, feed).await
}

/// Where the switch listens: an affair of the administration, as its door says.
pub(super) async fn listeners(State(site): State<Site>, asker: Asker) -> Response {
    let feed = site.feeds.listeners.clone();
    follow(site, asker, feed).await
}

async fn follow<D: Drawn>(site: Site, asker: Asker, mut feed: watch::Receiver<Arc<D>>) -> Response {
    let Ok(seat) = site.feeds.seats.clone().try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")]).into_response();
    };
    let mut sight = match asker.scope.sight(&site.pool).await {
        Ok(sight) => sight,
        Err(error) => return super::Broken::from(error).into_response(),
    };
    let part = (asker.scope != Scope::All).then(|| PartSeat::take(&site.feeds.parts));
    // The picture that stands there may be old: wait for the next.
    feed.mark_unchanged();
    let (pictures, read) = mpsc::channel(1);
    tokio::spawn(async move {
        let _seats = (seat, &part);
        let mut check = interval(STILL_THERE);
        check.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                changed = feed.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let now = feed.borrow_and_update().clone();
                    let picture = if part.is_none() { now.whole().clone() } else { now.part(&sight) };
                    let picture = Event::default().data(picture.as_ref());
                    if pictures.send(Ok::<_, Infallible>(picture)).await.is_err() {
                        return;
                    }
                }
                _ = check.tick() => {
                    match still_open(&site, &asker).await {
                        Ok(Some(seen)) => sight = seen,
                        Ok(None) => return,
                        // A database that is away for a moment ends no stream: calls go on without it, and so does
                        // looking at them.
                        Err(_) => {}
                    }
                }
                () = pictures.closed() => return,
            }
        }
    });
    Sse::new(ReceiverStream::new(read)).keep_alive(KeepAlive::default()).into_response()
}

/// What may be seen now; none when nothing may be any more.
async fn still_open(site: &Site, asker: &Asker) -> Result<Option<Sight>, StoreError> {
    match asker.asked_again(site).await? {
        // Somebody who has moved house is to open the page anew.
        Some(now) if now.scope == asker.scope => Ok(Some(now.scope.sight(&site.pool).await?)),
        _ => Ok(None),
    }
}
