//! What a person has chosen for the look of the portal. Each choice is a cookie, so that the server renders it right at once
//! and the browser agrees when it takes the page over.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// The value of the preference `name`, if one was chosen.
pub(crate) fn preference(name: &str) -> Option<String> {
    #[cfg(feature = "ssr")]
    {
        let parts = use_context::<http::request::Parts>()?;
        crate::server::session::cookie(&parts.headers, name).map(str::to_owned)
    }
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    {
        use leptos::wasm_bindgen::JsCast;

        let cookies = document().dyn_into::<leptos::web_sys::HtmlDocument>().ok()?.cookie().ok()?;
        cookies
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
    }
    #[cfg(not(any(feature = "ssr", feature = "hydrate")))]
    {
        let _ = name;
        None
    }
}

/// In whose time moments are shown: in UTC until the browser has taken the page over, since only it knows its zone.
#[derive(Clone, Copy)]
pub(crate) struct Zone(RwSignal<bool>);

impl Zone {
    /// For the whole portal; call it once, at its root.
    pub(crate) fn provide() {
        let local = RwSignal::new(false);
        provide_context(Self(local));
        #[cfg(feature = "hydrate")]
        Effect::new(move |_| {
            if preference("times").as_deref() != Some("utc") {
                local.set(true);
            }
        });
    }

    /// The one of the page.
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_else(|| Self(RwSignal::new(false)))
    }

    /// `at` on the clock of the zone, tracked.
    pub(crate) fn clock(self, at: DateTime<Utc>) -> chrono::NaiveDateTime {
        let ahead = if self.0.get() { minutes_ahead(at) } else { 0 };
        (at + chrono::TimeDelta::minutes(ahead)).naive_utc()
    }

    /// Its name, tracked: `UTC`, `Europe/London`.
    pub(crate) fn name(self) -> String {
        if self.0.get() { browser_zone() } else { "UTC".to_owned() }
    }
}

/// How far the browser's clock is ahead of UTC at that moment; the server's own clock is in UTC.
#[cfg(feature = "hydrate")]
fn minutes_ahead(at: DateTime<Utc>) -> i64 {
    use leptos::web_sys::js_sys::Date;

    #[expect(clippy::cast_precision_loss, reason = "a date of JavaScript is a float; a clock needs no more")]
    let moment = (at.timestamp_millis() as f64).into();
    #[expect(clippy::cast_possible_truncation, reason = "an offset is less than a day")]
    let behind = Date::new(&moment).get_timezone_offset() as i64;
    -behind
}

#[cfg(not(feature = "hydrate"))]
fn minutes_ahead(_: DateTime<Utc>) -> i64 {
    0
}

#[cfg(feature = "hydrate")]
fn browser_zone() -> String {
    use leptos::{wasm_bindgen::JsValue, web_sys::js_sys};

    let options = js_sys::Intl::DateTimeFormat::default().resolved_options();
    js_sys::Reflect::get(&options, &JsValue::from_str("timeZone"))
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "local".to_owned())
}

#[cfg(not(feature = "hydrate"))]
fn browser_zone() -> String {
    "UTC".to_owned()
}
