//! Who is served in a cell, by the station's discipline.

use super::cohort::{Cohort, NOBODY, Stream};
use crate::model::Discipline;

/// Steps at most towards the rate of picks at random.
const STEPS: u32 = 60;
/// What is left of that rate's error, as a share of it.
const CLOSE: f64 = 1e-14;

/// A share of a cohort's waiting requests that starts: stream, place of the cohort, share.
pub(super) type Start = (usize, usize, f64);

/// Who starts in a cell, given the workers that are free, and the part of this cell's requests that is let in where that is decided by
/// the same token (else 1).
pub(super) fn starts(streams: &[Stream], discipline: Discipline, free: f64, room: Option<f64>, cell: usize) -> (Vec<Start>, f64) {
    match discipline {
        Discipline::Random => at_random(streams, free, room, cell),
        Discipline::Lifo => (in_order(streams, free, cell, true, None).0, 1.0),
        Discipline::Priority => {
            let mut ranks: Vec<u32> = streams.iter().map(|stream| stream.rank).collect();
            ranks.sort_unstable();
            ranks.dedup();
            let (mut all, mut free) = (Vec::new(), free);
            for rank in ranks {
                let (starts, left) = in_order(streams, free, cell, false, Some(rank));
                all.extend(starts);
                free = left;
            }
            (all, 1.0)
        }
        Discipline::Fifo | Discipline::ProcessorSharing => (in_order(streams, free, cell, false, None).0, 1.0),
    }
}

/// Cohorts in the order of their cells, those of one cell together; gives the workers left.
fn in_order(streams: &[Stream], mut free: f64, cell: usize, newest: bool, rank: Option<u32>) -> (Vec<Start>, f64) {
    let place = |stream: &Stream, seen: usize| if newest { stream.cohorts.len().checked_sub(seen + 1) } else { Some(seen) };
    let at = |stream: usize, seen: usize| -> Option<(usize, &Cohort)> {
        let place = place(&streams[stream], seen)?;
        streams[stream].cohorts.get(place).map(|cohort| (place, cohort))
    };
    let mut seen = vec![0; streams.len()];
    let mut starts = Vec::new();
    while free > 0.0 {
        // The next cohort of each stream that has anybody waiting.
        let mut next: Option<usize> = None;
        for stream in (0..streams.len()).filter(|s| rank.is_none_or(|rank| rank == streams[*s].rank)) {
            while at(stream, seen[stream]).is_some_and(|(_, cohort)| cohort.waiting <= NOBODY) {
                seen[stream] += 1;
            }
            if let Some((_, cohort)) = at(stream, seen[stream]) {
                let first = |born: usize| if newest { born.max(cohort.born) } else { born.min(cohort.born) };
                next = Some(next.map_or(cohort.born, first));
            }
        }
        let Some(born) = next else { break };
        let mut batch = Vec::new();
        for stream in (0..streams.len()).filter(|s| rank.is_none_or(|rank| rank == streams[*s].rank)) {
            if let Some((place, cohort)) = at(stream, seen[stream]).filter(|(_, cohort)| cohort.born == born) {
                batch.push((stream, place, streams[stream].eligible(cohort, cell) * streams[stream].unit(cell - born)));
                seen[stream] += 1;
            }
        }
        let need: f64 = batch.iter().map(|(_, _, need)| need).sum();
        let share = if need > free { free / need } else { 1.0 };
        starts.extend(batch.iter().map(|(stream, place, _)| (*stream, *place, share)));
        free = (free - need).max(0.0);
    }
    (starts, free)
}

/// All who wait are picked at the same rate over the cell, those who come in it as soon as they are there.
fn at_random(streams: &[Stream], free: f64, room: Option<f64>, cell: usize) -> (Vec<Start>, f64) {
    let mut waiting: Vec<(usize, usize, bool)> = Vec::new();
    let (mut old, mut old_work, mut new, mut new_work) = (0.0, 0.0, 0.0, 0.0);
    for (s, stream) in streams.iter().enumerate() {
        for (c, cohort) in stream.cohorts.iter().enumerate().filter(|(_, cohort)| cohort.waiting > 0.0) {
            let (there, is_new) = (stream.eligible(cohort, cell), cohort.born == cell);
            let work = there * stream.unit(cell - cohort.born);
            if is_new {
                (new, new_work) = (new + there, new_work + work);
            } else {
                (old, old_work) = (old + there, old_work + work);
            }
            waiting.push((s, c, is_new));
        }
    }
    let all = |shares: (f64, f64)| {
        let share = |is_new: bool| if is_new { shares.1 } else { shares.0 };
        waiting.iter().map(|(s, c, is_new)| (*s, *c, share(*is_new))).collect::<Vec<_>>()
    };
    if old_work + new_work <= free {
        return (all((1.0, 1.0)), 1.0);
    }
    // Of those waiting at first the share 1 − e^(−x) starts; of those let in evenly over the cell 1 − (1 − e^(−x))/x.
    let shares = |x: f64| {
        let first = -libm::expm1(-x);
        (first, if x > 1e-6 { 1.0 - first / x } else { 0.5 * x })
    };
    let let_in = |x: f64| {
        let (first, later) = shares(x);
        let places = room.map_or(f64::INFINITY, |room| (room + first * old).max(0.0));
        if new > 0.0 { (places / (new * (1.0 - later).max(1e-300))).min(1.0) } else { 1.0 }
    };
    let work = |x: f64| {
        let (first, later) = shares(x);
        first * old_work + let_in(x) * later * new_work
    };
    let rate = root(|x| work(x) - free);
    let (first, later) = shares(rate);
    let let_in = let_in(rate);
    (all((first, later * let_in)), let_in)
}

/// Where a function that rises from below 0 passes it, by the Illinois method of false position (Dowell & Jarratt, BIT 11, 1971); not above
/// it.
fn root(of: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut at_low) = (0.0, of(0.0));
    let (mut high, mut at_high) = (0.1, of(0.1));
    while at_high < 0.0 && high < 1e9 {
        (low, at_low) = (high, at_high);
        high *= 4.0;
        at_high = of(high);
    }
    let mut last = 0;
    for _ in 0..STEPS {
        if high - low <= CLOSE * high || at_low >= 0.0 {
            break;
        }
        let between = (low * at_high - high * at_low) / (at_high - at_low);
        let at = of(between);
        if at < 0.0 {
            (low, at_low) = (between, at);
            at_high *= if last < 0 { 0.5 } else { 1.0 };
            last = -1;
        } else {
            (high, at_high) = (between, at);
            at_low *= if last > 0 { 0.5 } else { 1.0 };
            last = 1;
        }
        if at == 0.0 {
            return between;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_root_is_found_from_below() {
        for right in [1e-6, 0.03, 1.0, 7.0] {
            let found = super::root(|x: f64| -libm::expm1(-x) + libm::expm1(-right));
            assert!((found / right - 1.0).abs() < 1e-8, "{right}: {found}");
        }
        assert_eq!(super::root(|x| x), 0.0);
    }
}
