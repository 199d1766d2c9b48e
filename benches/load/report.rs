//! Prints a table for each page, and the marks at the end.

use crate::measure::Figures;

/// Figures of one page on one database.
pub struct Table {
    pub title: String,
    pub limit: Figures,
    pub yardstick: Figures,
    /// Lectern with each of its settings.
    pub lectern: Vec<(&'static str, Figures)>,
    /// Maximum `ratio`.
    pub mark: Option<f64>,
}

impl Table {
    /// Prints every figure, and the processor time of every row as a multiple of the limit's and of the yardstick's.
    pub fn print(&self) {
        println!("{}", self.title);
        println!(
            "| {:<24} | {:>8} | {:>7} | {:>7} | {:>7} | {:>8} | {:>7} | {:>7} | {:>11} | {:>6} |",
            "", "req/s", "p50 ms", "p99 ms", "server", "database", "CPU", "× limit", "× yardstick", "MB"
        );
        println!("|{0:-<26}|{0:->10}|{0:->9}|{0:->9}|{0:->9}|{0:->10}|{0:->9}|{0:->9}|{0:->13}|{0:->8}|", "");
        self.row("limit: a fixed body", &self.limit);
        self.row("yardstick: by hand", &self.yardstick);
        self.lectern.iter().for_each(|(name, figures)| self.row(name, figures));
    }

    fn row(&self, name: &str, figures: &Figures) {
        let Figures { rate, p50, p99, server, database, resident } = figures;
        let (limit, yardstick) = (figures.cpu() / self.limit.cpu(), figures.cpu() / self.yardstick.cpu());
        let cpu = figures.cpu();
        println!(
            "| {name:<24} | {rate:>8.0} | {p50:>7.2} | {p99:>7.2} | {server:>7.1} | {database:>8.1} | {cpu:>7.1} \
             | {limit:>7.1} | {yardstick:>11.2} | {resident:>6.0} |"
        );
    }

    /// Lectern's processor time as a multiple of the yardstick's, without any response cache.
    pub fn ratio(&self) -> f64 {
        self.lectern[0].1.cpu() / self.yardstick.cpu()
    }
}

/// Prints the marks: those of the pages, and that a deep page costs as much as the first.
pub fn marks(tables: &[Table]) {
    for table in tables {
        if let Some(most) = table.mark {
            mark(&format!("{}: processor time", table.title), table.ratio(), " × yardstick", most);
        }
    }
    for deep in tables.iter().filter(|table| table.title.contains("500 pages deep")) {
        let first = tables.iter().find(|table| table.title == deep.title.replace("500 pages deep", "first pages"));
        let ratio = first.map_or(f64::NAN, |first| deep.lectern[0].1.cpu() / first.lectern[0].1.cpu());
        mark(&format!("{}: processor time", deep.title), ratio, " × first pages", 1.2);
    }
}

/// Prints a mark and whether it is met.
pub fn mark(text: &str, figure: f64, unit: &str, most: f64) {
    let verdict = if figure <= most { "MET   " } else { "MISSED" };
    println!("{verdict} {text}: {figure:.2}{unit} (mark: at most {most}{unit})");
}
