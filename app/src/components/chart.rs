//! Traffic by the hour, as bars: all calls behind, the answered ones before them.

use domain::TrafficHour;
use leptos::prelude::*;

use super::Table;
use crate::words::{fields, fill, pages, parts};

const WIDTH: i64 = 720;
const HEIGHT: i64 = 150;
const FLOOR: i64 = 128;
const TOP: i64 = 14;
const LEFT: i64 = 36;

/// A round number at or above the largest, so that the scale reads well: 1, 2 or 5 times a power of ten.
fn scale(largest: i64) -> i64 {
    let mut power = 1;
    loop {
        for step in [1, 2, 5] {
            if step * power >= largest {
                return step * power;
            }
        }
        power *= 10;
    }
}

fn height(value: i64, scale: i64) -> i64 {
    value * (FLOOR - TOP) / scale
}

/// The last 24 hours.
#[component]
pub(crate) fn HourlyTraffic(hours: Vec<TrafficHour>) -> impl IntoView {
    let largest = hours.iter().map(|h| h.calls).max().unwrap_or(0).clamp(1, 1_000_000_000_000);
    let scale = scale(largest);
    let step = (WIDTH - LEFT) / i64::try_from(hours.len().max(1)).unwrap_or(24);
    let (calls, answered) = hours.iter().fold((0, 0), |(c, a), h| (c + h.calls, a + h.answered));
    let (t, f) = (pages(), fields());
    let summary = fill(t.chart_told, &[&crate::figures::count(calls), &crate::figures::count(answered)]);
    let bars = hours
        .iter()
        .zip(0i64..)
        .map(|(hour, place)| {
            let x = LEFT + place * step + 2;
            let width = (step - 4).max(2);
            let (all, good) = (height(hour.calls, scale), height(hour.answered, scale));
            let told = format!(
                "{} UTC · {} {} · {} {}",
                hour.hour.format("%H:00"),
                f.calls,
                hour.calls,
                f.answered,
                hour.answered
            );
            let label = (place % 3 == 2).then(|| {
                view! {
                    <text x=x + width / 2 y=HEIGHT - 6 text-anchor="middle">
                        {hour.hour.format("%H:00").to_string()}
                    </text>
                }
            });
            view! {
                <g>
                    <title>{told}</title>
                    <rect class="hit" x=x - 2 y=TOP width=step height=FLOOR - TOP />
                    <rect class="all" x=x y=FLOOR - all width=width height=all rx="1.5" />
                    <rect class="answered" x=x y=FLOOR - good width=width height=good rx="1.5" />
                    {label}
                </g>
            }
        })
        .collect_view();
    let lines = [0, scale / 2, scale]
        .into_iter()
        .filter(|value| scale > 1 || *value != 0 || scale == 0)
        .map(|value| {
            let y = FLOOR - height(value, scale);
            view! {
                <line x1=LEFT x2=WIDTH y1=y y2=y />
                <text class="scale" x=LEFT - 6 y=y + 4 text-anchor="end">
                    {value}
                </text>
            }
        })
        .collect_view();
    let rows = hours
        .iter()
        .map(|hour| {
            view! {
                <tr>
                    <td class="digits">{hour.hour.format("%m-%d %H:00").to_string()}</td>
                    <td class="num">{hour.calls}</td>
                    <td class="num">{hour.answered}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <figure class="chart" tabindex="0">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=summary>
                {lines}
                {bars}
            </svg>
            <figcaption>
                <span class="key all"></span>
                {f.calls}
                <span class="key answered"></span>
                {f.answered} " · " {t.by_hour}
            </figcaption>
            <details class="chart-figures">
                <summary>{parts().chart_figures}</summary>
                <Table label=t.by_hour columns=vec![(parts().chart_hour, false), (f.calls, true), (f.answered, true)]>
                    {rows}
                </Table>
            </details>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_round_and_large_enough() {
        for (largest, expected) in [(1, 1), (2, 2), (3, 5), (7, 10), (11, 20), (480, 500), (501, 1000)] {
            assert_eq!(scale(largest), expected, "{largest}");
        }
    }
}
