//! How good the results of a query are.

use crate::queries::Query;

/// Number of results that are looked at.
pub const DEPTH: usize = 10;

/// Number of results that count for the precision: what is seen without scrolling.
const VISIBLE: usize = 5;

/// Lowest grade of a good result.
pub const GOOD: u8 = 2;

/// Scores of one query, or the means of several, 0 to 1.
#[derive(Clone, Copy, Default)]
pub struct Scores {
    /// Normalised discounted cumulative gain of the first ten results.
    pub ndcg: f64,
    /// Good courses among the first five results, as a share of five, or of all good courses if there are fewer.
    pub precision: f64,
    /// Whether the first result is good.
    pub first_good: f64,
    /// Whether nothing is found, although something relevant exists.
    pub nothing: f64,
}

impl Scores {
    /// Scores of the results of a query.
    pub fn of(query: &Query<'_>, found: &[String]) -> Self {
        let grades: Vec<u8> = found.iter().map(|slug| query.grades.get(slug.as_str()).copied().unwrap_or(0)).collect();
        let mut ideal: Vec<u8> = query.grades.values().copied().collect();
        ideal.sort_unstable_by(|one, other| other.cmp(one));
        let good = |grades: &[u8]| grades.iter().take(VISIBLE).filter(|grade| **grade >= GOOD).count() as f64;
        let as_number = |condition: bool| f64::from(u8::from(condition));
        Self {
            ndcg: gain(&grades) / gain(&ideal),
            precision: good(&grades) / good(&ideal),
            first_good: as_number(grades.first().is_some_and(|grade| *grade >= GOOD)),
            nothing: as_number(grades.is_empty()),
        }
    }

    /// Means of several scores.
    pub fn mean(all: &[Self]) -> Self {
        let mean = |value: fn(&Self) -> f64| all.iter().map(value).sum::<f64>() / all.len() as f64;
        Self {
            ndcg: mean(|it| it.ndcg),
            precision: mean(|it| it.precision),
            first_good: mean(|it| it.first_good),
            nothing: mean(|it| it.nothing),
        }
    }
}

/// Discounted cumulative gain: a grade counts twice as much as the one below and a little more, the less the further
/// down it is.
fn gain(grades: &[u8]) -> f64 {
    let gain = |(rank, grade): (usize, &u8)| (f64::from(*grade).exp2() - 1.0) / (rank as f64 + 2.0).log2();
    // The sum of nothing would be -0.
    grades.iter().take(DEPTH).enumerate().map(gain).fold(0.0, |sum, gain| sum + gain)
}
