//! The order of SRV records (RFC 2782).

use super::Srv;

/// By priority; within one, drawn by weight without putting back. Weight zero is drawn now and then.
pub(super) fn in_order(mut records: Vec<Srv>, random: &mut dyn FnMut(u32) -> u32) -> Vec<Srv> {
    // Weight zero stands at the front of its priority, as the draw below expects.
    records.sort_by_key(|record| (record.priority, record.weight != 0));
    let mut ordered = Vec::with_capacity(records.len());
    while let Some(first) = records.first() {
        let same = records.iter().take_while(|record| record.priority == first.priority).count();
        let sum = records[..same].iter().map(|record| u32::from(record.weight)).sum();
        let drawn = random(sum).min(sum);
        let mut running = 0;
        let at = records[..same].iter().position(|record| {
            running += u32::from(record.weight);
            running >= drawn
        });
        ordered.push(records.remove(at.expect("the last running sum is the whole sum")));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(priority: u16, weight: u16, target: &str) -> Srv {
        Srv { priority, weight, port: 5060, target: target.into() }
    }

    fn order(records: &[Srv], random: &mut dyn FnMut(u32) -> u32) -> String {
        in_order(records.to_vec(), random).into_iter().map(|record| record.target).collect()
    }

    #[test]
    fn priority_rules_and_the_draw_decides_within_it() {
        let records = [record(20, 0, "d"), record(10, 60, "a"), record(10, 0, "c"), record(10, 40, "b")];
        assert_eq!(order(&records, &mut |_| 0), "cabd");
        assert_eq!(order(&records, &mut |sum| sum), "bacd");
        assert_eq!(order(&records, &mut |sum| sum / 2), "abcd");
    }

    #[test]
    fn shares_follow_the_weights() {
        let records = [record(1, 75, "a"), record(1, 25, "b")];
        let mut seed = 1_u32;
        let mut random = |sum: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) % (sum + 1)
        };
        let first = (0..10_000).filter(|_| order(&records, &mut random).starts_with('a')).count();
        assert!((7_300..7_700).contains(&first), "{first}");
    }
}
