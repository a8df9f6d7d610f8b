//! The laws at the last instant of the clock, at which nothing happens any more, and in numbers that are too large.

use super::super::lab::{figures, play, system};
use super::Book;

#[test]
fn a_patience_that_ends_with_the_clock_has_not_been_exceeded() {
    let class = r#""journey": [{"name": "ask", "station": "desk", "service": "2h"}]"#;
    let room = r#"{"waiting_room": {"active_sessions": 1, "patience": "1h"}}"#;
    let record = play(&system(2, class, room, 1));
    assert_eq!(figures(&record, ["joined", "admitted", "left"]), [2.0, 1.0, 0.0]);
    assert_eq!(record.classes[0].pending, 2);
}

#[test]
fn a_service_that_would_end_with_the_clock_is_still_under_way() {
    let class = r#""journey": [{"name": "ask", "station": "desk", "service": "1h"}]"#;
    let record = play(&system(2, class, "", 1));
    assert_eq!((record.stations[0].served, record.classes[0].pending), (0, 2));
}

#[test]
fn what_64_bits_do_not_hold_is_the_most_that_they_hold_on_its_side() {
    let mut book = Book::default();
    for residual in [i128::MIN, -(1_i128 << 70), -3, 4, 1_i128 << 70, i128::MAX] {
        book.law("any", [0, residual, 1]);
    }
    let residuals: Vec<i64> = book.0.iter().map(|law| law.residual).collect();
    assert_eq!(residuals, [i64::MIN, i64::MIN, -3, 4, i64::MAX, i64::MAX]);
}
