//! The phones that were online in each hour of the last days, as a line between the fewest and the most.

use domain::PresenceHour;
use leptos::prelude::*;

use crate::{
    components::Table,
    figures,
    words::{fill, parts, phones},
};

const WIDTH: i64 = 720;
const HEIGHT: i64 = 150;
const FLOOR: i64 = 128;
const TOP: i64 = 14;
const LEFT: i64 = 44;

/// A point of the line and of what lies around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Point {
    x: i64,
    online: i64,
    least: i64,
    most: i64,
}

/// The points on the paper. Hours without a sample leave a way between their neighbours.
fn points(hours: &[PresenceHour]) -> Vec<Point> {
    let Some((first, last)) = hours.first().zip(hours.last()) else { return Vec::new() };
    let span = (last.hour - first.hour).num_hours().max(1);
    let top = hours.iter().map(|hour| hour.most).max().unwrap_or(0).max(1);
    let height = |value: i64| FLOOR - value.clamp(0, top) * (FLOOR - TOP) / top;
    let x = |hour: &PresenceHour| LEFT + (hour.hour - first.hour).num_hours() * (WIDTH - LEFT - 4) / span;
    hours
        .iter()
        .map(|hour| Point {
            x: x(hour),
            online: height(hour.online),
            least: height(hour.least),
            most: height(hour.most),
        })
        .collect()
}

fn line(points: impl Iterator<Item = (i64, i64)>) -> String {
    points.map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
}

/// The curve; nothing before there are two hours to draw it through.
#[component]
pub(super) fn Curve(hours: Vec<PresenceHour>) -> impl IntoView {
    if hours.len() < 2 {
        return ().into_any();
    }
    let t = phones();
    let points = points(&hours);
    let top = hours.iter().map(|hour| hour.most).max().unwrap_or(0).max(1);
    let around =
        line(points.iter().map(|p| (p.x, p.most)).chain(points.iter().rev().map(|p| (p.x, p.least))));
    let online = line(points.iter().map(|p| (p.x, p.online)));
    let least = hours.iter().map(|hour| hour.least).min().unwrap_or(0);
    let told = fill(t.curve_told, &[&figures::count(least), &figures::count(top)]);
    let scale = [(0, FLOOR), (top, TOP)]
        .map(|(value, y)| {
            view! {
                <line x1=LEFT x2=WIDTH y1=y y2=y />
                <text x=LEFT - 6 y=y + 4 text-anchor="end">
                    {figures::count(value)}
                </text>
            }
        })
        .collect_view();
    let days = hours
        .iter()
        .zip(&points)
        .filter(|(hour, point)| hour.hour.format("%H").to_string() == "00" && point.x < WIDTH - 40)
        .map(|(hour, point)| {
            view! {
                <text x=point.x y=HEIGHT - 6 text-anchor="start">
                    {hour.hour.format("%m-%d").to_string()}
                </text>
            }
        })
        .collect_view();
    let rows = hours
        .iter()
        .rev()
        .map(|hour| {
            view! {
                <tr>
                    <td class="digits">{hour.hour.format("%m-%d %H:00").to_string()}</td>
                    <td class="num">{figures::count(hour.online)}</td>
                    <td class="num">{figures::count(hour.least)}</td>
                    <td class="num">{figures::count(hour.most)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <figure class="chart curve" tabindex="0">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=told>
                {scale}
                <polygon class="around" points=around />
                <polyline class="through" points=online />
                {days}
            </svg>
            <figcaption>{t.curve}</figcaption>
            <details class="chart-figures">
                <summary>{parts().chart_figures}</summary>
                <Table
                    label=t.curve
                    columns=vec![
                        (parts().chart_hour, false),
                        (t.phones_online, true),
                        (t.fewest, true),
                        (t.most, true),
                    ]
                >
                    {rows}
                </Table>
            </details>
        </figure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;

    #[test]
    fn the_curve_stays_on_its_paper() {
        let begin: DateTime<Utc> = "2026-11-14T00:00:00Z".parse().unwrap();
        let hour = |n: i64, online: i64| PresenceHour {
            hour: begin + TimeDelta::hours(n),
            online,
            least: online / 2,
            most: online * 2,
        };
        for hours in [
            vec![hour(0, 0), hour(1, 0)],
            vec![hour(0, 5), hour(167, 100_000)],
            (0..168).map(|n| hour(n, n)).collect(),
        ] {
            let drawn = points(&hours);
            assert_eq!(drawn.len(), hours.len());
            assert_eq!(drawn[0].x, LEFT);
            for point in drawn {
                assert!((LEFT..WIDTH).contains(&point.x), "{point:?}");
                assert!(point.most <= point.online && point.online <= point.least, "{point:?}");
                assert!(point.most >= TOP && point.least <= FLOOR, "{point:?}");
            }
        }
        assert!(points(&[]).is_empty());
    }
}
