//! A tournament whose matches have eight players: the first of times that are held at places.

use std::hint::select_unpredictable;

/// So many play a match: 64 bytes.
const PLAYERS: usize = 8;

/// A time and its place in one number that compares by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
struct Player(u64);

impl Player {
    const NOBODY: Player = Player(u64::MAX);

    #[inline]
    fn new(time: u64, place: u32) -> Player {
        Player(time << PLACE_BITS | u64::from(place))
    }

    #[inline]
    fn time(self) -> u64 {
        self.0 >> PLACE_BITS
    }

    #[inline]
    fn place(self) -> u32 {
        (self.0 & (MOST as u64 - 1)) as u32
    }
}

const PLACE_BITS: u32 = 9;

/// So many places a tournament can have.
pub(super) const MOST: usize = 1 << PLACE_BITS;

/// Times that are held are less.
pub(super) const NO_TIME: u64 = u64::MAX >> PLACE_BITS;

/// Times at places, at most one at each, in order of time and, where that is equal, of number. What comes later has a higher
/// number than what is there, and no earlier time than what was taken last.
///
/// The winners of matches 8 m + 1 to 8 m + 8 play match m. The last matches are those of the places.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Tournament {
    matches: Vec<[Player; PLAYERS]>,
    /// The first match of places.
    first: usize,
    /// By place.
    numbers: Vec<u32>,
    winner: Player,
    /// The places of those of one time, the first at the end: out of the matches since the first of them was taken.
    tied: Vec<u32>,
    /// Their time.
    tie: u64,
}

impl Tournament {
    /// Nothing at eight places.
    pub(super) fn new() -> Tournament {
        Tournament::of_size(PLAYERS)
    }

    fn of_size(size: usize) -> Tournament {
        let (mut of_places, mut first) = (1, 0);
        while of_places * PLAYERS < size {
            (of_places, first) = (of_places * PLAYERS, first + of_places);
        }
        let matches = vec![[Player::NOBODY; PLAYERS]; first + of_places];
        Tournament { matches, first, numbers: vec![0; size], winner: Player::NOBODY, tied: Vec::new(), tie: 0 }
    }

    /// How many places there are.
    #[inline]
    pub(super) fn size(&self) -> usize {
        self.numbers.len()
    }

    /// How many times are held. O(n).
    pub(super) fn len(&self) -> usize {
        self.iter().count() + self.tied.len()
    }

    /// The least time, [`NO_TIME`] where nothing is held. O(1).
    #[inline]
    pub(super) fn peek(&self) -> u64 {
        if self.tied.is_empty() { self.winner.time() } else { self.tie }
    }

    /// Holds a time at a place that is free. O(log n), and seldom more than a look.
    #[inline]
    pub(super) fn insert(&mut self, time: u64, number: u32, place: u32) {
        self.numbers[place as usize] = number;
        self.enter(Player::new(time, place));
    }

    #[inline]
    fn enter(&mut self, player: Player) {
        let place = player.place() as usize;
        let mut number = self.first + place / PLAYERS;
        self.matches[number][place % PLAYERS] = player;
        while let Some(below) = number.checked_sub(1) {
            number = below / PLAYERS;
            let best = &mut self.matches[number][below % PLAYERS];
            // A branch, where a minimum would have the next winner wait for how this time is drawn.
            if *best < player {
                return;
            }
            *best = player;
        }
        if player < self.winner {
            self.winner = player;
        }
    }

