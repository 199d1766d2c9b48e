//! The search: changes expensive documents and keeps changes that make them more expensive.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::Value;

use crate::client::Connection;
use crate::document::{Field, parse};
use crate::draw::Source;
use crate::seeds;
use crate::server::Server;

/// Document within the limits, with its measurements.
#[derive(Clone, Debug)]
pub struct Found {
    /// The document.
    pub document: Field,
    /// Origin: documents of one origin are similar.
    pub kind: usize,
    /// Its cost.
    pub cost: f64,
    /// Milliseconds of processor time.
    pub cpu: f64,
    /// Megabytes of memory.
    pub memory: f64,
    /// Bytes of its response.
    pub bytes: usize,
}

impl Found {
    /// Microseconds of processor time per unit of cost.
    pub fn per_unit(&self) -> f64 {
        self.cpu * 1e3 / self.cost
    }
}

/// Number of documents to show.
const SHOWN: usize = 10;
/// Number of documents to keep per origin.
const OF_A_KIND: usize = 2;
/// Number of documents that the search continues from.
const FOREMOST: usize = 24;
/// Milliseconds that a measurement must take; it is repeated until then.
const ENOUGH: f64 = 4.0;

/// The search.
pub struct Search<'a> {
    server: &'a Server,
    source: &'a Source,
    rng: Rng,
    connection: Connection,
    /// Results so far.
    pub results: Results,
}

/// Results of a search.
#[derive(Default)]
pub struct Results {
    /// Most expensive documents, a few per origin.
    pub found: Vec<Found>,
    /// Number of documents sent.
    pub sent: usize,
    /// Number of documents over a limit.
    pub refused: usize,
    /// Number of documents that are invalid in this schema.
    pub invalid: usize,
}

impl Results {
    /// Measures the memory of the worst documents again, each in a process of its own: memory that an earlier document
    /// took is no longer missed by a later one.
    pub async fn measure_memory(&mut self, program: &Path, folder: &Path) {
        let figures: [fn(&Found) -> f64; 4] = [|it| it.cpu, |it| it.memory, |it| it.cost, |it| it.bytes as f64];
        let worst = figures.map(|figure| worst(&self.found, figure));
        let texts: HashSet<String> = worst.iter().flatten().map(|found| found.document.text()).collect();
        self.found.retain(|found| texts.contains(&found.document.text()));
        for found in &mut self.found {
            let server = Server::start(program, folder).await;
            let mut connection = Connection::open(&server.address).await.unwrap();
            // What stays for all requests, such as the pages of the database, is loaded before.
            let small = found.document.with_pages_of(2).text();
            assert!(server.ask(&mut connection, &small).await.is_some(), "a new process answers");
            let taken = server.ask(&mut connection, &found.document.text()).await;
            found.memory = taken.map_or(f64::INFINITY, |taken| taken.memory);
        }
    }
}

/// The ten worst by a figure, one per origin.
pub fn worst(found: &[Found], figure: fn(&Found) -> f64) -> Vec<&Found> {
    let mut sorted: Vec<&Found> = found.iter().collect();
    sorted.sort_by(|a, b| figure(b).total_cmp(&figure(a)));
    let mut kinds = HashSet::new();
    sorted.retain(|found| kinds.insert(found.kind));
    sorted.truncate(SHOWN);
    sorted
}

impl<'a> Search<'a> {
    /// Creates a search without results.
    pub async fn new(server: &'a Server, source: &'a Source, seed: u64) -> Self {
        let connection = Connection::open(&server.address).await.unwrap();
        let rng = Rng::with_seed(seed);
        Self { server, source, rng, connection, results: Results::default() }
    }

    /// Measures the documents written by hand.
    pub async fn plant(&mut self) {
        for (kind, text) in seeds::texts(&self.source.names).iter().enumerate() {
            let document = parse(&self.source.schema, text);
            let _ = self.measure(text).await;
            match self.measure(text).await {
                Ok(taken) => self.results.found.push(Found { document, kind, ..taken }),
                Err(answer) => println!("refused: {}\n    {answer}", shortened(text, 110)),
            }
        }
    }

