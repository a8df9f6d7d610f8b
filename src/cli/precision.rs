//! `--precision`: as many replications as a figure needs.

use super::exit::Failure;
use crate::experiment::{Precision, figure_names};
use crate::model::Study;

/// How well a figure is to be known.
#[derive(Debug, clap::Args)]
pub(super) struct PrecisionArgs {
    /// Add replications until half of the 95 % interval of --metric is within this part of it, e.g. 1%
    #[arg(long, value_name = "PART", value_parser = part)]
    precision: Option<f64>,
    /// The figure that --precision is about, of all classes together: timeout_share, time_to_complete.p50 …, of the baseline
    /// or, as POLICY:FIGURE, of another policy
    #[arg(long, value_name = "[POLICY:]FIGURE", default_value = "timeout_share", requires = "precision")]
    metric: String,
    /// Where --precision stops in any case
    #[arg(long, value_name = "N", default_value_t = 1000, requires = "precision", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    max_replications: u32,
}

fn part(text: &str) -> Result<f64, String> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let part = text.strip_suffix('%').map_or_else(|| number(text), |percent| number(percent).map(|percent| percent / 100.0));
    match part {
        Some(part) if part > 0.0 && part < 1.0 => Ok(part),
        _ => Err("want a part such as 1% or 0.01, less than all".to_owned()),
    }
}

impl PrecisionArgs {
    /// What it means for a study of which some policies are run.
    pub(super) fn of(&self, study: &Study, policies: &[usize]) -> Result<Option<Precision>, Failure> {
        let Some(goal) = self.precision else { return Ok(None) };
        let (policy, figure) = match self.metric.rsplit_once(':') {
            Some((policy, figure)) => (Some(policy), figure),
            None => (None, self.metric.as_str()),
        };
        let names = figure_names();
        if !names.iter().any(|name| name == figure) {
            return Err(Failure::Usage(format!("there is no figure `{figure}` for --metric; there are {}", names.join(", "))));
        }
        let is_meant = |id: &&usize| policy.is_none_or(|policy| study.names.policies[**id] == policy);
        let Some(policy) = policies.iter().find(is_meant) else {
            let known: Vec<&str> = policies.iter().map(|id| study.names.policies[*id].as_str()).collect();
            let wanted = policy.unwrap_or_default();
            return Err(Failure::Usage(format!("`{wanted}` of --metric is no policy that is run; `{}` are", known.join("`, `"))));
        };
        Ok(Some(Precision { policy: *policy, metric: figure.to_owned(), goal, most: self.max_replications }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_written_in_two_ways() {
        assert_eq!((part("1%"), part("0.05"), part("2.5 %")), (Ok(0.01), Ok(0.05), Ok(0.025)));
        assert!(["0", "100%", "1", "-1%", "%", "much", "nan", ""].iter().all(|text| part(text).is_err()));
    }
}
