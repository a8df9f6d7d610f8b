//! Valid small scenarios, made from a tape of numbers: zeros give the plainest one.

mod gate;
mod rules;

use serde_json::{Value, json};

/// Choices, one after the other; zeros when they are used up.
pub(crate) struct Tape<'t> {
    left: &'t [u8],
}

impl Tape<'_> {
    /// A number below `n`.
    fn below(&mut self, n: u8) -> u8 {
        match self.left.split_first() {
            Some((first, rest)) => {
                self.left = rest;
                first % n
            }
            None => 0,
        }
    }

    fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[usize::from(self.below(of.len() as u8))].clone()
    }

    fn maybe(&mut self, some: impl FnOnce(&mut Self) -> Value) -> Option<Value> {
        (self.below(2) == 1).then(|| some(self))
    }

    /// A duration: of whole seconds, so that events tie, or drawn.
    fn span(&mut self) -> Value {
        match self.below(8) {
            0..=2 => json!(format!("{}s", self.below(9) + 1)),
            3 => json!("0s"),
            4 => json!({"exponential": {"mean": format!("{}s", self.below(20) + 1)}}),
            5 => json!({"uniform": {"min": "1s", "max": format!("{}s", self.below(20) + 2)}}),
            6 => json!({"lognormal": {"mean": format!("{}s", self.below(20) + 1), "cv": 1.5}}),
            _ => json!({"empirical": {"values": ["1s", "2s", "5s"]}}),
        }
    }

    /// The same, never zero.
    fn positive(&mut self) -> Value {
        let span = self.span();
        if span == json!("0s") { json!("4s") } else { span }
    }

    fn moment(&mut self) -> String {
        format!("2020-04-01T00:{:02}:{:02}", self.one_of(&[1, 0, 2, 3, 5, 8]), self.one_of(&[0, 1, 5, 30]))
    }
}

/// A scenario of some minutes, at times of two hours.
pub(crate) fn scenario(tape: &[u8]) -> Value {
    let mut tape = Tape { left: tape };
    let tape = &mut tape;
    let stations = 1 + tape.below(3);
    let classes = 1 + tape.below(3);
    let names = ["a", "b", "c"];
    // Where the clock is long there is little in most of its bins.
    let (end, bin) = tape.one_of(&[
        ("2020-04-01T00:10", "1min"),
        ("2020-04-01T00:10", "7s"),
        ("2020-04-01T00:20", "1h"),
        ("2020-04-01T00:30", "2min"),
        ("2020-04-01T02:00", "10min"),
    ]);
    let mut scenario = json!({
        "format": 1,
        "name": "made",
        "clock": {"start": "2020-04-01T00:00", "end": end, "time_zone": "UTC", "bin": bin},
        "stations": {}, "classes": {}, "policies": {"only": {"rules": []}},
        "experiment": {"seed": tape.below(255), "replications": 1}
    });
    let mut called = false;
    for index in 0..stations {
        let mut station = station(tape, called);
        called = station["discipline"] != json!("processor_sharing") && index + 1 < stations && tape.below(3) == 1;
        if called {
            station["calls"] = call(tape, index + 1);
        }
        scenario["stations"][format!("s{index}")] = station;
    }
    for name in &names[..usize::from(classes)] {
        scenario["classes"][*name] = class(tape, stations);
    }
    // Who is dropped in silence must stop waiting some time; a worker who calls must be told.
    let all_stop = names[..usize::from(classes)].iter().all(|name| scenario["classes"][*name].get("timeout").is_some());
    let called = |index: u8| index > 0 && scenario["stations"][format!("s{}", index - 1)].get("calls").is_some();
    let may_drop = |index: &u8| !called(*index) && scenario["stations"][format!("s{index}")].get("queue").is_some();
    for index in (0..stations).filter(may_drop).collect::<Vec<_>>() {
        if all_stop && tape.below(2) == 1 {
            scenario["stations"][format!("s{index}")]["on_full"] = json!("drop");
        }
    }
    let names = &names[..usize::from(classes)];
    let mut all = gate::rules(tape, &scenario["classes"], names);
    for index in 0..stations {
        let name = format!("s{index}");
        all.extend(rules::at_station(tape, &name, &scenario["stations"][&name], names));
    }
    all.extend(rules::of_clients(tape, names));
    all.extend((0..tape.below(3)).map(|_| rules::rate_limit(tape, names)));
    scenario["policies"]["only"]["rules"] = json!(all);
    if tape.below(6) == 1 {
        wait_in_lines(tape, &mut scenario);
    }
    scenario
}

