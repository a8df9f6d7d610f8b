//! Short names of parameters: a JSON Pointer is too long for the head of a column.

/// For each pointer the shortest end that no other one has, beginning with a name: `workers` of `/stations/portal/workers`,
/// `citizens/0` of `/windows/open/citizens/0`.
pub(in crate::report) fn short_names(pointers: &[&str]) -> Vec<String> {
    let parts: Vec<Vec<&str>> = pointers.iter().map(|pointer| pointer.split('/').skip(1).collect()).collect();
    let name = |(place, own): (usize, &Vec<&str>)| {
        let fits = |length: &usize| {
            let short = end(own, *length);
            let is_name = short.first().is_some_and(|first| first.parse::<u64>().is_err());
            is_name && parts.iter().enumerate().all(|(other, parts)| other == place || end(parts, *length) != short)
        };
        (1..own.len()).find(fits).map_or_else(|| pointers[place].to_owned(), |length| end(own, length).join("/"))
    };
    parts.iter().enumerate().map(name).collect()
}

/// The last so many parts of a pointer.
fn end<'p, 'a>(parts: &'p [&'a str], length: usize) -> &'p [&'a str] {
    &parts[parts.len().saturating_sub(length)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_short_as_they_can_be_told_apart() {
        for (pointers, names) in [
            (&["/stations/portal/workers"][..], &["workers"][..]),
            (&["/stations/portal/workers", "/classes/citizens/timeout"], &["workers", "timeout"]),
            (&["/stations/a/workers", "/stations/b/workers"], &["a/workers", "b/workers"]),
            (&["/stations/a/workers", "/workers"], &["a/workers", "/workers"]),
            (
                &["/policies/split/rules/0/windows/open/citizens/0", "/policies/split/rules/0/windows/open/agents/0"],
                &["citizens/0", "agents/0"],
            ),
            (&["/a/rules/0/rate", "/a/rules/1/rate"], &["rules/0/rate", "rules/1/rate"]),
            (&["/0/1", ""], &["/0/1", ""]),
        ] {
            assert_eq!(short_names(pointers), names, "{pointers:?}");
        }
    }
}
