//! Which parameters matter: elementary effects (Morris 1991, with μ* of Campolongo, Cariboni & Saltelli 2007) and Sobol
//! indices (first order after Saltelli et al. 2010, total after Jansen 1999), with bootstrap intervals.

use super::assemble::Cells;
use super::design::{Design, key, shuffled};
use crate::random::{Draw, NameHash, Purpose};
use crate::stats::sample_quantile;

/// What an effect measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Mean size of the elementary effects: how much the figure changes over the parameter's whole range.
    MuStar,
    /// Their mean, with its sign.
    Mu,
    /// Their standard deviation: how much the effect depends on the others, or bends.
    Sigma,
    /// Share of the figure's variance that the parameter explains alone.
    First,
    /// Share in which it has any part.
    Total,
}

impl Measure {
    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Measure::MuStar => "mu_star",
            Measure::Mu => "mu",
            Measure::Sigma => "sigma",
            Measure::First => "first",
            Measure::Total => "total",
        }
    }
}

/// How much a parameter matters for a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Place of the parameter in the layout.
    pub parameter: usize,
    /// What is measured.
    pub measure: Measure,
    /// The estimate.
    pub value: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Resamples of a bootstrap.
const RESAMPLES: u64 = 1000;
/// Morris' grid has four levels, and a step goes over two thirds of it: Δ = p/(2(p − 1)).
const STEP: f64 = 2.0 / 3.0;

/// The places of a cell of the walks: from a random corner of the lower third each parameter goes up (or down) once, in
/// random order.
pub(super) fn walk(seed: u64, cell: u64, parameters: usize) -> Vec<f64> {
    let (walk, steps) = (cell / (parameters as u64 + 1), (cell % (parameters as u64 + 1)) as usize);
    let order = order(seed, walk, parameters);
    let key = key(seed, "walk");
    let draw = |parameter: usize, step: u16| {
        key.uniform(Purpose::Design, walk << 16 | parameter as u64, Draw { step, ..Draw::default() })
    };
    (0..parameters)
        .map(|parameter| {
            let low = if draw(parameter, 0) < 0.5 { 0.0 } else { 1.0 - STEP };
            let (from, to) = if draw(parameter, 1) < 0.5 { (low, low + STEP) } else { (low + STEP, low) };
            let moved = order.iter().position(|other| *other as usize == parameter).is_some_and(|place| place < steps);
            if moved { to } else { from }
        })
        .collect()
}

/// In which order a walk changes the parameters.
fn order(seed: u64, walk: u64, parameters: usize) -> Vec<u32> {
    let name = format!("order {walk}");
    shuffled(&key(seed, &name), parameters as u64)
}

/// The effects of all parameters on a figure under a policy (places in the layout); empty where the design tells none, or
/// too few cells have the figure.
#[must_use]
pub fn sensitivity(cells: &Cells, policy: usize, figure: usize) -> Vec<Effect> {
    let layout = &cells.layout;
    let mut values = vec![None; usize::try_from(layout.cells).unwrap_or(0)];
    for cell in &cells.cells {
        let mean = cell.figures.get(policy).and_then(|figures| figures.get(figure).copied().flatten()).map(|f| f.mean);
        if let Some(slot) = values.get_mut(usize::try_from(cell.cell).unwrap_or(usize::MAX)) {
            *slot = mean;
        }
    }
    match layout.design {
        Design::Morris => morris(&values, layout.parameters.len(), layout.seed),
        Design::Saltelli => sobol_indices(&values, layout.parameters.len(), layout.seed),
        _ => Vec::new(),
    }
}

