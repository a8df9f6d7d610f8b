//! Keyed random streams: every draw is a function of what it is for, never of when it is made.
//!
//! A [`Key`] stands for one class (or station) in one replication. A draw names the applicant, the session, the try
//! and the step, and the [`Purpose`]; the same name gives the same bits under every policy, on any thread, on any
//! machine. The bits come from Philox2x64 with seven rounds, a counter-based generator that passes BigCrush
//! (Salmon, Moraes, Dror & Shaw, *Parallel random numbers: as easy as 1, 2, 3*, SC'11): the name is the counter, the
//! class the key.

use rand::TryRng;
use std::convert::Infallible;

const MULTIPLIER: u64 = 0xD2B7_4407_B1CE_6E93;
const WEYL: u64 = 0x9E37_79B9_7F4A_7C15;
const ROUNDS: usize = 7;

/// What a draw is for. The numbers are part of the results: never reuse or change one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Purpose {
    /// The random factor on all populations of one replication.
    Demand = 0,
    /// The size of a Poisson population.
    Population = 1,
    /// How many applicants each component of an arrival curve gets.
    Split = 2,
    /// The gaps between sorted arrivals; the component's number is the step.
    Arrival = 3,
    /// The work of a request.
    Service = 4,
    /// The pause before a step.
    Think = 5,
    /// The timeout of a request, where it is a distribution.
    Patience = 6,
    /// The wait between two tries.
    Backoff = 7,
    /// The wait after giving up for now.
    ReturnAfter = 8,
    /// Whether an applicant knows the schedule.
    Aware = 9,
    /// The delay after an opening.
    ReturnDelay = 10,
    /// The personal key that puts an applicant in a cohort.
    Cohort = 11,
    /// An operator's preparation of an application.
    Prepare = 12,
    /// The pick of the `random` discipline; the applicant is the number of the pick.
    Pick = 13,
    /// The random factor on the speed of all workers in one replication.
    Capacity = 14,
    /// Whether an applicant heeds advice on when to come.
    Follow = 15,
    /// How long an applicant is willing to be in a waiting room.
    RoomPatience = 16,
    /// The lot of a place in a waiting room; the place is the step.
    RoomLot = 17,
    /// Whether an applicant holds several places.
    SeveralPlaces = 18,
    /// Whether an applicant reloads and so loses their place.
    Reloads = 19,
    /// The time until the reload.
    ReloadAfter = 20,
    /// Whether an applicant leaves a contact.
    LeaveContact = 21,
    /// Whether a call is answered; the call's number is the try.
    Answer = 22,
    /// The time from a call until its answer.
    AnswerAfter = 23,
    /// Whether nobody comes to an appointment.
    NoShow = 24,
    /// Whether an applicant is late for an appointment.
    Late = 25,
    /// How late.
    LateBy = 26,
    /// The time from the start of a slot until an applicant comes who is not late.
    SlotDelay = 27,
    /// Whether an applicant's client heeds `Retry-After`.
    Respect = 28,
    /// The work of a call of one station by another.
    Call = 32,
    /// Whether a request needs that call: what a cache does not answer.
    Miss = 33,
    /// Whether a client's program refuses a request itself.
    Throttle = 34,
    /// The values of a sweep's parameters; the applicant is the cell.
    Design = 64,
}

/// The random source of one class or station in one replication.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct Key {
    rounds: [u64; ROUNDS],
}

/// Which draw of an applicant: the session's number, the try within it, and the step of the journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Draw {
    /// How many sessions of this applicant were let in before.
    pub session: u16,
    /// Tries before this one, in the session or at the step as the class's `resume` counts them.
    pub attempt: u16,
    /// The step of the journey, from 0.
    pub step: u16,
}

impl Draw {
    /// The second word of its name.
    #[inline]
    pub(crate) fn named(self, purpose: Purpose) -> u64 {
        let tries = u64::from(self.session) | u64::from(self.attempt) << 16 | u64::from(self.step) << 32;
        tries | (purpose as u64) << 48
    }
}

impl Key {
    /// The key of a named thing in a replication.
    #[must_use]
    pub fn new(seed: u64, replication: u32, name: NameHash) -> Key {
        // Two Philox blocks in a chain spread seed, replication and name over the key.
        let [mixed, _] = philox(&weyl(seed), [u64::from(replication), name.0]);
        Key { rounds: weyl(mixed) }
    }

    /// The stream of one draw. Its first number is the draw; rejection methods take further ones.
    #[inline]
    #[must_use]
    pub fn stream(&self, purpose: Purpose, applicant: u64, draw: Draw) -> Stream<'_> {
        self.stream_of(applicant, draw.named(purpose))
    }

    /// The same by the two words of its name.
    #[inline]
    pub(crate) fn stream_of(&self, applicant: u64, draw: u64) -> Stream<'_> {
        Stream { key: self, counter: [applicant, draw], second: None }
    }

    /// The first uniform number of a draw, in the open interval (0, 1).
    #[inline]
    #[must_use]
    pub fn uniform(&self, purpose: Purpose, applicant: u64, draw: Draw) -> f64 {
        self.stream(purpose, applicant, draw).uniform()
    }
}

