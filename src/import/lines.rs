//! Lines of a file, unpacked where it is gzip, each bounded in length.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Longer lines are no requests; only so much of them is kept.
const LONGEST: usize = 1 << 20;

pub(super) struct Lines {
    reader: Box<dyn BufRead>,
    buffer: Vec<u8>,
    number: u64,
}

impl Lines {
    pub(super) fn open(path: &Path) -> io::Result<Lines> {
        let mut plain = BufReader::with_capacity(1 << 16, File::open(path)?);
        let is_gzip = plain.fill_buf()?.starts_with(&[0x1f, 0x8b]);
        let reader: Box<dyn BufRead> = if is_gzip {
            Box::new(BufReader::with_capacity(1 << 16, flate2::bufread::MultiGzDecoder::new(plain)))
        } else {
            Box::new(plain)
        };
        Ok(Lines { reader, buffer: Vec::new(), number: 0 })
    }

    /// The next line's number, from 1, and its text without its end, or why it is none.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Result<&str, String>)>> {
        self.buffer.clear();
        let mut limited = (&mut self.reader).take(LONGEST as u64);
        if limited.read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.buffer.last() != Some(&b'\n') && self.buffer.len() == LONGEST {
            self.rest_of_line()?;
            return Ok(Some((self.number, Err("it is longer than a mebibyte".to_owned()))));
        }
        let text = std::str::from_utf8(&self.buffer).map_err(|_| "it is not UTF-8".to_owned());
        Ok(Some((self.number, text.map(|text| text.strip_prefix('\u{feff}').unwrap_or(text)))))
    }

    fn rest_of_line(&mut self) -> io::Result<()> {
        loop {
            let held = self.reader.fill_buf()?;
            let (used, ends) = match held.iter().position(|byte| *byte == b'\n') {
                Some(end) => (end + 1, true),
                None => (held.len(), held.is_empty()),
            };
            self.reader.consume(used);
            if ends {
                return Ok(());
            }
        }
    }
}
