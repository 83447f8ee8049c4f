//! Colours, buttons, badges and figures.

use domain::{EndReason, TrafficHour};
use leptos::prelude::*;

use crate::components::{
    Badge, Copy, Delta, EndBadge, Icon, Moment, Number, OnOff, Picture, ShareBar, Tile, Tone,
};

const COLOURS: [&str; 14] = [
    "ground", "surface", "raised", "line", "edge", "text", "muted", "faint", "accent", "good", "caution",
    "bad", "info", "bar",
];

pub(super) fn colours() -> impl IntoView {
    let swatches = COLOURS
        .iter()
        .map(|name| {
            view! {
                <span class="swatch">
                    <svg aria-hidden="true" viewBox="0 0 2 1">
                        <rect width="2" height="1" fill=format!("var(--{name})") />
                    </svg>
                    {*name}
                </span>
            }
        })
        .collect_view();
    view! { <div class="row">{swatches}</div> }
}

pub(super) fn buttons() -> impl IntoView {
    view! {
        <div class="row">
            <button type="button" class="button primary">
                "Primary"
            </button>
            <button type="button" class="button">
                "Ordinary"
            </button>
            <button type="button" class="button danger">
                "Dangerous"
            </button>
            <button type="button" class="button primary danger">
                "Delete"
            </button>
            <button type="button" class="button quiet">
                <Icon picture=Picture::Look />
                "Quiet"
            </button>
            <button type="button" class="button small">
                "Small"
            </button>
            <button type="button" class="button" disabled>
                "Disabled"
            </button>
            <kbd>"Ctrl K"</kbd>
        </div>
    }
}

pub(super) fn badges() -> impl IntoView {
    let ends =
        [EndReason::NormalClearing, EndReason::CalleeBusy, EndReason::NoRate, EndReason::HungUpByOperator]
            .into_iter()
            .map(|reason| view! { <EndBadge reason /> })
            .collect_view();
    view! {
        <div class="row">
            <Badge tone=Tone::Good text="good" />
            <Badge tone=Tone::Neutral text="neutral" />
            <Badge tone=Tone::Caution text="caution" />
            <Badge tone=Tone::Bad text="bad" />
            <OnOff on=true />
            <OnOff on=false />
            {ends}
        </div>
    }
}

pub(super) fn figures() -> impl IntoView {
    let waves = vec![3, 5, 4, 8, 12, 9, 14, 13, 18, 16, 20, 17];
    view! {
        <section class="tiles" aria-label="Figures">
            <Tile label="Plain" value="1,234".to_owned() />
            <Tile label="Strong" value="98.6 %".to_owned() strong=true />
            <Tile label="Better" value="1:42".to_owned() delta=Delta::of(120, 100, true) />
            <Tile label="Worse" value="2.9 s".to_owned() delta=Delta::of(120, 100, false) />
            <Tile label="The way there" value="17".to_owned() strong=true spark=waves />
        </section>
        <div class="row">
            <Number number="442079460000" />
            <Number number="+12025550100" />
            <Copy text="442079460000" />
            <Moment at=chrono::DateTime::UNIX_EPOCH />
            <ShareBar part=35 whole=100 />
        </div>
    }
}

pub(super) fn hours() -> Vec<TrafficHour> {
    (0..24)
        .map(|n| {
            let calls = 40 + (n * 37) % 90;
            TrafficHour {
                hour: chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(n),
                calls,
                answered: calls * (50 + n) / 100,
            }
        })
        .collect()
}
