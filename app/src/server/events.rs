//! Live pictures of the switch, sent once a second to every browser that looks.
//!
//! One task draws each picture once for all who look, and none when nobody does. A browser that reads too slowly skips
//! pictures; nothing piles up.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use http::{StatusCode, header};
use serde::Serialize;
use tokio::{
    sync::{Semaphore, mpsc, watch},
    time::{MissedTickBehavior, interval},
};
use tokio_stream::wrappers::ReceiverStream;

use super::{
    router::{STILL_THERE, Site},
    session::Asker,
};
use crate::live::{LiveCalls, LiveStatus};

/// Streams at the same time.
const SEATS: usize = 256;

type Picture = Arc<str>;

/// The pictures of the moment.
#[derive(Clone)]
pub(super) struct Feeds {
    calls: watch::Receiver<Picture>,
    status: watch::Receiver<Picture>,
    seats: Arc<Semaphore>,
}

impl Feeds {
    /// Begins to draw. It ends when the router is dropped.
    pub(super) fn start(switch: switch::Handle) -> Self {
        let (calls_out, calls) = watch::channel(Picture::from(""));
        let (status_out, status) = watch::channel(Picture::from(""));
        tokio::spawn(async move {
            let mut tick = interval(Duration::from_secs(1));
            tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
            loop {
                tokio::select! {
                    _ = tick.tick() => {}
                    () = calls_out.closed() => return,
                }
                // One receiver of each is our own.
                if calls_out.receiver_count() > 1 {
                    calls_out.send_replace(drawn(&LiveCalls::of(&switch).await));
                }
                if status_out.receiver_count() > 1 {
                    status_out.send_replace(drawn(&LiveStatus::from(&switch.status())));
                }
            }
        });
        Self { calls, status, seats: Arc::new(Semaphore::new(SEATS)) }
    }
}

fn drawn(picture: &impl Serialize) -> Picture {
    serde_json::to_string(picture).expect("plain data becomes JSON").into()
}

/// The calls in progress.
pub(super) async fn calls(State(site): State<Site>, asker: Asker) -> Response {
    let feed = site.feeds.calls.clone();
    follow(site, asker, feed)
}

/// The counters.
pub(super) async fn status(State(site): State<Site>, asker: Asker) -> Response {
    let feed = site.feeds.status.clone();
    follow(site, asker, feed)
}

fn follow(site: Site, asker: Asker, mut feed: watch::Receiver<Picture>) -> Response {
    let Ok(seat) = site.feeds.seats.clone().try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")]).into_response();
    };
    // The picture that stands there may be old: wait for the next.
    feed.mark_unchanged();
    let (pictures, read) = mpsc::channel(1);
    tokio::spawn(async move {
        let _seat = seat;
        let mut check = interval(STILL_THERE);
        check.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                changed = feed.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let picture = Event::default().data(feed.borrow_and_update().as_ref());
                    if pictures.send(Ok::<_, Infallible>(picture)).await.is_err() {
                        return;
                    }
                }
                _ = check.tick() => {
                    if !still_open(&site, &asker).await {
                        return;
                    }
                }
                () = pictures.closed() => return,
            }
        }
    });
    Sse::new(ReceiverStream::new(read)).keep_alive(KeepAlive::default()).into_response()
}

/// A database that is away for a moment ends no stream: calls go on without it, and so does looking at them.
async fn still_open(site: &Site, asker: &Asker) -> bool {
    !matches!(store::sessions::find(&site.pool, &asker.session, asker.address).await, Ok(None))
}
