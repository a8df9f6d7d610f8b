//! The bits themselves: a change of any number here changes the results of every published scenario.

use crate::setting::{END, at, class, cut, densities, hours, instants, key, span};
use clickday::model::{Arrivals, Population, Sampler, binomial, gamma_variate, poisson};
use clickday::random::{Draw, Purpose};
use clickday::stats::{normal_quantile, student_t_quantile};
use clickday::time::Time;

/// Says which numbers differ, in a form that can be pasted.
fn assert_golden(got: &[(&str, Vec<u64>)], want: &[(&str, &[u64])]) {
    let same = got.len() == want.len() && got.iter().zip(want).all(|(got, want)| got.0 == want.0 && got.1 == want.1);
    let lines: Vec<String> = got.iter().map(|(name, numbers)| format!("(\"{name}\", &{numbers:?}),")).collect();
    assert!(same, "the bits changed; now they are\n{}", lines.join("\n"));
}

#[test]
fn streams_keep_their_bits() {
    let key = key(3);
    let draw = Draw { session: 1, attempt: 2, step: 3 };
    let purposes =
        [("service", Purpose::Service), ("arrival", Purpose::Arrival), ("backoff", Purpose::Backoff), ("pick", Purpose::Pick)];
    let bits = |purpose| {
        let mut stream = key.stream(purpose, 1_499_999, draw);
        (0..3).map(|_| stream.bits()).collect()
    };
    assert_golden(&purposes.map(|(name, purpose)| (name, bits(purpose))), STREAMS);
}

#[test]
fn samplers_keep_their_bits() {
    let weighted = Sampler::empirical(&[1.0, 2.0, 5.0, 9.0].map(span), &[4.0, 3.0, 2.0, 1.0]);
    let samplers = [
        ("exponential", Sampler::exponential(span(3.0))),
        ("lognormal", Sampler::lognormal(span(0.4), 1.5)),
        ("gamma, shape 4", Sampler::gamma(span(7.0), 0.5)),
        ("gamma, shape 0.25", Sampler::gamma(span(7.0), 2.0)),
        ("weibull", Sampler::weibull(0.7, hours(24.0))),
        ("pareto", Sampler::pareto(span(2.0), 1.5)),
        ("uniform", Sampler::uniform(span(1.0), span(4.0))),
        ("empirical", weighted),
    ];
    let key = key(4);
    let nanos = |sampler: Result<Sampler, _>| {
        let sampler = sampler.expect("valid");
        (0..5).map(|i| sampler.sample(&mut key.stream(Purpose::Service, i, Draw::default())).0).collect()
    };
    assert_golden(&samplers.map(|(name, sampler)| (name, nanos(sampler))), SAMPLERS);
}

#[test]
fn variates_and_quantiles_keep_their_bits() {
    let key = key(5);
    let stream = |i| key.stream(Purpose::Demand, i, Draw::default());
    let got = [
        ("gamma", (0..3).map(|i| gamma_variate(25.0, &mut stream(i)).to_bits()).collect()),
        ("poisson", (0..3).map(|i| poisson(1.5e6, &mut stream(i))).collect()),
        ("binomial", (0..3).map(|i| binomial(1_500_000, 0.3, &mut stream(i))).collect()),
        ("normal", [1e-10, 0.01, 0.3, 0.9].map(|p| normal_quantile(p).to_bits()).to_vec()),
        ("student", [1, 9, 99, 9999].map(|df| student_t_quantile(0.975, df).to_bits()).to_vec()),
    ];
    assert_golden(&got, VARIATES);
}

#[test]
fn arrivals_keep_their_bits() {
    let curves = densities(cut(true)).into_iter().chain(instants(cut(true)));
    let times = |population, curves| {
        let class = class(population, curves);
        let mut arrivals = Arrivals::new(&class, key(6), 1.0, at(END));
        let all: Vec<Time> = std::iter::from_fn(|| Some(arrivals.pop()).filter(|time| *time < Time::NEVER)).collect();
        [0, 1, all.len() / 2, all.len() - 1].map(|rank| all[rank].0).to_vec()
    };
    let got: Vec<_> = curves.map(|(name, curve)| (name, times(Population::Fixed(100), vec![(1.0, curve)]))).collect();
    assert_golden(&got, ARRIVALS);
    let mixture = densities(cut(false)).into_iter().map(|(_, curve)| (0.1, curve)).collect();
    assert_golden(&[("mixture", times(Population::Poisson(1000.0), mixture))], MIXTURE);
}

const STREAMS: &[(&str, &[u64])] = &[
    ("service", &[3630146300217987281, 11633488476538880630, 17655751468558326278]),
    ("arrival", &[11945360851004694510, 10440976295789574621, 17383086116609920073]),
    ("backoff", &[3970873323897611235, 18015401786429443340, 7133285961282214220]),
    ("pick", &[14350350967046386806, 9215680220526535391, 11428119594489868199]),
];
const SAMPLERS: &[(&str, &[u64])] = &[
    ("exponential", &[743838599, 4501470293, 1238563154, 1245765684, 1568393813]),
    ("lognormal", &[95805895, 507472441, 141051754, 141717246, 171933622]),
    ("gamma, shape 4", &[4157888283, 9323942141, 5117511576, 5130016333, 5661245641]),
    ("gamma, shape 0.25", &[8123132843, 5, 10151966915, 13807802290, 1174820]),
    ("weibull", &[11784471438317, 154267826960124, 24414743905418, 24617821141726, 34208462128996]),
    ("pareto", &[2359488001, 5438340245, 2633683501, 2637902250, 2833971654]),
    ("uniform", &[1658794216, 3330937506, 2014724086, 2019484705, 2221421675]),
    ("empirical", &[1000000000, 9000000000, 1000000000, 2000000000, 2000000000]),
];
const VARIATES: &[(&str, &[u64])] = &[
    ("gamma", &[4625704336529377804, 4627566513743123306, 4629823945756482265]),
    ("poisson", &[1500815, 1500354, 1498373]),
    ("binomial", &[451285, 450036, 450638]),
    ("normal", &[13842220288411574612, 13835792925364125454, 13826270636307301881, 4608450414325689651]),
    ("student", &[4623342575419149599, 4612276343877733149, 4611614937896433721, 4611506780853063231]),
];
const ARRIVALS: &[(&str, &[u64])] = &[
    ("weibull 0.7", &[3611842887579, 3712416597190, 28895075581526, 85912343441258]),
    ("weibull 0.05", &[0, 0, 8791470, 79893333564890]),
    ("weibull 3", &[10105313814008, 17090239413016, 61875836964234, 86225706259865]),
    ("exponential spike", &[7299489928946, 7681537653267, 31103981283492, 85636330715053]),
    ("lognormal spike", &[8926492121235, 10139158845038, 31181045608816, 85509187643006]),
    ("gamma spike", &[10212864274866, 12784527010762, 41353745554403, 85584984435607]),
    ("pareto spike", &[10813881548118, 10867687913375, 16286489380280, 84030056161227]),
    ("uniform spike", &[11053811430443, 12021252938741, 53998438361895, 86228673916791]),
    ("step rates", &[3778876627170, 4460692547303, 73713674279261, 86332919946257]),
    ("linear rates", &[3882561563407, 5086324216766, 63656148563176, 86239296311769]),
    ("empirical spike", &[7560000000000, 7560000000000, 25560000000000, 39960000000000]),
    ("atoms", &[7560000000000, 7560000000000, 32760000000000, 86040000000000]),
];
const MIXTURE: &[(&str, &[u64])] = &[("mixture", &[0, 0, 33761062431398, 86374164638178])];
