//! The bits of neighbouring keys: those that a scenario uses side by side must look as unrelated as any.

use crate::fits::assert_chi_square;
use clickday::random::{Draw, Key, NameHash, Purpose};
use statrs::distribution::{DiscreteCDF, Poisson};

/// A row of keys, each next to the one before: the first 64 bits of each.
type Row = (&'static str, fn(u64) -> u64);

fn citizens(seed: u64, replication: u32) -> Key {
    Key::new(seed, replication, NameHash::new("class", "citizens"))
}

fn first(key: &Key, purpose: Purpose, applicant: u64, draw: Draw) -> u64 {
    key.stream(purpose, applicant, draw).bits()
}

const PURPOSES: [Purpose; 8] = [
    Purpose::Service,
    Purpose::Think,
    Purpose::Patience,
    Purpose::Backoff,
    Purpose::ReturnAfter,
    Purpose::Aware,
    Purpose::ReturnDelay,
    Purpose::Cohort,
];

/// What varies along the row.
const ROWS: [Row; 7] = [
    ("applicants", |i| first(&citizens(1, 0), Purpose::Service, i, Draw::default())),
    ("applicants and steps", |i| {
        first(&citizens(1, 0), Purpose::Service, i / 8, Draw { step: (i % 8) as u16, ..Draw::default() })
    }),
    ("tries and sessions of few applicants", |i| {
        let draw = Draw { attempt: (i % 64) as u16, session: (i / 64 % 64) as u16, step: 0 };
        first(&citizens(1, 0), Purpose::Backoff, i / 4096, draw)
    }),
    ("purposes", |i| first(&citizens(1, 0), PURPOSES[(i % 8) as usize], i / 8, Draw::default())),
    ("replications", |i| first(&citizens(1, i as u32), Purpose::Demand, 0, Draw::default())),
    ("seeds", |i| first(&citizens(i, 0), Purpose::Demand, 0, Draw::default())),
    ("names", |i| {
        let key = Key::new(1, 0, NameHash::new("class", &format!("class {i}")));
        first(&key, Purpose::Population, 0, Draw::default())
    }),
];

/// Beyond what one in a million would be.
#[track_caller]
fn assert_poisson(name: &str, seen: u64, mean: f64) {
    let law = Poisson::new(mean).expect("a mean");
    let (below, above) = (law.cdf(seen), if seen == 0 { 1.0 } else { law.sf(seen - 1) });
    assert!(below.min(above) > 5e-7, "{name}: {seen}, where {mean} are to be expected");
}

#[test]
fn cells_are_filled_alike() {
    for (name, bits) in ROWS {
        for shift in [54, 27, 0] {
            let n = 1 << 18;
            let mut seen = vec![0; 1024];
            (0..n).for_each(|i| seen[(bits(i) >> shift) as usize & 1023] += 1);
            let expected = n as f64 / 1024.0;
            let cells: Vec<(u64, f64)> = seen.into_iter().map(|count| (count, expected)).collect();
            assert_chi_square(&format!("{name}, ten bits from bit {shift}"), &cells);
        }
    }
}

#[test]
fn pairs_of_neighbours_fill_a_square_alike() {
    for (name, bits) in ROWS {
        let n = 1 << 18;
        let mut seen = vec![0; 32 * 32];
        (0..n).for_each(|i| seen[(bits(i) >> 59) as usize * 32 + (bits(i + 1) >> 59) as usize] += 1);
        let cells: Vec<(u64, f64)> = seen.into_iter().map(|count| (count, n as f64 / 1024.0)).collect();
        assert_chi_square(&format!("{name}, pairs"), &cells);
    }
}

/// Marsaglia's birthday spacings: of n days in a year of d, the number of spacings that occur again is Poisson of mean n³/(4d)
/// (L'Ecuyer & Simard 2001, *On the performance of birthday spacings tests with certain families of random number generators*).
/// Generators whose neighbours lie on a lattice fail it at once.
#[test]
fn birthdays_are_spaced_by_chance() {
    let (n, year) = (1 << 16, 42);
    for (name, bits) in ROWS {
        for (part, shift) in [("high", 64 - year), ("low", 0)] {
            let day = |i| (bits(i) >> shift) & ((1 << year) - 1);
            let mut days: Vec<u64> = (0..n).map(day).collect();
            days.sort_unstable();
            let mut spacings: Vec<u64> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
            spacings.sort_unstable();
            let again = spacings.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
            let mean = (n as f64).powi(3) / 4.0 / (1u64 << year) as f64;
            assert_poisson(&format!("{name}, {part} bits, spacings"), again, mean);
        }
    }
}

/// The test sees what it looks for: a lattice has far too many equal spacings.
#[test]
fn a_lattice_fails_the_birthdays() {
    let mut days: Vec<u64> = (0..1u64 << 16).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 22).collect();
    days.sort_unstable();
    let mut spacings: Vec<u64> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
    spacings.sort_unstable();
    assert!(spacings.windows(2).filter(|pair| pair[0] == pair[1]).count() > 1000);
}