/// A name's 64-bit hash, made once when a scenario is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NameHash(u64);

impl NameHash {
    /// Hashes the kind of a thing (`"class"`, `"station"`) and its name.
    #[must_use]
    pub fn new(kind: &str, name: &str) -> NameHash {
        let bytes = kind.bytes().chain([0]).chain(name.bytes());
        let mut state = [0, 0];
        for byte in bytes {
            state = philox(&weyl(state[1] ^ u64::from(byte)), state);
        }
        NameHash(state[0])
    }
}

/// The random numbers of one draw; a [`rand::Rng`], so that the distributions of `rand_distr` can take from it.
#[derive(Debug, Clone)]
pub struct Stream<'a> {
    key: &'a Key,
    counter: [u64; 2],
    second: Option<u64>,
}

impl Stream<'_> {
    /// The next 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        if let Some(second) = self.second.take() {
            return second;
        }
        let [first, second] = philox(&self.key.rounds, self.counter);
        self.second = Some(second);
        // The top byte of the second word counts the blocks of this draw.
        self.counter[1] = self.counter[1].wrapping_add(1 << 56);
        first
    }

    /// The next uniform number in the open interval (0, 1): 53 bits, at the centre of its cell.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        centre_of_cell(self.bits())
    }

    /// One less it, exactly.
    #[inline]
    pub fn one_less_uniform(&mut self) -> f64 {
        centre_of_cell(!self.bits())
    }
}

impl TryRng for Stream<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.bits() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.bits())
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(8) {
            chunk.copy_from_slice(&self.bits().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// The round keys: the key itself, raised by the golden ratio at each round.
const fn weyl(key: u64) -> [u64; ROUNDS] {
    let mut rounds = [0; ROUNDS];
    let mut i = 0;
    while i < ROUNDS {
        rounds[i] = key.wrapping_add(WEYL.wrapping_mul(i as u64));
        i += 1;
    }
    rounds
}

/// The centre of one of 2^52 equal cells of the interval from 0 to 1, exactly. The cell's number is put into the mantissa of
/// a number from 1 to 2, which is sooner there than by a conversion.
#[inline]
fn centre_of_cell(bits: u64) -> f64 {
    const HALF_A_CELL: f64 = 0.5 / (1u64 << 52) as f64;
    f64::from_bits(1.0_f64.to_bits() | bits >> 12) - (1.0 - HALF_A_CELL)
}

#[inline]
fn philox(rounds: &[u64; ROUNDS], counter: [u64; 2]) -> [u64; 2] {
    rounds.iter().fold(counter, |[left, right], key| {
        let product = u128::from(MULTIPLIER) * u128::from(left);
        [(product >> 64) as u64 ^ key ^ right, product as u64]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers of the Random123 distribution (`kat_vectors`, philox2x64, 7 rounds).
    #[test]
    fn philox_gives_the_published_answers() {
        let all = u64::MAX;
        for (counter, key, want) in [
            ([0, 0], 0, [0xb41d_a69f_bfef_c666, 0x511e_9ce1_a553_4056]),
            ([all, all], all, [0xa469_6cc0_4462_015d, 0x7247_82da_e171_69e9]),
            (
                [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344],
                0xa409_3822_299f_31d0,
                [0x98ed_1534_392b_f372, 0x6752_8b15_6888_2fd5],
            ),
        ] {
            assert_eq!(philox(&weyl(key), counter), want);
        }
    }

    #[test]
    fn uniforms_stay_inside_the_open_interval() {
        let cells = (1u64 << 52) as f64;
        for cell in [0, 1, 2, (1 << 51) - 1, 1 << 51, (1 << 52) - 2, (1 << 52) - 1] {
            let bits = cell << 12 | 0xABC;
            let uniform = centre_of_cell(bits);
            assert_eq!(uniform, (cell as f64 + 0.5) / cells);
            assert_eq!(centre_of_cell(!bits), 1.0 - uniform);
            assert!(uniform > 0.0 && uniform < 1.0);
        }
    }

    #[test]
    fn every_part_of_the_name_changes_the_draw() {
        let key = |seed, replication, name| Key::new(seed, replication, NameHash::new("class", name));
        let base = key(1, 0, "citizens");
        let mut seen = std::collections::HashSet::new();
        let mut add = |key: &Key, purpose, applicant, draw| {
            assert!(seen.insert(key.stream(purpose, applicant, draw).bits()), "two names share a draw");
        };
        let first = Draw::default();
        add(&base, Purpose::Service, 0, first);
        add(&key(2, 0, "citizens"), Purpose::Service, 0, first);
        add(&key(1, 1, "citizens"), Purpose::Service, 0, first);
        add(&key(1, 0, "citizen"), Purpose::Service, 0, first);
        add(&base, Purpose::Think, 0, first);
        add(&base, Purpose::Service, 1, first);
        add(&base, Purpose::Service, 0, Draw { session: 1, ..first });
        add(&base, Purpose::Service, 0, Draw { attempt: 1, ..first });
        add(&base, Purpose::Service, 0, Draw { step: 1, ..first });
    }
}
