//! Figures to look at: tiles with the way there, sparks, shares.

use leptos::prelude::*;

use crate::words::parts;

/// Against what a figure stood before, in thousandths of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Delta {
    permille: i64,
    /// More is better: calls, margin. Less is better: the time until it rings.
    more_is_better: bool,
}

impl Delta {
    /// From `before` to `now`; none where there was nothing before.
    pub(crate) fn of(now: i64, before: i64, more_is_better: bool) -> Option<Self> {
        let permille =
            (i128::from(now) - i128::from(before)) * 1000 / i128::from((before > 0).then_some(before)?);
        Some(Self { permille: i64::try_from(permille).ok()?, more_is_better })
    }

    fn text(self) -> String {
        let size = self.permille.unsigned_abs();
        match self.permille {
            0 => "±0 %".to_owned(),
            1.. => format!("+{}.{} %", size / 10, size % 10),
            _ => format!("−{}.{} %", size / 10, size % 10),
        }
    }

    fn class(self) -> &'static str {
        match (self.permille, self.more_is_better) {
            (0, _) => "delta",
            (1.., true) | (..0, false) => "delta good",
            _ => "delta bad",
        }
    }
}

/// One figure, with what it was and how it came there.
#[component]
pub(crate) fn Tile(
    label: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(optional)] link: &'static str,
    /// One of the figures that people look for first.
    #[prop(optional)]
    strong: bool,
    #[prop(optional_no_strip)] delta: Option<Delta>,
    /// The last values, oldest first.
    #[prop(into, optional)]
    spark: Signal<Vec<i64>>,
) -> impl IntoView {
    let name = if link.is_empty() { label.into_any() } else { view! { <a href=link>{label}</a> }.into_any() };
    let delta = delta.map(|delta| {
        view! {
            <span class=delta.class() title=parts().than_yesterday>
                {delta.text()}
            </span>
        }
    });
    view! {
        <div class="tile" class:strong=strong>
            <p class="label">{name}</p>
            <p class="value">{move || value.get()} {delta}</p>
            {move || spark.with(|values| (values.len() > 1).then(|| view! { <Spark values=values.clone() /> }))}
        </div>
    }
}

const SPARK_WIDTH: i64 = 120;
const SPARK_HEIGHT: i64 = 24;

/// The points of a line through `values`, from the left to the right edge.
fn points(values: &[i64]) -> String {
    let (least, most) =
        (values.iter().min().copied().unwrap_or(0).min(0), values.iter().max().copied().unwrap_or(0));
    let range = i128::from(most.max(least + 1)) - i128::from(least);
    let steps = i128::try_from(values.len().saturating_sub(1).max(1)).unwrap_or(1);
    let inner = i128::from(SPARK_HEIGHT - 4);
    let point = |(place, value): (i128, &i64)| {
        let x = place * i128::from(SPARK_WIDTH) / steps;
        let y = inner + 2 - (i128::from(*value) - i128::from(least)) * inner / range;
        format!("{x},{y}")
    };
    (0..).zip(values).map(point).collect::<Vec<_>>().join(" ")
}

/// A line without scale or words, beside a figure that says it all; screen readers skip it.
#[component]
pub(crate) fn Spark(values: Vec<i64>) -> impl IntoView {
    let line = points(&values);
    let area = format!("0,{SPARK_HEIGHT} {line} {SPARK_WIDTH},{SPARK_HEIGHT}");
    view! {
        <svg
            class="spark"
            viewBox=format!("0 0 {SPARK_WIDTH} {SPARK_HEIGHT}")
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            <polygon points=area />
            <polyline points=line />
        </svg>
    }
}

/// How much of the whole, as a bar beside its figure.
#[component]
pub(crate) fn ShareBar(part: i64, whole: i64) -> impl IntoView {
    let percent = if whole > 0 { part.clamp(0, whole) * 100 / whole } else { 0 };
    view! {
        <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <rect class="whole" width="100" height="6" />
            <rect class="part" width=percent height="6" />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delta_says_how_much_and_whether_that_is_good() {
        let text = |now, before, more| Delta::of(now, before, more).map(|d| (d.text(), d.class()));
        assert_eq!(text(150, 100, true), Some(("+50.0 %".to_owned(), "delta good")));
        assert_eq!(text(150, 100, false), Some(("+50.0 %".to_owned(), "delta bad")));
        assert_eq!(text(999, 1000, true), Some(("−0.1 %".to_owned(), "delta bad")));
        assert_eq!(text(7, 7, true), Some(("±0 %".to_owned(), "delta")));
        assert_eq!(text(7, 0, true), None);
        assert_eq!(text(7, -3, true), None);
    }

    #[test]
    fn a_spark_reaches_from_edge_to_edge_and_stays_inside() {
        assert_eq!(points(&[0, 10]), "0,22 120,2");
        assert_eq!(points(&[5]), "0,2");
        for values in [vec![0, 0, 0], vec![i64::MAX, i64::MIN, 0], vec![-5, 5]] {
            for point in points(&values).split(' ') {
                let (_, y) = point.split_once(',').unwrap();
                assert!((0..=SPARK_HEIGHT).contains(&y.parse().unwrap()), "{values:?}: {point}");
            }
        }
    }
}
