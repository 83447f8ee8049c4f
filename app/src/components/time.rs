//! Moments: in the browser's zone once a script runs (unless UTC was chosen), in UTC before; UTC always stands in the title.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::preferences::Zone;

const FORM: &str = "%Y-%m-%d %H:%M:%S";

fn time(at: DateTime<Utc>, form: &'static str, zone: Zone) -> impl IntoView {
    let utc = at.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    view! {
        <time datetime=at.to_rfc3339() title=utc>
            {move || zone.clock(at).format(form).to_string()}
        </time>
    }
}

/// A moment with its zone.
#[component]
pub(crate) fn Moment(at: DateTime<Utc>) -> impl IntoView {
    let zone = Zone::of_page();
    view! {
        {time(at, FORM, zone)}
        <span class="zone">" " {move || zone.name()}</span>
    }
}

/// A moment in a column whose head tells the zone.
#[component]
pub(crate) fn ListMoment(at: DateTime<Utc>) -> impl IntoView {
    time(at, FORM, Zone::of_page())
}

/// The time of day to the millisecond, for a timeline.
#[component]
pub(crate) fn Clock(at: DateTime<Utc>) -> impl IntoView {
    time(at, "%H:%M:%S%.3f", Zone::of_page())
}

/// The zone of the moments below a column's head.
pub(crate) struct ZoneName;

impl ZoneName {
    /// As it stands behind the head's text.
    pub(crate) fn mark() -> AnyView {
        let zone = Zone::of_page();
        view! { <span class="zone">" (" {move || zone.name()} ")"</span> }.into_any()
    }
}
