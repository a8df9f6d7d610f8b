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
