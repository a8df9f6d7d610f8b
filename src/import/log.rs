//! Lines of access logs: Common and Combined Log Format, and what servers put behind them.
//!
//! `host ident user [time] "METHOD path PROTOCOL" status bytes "referer" "agent" more…`

use super::{Options, Request, moment};

/// A line's request; `None` where its path is not the one that is looked for.
pub(super) fn request(line: &str, options: &Options) -> Result<Option<Request>, String> {
    let (_, rest) = line.split_once('[').ok_or("there is no time between square brackets")?;
    let (time, rest) = rest.split_once(']').ok_or("there is no time between square brackets")?;
    let second = moment::of_log(time, options)?;
    let fields = fields(rest);
    let first = fields.first().copied().unwrap_or_default();
    let path = first.split_whitespace().nth(1).unwrap_or("");
    if options.path.as_deref().is_some_and(|wanted| !path.starts_with(wanted)) {
        return Ok(None);
    }
    let status = fields.get(1).and_then(|text| text.parse().ok()).filter(|status| (100..600).contains(status));
    Ok(Some(Request { second, duration: duration(&fields, options)?, status }))
}

/// What stands behind the time, with texts between quotation marks whole.
fn fields(rest: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut rest = rest.trim_start();
    while !rest.is_empty() {
        let (field, behind) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_at(end_of_quoted(quoted)),
            None => rest.split_at(rest.find(' ').unwrap_or(rest.len())),
        };
        fields.push(field);
        rest = behind.strip_prefix('"').unwrap_or(behind).trim_start();
    }
    fields
}

/// Where the closing mark stands; a mark behind a backslash closes nothing.
fn end_of_quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' if !escaped => return at,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// The duration in the field that holds it: `last`, or a number counted from the request's, which is 1.
fn duration(fields: &[&str], options: &Options) -> Result<Option<u64>, String> {
    let Some(wanted) = options.duration.as_deref() else { return Ok(None) };
    let field = match wanted {
        "last" => fields.last(),
        number => number.parse::<usize>().ok().and_then(|number| fields.get(number.checked_sub(1)?)),
    };
    let text = field.copied().unwrap_or("-").trim_matches('"');
    let text = text.rsplit('=').next().unwrap_or(text);
    if text == "-" {
        return Ok(None);
    }
    super::table::duration(text, options).map(Some)
}
