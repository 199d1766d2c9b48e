//! Listings of all kinds, exported and imported again: nothing changes, and another provider that imports them has the same
//! listings.

use entity::{ListingStatus, course};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::courses_write::taxonomy;
use crate::export::REFERENCES;
use crate::support::feed::{FeedProvider, JSONL, counts, lines};
use crate::support::{App, Program};

/// Texts that spreadsheets, CSV, JSON or Unicode make difficult.
const TEXTS: [&str; 34] = [
    "=1+1",
    "+49 30",
    "-5 °C",
    "@handle",
    "'quoted'",
    "''=x",
    "'=x",
    "'",
    "\"",
    "\"\"",
    "a\"b",
    "a,b;c",
    "a|b||c",
    "|",
    "\\",
    "\\n",
    "1E5",
    "007",
    "1.50",
    "1,5",
    "TRUE",
    "null",
    "[]",
    "{}",
    "[\"a\"]",
    "2027-02-01",
    "é",
    "日本語",
    "🦅 👩‍🏫",
    "ﬀ ½",
    "שלום",
    "_x000D_",
    "&amp; <b>",
    "％",
];

/// Parts of listings that state each field in several ways.
struct Generator(fastrand::Rng);

impl Generator {
    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.0.usize(..from.len())].clone()
    }

    fn line(&mut self) -> Value {
        let words: Vec<&str> = (0..self.0.usize(1..4)).map(|_| self.pick(&TEXTS)).collect();
        words.join(" ").into()
    }

    fn prose(&mut self, longest: usize) -> Value {
        let lines: Vec<&str> = (0..self.0.usize(1..6)).map(|_| self.pick(&TEXTS)).collect();
        let text = lines.join(self.pick(&["\n", "\n\n", "\r\n", "\t"]));
        let text = if self.0.u8(..8) == 0 { format!("{text}{}", "\"=🦅,\n".repeat(longest)) } else { text };
        text.chars().take(longest).collect::<String>().trim_end().into()
    }

    fn number(&mut self, from: i32, to: i32) -> Value {
        self.0.i32(from..=to).into()
    }

    fn maybe(&mut self, value: impl FnOnce(&mut Self) -> Value) -> Value {
        if self.0.bool() { value(self) } else { Value::Null }
    }

    fn money(&mut self) -> Value {
        let amount = self.pick(&[
            ("0", "EUR"),
            ("499.00", "EUR"),
            ("0.01", "USD"),
            ("123456789.99", "USD"),
            ("50000", "JPY"),
            ("1.500", "KWD"),
        ]);
        json!({ "amount": amount.0, "currency": amount.1 })
    }

    fn range(&mut self, max: i32) -> Value {
        match self.0.u8(..4) {
            0 => Value::Null,
            1 => json!({ "min": 1 }),
            2 => json!({ "max": max }),
            _ => json!({ "min": 2, "max": 3 }),
        }
    }

    fn some(&mut self, words: &[&str]) -> Value {
        words.iter().filter(|_| self.0.bool()).copied().collect()
    }

    fn offering(&mut self) -> Value {
        let latitude = self.maybe(|at| at.pick(&[json!(45.76), json!("0.30000000000000004"), json!(-90), json!(0)]));
        let longitude = if latitude.is_null() { Value::Null } else { json!("-5.9604644775390625e-8") };
        json!({
            "format": self.pick(&["IN_PERSON", "LIVE_ONLINE", "HYBRID", "SELF_PACED"]),
            "startsOn": format!("2027-{:02}-{:02}", self.0.u8(1..=6), self.0.u8(1..=28)),
            "endsOn": self.maybe(|_| json!("2028-01-01")),
            "timeZone": self.maybe(|at| json!(at.pick(&["Europe/Paris", "UTC", "Asia/Tokyo"]))),
            "location": { "city": self.line(), "region": self.maybe(Self::line), "country": self.maybe(|_| json!("FR")),
                          "latitude": latitude, "longitude": longitude },
            "language": self.maybe(|at| json!(at.pick(&["en", "pt-BR", "zh-Hant"]))),
            "price": self.maybe(Self::money),
            "capacity": self.maybe(|_| json!(12)),
            "seatsLeft": self.maybe(|at| at.number(0, 12)),
            "url": self.maybe(|_| json!("https://example.org/?a=%7C&b=1#c")),
        })
    }

    fn listing(&mut self, index: usize) -> Value {
        let list =
            |at: &mut Self, item: fn(&mut Self) -> Value| -> Value { (0..at.0.usize(..4)).map(|_| item(at)).collect() };
        let amount = self.maybe(Self::money);
        json!({
            "externalKey": format!("{} {index}", self.pick(&TEXTS)),
            "title": self.line(), "kind": self.pick(&["COURSE", "BOOTCAMP", "SPECIALIZATION", "DEGREE"]),
            "publish": self.pick(&[json!(true), json!(false)]),
            "summary": self.maybe(|at| at.prose(500)), "description": self.maybe(|at| at.prose(20_000)),
            "level": self.maybe(|at| json!(at.pick(&["BEGINNER", "ADVANCED"]))),
            "partners": self.some(&["partner"]), "subjects": self.some(&["birds"]), "skills": self.some(&["knots", "hawking"]),
            "careers": self.some(&["falconer"]), "certifications": self.some(&["falconer-1"]), "sources": self.some(&["press"]),
            "formats": self.some(&["HYBRID", "IN_PERSON", "SELF_PACED"]), "schedules": self.some(&["WEEKENDS", "WEEKNIGHTS"]),
            "languages": self.some(&["en", "pt-BR", "sr-Latn"]),
            "duration": { "weeks": self.maybe(|at| at.number(1, 1000)), "days": self.range(7000), "hours": self.maybe(|at| at.number(1, 100_000)),
                          "hoursPerWeek": self.range(168) },
            "pricing": if amount.is_null() { json!({ "category": self.pick(&["FREE", "PARTIALLY_FREE"]) }) } else {
                json!({ "category": "PAID", "amount": amount, "per": self.maybe(|_| json!("MONTH")), "certificate": self.maybe(Self::money) })
            },
            "financing": list(self, |at| json!({ "kind": at.pick(&["LOAN", "INSTALLMENTS"]), "aprPercent": at.maybe(|_| json!("9.9")),
                "months": at.maybe(|at| at.number(1, 600)), "cap": at.maybe(Self::money), "note": at.maybe(|at| at.prose(2_000)) })),
            "freeRetakeWithinMonths": self.maybe(|at| at.number(0, 1200)), "mentoringSessions": self.maybe(|at| at.number(0, 100)),
            "maxClassSize": self.maybe(|at| at.number(1, 10_000)),
            "certificateOfCompletion": self.maybe(|at| at.0.bool().into()), "jobPreparation": self.maybe(|at| at.0.bool().into()),
            "jobGuarantee": self.maybe(|at| at.0.bool().into()), "portfolio": self.maybe(|at| at.0.bool().into()),
            "noPrerequisites": self.maybe(|at| at.0.bool().into()),
            "prerequisiteSkills": list(self, |_| json!({ "skill": "knots", "level": "BASIC" })).as_array().unwrap().iter().take(1).cloned().collect::<Value>(),
            "prerequisiteNote": self.maybe(|at| at.prose(2_000)),
            "awards": list(self, |at| json!({ "title": at.line(), "awardedBy": at.line(), "year": at.maybe(|at| at.number(1900, 2200)) })),
            "offerings": list(self, Self::offering),
            "url": self.maybe(|_| json!("https://example.org/?a=%7C&b=1,2;3#c")),
        })
    }
}

