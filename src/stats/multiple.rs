//! Several tests at once.

/// The p-values of a family of tests after Holm's correction (Holm 1979, *A simple sequentially rejective multiple test
/// procedure*): where those below a level are taken as found, the chance of one false finding or more is at most that
/// level, however the tests depend on each other.
#[must_use]
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|one, other| p_values[*one].total_cmp(&p_values[*other]));
    let mut corrected = vec![0.0; p_values.len()];
    let mut largest: f64 = 0.0;
    for (rank, test) in order.into_iter().enumerate() {
        largest = largest.max(p_values[test] * (p_values.len() - rank) as f64).min(1.0);
        corrected[test] = largest;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_is_held_against_all_and_the_next_against_one_less() {
        let near = |got: &[f64], want: &[f64]| got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-12);
        // By hand: 4·0.005, 3·0.01, 2·0.03, and 1·0.04 is raised to the one before it.
        assert!(near(&holm(&[0.01, 0.04, 0.03, 0.005]), &[0.03, 0.06, 0.06, 0.02]));
        assert!(near(&holm(&[0.7, 0.6]), &[1.0, 1.0]));
        assert!(near(&holm(&[0.04]), &[0.04]) && holm(&[]).is_empty());
    }
}
