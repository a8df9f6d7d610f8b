//! What the slopes of the residuals say about the numbers that were fitted.

/// The matrix JᵀJ of slopes, a row a residual.
pub(super) fn squared(slopes: &[Vec<f64>], size: usize) -> Vec<Vec<f64>> {
    let entry = |i: usize, j: usize| slopes.iter().map(|row| row[i] * row[j]).sum();
    (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect()
}

/// Eigenvalues and eigenvectors (one a row) of a symmetric matrix, by Jacobi's rotations.
pub(super) fn eigen(mut a: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    const MOST_SWEEPS: usize = 60;
    let n = a.len();
    let mut vectors: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..MOST_SWEEPS {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j] * a[i][j]).sum();
        let on: f64 = (0..n).map(|i| a[i][i] * a[i][i]).sum();
        if off <= on * 1e-30 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    (0..n).map(|i| (a[i][i], vectors[i].clone())).collect()
}

/// Makes the entry at (p, q) zero.
fn rotate(a: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + libm::sqrt(theta * theta + 1.0));
    let t = if theta == 0.0 { 1.0 } else { t };
    let c = 1.0 / libm::sqrt(t * t + 1.0);
    let s = t * c;
    for row in a.iter_mut() {
        (row[p], row[q]) = turned((row[p], row[q]), c, s);
    }
    for rows in [a, vectors] {
        let (above, below) = rows.split_at_mut(q);
        for (x, y) in above[p].iter_mut().zip(below[0].iter_mut()) {
            (*x, *y) = turned((*x, *y), c, s);
        }
    }
}

fn turned((x, y): (f64, f64), c: f64, s: f64) -> (f64, f64) {
    (c * x - s * y, s * x + c * y)
}

/// Standard errors of the numbers: the roots of the diagonal of the inverse, from the eigenvectors; infinite where the data
/// say nothing.
pub(super) fn standard_errors(eigen: &[(f64, Vec<f64>)]) -> Vec<f64> {
    let n = eigen.len();
    let variance = |i: usize| -> f64 {
        eigen
            .iter()
            .filter(|(_, vector)| vector[i].abs() > 1e-9)
            .map(|(value, vector)| if *value > 1e-12 { vector[i] * vector[i] / value } else { f64::INFINITY })
            .sum()
    };
    (0..n).map(|i| libm::sqrt(variance(i))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_of_a_known_matrix() {
        let matrix = vec![vec![2.0, 1.0, 0.0], vec![1.0, 2.0, 0.0], vec![0.0, 0.0, 5.0]];
        let mut found = eigen(matrix.clone());
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        let values: Vec<f64> = found.iter().map(|(value, _)| *value).collect();
        assert!(values.iter().zip([1.0, 3.0, 5.0]).all(|(a, b)| (a - b).abs() < 1e-12), "{values:?}");
        for (value, vector) in &found {
            for (row, along) in matrix.iter().zip(vector) {
                let product: f64 = row.iter().zip(vector).map(|(a, b)| a * b).sum();
                assert!((product - value * along).abs() < 1e-12);
            }
        }
        // The inverse of [[2, 1], [1, 2]] has 2/3 on its diagonal.
        let errors = standard_errors(&found);
        assert!((errors[0] - (2.0f64 / 3.0).sqrt()).abs() < 1e-12 && (errors[2] - 0.2f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn what_no_residual_moves_with_is_not_known() {
        let slopes = vec![vec![3.0, 0.0], vec![4.0, 0.0]];
        let errors = standard_errors(&eigen(squared(&slopes, 2)));
        assert!((errors[0] - 0.2).abs() < 1e-12 && errors[1].is_infinite());
        let twins = vec![vec![1.0, 1.0], vec![2.0, 2.0]];
        assert!(standard_errors(&eigen(squared(&twins, 2))).iter().all(|error| error.is_infinite() || *error > 1e5));
    }
}