/// Elementary effects of walks whose cells have these values.
fn morris(values: &[Option<f64>], parameters: usize, seed: u64) -> Vec<Effect> {
    // By walk and parameter.
    let mut effects: Vec<Vec<f64>> = Vec::new();
    for (walk_number, walk_values) in values.chunks_exact(parameters + 1).enumerate() {
        let Some(walk_values) = walk_values.iter().copied().collect::<Option<Vec<f64>>>() else { continue };
        let first = walk_number as u64 * (parameters as u64 + 1);
        let mut of_walk = vec![0.0; parameters];
        for (step, parameter) in order(seed, walk_number as u64, parameters).into_iter().enumerate() {
            let parameter = parameter as usize;
            let place = |cell: u64| walk(seed, cell, parameters)[parameter];
            let moved = place(first + step as u64 + 1) - place(first + step as u64);
            of_walk[parameter] = (walk_values[step + 1] - walk_values[step]) / moved;
        }
        effects.push(of_walk);
    }
    if effects.len() < 2 {
        return Vec::new();
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let of = |measure: Measure, effects: &[f64]| match measure {
        Measure::MuStar => mean(&effects.iter().map(|effect| effect.abs()).collect::<Vec<_>>()),
        Measure::Mu => mean(effects),
        _ => {
            let middle = mean(effects);
            libm::sqrt(effects.iter().map(|e| (e - middle) * (e - middle)).sum::<f64>() / (effects.len() - 1) as f64)
        }
    };
    let mut found = Vec::new();
    for parameter in 0..parameters {
        let all: Vec<f64> = effects.iter().map(|walk| walk[parameter]).collect();
        for measure in [Measure::MuStar, Measure::Mu, Measure::Sigma] {
            let again = |picks: &[usize]| Some(of(measure, &picks.iter().map(|pick| all[*pick]).collect::<Vec<_>>()));
            let (low, high) = bootstrap(all.len(), seed, again).unwrap_or((f64::NAN, f64::NAN));
            found.push(Effect { parameter, measure, value: of(measure, &all), low, high });
        }
    }
    found
}

/// A row of Saltelli's matrices: f(A), f(B), and f of A with each column of B.
struct Row {
    a: f64,
    b: f64,
    mixed: Vec<f64>,
}

/// Sobol indices from rows of cells with these values.
fn sobol_indices(values: &[Option<f64>], parameters: usize, seed: u64) -> Vec<Effect> {
    let rows: Vec<Row> = values
        .chunks_exact(parameters + 2)
        .filter_map(|row| row.iter().copied().collect::<Option<Vec<f64>>>())
        .map(|row| Row { a: row[0], b: row[1], mixed: row[2..].to_vec() })
        .collect();
    if rows.len() < 2 {
        return Vec::new();
    }
    let all: Vec<usize> = (0..rows.len()).collect();
    let mut found = Vec::new();
    for parameter in 0..parameters {
        for measure in [Measure::First, Measure::Total] {
            let Some(value) = index(&rows, &all, parameter, measure) else { return Vec::new() };
            let again = |picks: &[usize]| index(&rows, picks, parameter, measure);
            let (low, high) = bootstrap(rows.len(), seed, again).unwrap_or((f64::NAN, f64::NAN));
            found.push(Effect { parameter, measure, value, low, high });
        }
    }
    found
}

/// An index over some of the rows; `None` where the figure does not vary.
fn index(rows: &[Row], picks: &[usize], parameter: usize, measure: Measure) -> Option<f64> {
    let n = picks.len() as f64;
    let each = || picks.iter().map(|pick| &rows[*pick]);
    let mean = each().map(|row| row.a + row.b).sum::<f64>() / (2.0 * n);
    let variance = each().map(|row| (row.a - mean) * (row.a - mean) + (row.b - mean) * (row.b - mean)).sum::<f64>() / (2.0 * n);
    if variance <= 0.0 {
        return None;
    }
    let sum: f64 = match measure {
        Measure::First => each().map(|row| (row.b - mean) * (row.mixed[parameter] - row.a)).sum(),
        _ => each().map(|row| (row.a - row.mixed[parameter]) * (row.a - row.mixed[parameter]) / 2.0).sum(),
    };
    Some(sum / n / variance)
}

/// The 95 % percentile interval of a statistic over resamples of `n` things.
fn bootstrap(n: usize, seed: u64, mut statistic: impl FnMut(&[usize]) -> Option<f64>) -> Option<(f64, f64)> {
    let key = crate::random::Key::new(seed, 0, NameHash::new("parameter", "bootstrap"));
    let mut picks = vec![0; n];
    let mut found = Vec::new();
    for resample in 0..RESAMPLES {
        let mut stream = key.stream(Purpose::Design, resample, Draw::default());
        // A stream has 256 blocks of its own; longer samples take theirs from further draws.
        for (i, pick) in picks.iter_mut().enumerate() {
            if i % 256 == 0 {
                let step = u16::try_from(i / 256).unwrap_or(u16::MAX);
                stream = key.stream(Purpose::Design, resample, Draw { step, ..Draw::default() });
            }
            *pick = ((stream.uniform() * n as f64) as usize).min(n - 1);
        }
        found.extend(statistic(&picks));
    }
    Some((sample_quantile(&found, 0.025)?, sample_quantile(&found, 0.975)?))
}

#[cfg(test)]
mod tests {
    use super::super::design::{Points, sobol};
    use super::super::parameter::{Parameter, Source, Unit};
    use super::*;
    use std::f64::consts::PI;

    fn parameters(count: usize, from: f64, to: f64) -> Vec<Parameter> {
        let one =
            |i| Parameter { pointer: format!("/{i}"), unit: Unit::Number, whole: false, values: Source::Uniform { from, to } };
        (0..count).map(one).collect()
    }

    fn evaluated(parameters: &[Parameter], design: Design, cells: u64, f: impl Fn(&[f64]) -> f64) -> Vec<Option<f64>> {
        let points = Points::new(parameters, design, cells, 11);
        let values = |cell| points.cell(cell).iter().map(|value| value.number.unwrap()).collect::<Vec<_>>();
        (0..cells).map(|cell| Some(f(&values(cell)))).collect()
    }

    fn assert_indices(effects: &[Effect], first: &[f64], total: &[f64]) {
        for (measure, known) in [(Measure::First, first), (Measure::Total, total)] {
            let got: Vec<&Effect> = effects.iter().filter(|effect| effect.measure == measure).collect();
            assert_eq!(got.len(), known.len());
            for (effect, want) in got.iter().zip(known) {
                assert!((effect.value - want).abs() < 0.02, "{effect:?}, not {want}");
                assert!(effect.low <= want + 0.01 && want - 0.01 <= effect.high, "{effect:?} leaves out {want}");
                assert!(effect.high - effect.low < 0.2, "{effect:?}");
            }
        }
    }

    /// Ishigami & Homma 1990, a = 7, b = 0.1, whose indices are known in closed form.
    #[test]
    fn sobol_indices_of_ishigamis_function() {
        let parameters = parameters(3, -PI, PI);
        let (a, b) = (7.0, 0.1);
        let f = |x: &[f64]| x[0].sin() + a * x[1].sin().powi(2) + b * x[2].powi(4) * x[0].sin();
        let values = evaluated(&parameters, Design::Saltelli, 2048 * 5, f);
        let v1 = 0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2);
        let v2 = a * a / 8.0;
        let v13 = b * b * PI.powi(8) * (1.0 / 18.0 - 1.0 / 50.0);
        let v = v1 + v2 + v13;
        assert_indices(&sobol_indices(&values, 3, 11), &[v1 / v, v2 / v, 0.0], &[(v1 + v13) / v, v2 / v, v13 / v]);
    }

    /// The g-function of Sobol': Π (|4x − 2| + a)/(1 + a), whose partial variances are (1/3)/(1 + a)².
    #[test]
    fn sobol_indices_of_the_g_function() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0];
        let parameters = parameters(a.len(), 0.0, 1.0);
        let f = |x: &[f64]| x.iter().zip(a).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product();
        let values = evaluated(&parameters, Design::Saltelli, 4096 * 7, f);
        let part: Vec<f64> = a.iter().map(|a| 1.0 / 3.0 / (1.0 + a) / (1.0 + a)).collect();
        let all: f64 = part.iter().map(|v| 1.0 + v).product();
        let v = all - 1.0;
        let first: Vec<f64> = part.iter().map(|p| p / v).collect();
        let total: Vec<f64> = part.iter().map(|p| p * (all / (1.0 + p)) / v).collect();
        assert_indices(&sobol_indices(&values, a.len(), 11), &first, &total);
    }

    #[test]
    fn a_walk_changes_each_parameter_once_by_two_thirds() {
        for walk_number in 0..50 {
            let cells: Vec<Vec<f64>> = (0..5).map(|step| walk(3, walk_number * 5 + step, 4)).collect();
            let mut changed = Vec::new();
            for pair in cells.windows(2) {
                let moved: Vec<usize> = (0..4).filter(|i| pair[0][*i] != pair[1][*i]).collect();
                assert_eq!(moved.len(), 1);
                assert!(((pair[0][moved[0]] - pair[1][moved[0]]).abs() - STEP).abs() < 1e-12);
                changed.push(moved[0]);
            }
            changed.sort_unstable();
            assert_eq!(changed, [0, 1, 2, 3]);
            assert!(cells.iter().flatten().all(|place| (0.0..=1.0).contains(place)));
        }
        assert_ne!(order(3, 0, 8), order(3, 1, 8));
    }

    /// Morris' effects of a sum are its factors, and those of a product depend on the others.
    #[test]
    fn effects_of_a_sum_are_its_factors() {
        let parameters = parameters(4, 0.0, 1.0);
        let sum = |x: &[f64]| 3.0 * x[0] - 2.0 * x[1] + 0.5 * x[2];
        let effects = morris(&evaluated(&parameters, Design::Morris, 20 * 5, sum), 4, 11);
        let of = |effects: &[Effect], parameter: usize, measure: Measure| {
            let found = effects.iter().find(|e| e.parameter == parameter && e.measure == measure);
            found.map(|e| e.value).unwrap()
        };
        for (parameter, factor) in [3.0, -2.0, 0.5, 0.0].into_iter().enumerate() {
            assert!((of(&effects, parameter, Measure::Mu) - factor).abs() < 1e-9);
            assert!((of(&effects, parameter, Measure::MuStar) - f64::abs(factor)).abs() < 1e-9);
            assert!(of(&effects, parameter, Measure::Sigma) < 1e-9);
        }
        let product = |x: &[f64]| x[0] * x[1];
        let effects = morris(&evaluated(&parameters, Design::Morris, 200 * 5, product), 4, 11);
        // The effect of x₀ is x₁: of mean ½ over the levels 0, ⅓, ⅔, 1.
        let (mean, spread) = (of(&effects, 0, Measure::MuStar), of(&effects, 0, Measure::Sigma));
        assert!((mean - 0.5).abs() < 0.09 && spread > 0.25, "{mean} {spread}");
        assert_eq!(of(&effects, 3, Measure::MuStar), 0.0);
    }

    #[test]
    fn cells_without_the_figure_leave_their_walk_or_row_out() {
        let parameters = parameters(3, -PI, PI);
        let mut values = evaluated(&parameters, Design::Saltelli, 256 * 5, |x| x[0] + 2.0 * x[1]);
        let whole = sobol_indices(&values, 3, 11);
        values[7] = None;
        let less = sobol_indices(&values, 3, 11);
        assert!(whole.len() == 6 && less.len() == 6 && whole != less);
        assert!((less[0].value - 0.2).abs() < 0.05 && (less[2].value - 0.8).abs() < 0.05, "{less:?}");
        assert!(sobol_indices(&[None; 50], 3, 11).is_empty() && morris(&[Some(1.0); 4], 3, 11).is_empty());
        assert!(sobol(5, 0, 11) != sobol(5, 0, 12));
    }
}