    /// Takes the least time, of equal ones that of the least number: says at which place. O(log n), for equal ones on average.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<u32> {
        if !self.tied.is_empty() {
            return self.tied.pop();
        }
        let won = self.winner;
        if won == Player::NOBODY {
            return None;
        }
        self.leave(won.place());
        Some(if self.winner.time() == won.time() { self.pop_tied(won) } else { won.place() })
    }

    /// Once one of several equal times was taken: takes all of them out of the matches, and gives the first.
    #[cold]
    fn pop_tied(&mut self, won: Player) -> u32 {
        self.tie = won.time();
        self.tied.push(won.place());
        while self.winner.time() == self.tie {
            self.tied.push(self.winner.place());
            self.leave(self.winner.place());
        }
        self.tied.sort_unstable_by_key(|place| std::cmp::Reverse(self.numbers[*place as usize]));
        self.tied.pop().unwrap_or(won.place())
    }

    /// Frees a place, and has its matches played again.
    #[inline]
    fn leave(&mut self, place: u32) {
        let mut number = self.first + place as usize / PLAYERS;
        let players = &mut self.matches[number];
        players[place as usize % PLAYERS] = Player::NOBODY;
        let mut winner = first_of(players);
        while let Some(below) = number.checked_sub(1) {
            number = below / PLAYERS;
            let players = &mut self.matches[number];
            players[below % PLAYERS] = winner;
            winner = first_of(players);
        }
        self.winner = winner;
    }

    /// Those in the matches.
    fn iter(&self) -> impl Iterator<Item = Player> {
        self.matches[self.first..].iter().flatten().copied().filter(|player| *player != Player::NOBODY)
    }

    /// Makes eight times as many places. O(n).
    pub(super) fn grow(&mut self) {
        self.rebuild(self.size() * PLAYERS, |_| true);
    }

    /// Drops some, by place. O(n).
    pub(super) fn retain(&mut self, keep: impl FnMut(u32) -> bool) {
        self.rebuild(self.size(), keep);
    }

    fn rebuild(&mut self, size: usize, mut keep: impl FnMut(u32) -> bool) {
        let mut old = std::mem::replace(self, Tournament::of_size(size));
        old.tied.retain(|place| keep(*place));
        (self.tied, self.tie) = (std::mem::take(&mut old.tied), old.tie);
        self.numbers[..old.numbers.len()].copy_from_slice(&old.numbers);
        for held in old.iter().filter(|held| keep(held.place())) {
            self.enter(held);
        }
    }
}

/// Who wins: four pairs, then their winners, and no branch to be foreseen.
#[inline]
fn first_of([a, b, c, d, e, f, g, h]: &[Player; PLAYERS]) -> Player {
    let play = |one: Player, other: Player| select_unpredictable(other < one, other, one);
    play(play(play(*a, *b), play(*c, *d)), play(play(*e, *f), play(*g, *h)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against a list that is sorted, with many of one time and places taken again once they are free.
        #[test]
        fn they_come_by_time_then_number(
            steps in prop::collection::vec((0u64..5, 0u8..16), 1..600),
            places in prop::sample::select(vec![3, PLAYERS, 20, 100, MOST]),
        ) {
            let (mut tournament, mut reference) = (Tournament::new(), Vec::<(u64, u32, u32)>::new());
            let (mut free, mut now): (Vec<u32>, u64) = ((0..places as u32).rev().collect(), 0);
            for (number, (wait, what)) in (7..).zip(steps) {
                match what {
                    0 => {
                        tournament.retain(|place| place % 7 != number % 7);
                        free.extend(reference.extract_if(.., |it| it.2 % 7 == number % 7).map(|it| it.2));
                    }
                    1..7 => {
                        let first = (!reference.is_empty()).then(|| reference.remove(0));
                        prop_assert_eq!(tournament.pop(), first.map(|it| it.2));
                        free.extend(first.map(|it| it.2));
                        now = first.map_or(now, |it| it.0);
                    }
                    _ => if let Some(place) = free.pop() {
                        while tournament.size() <= place as usize {
                            tournament.grow();
                        }
                        tournament.insert(now + wait, number, place);
                        reference.push((now + wait, number, place));
                        reference.sort_unstable();
                    }
                }
                let first = reference.first().map_or(NO_TIME, |it| it.0);
                prop_assert_eq!((tournament.peek(), tournament.len()), (first, reference.len()));
            }
        }
    }

    #[test]
    fn it_grows_to_its_most_places_and_takes_the_latest_time() {
        let mut tournament = Tournament::new();
        while tournament.size() < MOST {
            tournament.grow();
        }
        (0..MOST as u32).for_each(|number| tournament.insert(NO_TIME - 1, number, MOST as u32 - 1 - number));
        assert_eq!((tournament.size(), tournament.len(), tournament.peek()), (MOST, MOST, NO_TIME - 1));
        let out: Vec<u32> = std::iter::from_fn(|| tournament.pop()).collect();
        assert_eq!(out, (0..MOST as u32).rev().collect::<Vec<_>>());
    }
}
