//! Lines and powers through points of which each has its standard error.

/// A straight line by weighted least squares.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Its value at 0, and the standard error.
    pub(super) at_zero: (f64, f64),
    /// Its slope, and the standard error.
    pub(super) slope: (f64, f64),
}

impl Line {
    /// Through points (x, y, standard error of y).
    pub(super) fn through(points: &[(f64, f64, f64)]) -> Line {
        let sum = |term: fn(f64, f64) -> f64| -> f64 { points.iter().map(|(x, y, error)| term(*x, *y) / (error * error)).sum() };
        let (one, x, y) = (sum(|_, _| 1.0), sum(|x, _| x), sum(|_, y| y));
        let (xx, xy) = (sum(|x, _| x * x), sum(|x, y| x * y));
        let determinant = one * xx - x * x;
        Line {
            at_zero: ((xx * y - x * xy) / determinant, (xx / determinant).sqrt()),
            slope: ((one * xy - x * y) / determinant, (one / determinant).sqrt()),
        }
    }

    pub(super) fn at(&self, x: f64) -> f64 {
        self.at_zero.0 + self.slope.0 * x
    }
}

/// The exponent e of y = a·xᵉ through points (x, y, standard error of y), between −3 and 1, and its standard error: where the sum of
/// squares is one more than at its least. Unlike a line through logarithms it may have points that chance has put on the other
/// side of zero.
pub(super) fn power(points: &[(f64, f64, f64)]) -> (f64, f64) {
    let squares = |exponent: f64| {
        let of = |term: fn(f64, f64) -> f64| -> f64 {
            points.iter().map(|(x, y, error)| term(x.powf(exponent), *y) / (error * error)).sum()
        };
        let (gg, gy, yy) = (of(|g, _| g * g), of(|g, y| g * y), of(|_, y| y * y));
        yy - gy * gy / gg
    };
    let exponents: Vec<f64> = (0..=4000).map(|i| -3.0 + f64::from(i) * 1e-3).collect();
    let least = exponents.iter().copied().min_by(|a, b| squares(*a).total_cmp(&squares(*b))).expect("exponents");
    let inside: Vec<f64> = exponents.into_iter().filter(|exponent| squares(*exponent) <= squares(least) + 1.0).collect();
    (least, (inside[inside.len() - 1] - inside[0]) / 2.0)
}

#[test]
fn lines_and_powers_are_found() {
    let points = [(1.0, 5.0, 0.1), (2.0, 7.0, 0.2), (4.0, 11.0, 0.1)];
    let line = Line::through(&points);
    assert!((line.at_zero.0 - 3.0).abs() < 1e-9 && (line.slope.0 - 2.0).abs() < 1e-9 && (line.at(3.0) - 9.0).abs() < 1e-9);
    // Two points and a line between them: the error of the slope is that of their difference.
    let two = Line::through(&[(0.0, 1.0, 0.3), (2.0, 5.0, 0.4)]);
    assert!((two.at_zero.1 - 0.3).abs() < 1e-9 && (two.slope.1 - 0.25).abs() < 1e-9);
    let (exponent, error) = power(&[(1.0, -8.0, 0.1), (4.0, -4.0, 0.1), (16.0, -2.0, 0.1)]);
    assert!((exponent + 0.5).abs() < 2e-3 && (0.001..0.1).contains(&error), "{exponent} {error}");
}
