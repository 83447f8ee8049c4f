//! Live pictures of the switch in the browser.

use chrono::{DateTime, Utc};
use domain::{ListenerView, LiveCall, RefusalView};
use leptos::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::words::parts;

/// The most calls that are shown one by one.
pub(crate) const MOST_CALLS: usize = 500;

/// The calls in progress at a moment, oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct LiveCalls {
    pub(crate) at: DateTime<Utc>,
    /// How many there are; `calls` holds at most [`MOST_CALLS`] of them.
    pub(crate) total: usize,
    pub(crate) calls: Vec<LiveCall>,
}

/// The counters of the switch at a moment.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct LiveStatus {
    pub(crate) active_calls: u32,
    pub(crate) calls_total: u64,
    pub(crate) answered_total: u64,
    pub(crate) calls_per_second: u32,
    pub(crate) refused_unknown_source: u64,
    pub(crate) malformed: u64,
    pub(crate) spool_pending: u64,
    pub(crate) spool_failing: bool,
    pub(crate) uptime_seconds: u64,
    pub(crate) sip_listen: String,
}

/// Every call in progress, before it is known who looks.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Default)]
pub(crate) struct AllCalls {
    at: DateTime<Utc>,
    calls: Vec<LiveCall>,
}

/// Where the switch listens, and what it refused, at a moment.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct LiveListeners {
    pub(crate) listeners: Vec<ListenerView>,
    /// Refused without being read, by reason.
    pub(crate) refusals: Vec<RefusalView>,
    /// Read, and no SIP message.
    pub(crate) malformed: u64,
    /// Read, and from nobody that is known.
    pub(crate) strangers: u64,
}

#[cfg(feature = "ssr")]
impl LiveListeners {
    pub(crate) fn of(switch: &switch::Handle) -> Self {
        let status = switch.status();
        Self {
            listeners: switch.listeners(),
            refusals: switch.refusals(),
            malformed: status.malformed,
            strangers: status.refused_unknown_source,
        }
    }
}

#[cfg(feature = "ssr")]
impl LiveCalls {
    pub(crate) async fn of(switch: &switch::Handle) -> AllCalls {
        AllCalls { at: Utc::now(), calls: switch.calls().await }
    }
}

#[cfg(feature = "ssr")]
impl AllCalls {
    /// All of them.
    pub(crate) fn whole(&self) -> LiveCalls {
        let calls = self.calls.iter().take(MOST_CALLS).cloned().collect();
        LiveCalls { at: self.at, total: self.calls.len(), calls }
    }

    /// What of them may be seen.
    pub(crate) fn seen_by(&self, sight: &store::Sight) -> LiveCalls {
        let mut calls = sight.live_calls(self.calls.iter().cloned());
        let total = calls.len();
        calls.truncate(MOST_CALLS);
        LiveCalls { at: self.at, total, calls }
    }
}

#[cfg(feature = "ssr")]
impl LiveStatus {
    /// What somebody outside the administration sees: their own calls.
    pub(crate) fn of_some(calls: &AllCalls, sight: &store::Sight) -> Self {
        let seen = calls.calls.iter().filter(|call| sight.includes(call.account)).count();
        Self { active_calls: u32::try_from(seen).unwrap_or(u32::MAX), ..Self::default() }
    }
}

#[cfg(feature = "ssr")]
impl From<&switch::Status> for LiveStatus {
    fn from(status: &switch::Status) -> Self {
        Self {
            active_calls: status.active_calls,
            calls_total: status.calls_total,
            answered_total: status.answered_total,
            calls_per_second: status.calls_per_second,
            refused_unknown_source: status.refused_unknown_source,
            malformed: status.malformed,
            spool_pending: status.spool_pending,
            spool_failing: status.spool_failing,
            uptime_seconds: status.uptime.as_secs(),
            sip_listen: status.sip_listen.to_string(),
        }
    }
}

/// Whether a page is being kept up to date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "a page comes alive in the browser"))]
pub(crate) enum Link {
    /// As loaded: no script runs, or not yet.
    Still,
    Live,
    Reconnecting,
    /// The server has ended it: the session is closed, or too many look.
    Ended,
}

/// What `address` tells, second by second, beginning with `first`.
#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "only the browser follows"))]
pub(crate) fn follow<T>(address: &'static str, first: T) -> (ReadSignal<T>, ReadSignal<Link>)
where
    T: DeserializeOwned + Send + Sync + 'static,
{
    let (picture, set_picture) = signal(first);
    let (link, set_link) = signal(Link::Still);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| source::open(address, set_picture, set_link));
    (picture, link)
}

#[cfg(feature = "hydrate")]
mod source {
    use leptos::prelude::*;
    use serde::de::DeserializeOwned;
    use wasm_bindgen::{JsCast, prelude::Closure};
    use web_sys::{Event, EventSource, MessageEvent};

    use super::Link;

    /// Opens the stream and closes it with the page. The browser itself reconnects after a broken connection.
    pub(super) fn open<T>(address: &str, picture: WriteSignal<T>, link: WriteSignal<Link>)
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        let Ok(source) = EventSource::new(address) else {
            link.set(Link::Ended);
            return;
        };
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let told = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
            if let Some(told) = told {
                picture.set(told);
                link.set(Link::Live);
            }
        });
        let this = source.clone();
        let on_error = Closure::<dyn Fn(Event)>::new(move |_| {
            let closed = this.ready_state() == EventSource::CLOSED;
            link.set(if closed { Link::Ended } else { Link::Reconnecting });
        });
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let open = StoredValue::new_local((source, on_message, on_error));
        on_cleanup(move || {
            open.with_value(|(source, ..)| {
                source.set_onmessage(None);
                source.set_onerror(None);
                source.close();
            });
        });
    }
}

/// The mark that tells whether what is shown is alive.
#[component]
pub(crate) fn LiveMark(link: ReadSignal<Link>) -> impl IntoView {
    let class = move || match link.get() {
        Link::Still => "live still",
        Link::Live => "live on",
        Link::Reconnecting => "live off",
        Link::Ended => "live ended",
    };
    let text = move || match link.get() {
        Link::Still => parts().still,
        Link::Live => parts().live,
        Link::Reconnecting => parts().reconnecting,
        Link::Ended => parts().ended,
    };
    view! {
        <span class=class role="status">
            {text}
        </span>
    }
}
