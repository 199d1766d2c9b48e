//! Fit functions: how well the value of a listing fits a criterion, from 0 to 1, at least one half if it is met and
//! less if it is not. Values that a listing does not state have no fit. Does not belong here: reading the values.

/// Fit of a value that is not stated: neither yes nor no.
pub const UNSTATED: f64 = 0.5;

/// Means are rounded to a billionth.
const PRECISION: f64 = 1e9;

/// Whether a fit means that the criterion is met.
pub fn is_met(fit: f64) -> bool {
    fit >= UNSTATED
}

/// Fit of an upper bound. Above it, the fit falls from one half towards 0 as the value grows: twice the bound gives a
/// quarter.
pub fn at_most(value: f64, most: f64) -> f64 {
    match value <= most {
        true => 1.0,
        false if most <= 0.0 => 0.0,
        false => 0.5 * most / value,
    }
}

/// Fit of a lower bound: half the bound gives a quarter.
pub fn at_least(value: f64, least: f64) -> f64 {
    if value >= least { 1.0 } else { 0.5 * value.max(0.0) / least }
}

/// Fit of a wish for any of some things: 0 if there are none, and each adds the same to one half, up to 1 for all.
pub fn some_of(there: usize, wanted: usize) -> f64 {
    if there == 0 { 0.0 } else { 0.5 + 0.5 * share(there, wanted) }
}

/// Fit of a requirement of all things: if some are missing, half of the share that is there.
pub fn all_of(there: usize, needed: usize) -> f64 {
    if there == needed { 1.0 } else { 0.5 * share(there, needed) }
}

/// Fit of a score of one to five stars: three give one half.
pub fn stars(score: f64) -> f64 {
    (score - 1.0) / 4.0
}

/// Weighted mean of the criteria. Values that are not stated are left out and pull the mean towards one half with their
/// weight, which is the same as counting them as one half.
pub fn mean(fits: impl IntoIterator<Item = (f64, Option<f64>)>) -> f64 {
    let (sum, weights) = fits
        .into_iter()
        .fold((0.0, 0.0), |(sum, weights), (weight, fit)| (sum + weight * fit.unwrap_or(UNSTATED), weights + weight));
    // Rounded, so that equal means are equal numbers whatever they were summed from, and a mean of ones is not slightly
    // above one.
    if weights > 0.0 { (sum / weights * PRECISION).round() / PRECISION } else { UNSTATED }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of every size, the same in each run.
    fn figures() -> impl Iterator<Item = (f64, f64)> {
        let mut random = fastrand::Rng::with_seed(4);
        std::iter::repeat_with(move || (10_f64.powf(random.f64() * 12.0), 10_f64.powf(random.f64() * 12.0)))
            .take(10_000)
    }

    #[test]
    fn a_bound_is_met_from_one_half_on_and_the_fit_never_rises_with_the_distance() {
        for (value, bound) in figures() {
            let (most, least) = (at_most(value, bound), at_least(value, bound));
            assert!((0.0..=1.0).contains(&most) && (0.0..=1.0).contains(&least), "{value} {bound}");
            assert_eq!(is_met(most), value <= bound, "{value} {bound}");
            assert_eq!(is_met(least), value >= bound, "{value} {bound}");
            assert!(at_most(value * 1.5, bound) <= most && at_least(value / 1.5, bound) <= least, "{value} {bound}");
        }
        assert_eq!((at_most(1.0, 0.0), at_least(0.0, 1.0), at_most(0.0, 0.0)), (0.0, 0.0, 1.0));
    }

    #[test]
    fn each_wanted_thing_adds_to_the_fit_and_all_of_them_are_one() {
        for wanted in 1..60 {
            let fits: Vec<f64> = (0..=wanted).map(|there| some_of(there, wanted)).collect();
            assert!(fits.windows(2).all(|pair| pair[0] < pair[1]), "{fits:?}");
            assert!(fits[0] < UNSTATED && UNSTATED < fits[1] && fits[wanted] == 1.0, "{fits:?}");
            let fits: Vec<f64> = (0..=wanted).map(|there| all_of(there, wanted)).collect();
            assert!(fits.windows(2).all(|pair| pair[0] < pair[1]), "{fits:?}");
            assert!(fits[0] == 0.0 && fits[wanted - 1] < UNSTATED && fits[wanted] == 1.0, "{fits:?}");
        }
    }

    #[test]
    fn a_mean_stays_within_bounds_and_yes_is_no_less_than_unknown_and_that_no_less_than_no() {
        let mut random = fastrand::Rng::with_seed(5);
        for _ in 0..10_000 {
            let fit = |random: &mut fastrand::Rng| random.bool().then(|| random.f64());
            let fits: Vec<(f64, Option<f64>)> =
                (0..random.usize(1..12)).map(|_| (random.f64() * 10.0, fit(&mut random))).collect();
            let changed = random.usize(0..fits.len());
            let with = |fit: Option<f64>| {
                mean(
                    fits.iter()
                        .enumerate()
                        .map(|(at, (weight, was))| (*weight, if at == changed { fit } else { *was })),
                )
            };
            let (yes, no) = (0.5 + random.f64() / 2.0, random.f64() / 2.0);
            let means = [with(Some(1.0)), with(Some(yes)), with(None), with(Some(no)), with(Some(0.0))];
            assert!(means.iter().all(|mean| (0.0..=1.0).contains(mean)), "{means:?}");
            assert!(means.windows(2).all(|pair| pair[0] >= pair[1]), "{means:?} {fits:?}");
        }
    }
}
