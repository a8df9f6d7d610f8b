//! The fluid limit: the two days at INPS, played by ever more people.

mod day;
mod delay;
mod mean_field;

use clickday::engine::{Record, Trial, simulate};
use clickday::scenario::Scenario;
use mean_field::{Flows, play};
use rayon::prelude::*;
use std::path::Path;

const BIN: f64 = 900.0;

#[test]
fn look() {
    let start = std::time::Instant::now();
    let grids: Vec<Flows> = [20.0, 10.0, 5.0, 2.5].map(|cell| { let f = play(cell, BIN); eprintln!("{cell} {:?}", start.elapsed()); f }).into();
    let text = day::scenario(BIN).to_string();
    let scales: Vec<(f64, u32)> = vec![(0.01, 12), (0.04, 8), (0.16, 3)];
    let mut all = Vec::new();
    for (scale, n) in scales {
        let study = Scenario::parse(&text, Path::new("inps.json")).and_then(|s| s.compile(Some(scale))).unwrap_or_else(|m| panic!("{m}"));
        let t0 = std::time::Instant::now();
        let runs: Vec<Record> = (0..n).into_par_iter().with_max_len(1).map(|replication| {
            let trial = Trial { policy: 0, seed: 1, replication, demand: 1.0, check_every_bin: false };
            simulate(&study.model, &trial, &mut |_| true).unwrap()
        }).collect();
        eprintln!("scale {scale}: {:?} events {}", t0.elapsed(), runs[0].events);
        all.push((scale, runs));
    }
    let cum = |v: &[f64], to: usize| v[..to].iter().sum::<f64>();
    for hour in [2usize, 8, 9, 10, 11, 13, 16, 18, 20, 24, 25, 26, 28, 32, 36, 40, 41, 42, 44, 48] {
        let to = hour * 4;
        let f = |g: fn(&Flows) -> &Vec<f64>| grids.iter().map(|x| format!("{:.0}", cum(g(x), to))).collect::<Vec<_>>().join(" ");
        eprintln!("h{hour}: fluid completed {}", f(|x| &x.completed));
        eprintln!("      requests {} | refused {} | timeouts {}", f(|x| &x.requests), f(|x| &x.refused), f(|x| &x.timeouts));
        for (scale, runs) in &all {
            let m = |g: &dyn Fn(&Record) -> f64| { let v: Vec<f64> = runs.iter().map(|r| g(r) / scale).collect(); let n = v.len() as f64; let mean = v.iter().sum::<f64>() / n; let sd = (v.iter().map(|x| (x-mean)*(x-mean)).sum::<f64>()/(n-1.0)).sqrt(); format!("{mean:.0}±{sd:.0}") };
            let c = |v: &[u32]| v[..to].iter().map(|x| f64::from(*x)).sum::<f64>();
            eprintln!("   {scale}: completed {} requests {} refused {} timeouts {}", m(&|r| r.classes.iter().map(|k| c(&k.series.completed)).sum()), m(&|r| c(&r.stations[0].series.requests)), m(&|r| c(&r.stations[0].series.refused)), m(&|r| c(&r.stations[0].series.timeouts)));
        }
    }
}
