//! The catalogue that is searched: the starter catalogue, and the files beside this one, which were written for it. Its
//! schools do not exist.

use std::path::Path;
use std::process::{Command, Stdio};

use catalog::clock::{Clock, SystemClock};
use chrono::{Datelike, NaiveDate};

/// Marks a date that must not have passed: `NEXT-05-28` is the next 28 May.
const NEXT: &str = "NEXT-";

/// Length of the month and the day after [`NEXT`].
const MONTH_AND_DAY: usize = "05-28".len();

/// Fills an empty data folder.
pub fn fill(program: &Path, data: &Path) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/relevance");
    run(program, data, &["seed"]);
    run(program, data, &["import", "--taxonomy", source.join("taxonomy.json").to_str().unwrap()]);
    let mut feeds: Vec<_> = std::fs::read_dir(source.join("courses")).unwrap().map(|it| it.unwrap().path()).collect();
    // IDs decide between equal scores: the order must be the same everywhere.
    feeds.sort();
    for feed in feeds {
        let provider = feed.file_stem().unwrap().to_str().unwrap();
        let dated = data.join("feed.jsonl");
        let text = std::fs::read_to_string(&feed).unwrap();
        std::fs::write(&dated, with_dates(&text, SystemClock.today())).unwrap();
        run(program, data, &["import", "--provider", provider, dated.to_str().unwrap()]);
    }
}

fn run(program: &Path, data: &Path, arguments: &[&str]) {
    let mut command = Command::new(program);
    command
        .env("LECTERN_DATA_DIR", data)
        .env("LECTERN_SEED", "none")
        .env("LECTERN_LOG", "warn")
        .env("DATABASE_URL", "");
    let output = command.args(arguments).stderr(Stdio::inherit()).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "lectern {arguments:?} fails:\n{printed}");
}

/// Replaces the marked dates.
fn with_dates(text: &str, today: NaiveDate) -> String {
    let mut parts = text.split(NEXT);
    let mut dated = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (day, rest) = part.split_at(MONTH_AND_DAY);
        let of = |year: i32| format!("{year}-{day}").parse::<NaiveDate>().unwrap();
        let (this, next) = (of(today.year()), of(today.year() + 1));
        dated.push_str(&format!("{}{rest}", if this > today { this } else { next }));
    }
    dated
}
