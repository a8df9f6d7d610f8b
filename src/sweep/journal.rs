//! The journal of a part: one line a run, written when the run ends, so that whatever stops the work loses only the runs that
//! were under way.
//!
//! A line is `cell policy replication figures checksum`: the figures as the bits of their numbers in hexadecimal, `-` where
//! there is none, so that they are read back exactly; the checksum is CRC-32 of the rest. A run that failed has `!` and the reason.
//! The first line names the sweep by its hash. A line that was being written when the power went has no right checksum and
//! no end: from there on the journal is cut off.

use super::error::{SweepError, io_error};
use super::layout::{Layout, Run};
use super::shard::Shard;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What a run gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Its figures, in the order of [`Layout::figures`].
    Figures(Vec<Option<f64>>),
    /// Why it failed.
    Failed(String),
}

/// A journal that is open for writing.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    synced: Instant,
    /// What was not yet handed to the disk for good.
    dirty: bool,
}

/// Between two orders to the disk to keep what was written; a crash of the whole machine loses no more.
const BETWEEN_SYNCS: Duration = Duration::from_secs(20);

/// The first line of a journal.
#[must_use]
pub fn head(layout: &Layout, shard: Shard) -> String {
    format!("clickday {} sweep {} part {shard}", layout.clickday, layout.hash)
}

/// The line of a run.
#[must_use]
pub fn line(run: Run, outcome: &Outcome) -> String {
    let Run { cell, policy, replication } = run;
    let rest = match outcome {
        Outcome::Figures(figures) => {
            let one = |figure: &Option<f64>| figure.map_or_else(|| "-".to_owned(), |value| format!("{:x}", value.to_bits()));
            figures.iter().map(one).collect::<Vec<_>>().join(",")
        }
        Outcome::Failed(why) => format!("!{}", why.replace(['\n', '\r'], " ")),
    };
    checked(&format!("{cell} {policy} {replication} {rest}"))
}

fn checked(text: &str) -> String {
    format!("{text} {:08x}\n", crc32fast::hash(text.as_bytes()))
}

/// The text of a line whose checksum is right.
fn unchecked(line: &str) -> Option<&str> {
    let (text, sum) = line.strip_suffix('\n')?.rsplit_once(' ')?;
    (sum.len() == 8 && u32::from_str_radix(sum, 16) == Ok(crc32fast::hash(text.as_bytes()))).then_some(text)
}

/// Reads [`line()`]; `None` where it is damaged.
#[must_use]
pub fn read_line(line: &str) -> Option<(Run, Outcome)> {
    let mut parts = unchecked(line)?.splitn(4, ' ');
    let run =
        Run { cell: parts.next()?.parse().ok()?, policy: parts.next()?.parse().ok()?, replication: parts.next()?.parse().ok()? };
    let rest = parts.next()?;
    if let Some(why) = rest.strip_prefix('!') {
        return Some((run, Outcome::Failed(why.to_owned())));
    }
    let one = |text: &str| match text {
        "-" => Some(None),
        bits => u64::from_str_radix(bits, 16).ok().map(|bits| Some(f64::from_bits(bits))),
    };
    Some((run, Outcome::Figures(rest.split(',').map(one).collect::<Option<_>>()?)))
}

/// What is to be done with each line that is whole: its run, what it gave, where it begins and how long it is.
pub(super) type Each<'e> = &'e mut dyn FnMut(Run, Outcome, u64, usize);

/// Reads a journal up to its end or to the first line that is damaged, and gives how far it was read; `None` where it is
/// the journal of something else.
pub(super) fn read(path: &Path, head: &str, each: Each<'_>) -> Result<Option<u64>, SweepError> {
    let file = File::open(path).map_err(io_error("read", path))?;
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut bytes = Vec::new();
    let mut next = |bytes: &mut Vec<u8>| {
        bytes.clear();
        reader.by_ref().take(1 << 26).read_until(b'\n', bytes).map_err(io_error("read", path))
    };
    if next(&mut bytes)? == 0 || !bytes.ends_with(b"\n") {
        return Ok(Some(0));
    }
    match std::str::from_utf8(&bytes).ok().and_then(unchecked) {
        Some(text) if text == head => {}
        Some(_) => return Ok(None),
        None => return Ok(Some(0)),
    }
    let mut at = bytes.len() as u64;
    loop {
        let length = next(&mut bytes)?;
        let Some((run, outcome)) = std::str::from_utf8(&bytes).ok().and_then(read_line) else { return Ok(Some(at)) };
        each(run, outcome, at, length);
        at += length as u64;
    }
}

impl Journal {
    /// Opens a journal after its last whole line, and makes it where there is none.
    pub(super) fn open(path: &Path, head: &str, whole: u64) -> Result<Journal, SweepError> {
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = options.map_err(io_error("write to", path))?;
        file.set_len(whole).map_err(io_error("write to", path))?;
        file.seek(SeekFrom::Start(whole)).map_err(io_error("write to", path))?;
        let mut journal = Journal { path: path.to_owned(), file, synced: Instant::now(), dirty: false };
        if whole == 0 {
            journal.append(&checked(head))?;
        }
        journal.sync()?;
        super::folder::keep_name(path)?;
        Ok(journal)
    }