/// Has all who wait leave first come, first served lines for nothing but service or a patience that is the same for all, or all
/// of a class.
fn wait_in_lines(tape: &mut Tape<'_>, scenario: &mut Value) {
    let at_station = |rule: &Value| rule.as_object().into_iter().flatten().any(|(_, rule)| rule.get("station").is_some());
    scenario["policies"]["only"]["rules"].as_array_mut().into_iter().for_each(|rules| rules.retain(|rule| !at_station(rule)));
    for (_, station) in scenario["stations"].as_object_mut().into_iter().flatten() {
        for key in ["calls", "on_full", "outages", "crash", "cold_start", "health_check", "connections"] {
            station.as_object_mut().and_then(|station| station.remove(key));
        }
        (station["discipline"], station["on_timeout"]) = (json!("fifo"), json!("leave"));
    }
    let patience = tape.one_of(&["3s", "2500ms", "20s"]);
    for (_, class) in scenario["classes"].as_object_mut().into_iter().flatten() {
        class["timeout"] = json!(if tape.below(4) == 1 { "7s" } else { patience });
        class["timeout_covers"] = json!("queue");
        for step in class["journey"].as_array_mut().into_iter().flatten() {
            step.as_object_mut().and_then(|step| step.remove("timeout"));
        }
    }
}

/// A station; at one that is called who waits is a worker, who does not leave.
fn station(tape: &mut Tape<'_>, called: bool) -> Value {
    let on_timeout = if called { "orphan" } else { tape.one_of(&["orphan", "leave"]) };
    // Who has left a line from which one is picked by chance is passed over when picked: how often hangs on when the line is tidied.
    let disciplines = ["fifo", "lifo", "priority", "processor_sharing", "random"];
    let discipline = tape.one_of(&disciplines[..if on_timeout == "orphan" { 5 } else { 4 }]);
    let mut station = json!({
        "workers": tape.below(4),
        "discipline": discipline,
        "on_timeout": on_timeout,
    });
    let shared = station["discipline"] == json!("processor_sharing");
    if let Some(queue) = tape.maybe(|tape| json!(tape.below(6))) {
        station["queue"] = queue;
        station["refusal_cost"] = json!(format!("{}s", tape.below(3)));
    }
    if tape.below(2) == 1 {
        if shared {
            station["connections"] = json!(1 + tape.below(4));
        } else {
            station["slowdown"] = json!({"contention": 0.1, "coherency": 0.01});
        }
    }
    if let Some(change) = tape.maybe(|tape| json!([{"from": tape.moment(), "workers": tape.below(4)}])) {
        station["workers_at"] = change;
    }
    if tape.below(3) == 1 {
        station["outages"] =
            json!([{"from": "2020-04-01T00:02", "to": tape.one_of(&["2020-04-01T00:03", "2020-04-01T00:05:01"]), "why": "x"}]);
        if tape.below(2) == 1 {
            station["outages"] = json!([{"from": "2020-04-01T00:02", "to": "2020-04-01T00:03"}, {"from": "2020-04-01T00:03", "to": "2020-04-01T00:04"}]);
        }
    }
    conduct(tape, &mut station);
    station
}