async fn export(app: &App, school: &FeedProvider, format: &str) -> String {
    let path = format!("{}/export?provider={}&format={format}", app.address, school.slug);
    let answer = app.client.get(path).bearer_auth(&school.token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

/// A provider with many listings, published, retired and drafts.
async fn varied_school(app: &App, listings: usize) -> FeedProvider {
    taxonomy(app).await;
    Program::beside(app).file("references.json", REFERENCES);
    let imported = app.command("import --taxonomy references.json").await;
    assert_eq!(imported.code, Some(0), "{}", imported.out);
    let school = FeedProvider::of(app).await;
    let mut generator = Generator(fastrand::Rng::with_seed(7));
    let rows: Vec<Value> = (0..listings).map(|index| generator.listing(index)).collect();
    let answer = school.feed(app, "&results=refused", &rows).await;
    assert_eq!(counts(answer.last().unwrap()), [listings as u64, 0, 0, 0, 0], "{answer:#?}");
    let stored =
        course::Entity::find().filter(course::Column::ProviderId.eq(school.id)).order_by_asc(course::Column::Id);
    let stored = stored.all(&school.catalogue.db).await.unwrap();
    for row in stored.iter().filter(|row| row.status == ListingStatus::Published).step_by(3) {
        school.catalogue.update_course(row.id, |row| row.status = Set(ListingStatus::Retired)).await;
    }
    school
}

/// Rows without the fields that differ between providers.
fn comparable(export: &str) -> Vec<Value> {
    let row = |line: &str| {
        let mut row: Value = serde_json::from_str(line).unwrap();
        let fields = row.as_object_mut().unwrap();
        assert!(fields.remove("slug").is_some() && fields.remove("publish").is_some());
        row
    };
    export.lines().map(row).collect()
}

on_both! {
    #![empty]

    async fn listings_of_all_kinds_come_back_unchanged(app: App) {
        let school = varied_school(&app, 120).await;
        let before = school.catalogue.position().await;
        for (format, media_type) in [("csv", "text/csv"), ("jsonl", JSONL)] {
            let text = export(&app, &school, format).await;
            let (_, answer) = school.send(&app, "&results=refused", media_type, text.clone()).await;
            assert_eq!(counts(answer.last().unwrap()), [0, 0, 120, 0, 0], "{format} {answer:#?}");
            let file = format!("courses.{format}");
            let exported = app.command(&format!("export --provider {} {file}", school.slug)).await;
            assert_eq!(exported.code, Some(0), "{}", exported.error);
            assert!(std::fs::read_to_string(app.folder.join(&file)).unwrap() == text, "the file is what HTTP answers");
            let imported = app.command(&format!("import --missing-retire --provider {} {file}", school.slug)).await;
            assert!(imported.out.contains("120 rows: 0 created, 0 updated, 120 unchanged, 0 refused; "), "{}", imported.out);
        }
        assert_eq!(school.catalogue.position().await, before);
    }

    async fn another_provider_that_imports_them_has_the_same_listings(app: App) {
        let school = varied_school(&app, 60).await;
        let wanted = export(&app, &school, "jsonl").await;
        for format in ["csv", "jsonl"] {
            let other = FeedProvider::of(&app).await;
            let (media_type, body) = if format == "csv" {
                ("text/csv", without_slug(&export(&app, &school, "csv").await))
            } else {
                let rows = wanted.lines().map(|line| {
                    let mut row: Value = serde_json::from_str(line).unwrap();
                    row.as_object_mut().unwrap().remove("slug");
                    row
                });
                (JSONL, lines(&rows.collect::<Vec<_>>()))
            };
            let (_, answer) = other.send(&app, "&results=refused", media_type, body).await;
            assert_eq!(counts(answer.last().unwrap()), [60, 0, 0, 0, 0], "{format} {answer:#?}");
            let found = export(&app, &other, "jsonl").await;
            for (found, wanted) in comparable(&found).iter().zip(comparable(&wanted)) {
                assert_eq!(found, &wanted, "{format}");
            }
            assert_eq!(found.lines().count(), 60);
        }
    }
}

/// CSV without the column of slugs.
fn without_slug(text: &str) -> String {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut slug = None;
    for record in reader.records().map(Result::unwrap) {
        let column = *slug.get_or_insert_with(|| record.iter().position(|name| name == "slug").unwrap());
        writer
            .write_record(record.iter().enumerate().filter(|(index, _)| *index != column).map(|(_, cell)| cell))
            .unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}
