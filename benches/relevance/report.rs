//! Prints the table, and the worst queries.

use crate::queries::Query;
use crate::scores::{GOOD, Scores};

/// Query, what it found, and how good that is.
pub struct Row<'a> {
    pub query: Query<'a>,
    pub found: Vec<String>,
    pub scores: Scores,
}

/// What the search is to reach, in total. nDCG has no target: it shows which of two rankings is better.
const TARGET: &str = "| target               |         |         |  ≥ 0.90 |     ≥ 95 % |           0 % |";

/// Prints the means of each kind, in the order of the file, and in total.
pub fn table(rows: &[Row<'_>]) {
    println!(
        "| {:<20} | {:>7} | {:>7} | {:>7} | {:>10} | {:>13} |",
        "kind", "queries", "nDCG@10", "P@5", "first good", "nothing found"
    );
    println!("|{0:-<22}|{0:->8}:|{0:->8}:|{0:->8}:|{0:->11}:|{0:->14}:|", "");
    let mut kinds: Vec<&str> = Vec::new();
    for row in rows {
        if !kinds.contains(&row.query.kind) {
            kinds.push(row.query.kind);
        }
    }
    for kind in kinds {
        line(kind, rows.iter().filter(|row| row.query.kind == kind));
    }
    line("total", rows.iter());
    println!("{TARGET}");
}

fn line<'a>(name: &str, rows: impl Iterator<Item = &'a Row<'a>>) {
    let scores: Vec<Scores> = rows.map(|row| row.scores).collect();
    let Scores { ndcg, precision, first_good, nothing } = Scores::mean(&scores);
    let (count, first_good, nothing) = (scores.len(), 100.0 * first_good, 100.0 * nothing);
    println!("| {name:<20} | {count:>7} | {ndcg:>7.3} | {precision:>7.3} | {first_good:>8.1} % | {nothing:>11.1} % |");
}

/// Prints the queries with the lowest nDCG: the grade of each result, and the good courses that are missing.
pub fn worst(mut rows: Vec<Row<'_>>, count: usize) {
    rows.sort_by(|one, other| one.scores.ndcg.total_cmp(&other.scores.ndcg));
    for Row { query, found, scores } in rows.iter().take(count) {
        println!("\n{:.3}  {}: {}", scores.ndcg, query.kind, query.text);
        for slug in found {
            println!("    {}  {slug}", query.grades.get(slug.as_str()).copied().unwrap_or(0));
        }
        let mut missing: Vec<_> = query.grades.iter().filter(|(slug, _)| !found.iter().any(|it| it == *slug)).collect();
        missing.sort_by_key(|(slug, grade)| (std::cmp::Reverse(**grade), **slug));
        for (slug, grade) in missing.into_iter().filter(|(_, grade)| **grade >= GOOD) {
            println!("    {grade}  {slug} (missing)");
        }
    }
}