    /// Searches for this long.
    pub async fn climb(&mut self, time: Duration) {
        let until = Instant::now() + time;
        let mut kinds = 1_000;
        while Instant::now() < until {
            let (document, kind) = if self.rng.f32() < 0.2 || self.results.found.is_empty() {
                kinds += 1;
                (self.source.document(&mut self.rng), kinds)
            } else {
                let from = self.foremost();
                (self.source.changed(&mut self.rng, &from.document), from.kind)
            };
            if let Ok(taken) = self.measure(&document.text()).await {
                self.keep(Found { document, kind, ..taken });
            }
        }
    }

    /// Measures the most expensive documents once more, to discard the influence of other load on the machine.
    pub async fn again(&mut self) {
        for place in 0..self.results.found.len() {
            let text = self.results.found[place].document.text();
            for _ in 0..2 {
                if let Ok(taken) = self.measure(&text).await {
                    let found = &mut self.results.found[place];
                    (found.cpu, found.memory) = (found.cpu.min(taken.cpu), found.memory.min(taken.memory));
                }
            }
        }
    }

    /// Picks one of the most expensive documents, in total or per unit.
    fn foremost(&mut self) -> Found {
        let mut places: Vec<usize> = (0..self.results.found.len()).collect();
        match self.rng.usize(0..5) {
            0 | 1 => places.sort_by(|a, b| self.results.found[*b].cpu.total_cmp(&self.results.found[*a].cpu)),
            2 | 3 => {
                places.sort_by(|a, b| self.results.found[*b].per_unit().total_cmp(&self.results.found[*a].per_unit()))
            }
            _ => places.sort_by(|a, b| self.results.found[*b].memory.total_cmp(&self.results.found[*a].memory)),
        }
        let place = places[self.rng.usize(0..places.len().min(FOREMOST))];
        self.results.found[place].clone()
    }

    /// Keeps a document if it is the most expensive of its origin in one respect, and drops those that it surpasses in
    /// all.
    fn keep(&mut self, new: Found) {
        let same = |found: &&Found| found.kind == new.kind;
        let surpassed = |a: &Found, b: &Found| a.cpu <= b.cpu && a.per_unit() <= b.per_unit() && a.memory <= b.memory;
        if self.results.found.iter().filter(same).any(|found| surpassed(&new, found)) {
            return;
        }
        self.results.found.retain(|found| found.kind != new.kind || !surpassed(found, &new));
        if self.results.found.iter().filter(same).count() <= OF_A_KIND {
            self.results.found.push(new);
        }
    }

    /// Measures a document, or returns why it is not answered.
    async fn measure(&mut self, text: &str) -> Result<Found, String> {
        self.results.sent += 1;
        let first = self.once(text).await?;
        let (mut cpu, mut memory, mut times) = (first.cpu, first.memory, 1.0);
        while cpu < ENOUGH && times < 20.0 {
            let Ok(next) = self.once(text).await else { break };
            (cpu, memory, times) = (cpu + next.cpu, memory.min(next.memory), times + 1.0);
        }
        Ok(Found { cpu: cpu / times, memory, ..first })
    }

    async fn once(&mut self, text: &str) -> Result<Found, String> {
        let Some(taken) = self.server.ask(&mut self.connection, text).await else {
            self.server.rest().await;
            self.connection = Connection::open(&self.server.address).await.unwrap();
            return Err("the connection ended".to_owned());
        };
        let answer = String::from_utf8_lossy(&taken.body).into_owned();
        if taken.status != 200 {
            println!("{}: {}\n    {}", taken.status, shortened(&answer, 200), shortened(text, 300));
            self.server.rest().await;
        }
        let extensions = answer.rfind("\"extensions\":{\"cost\"").and_then(|at| answer.get(at..));
        let extensions = extensions.map(|text| format!("{{{}", text.trim_end_matches('}')) + "}}}");
        let extensions = extensions.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let cost = extensions.and_then(|it| it["extensions"]["cost"]["requested"].as_f64());
        let ran = answer.contains("\"data\":");
        match cost {
            Some(cost) if ran => Ok(Found {
                document: Field::default(),
                kind: 0,
                cost,
                cpu: taken.cpu,
                memory: taken.memory,
                bytes: taken.body.len(),
            }),
            _ => {
                let over = answer.contains("QUERY_TOO_COMPLEX");
                let results = &mut self.results;
                (results.refused, results.invalid) =
                    (results.refused + usize::from(over), results.invalid + usize::from(!over));
                Err(shortened(&answer, 300))
            }
        }
    }
}

/// Beginning of a text.
pub fn shortened(text: &str, characters: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
