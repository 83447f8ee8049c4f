//! A ratio by the hour, as a line. An hour without calls has none: the line is broken there.

use domain::TrafficHour;
use leptos::prelude::*;

use super::Table;
use crate::{
    figures,
    words::{fields, fill, pages, parts},
};

const WIDTH: i64 = 720;
const HEIGHT: i64 = 120;
const FLOOR: i64 = 98;
const TOP: i64 = 10;
const LEFT: i64 = 36;

/// Answered of a thousand calls in each hour; none without calls.
fn ratios(hours: &[TrafficHour]) -> Vec<Option<i64>> {
    hours.iter().map(|hour| (hour.calls > 0).then(|| hour.answered * 1000 / hour.calls)).collect()
}

/// Where the point of an hour stands.
fn point(place: usize, permille: i64, count: usize) -> (i64, i64) {
    let step = (WIDTH - LEFT) / i64::try_from(count.max(1)).unwrap_or(24);
    let x = LEFT + i64::try_from(place).unwrap_or(0) * step + step / 2;
    (x, FLOOR - permille.clamp(0, 1000) * (FLOOR - TOP) / 1000)
}

/// The stretches of hours with calls, each as the points of a line.
fn stretches(ratios: &[Option<i64>]) -> Vec<String> {
    let mut lines: Vec<Vec<String>> = vec![Vec::new()];
    for (place, ratio) in ratios.iter().enumerate() {
        match (ratio, lines.last_mut()) {
            (Some(permille), Some(line)) => {
                let (x, y) = point(place, *permille, ratios.len());
                line.push(format!("{x},{y}"));
            }
            (None, Some(line)) if !line.is_empty() => lines.push(Vec::new()),
            _ => {}
        }
    }
    lines.into_iter().filter(|line| !line.is_empty()).map(|line| line.join(" ")).collect()
}

/// The ASR of the last 24 hours.
#[component]
pub(crate) fn HourlyRatio(hours: Vec<TrafficHour>) -> impl IntoView {
    let (t, f) = (pages(), fields());
    let ratios = ratios(&hours);
    let told: Vec<i64> = ratios.iter().flatten().copied().collect();
    let (least, most) = (told.iter().min().copied(), told.iter().max().copied());
    let shown = |ratio: Option<i64>| ratio.map_or_else(|| "–".to_owned(), figures::percent);
    let summary = fill(t.ratio_told, &[&shown(least), &shown(most)]);
    let lines =
        stretches(&ratios).into_iter().map(|points| view! { <polyline points=points /> }).collect_view();
    let points = ratios
        .iter()
        .enumerate()
        .filter_map(|(place, ratio)| {
            let (x, y) = point(place, (*ratio)?, ratios.len());
            let said = format!("{} UTC · {} {}", hours[place].hour.format("%H:00"), f.asr, shown(*ratio));
            Some(view! {
                <circle cx=x cy=y r="3">
                    <title>{said}</title>
                </circle>
            })
        })
        .collect_view();
    let grid = [0, 500, 1000]
        .into_iter()
        .map(|permille| {
            let (_, y) = point(0, permille, 1);
            view! {
                <line x1=LEFT x2=WIDTH y1=y y2=y />
                <text class="scale" x=LEFT - 6 y=y + 4 text-anchor="end">
                    {format!("{} %", permille / 10)}
                </text>
            }
        })
        .collect_view();
    let labels = hours
        .iter()
        .enumerate()
        .filter(|(place, _)| place % 3 == 2)
        .map(|(place, hour)| {
            let (x, _) = point(place, 0, hours.len());
            view! {
                <text x=x y=HEIGHT - 6 text-anchor="middle">
                    {hour.hour.format("%H:00").to_string()}
                </text>
            }
        })
        .collect_view();
    let rows = hours
        .iter()
        .zip(&ratios)
        .map(|(hour, ratio)| {
            view! {
                <tr>
                    <td class="digits">{hour.hour.format("%m-%d %H:00").to_string()}</td>
                    <td class="num">{shown(*ratio)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <figure class="chart line" tabindex="0">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=summary>
                {grid}
                {labels}
                {lines}
                {points}
            </svg>
            <figcaption>{f.asr} " · " {t.by_hour}</figcaption>
            <details class="chart-figures">
                <summary>{parts().chart_figures}</summary>
                <Table label=t.asr_by_hour columns=vec![(parts().chart_hour, false), (f.asr, true)]>
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
    fn a_line_is_broken_where_nobody_called_and_stays_inside() {
        let hour = |calls, answered| TrafficHour { hour: chrono::DateTime::UNIX_EPOCH, calls, answered };
        let hours = [hour(10, 5), hour(4, 4), hour(0, 0), hour(3, 0), hour(0, 0), hour(0, 0)];
        assert_eq!(ratios(&hours), [Some(500), Some(1000), None, Some(0), None, None]);
        let lines = stretches(&ratios(&hours));
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].split(' ').count(), 2);
        for point in lines.iter().flat_map(|line| line.split(' ')) {
            let (x, y) = point.split_once(',').unwrap();
            assert!((LEFT..=WIDTH).contains(&x.parse().unwrap()), "{point}");
            assert!((TOP..=FLOOR).contains(&y.parse().unwrap()), "{point}");
        }
        assert!(stretches(&[None, None]).is_empty());
    }
}
