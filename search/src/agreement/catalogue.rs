//! Random catalogue, as plain listings and as an index of several segments.

use std::collections::BTreeMap;
use std::sync::Arc;

use tantivy::indexer::{LogMergePolicy, NoMergePolicy};
use tantivy::schema::Field;
use tantivy::{IndexReader, IndexWriter, TantivyDocument, Term};

use super::CURRENCIES;
use super::naive::{Listing, Values};
use crate::fields::{DocKind, FREE, Fields, ON_DEMAND};
use crate::openings;
use crate::prepare::prepare;
use crate::reader::Reader;
use crate::tokenizer;
use crate::work::WorkMeter;

pub(super) struct Catalogue {
    pub(super) courses: BTreeMap<i64, Listing>,
    pub(super) fields: Fields,
    reader: IndexReader,
    writer: IndexWriter,
    served: Option<Reader>,
}

impl Catalogue {
    pub(super) fn new(seed: u64) -> Self {
        let (schema, fields) = Fields::build();
        let index = tantivy::Index::create_in_ram(schema);
        tokenizer::register(&index);
        let writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        if seed.is_multiple_of(2) {
            writer.set_merge_policy(Box::new(NoMergePolicy));
        } else {
            let mut policy = LogMergePolicy::default();
            policy.set_min_num_segments(2);
            writer.set_merge_policy(Box::new(policy));
        }
        Self { courses: BTreeMap::new(), fields, reader: index.reader().unwrap(), writer, served: None }
    }

    /// Reader of the last commit for one request.
    pub(super) fn reader(&self) -> Reader {
        self.served.as_ref().unwrap().for_request(Arc::new(WorkMeter::unlimited()))
    }

    /// Adds, replaces and removes courses in one commit.
    pub(super) fn change(&mut self, random: &mut fastrand::Rng, count: usize) {
        for _ in 0..count {
            let known = random.choice(self.courses.keys()).copied();
            let id = known.filter(|_| random.u32(0..3) > 0).unwrap_or_else(|| random.i64(0..i64::MAX / 2));
            self.writer.delete_term(Term::from_field_i64(self.fields.owner, id));
            self.courses.remove(&id);
            if random.u32(0..8) > 0 {
                let listing = listing(random, &self.fields, id);
                let documents = std::iter::once((DocKind::Course, &listing.course))
                    .chain(listing.offerings.iter().map(|offering| (DocKind::Offering, offering)))
                    .map(|(kind, values)| self.document(kind, id, values));
                let adds = documents.map(tantivy::indexer::UserOperation::Add).collect::<Vec<_>>();
                self.writer.run(adds).unwrap();
                self.courses.insert(id, listing);
            }
        }
        self.writer.commit().unwrap();
        self.reader.reload().unwrap();
        let fields = Arc::new(self.fields);
        let reader = Reader::open(self.reader.searcher(), fields, self.served.as_ref()).unwrap();
        prepare(&reader, self.served.as_ref()).unwrap();
        self.served = Some(reader);
    }

    fn document(&self, kind: DocKind, id: i64, values: &Values) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_i64(self.fields.doc_kind, kind as i64);
        document.add_i64(self.fields.id, id);
        document.add_i64(self.fields.owner, id);
        values.numbers.iter().for_each(|(field, it)| it.iter().for_each(|value| document.add_i64(*field, *value)));
        values.fractions.iter().for_each(|(field, it)| it.iter().for_each(|value| document.add_f64(*field, *value)));
        values.words.iter().for_each(|(field, it)| it.iter().for_each(|value| document.add_text(*field, value)));
        document
    }
}

fn listing(random: &mut fastrand::Rng, fields: &Fields, id: i64) -> Listing {
    let mut listing = Listing { id, ..Listing::default() };
    let course = &mut listing.course;
    let mut number = |random: &mut fastrand::Rng, chance: u32, field: Field, below: i64| {
        if random.u32(0..100) < chance {
            course.numbers.insert(field, vec![random.i64(0..below)]);
        }
    };
    number(random, 100, fields.provider, 15);
    number(random, 80, fields.level, 4);
    number(random, 70, fields.hours, 300);
    number(random, 10, fields.employment, 5);
    number(random, 100, fields.review_count, 6);
    number(random, 5, fields.mentoring_sessions, 3);
    number(random, 95, fields.published_at, 1_000_000);
    number(random, 100, fields.updated_at, 50);
    course.numbers.insert(fields.format, distinct(random, 4, 3));
    course.numbers.insert(fields.skill, distinct(random, 40, 5));
    if random.u32(0..3) > 0 {
        let price = random.i64(0..2_000).saturating_sub(200).max(0) / 50 * 50;
        let currency = if price == 0 { FREE } else { CURRENCIES[random.usize(0..3)] };
        course.numbers.insert(fields.price, vec![price]);
        course.words.insert(fields.price_currency, vec![currency.to_owned()]);
    }
    if random.u32(0..3) > 0 {
        let rating = f64::from(random.u32(2..11)) / 2.0;
        course.fractions.insert(fields.rating, vec![rating]);
        course.fractions.insert(fields.score, vec![rating / 1.5]);
    }
    let languages = ["en", "en-GB", "de", "enm"];
    course
        .words
        .insert(fields.language, distinct(random, 4, 2).iter().map(|it| languages[*it as usize].to_owned()).collect());
    course.words.insert(fields.name_key, vec![format!("course {}", random.u32(0..300))]);
    let mut codes = Vec::new();
    for _ in 0..random.usize(0..4) {
        let start = if random.u32(0..8) == 0 { ON_DEMAND } else { random.i64(10..40) };
        let open_until = start - random.i64(0..5);
        codes.push(openings::encode(start, open_until));
        let mut offering = Values::default();
        offering.numbers.insert(fields.starts, vec![start]);
        offering.numbers.insert(fields.open_until, vec![open_until]);
        offering.numbers.insert(fields.format, distinct(random, 4, 1));
        let cities = distinct(random, 2, 1).iter().map(|it| ["rome", "oslo"][*it as usize].to_owned()).collect();
        offering.words.insert(fields.city, cities);
        listing.offerings.push(offering);
    }
    codes.sort_unstable();
    listing.course.numbers.insert(fields.openings, codes);
    listing
}

fn distinct(random: &mut fastrand::Rng, below: i64, most: usize) -> Vec<i64> {
    let mut values: Vec<i64> = (0..=random.usize(0..=most)).skip(1).map(|_| random.i64(0..below)).collect();
    values.sort_unstable();
    values.dedup();
    values
}
