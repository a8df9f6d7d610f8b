//! `sensitivity.csv`: how much each parameter matters for each figure.

use crate::report::numbers::nine_digit_text;
use crate::sweep::{Cells, sensitivity};
use std::io::Write;

/// Writes `sensitivity.csv`: one row a policy, figure, parameter and measure.
///
/// # Errors
/// When `target` cannot be written to.
pub(super) fn write_sensitivity(cells: &Cells, target: impl Write) -> csv::Result<()> {
    let layout = &cells.layout;
    let mut csv = csv::Writer::from_writer(target);
    csv.write_record(["policy", "scope", "name", "figure", "parameter", "measure", "value", "low", "high"])?;
    for (policy, policy_name) in layout.policies.iter().enumerate() {
        for (figure, key) in layout.figures.iter().enumerate() {
            for effect in sensitivity(cells, policy, figure) {
                let pointer = layout.parameters.get(effect.parameter).map_or("", |parameter| parameter.pointer.as_str());
                let numbers = [effect.value, effect.low, effect.high].map(nine_digit_text);
                let texts = [policy_name, &key.scope, &key.name, &key.figure, pointer, effect.measure.name()];
                csv.write_record(texts.into_iter().chain(numbers.iter().map(String::as_str)))?;
            }
        }
    }
    csv.flush()?;
    Ok(())
}