/// What a station does beyond serving from a queue.
fn conduct(tape: &mut Tape<'_>, station: &mut Value) {
    let places = station.get("queue").and_then(Value::as_u64).unwrap_or(9);
    if places > 0 && tape.below(5) == 1 {
        let queue = 1 + u64::from(tape.below(9)) % places;
        station["crash"] = json!({"queue": queue, "restart": tape.one_of(&["10s", "0s", "3s", "1min"])});
    }
    let goes_down = station.get("crash").is_some() || station.get("outages").is_some();
    if goes_down && tape.below(3) == 1 {
        station["cold_start"] = json!({"slower": tape.one_of(&[3.0, 1.5]), "half_life": tape.one_of(&["20s", "1s"])});
    }
    if tape.below(5) == 1 {
        station["health_check"] = json!({
            "every": tape.one_of(&["5s", "1s", "2500ms"]),
            "slower_than": tape.one_of(&["4s", "0s", "30s"]),
            "fall": 1 + tape.below(3),
            "rise": 1 + tape.below(3),
        });
    }
}

fn call(tape: &mut Tape<'_>, station: u8) -> Value {
    let mut call = json!({"station": format!("s{station}"), "service": tape.span(), "attempts": 1 + tape.below(3)});
    if tape.below(3) == 1 {
        call["share"] = json!(tape.one_of(&[0.5, 0.0]));
    }
    call
}

fn class(tape: &mut Tape<'_>, stations: u8) -> Value {
    let arrivals = match tape.below(4) {
        0 => json!([{"share": 1, "curve": {"spike": {"at": "2020-04-01T00:00", "delay": "0s"}}}]),
        1 => json!([{"share": 1, "curve": {"uniform": {"from": "2020-04-01T00:00", "to": "2020-04-01T00:10"}}}]),
        2 => json!([{"share": 0.5, "curve": {"uniform": {"from": "2020-04-01T00:00", "to": "2020-04-01T00:10"}}},
                    {"share": 0.5, "curve": {"spike": {"at": "2020-04-01T00:01", "delay": tape.span()}}}]),
        _ => {
            json!([{"share": 1, "curve": {"spike": {"at": tape.one_of(&["2020-04-01T00:00", "2020-04-01T00:02"]), "delay": {"empirical": {"values": ["1s", "2s", "3s"]}}}}}])
        }
    };
    let steps = 1 + tape.below(3);
    let journey: Vec<Value> = (0..steps).map(|step| journey_step(tape, step, stations)).collect();
    let mut class = json!({
        "population": tape.one_of(&[0, 1, 2, 5, 20, 60]),
        "arrivals": arrivals,
        "journey": journey,
        "priority": tape.below(3),
    });
    if let Some(timeout) = tape.maybe(Tape::positive) {
        class["timeout"] = timeout;
    }
    class["timeout_covers"] = json!(tape.one_of(&["answer", "queue"]));
    let attempts = 1 + tape.below(4);
    let mut retry = json!({"attempts": attempts, "resume": tape.one_of(&["step", "journey"])});
    if attempts > 1 {
        retry["backoff"] = match tape.below(3) {
            0 => tape.span(),
            _ => json!({"capped_exponential": {"first": "1s", "factor": tape.one_of(&[2.0, 1.5, 1.0]), "max": "5s",
                        "jitter": tape.one_of(&["none", "equal", "full"])}}),
        };
    }
    if tape.below(2) == 1 {
        retry["returns"] = json!(1 + tape.below(3));
        retry["return_after"] = tape.positive();
    }
    class["retry"] = retry;
    if tape.below(3) == 1 {
        class["closed"] = json!({"aware": tape.one_of(&[1.0, 0.5, 0.0]), "return_delay": tape.span()});
    }
    if tape.below(4) == 1 {
        class["operators"] = json!(1 + tape.below(3));
        class["prepare"] = tape.span();
        if tape.below(2) == 1 {
            class["hours"] = json!([tape.one_of(&["00:00-00:05", "00:01-01:00"]), "01:10-01:30"]);
        }
    }
    class
}

fn journey_step(tape: &mut Tape<'_>, step: u8, stations: u8) -> Value {
    let mut it = json!({"name": format!("step{step}"), "station": format!("s{}", tape.below(stations)), "service": tape.span()});
    if let Some(think) = tape.maybe(Tape::span) {
        it["think"] = think;
    }
    if tape.below(4) == 1 {
        it["timeout"] = tape.positive();
    }
    it
}
