//! Every piece of the portal in its states, for whoever builds pages and for the pictures that tests take.

use domain::{EndReason, RateDraft, TrafficHour};
use leptos::prelude::*;

use crate::{
    components::{
        Area, Badge, Buttons, Choice, Copy, Delta, DraftForm, Empty, EndBadge, Example, HourlyRatio,
        HourlyTraffic, Icon, Moment, Notice, NoticeKind, Number, OnOff, PageHead, Picture, ShareBar,
        Skeleton, Table, Text, Tick, Tile, Tone,
    },
    form::{Opened, Refusal, Submission},
    words::frame,
};

const COLOURS: [&str; 14] = [
    "ground", "surface", "raised", "line", "edge", "text", "muted", "faint", "accent", "good", "caution",
    "bad", "info", "bar",
];

/// The page.
#[component]
pub(crate) fn Styleguide() -> impl IntoView {
    provide_context(Example);
    view! {
        <PageHead title=frame().styleguide>
            <a class="button primary" href="#buttons" rel="external">
                "Primary"
            </a>
        </PageHead>
        <div class="guide">
            <h2>"Colours"</h2>
            {colours()}
            <h2 id="buttons">"Buttons"</h2>
            {buttons()}
            <h2>"Badges"</h2>
            {badges()}
            <h2>"Notices"</h2>
            <Notice kind=NoticeKind::Done>"Done: the account was created."</Notice>
            <Notice kind=NoticeKind::Caution>"Caution: read this before you go on."</Notice>
            <Notice kind=NoticeKind::Trouble>"Trouble: the database is not available."</Notice>
            <h2>"Figures"</h2>
            {figures()}
            <h2>"Charts"</h2>
            <HourlyTraffic hours=hours() />
            <HourlyRatio hours=hours() />
            <h2>"Table"</h2>
            {table()}
            <h2>"Nothing there"</h2>
            <Empty title="Nothing here yet">"Say what to do next."</Empty>
            <h2>"Loading"</h2>
            <Skeleton lines=3 />
            <h2>"Form, as refused"</h2>
            {form(false)}
            <h2>"Form, changed by somebody else meanwhile"</h2>
            {form(true)}
        </div>
    }
}

fn colours() -> impl IntoView {
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

fn buttons() -> impl IntoView {
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

fn badges() -> impl IntoView {
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

fn figures() -> impl IntoView {
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

fn hours() -> Vec<TrafficHour> {
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

fn table() -> impl IntoView {
    view! {
        <Table label="An example" columns=vec![("Text", false), ("Number", false), ("Amount", true), ("State", false)]>
            <tr>
                <td>
                    <a href="#buttons" rel="external">
                        "Aurora Telecom"
                    </a>
                </td>
                <td class="digits">
                    <Number number="442079460000" />
                </td>
                <td class="num">"12,850.50"</td>
                <td>
                    <OnOff on=true />
                </td>
            </tr>
            <tr>
                <td>"Baltic Voice"</td>
                <td class="digits">"198.51.100.0/24"</td>
                <td class="num negative">"−41.08"</td>
                <td>
                    <OnOff on=false />
                </td>
            </tr>
        </Table>
    }
}

/// The ids of fields are their names, so each form of the page has other fields.
fn form(stale: bool) -> impl IntoView {
    let typed = RateDraft { prefix: "+44".to_owned(), rate: "0,03".to_owned(), ..RateDraft::default() };
    let refusal = if stale {
        Refusal { message: Some("rate \"44\"".to_owned()), stale, ..Refusal::default() }
    } else {
        typed.check().err().map(Refusal::from).unwrap_or_default()
    };
    let sent = Some(Submission { draft: typed.clone(), row_version: "1".to_owned(), refusal });
    let now = RateDraft { prefix: "44".to_owned(), rate: "0.04".to_owned(), ..typed };
    let opened = Opened::of(sent, now, domain::RowVersion(2));
    let draft = opened.draft.clone();
    let kinds = || vec![("a".to_owned(), "First".to_owned()), ("b".to_owned(), "Second".to_owned())];
    if stale {
        return view! {
            <DraftForm opened>
                <Text name="connect_fee" label="Amount" value=draft.rate.clone() figure=true unit="USD" hint="A hint below." />
                <Area name="notes" label="Several lines" value="192.0.2.7" />
                <Choice name="kind" label="One of several" value="b" options=kinds() />
                <Tick name="enabled" label="Yes or no" value="on" hint="What that means." />
            </DraftForm>
        }
        .into_any();
    }
    view! {
        <DraftForm opened>
            <Text name="prefix" label="Prefix" value=draft.prefix required=true />
            <Text name="rate" label="Rate" value=draft.rate required=true figure=true unit="USD" hint="Up to 9 decimals." />
            <Buttons submit="Save" back="/styleguide" />
        </DraftForm>
    }
    .into_any()
}
