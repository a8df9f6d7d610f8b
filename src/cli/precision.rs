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
    /// The figure that --precision is about: timeout_share, time_to_complete.p50 …, of all classes together or of one
    /// (timeout_share@citizens), of the baseline or of another policy (time-split:timeout_share@citizens)
    #[arg(long, value_name = "[POLICY:]FIGURE[@CLASS]", default_value = "timeout_share", requires = "precision")]
    metric: String,
    /// Make it the paired difference of --metric to this policy
    #[arg(long, value_name = "POLICY", requires = "precision")]
    against: Option<String>,
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
        let names = &study.names;
        let run: Vec<&str> = policies.iter().map(|id| names.policies[*id].as_str()).collect();
        let no_policy = |wanted: &str, option: &str| {
            Failure::Usage(format!("`{wanted}` of {option} is no policy that is run; `{}` are", run.join("`, `")))
        };
        let of_run = |wanted: &str| policies.iter().copied().find(|id| names.policies[*id] == wanted);
        let (policy, text) = owner(&self.metric, &names.policies);
        let (figure, class) = text.split_once('@').map_or((text, None), |(figure, class)| (figure, Some(class)));
        let against = self.against.as_deref();
        let against = against.map(|wanted| of_run(wanted).ok_or_else(|| no_policy(wanted, "--against"))).transpose()?;
        let others = || policies.iter().copied().filter(|id| Some(*id) != against);
        let policy = match policy {
            Some(wanted) => Some(of_run(wanted).ok_or_else(|| no_policy(wanted, "--metric"))?),
            // Of two policies the one is compared with the other.
            None if against.is_some() && others().count() > 1 => {
                return Err(Failure::Usage(format!("--against wants to know of which policy: --metric POLICY:{text}")));
            }
            None => others().next(),
        };
        let known = figure_names();
        if !known.iter().any(|name| name == figure) {
            return Err(Failure::Usage(format!("there is no figure `{figure}` for --metric; there are {}", known.join(", "))));
        }
        let place = |wanted: &str| names.classes.iter().position(|name| name == wanted);
        let no_class =
            |wanted: &str| Failure::Usage(format!("`{wanted}` of --metric is no class; `{}` are", names.classes.join("`, `")));
        let class = class.map(|wanted| place(wanted).ok_or_else(|| no_class(wanted))).transpose()?;
        let Some(policy) = policy.filter(|policy| Some(*policy) != against) else {
            return Err(Failure::Usage("--against wants another policy than the one of --metric".to_owned()));
        };
        let metric = figure.to_owned();
        Ok(Some(Precision { policy, against, class, metric, goal, most: self.max_replications }))
    }
}

/// Takes `POLICY:FIGURE@CLASS` apart at the end of the policy, whose name may hold a colon as that of a class may.
fn owner<'t>(text: &'t str, policies: &[String]) -> (Option<&'t str>, &'t str) {
    let ends = policies.iter().filter(|name| text.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(':')));
    let end = ends.map(String::len).max().or_else(|| text.split('@').next().and_then(|head| head.rfind(':')));
    end.map_or((None, text), |end| (Some(&text[..end]), &text[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy_figure_and_class_are_told_apart() {
        let policies = ["open".to_owned(), "a:b".to_owned(), "a".to_owned()];
        let of = |text: &'static str| owner(text, &policies);
        assert_eq!(of("timeout_share@citizens"), (None, "timeout_share@citizens"));
        assert_eq!(of("open:timeout_share@c:d"), (Some("open"), "timeout_share@c:d"));
        assert_eq!(of("timeout_share@c:d"), (None, "timeout_share@c:d"));
        assert_eq!((of("a:b:requests"), of("a:requests")), ((Some("a:b"), "requests"), (Some("a"), "requests")));
        assert_eq!(of("nobody:requests"), (Some("nobody"), "requests"));
    }

    #[test]
    fn parts_are_written_in_two_ways() {
        assert_eq!((part("1%"), part("0.05"), part("2.5 %")), (Ok(0.01), Ok(0.05), Ok(0.025)));
        assert!(["0", "100%", "1", "-1%", "%", "much", "nan", ""].iter().all(|text| part(text).is_err()));
    }
}
