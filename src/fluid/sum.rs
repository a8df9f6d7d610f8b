//! Sums of flows, in loops that compilers make vector instructions of.

/// The sum, by eight partial sums, so that one addition need not wait for another; the same for the same numbers.
pub(super) fn sum(flow: &[f64]) -> f64 {
    let mut parts = [0.0; 8];
    let eights = flow.chunks_exact(8);
    let rest: f64 = eights.remainder().iter().sum();
    for eight in eights {
        parts.iter_mut().zip(eight).for_each(|(part, flow)| *part += flow);
    }
    parts.iter().sum::<f64>() + rest
}

/// Adds a share of one flow to another.
// A function of its own: only of its arguments is it known that they do not overlap.
#[inline(never)]
pub(super) fn add(to: &mut [f64], share: f64, flow: &[f64]) {
    to.iter_mut().zip(flow).for_each(|(to, flow)| *to += share * flow);
}

/// Adds the parts of a flow that are as long as another one to it.
#[inline(never)]
pub(super) fn fold(to: &mut [f64], flow: &[f64]) {
    for part in flow.chunks_exact(to.len()) {
        to.iter_mut().zip(part).for_each(|(to, part)| *to += part);
    }
}

/// Adds to a flow so much of each of some rows of a table that are as long as it: `(number, weight)`, a row's place being the number of
/// `now` less its own, around the table, which has `mask + 1` of them, a power of two.
pub(super) fn add_rows(to: &mut [f64], rows: &[(usize, f64)], (now, mask): (usize, usize), table: &[f64]) {
    let around = |number: usize| (now - number) & mask;
    match to.len() {
        width if width % 12 == 0 => columns::<12>(to, rows, around, table),
        width if width % 8 == 0 => columns::<8>(to, rows, around, table),
        width if width % 4 == 0 => columns::<4>(to, rows, around, table),
        width if width % 2 == 0 => columns::<2>(to, rows, around, table),
        _ => columns::<1>(to, rows, around, table),
    }
}

/// The same by so many columns at a time, whose sums stay in registers.
#[inline(never)]
fn columns<const N: usize>(to: &mut [f64], rows: &[(usize, f64)], around: impl Fn(usize) -> usize, table: &[f64]) {
    let (to, table) = (to.as_chunks_mut::<N>().0, table.as_chunks::<N>().0);
    let row = to.len();
    for (at, to) in to.iter_mut().enumerate() {
        let mut sums = *to;
        for (number, weight) in rows {
            if let Some(flow) = table.get(around(*number) * row + at) {
                sums.iter_mut().zip(flow).for_each(|(sum, flow)| *sum += weight * flow);
            }
        }
        *to = sums;
    }
}
