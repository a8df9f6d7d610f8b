use super::*;

#[test]
fn a_queue_that_is_counted_anew_begins_with_those_who_wait() {
    let mut meter = QueueMeter::default();
    for at in [0, 10, 12] {
        meter.up(Time(at));
    }
    meter.down(Time(15), Time(0));
    assert_eq!((meter.max(), meter.stays), ((3, Time(12)), 15));
    meter.restart(Time(20));
    meter.advance(Time(30));
    let times = meter.time_at.histogram();
    assert_eq!((meter.max(), meter.area(), meter.counted(Time(30))), ((2, Time(20)), 20, 10));
    assert_eq!((times.count(), times.sum(), meter.stays), (10, 20, 0));
    meter.down(Time(30), Time(10));
    assert_eq!(meter.stays, 10);
}

#[test]
fn workers_who_are_counted_anew_begin_with_what_is_under_way() {
    let mut meter = BusyMeter { workers: 2, ..BusyMeter::default() };
    meter.up(Time(0));
    meter.restart(Time(10), 7);
    meter.advance(Time(15));
    assert_eq!((meter.area(), meter.available(), meter.booked), (5, 10, 7));
    assert_eq!(meter.worked(Time(15)), (15, 30));
    meter.down(Time(20), Time(0), true);
    assert_eq!((meter.work, meter.wasted), (10, 10));
}