    /// Notes a run.
    pub(super) fn note(&mut self, run: Run, outcome: &Outcome) -> Result<(), SweepError> {
        self.append(&line(run, outcome))?;
        if self.synced.elapsed() >= BETWEEN_SYNCS {
            self.sync()?;
        }
        Ok(())
    }

    fn append(&mut self, line: &str) -> Result<(), SweepError> {
        self.dirty = true;
        self.file.write_all(line.as_bytes()).map_err(io_error("write to", &self.path))
    }

    /// Has the disk keep what was written.
    pub(super) fn sync(&mut self) -> Result<(), SweepError> {
        if self.dirty {
            self.file.sync_data().map_err(io_error("write to", &self.path))?;
        }
        (self.dirty, self.synced) = (false, Instant::now());
        Ok(())
    }
}

/// Puts the lines of a journal in the order of their runs, the last one of each run, into a file that is then renamed to
/// `target`.
pub(super) fn finish(journal: &Path, head: &str, target: &Path) -> Result<(), SweepError> {
    let mut lines: Vec<(Run, u64, usize)> = Vec::new();
    read(journal, head, &mut |run, _, at, length| lines.push((run, at, length)))?;
    lines.sort_unstable();
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut temporary = super::folder::temporary_in(folder)?;
    let mut source = File::open(journal).map_err(io_error("read", journal))?;
    let mut bytes = Vec::new();
    {
        let mut out = std::io::BufWriter::with_capacity(1 << 16, temporary.as_file_mut());
        out.write_all(checked(head).as_bytes()).map_err(io_error("write to", target))?;
        for (i, (run, at, length)) in lines.iter().enumerate() {
            if lines.get(i + 1).is_some_and(|(next, ..)| next == run) {
                continue;
            }
            bytes.resize(*length, 0);
            source.seek(SeekFrom::Start(*at)).map_err(io_error("read", journal))?;
            source.read_exact(&mut bytes).map_err(io_error("read", journal))?;
            out.write_all(&bytes).map_err(io_error("write to", target))?;
        }
        out.flush().map_err(io_error("write to", target))?;
    }
    super::folder::put(temporary, target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(cell: u64, replication: u32) -> Run {
        Run { cell, policy: 1, replication }
    }

    #[test]
    fn every_bit_of_a_figure_is_read_back() {
        let figures = vec![Some(0.1 + 0.2), None, Some(-0.0), Some(f64::MIN_POSITIVE / 3.0), Some(1e300)];
        let text = line(run(7, 3), &Outcome::Figures(figures.clone()));
        let (read, outcome) = read_line(&text).unwrap();
        let Outcome::Figures(got) = outcome else { panic!() };
        let bits = |figures: &[Option<f64>]| figures.iter().map(|f| f.map(f64::to_bits)).collect::<Vec<_>>();
        assert_eq!((read, bits(&got)), (run(7, 3), bits(&figures)));
        let failed = Outcome::Failed("two\nlines, and spaces".to_owned());
        assert_eq!(read_line(&line(run(1, 0), &failed)), Some((run(1, 0), Outcome::Failed("two lines, and spaces".to_owned()))));
    }

    #[test]
    fn a_line_cut_or_changed_anywhere_is_damaged() {
        let text = line(run(12, 3), &Outcome::Figures(vec![Some(1.5), Some(2.5)]));
        for end in 0..text.len() {
            assert_eq!(read_line(&text[..end]), None, "cut at {end}");
        }
        for place in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= 1;
            assert_eq!(std::str::from_utf8(&bytes).ok().and_then(read_line), None, "changed at {place}");
        }
    }

    #[test]
    fn a_journal_that_was_cut_goes_on_where_it_is_whole_and_ends_in_order() {
        let home = tempfile::tempdir().unwrap();
        let (path, target) = (home.path().join("1-of-1.journal"), home.path().join("1-of-1.part"));
        let figures = |x: f64| Outcome::Figures(vec![Some(x)]);
        let mut journal = Journal::open(&path, "head", 0).unwrap();
        for cell in [3, 1, 2] {
            journal.note(run(cell, 0), &figures(cell as f64)).unwrap();
        }
        drop(journal);
        let whole = std::fs::read(&path).unwrap();
        let mut by_end = Vec::new();
        for end in 0..=whole.len() {
            std::fs::write(&path, &whole[..end]).unwrap();
            let mut runs = Vec::new();
            let at = read(&path, "head", &mut |run, _, _, _| runs.push(run.cell)).unwrap().unwrap();
            assert_eq!(runs, [3, 1, 2][..runs.len()]);
            assert!(at as usize <= end);
            by_end.push(runs.len());
            let mut journal = Journal::open(&path, "head", at).unwrap();
            for cell in [3, 1, 2].into_iter().filter(|cell| !runs.contains(cell)) {
                journal.note(run(cell, 0), &figures(cell as f64)).unwrap();
            }
            drop(journal);
            finish(&path, "head", &target).unwrap();
            let mut order = Vec::new();
            read(&target, "head", &mut |run, outcome, _, _| order.push((run.cell, outcome))).unwrap();
            assert_eq!(order, [1.0, 2.0, 3.0].map(|x| (x as u64, figures(x))), "cut at {end}");
        }
        assert_eq!(by_end.iter().copied().max(), Some(3));
        assert_eq!(read(&path, "another head", &mut |_, _, _, _| {}).unwrap(), None);
    }
}
