//! Creating and changing courses: all faults at once, no lost update, nothing half-written.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::provider::{ProviderWithEditor, user_errors};
use crate::support::{App, Catalogue};

/// Every field of an input, once the taxonomy exists.
pub fn everything() -> Value {
    json!({
        "title": "  Falconry  for beginners ", "kind": "BOOTCAMP", "slug": "falconry", "externalKey": "F-1",
        "summary": "How to fly a hawk.", "description": "# Falconry\n\nFrom egg to sky.", "level": "BEGINNER",
        "partners": [], "subjects": ["birds"], "formats": ["IN_PERSON", "HYBRID"], "schedules": ["WEEKENDS"],
        "languages": ["en", "pt-br", "en"],
        "duration": { "weeks": 6, "days": { "min": 10, "max": 12 }, "hours": 60, "hoursPerWeek": { "min": 10 } },
        "pricing": { "category": "PAID", "amount": { "amount": "1999.50", "currency": "USD" }, "per": "ONCE",
                     "certificate": { "amount": "20", "currency": "USD" } },
        "financing": [{ "kind": "LOAN", "aprPercent": "9.9", "months": 12, "note": "Through a bank." }],
        "freeRetakeWithinMonths": 6, "certificateOfCompletion": true, "mentoringSessions": 3, "maxClassSize": 12, "jobPreparation": true,
        "jobGuarantee": false, "portfolio": true, "skills": ["hawking", "knots"], "noPrerequisites": false,
        "prerequisiteSkills": [{ "skill": "knots", "level": "BASIC" }], "prerequisiteCourses": [],
        "prerequisiteNote": "A glove.", "units": [], "certifications": [], "careers": ["falconer"],
        "awards": [{ "title": "Best hawk", "awardedBy": "The moor", "year": 2025 }],
        "offerings": [{ "format": "IN_PERSON", "startsOn": "2026-09-01", "endsOn": "2026-10-13", "applyBy": "2026-08-15",
                        "timeZone": "Europe/Paris", "location": { "city": "Lyon", "country": "FR", "latitude": 45.76, "longitude": 4.84 },
                        "language": "fr", "price": { "amount": "1800.00", "currency": "EUR" }, "capacity": 12, "seatsLeft": 3,
                        "url": "https://example.org/lyon" }],
        "url": "https://example.org/falconry"
    })
}

/// The fields that return `everything`.
const EVERYTHING: &str = "title kind slug externalKey summary description level subjects { slug } formats schedules languages \
    duration { weeks days { min max } hours hoursPerWeek { min max } } pricing { category amount { amount currency } per certificate { amount } } \
    financing { kind aprPercent months note } freeRetakeWithinMonths certificateOfCompletion mentoringSessions maxClassSize jobPreparation jobGuarantee portfolio \
    skills { slug } prerequisites { none skills { skill { slug } level } note } careers { slug } awards { title awardedBy year } \
    offerings { nodes { format startsOn endsOn applyBy timeZone location { city country latitude longitude } language price { amount currency } capacity seatsLeft url version } } \
    url status version provider { id }";

/// Adds the records that `everything` refers to, with these slugs.
pub async fn taxonomy(app: &App) {
    use sea_orm::ConnectionTrait;
    let catalogue = Catalogue::of(app).await;
    for (table, id, slug) in [
        ("skill", catalogue.skill("Hawking", &[]).await, "hawking"),
        ("skill", catalogue.skill("Knots", &[]).await, "knots"),
        ("subject", catalogue.subject("Birds").await, "birds"),
        ("career", catalogue.career("Falconer").await, "falconer"),
    ] {
        let sql = format!("update {table} set slug = '{slug}' where id = {id}");
        catalogue.db.execute_unprepared(&sql).await.unwrap();
    }
    // The follower reads the slugs with the next change of their kind.
    for listing in [entity::ListingType::Taxonomy, entity::ListingType::Career] {
        let entries = vec![crate::support::entry(listing, 1)];
        let position = catalog::changelog::append(&catalogue.db, crate::support::now(), entries).await;
        app.reached(position.unwrap_or_else(|error| panic!("{}", error.cause()))).await;
    }
    use sea_orm::EntityTrait;
    let careers = entity::career::Entity::find().all(&catalogue.db).await.unwrap();
    let slugs = careers.into_iter().map(|row| entity::career_slug::Model { slug: row.slug, career_id: row.id });
    let written = catalog::write::insert::<entity::career_slug::Entity>(&catalogue.db, slugs.collect()).await;
    written.unwrap_or_else(|error| panic!("{}", error.cause()));
}

/// The position of the log.
async fn position(app: &App) -> i64 {
    Catalogue::of(app).await.position().await
}

on_both! {
    #![empty]

    async fn a_course_is_made_with_all_that_hangs_on_it(app: App) {
        taxonomy(&app).await;
        let school = ProviderWithEditor::open(&app).await;
        let payload = school.create(everything()).await;
        assert_eq!(user_errors(&payload), [""; 0]);
        let query = format!("query($id: ID!) {{ course(by: {{id: $id}}) {{ {EVERYTHING} }} }}");
        let course = school.data(&query, json!({ "id": payload["course"]["id"] })).await["course"].take();
        assert_eq!(course, json!({
            "title": "Falconry  for beginners", "kind": "BOOTCAMP", "slug": "falconry", "externalKey": "F-1",
            "summary": "How to fly a hawk.", "description": "# Falconry\n\nFrom egg to sky.", "level": "BEGINNER",
            "subjects": [{ "slug": "birds" }], "formats": ["IN_PERSON", "HYBRID"], "schedules": ["WEEKENDS"],
            "languages": ["en", "pt-BR"],
            "duration": { "weeks": 6, "days": { "min": 10, "max": 12 }, "hours": 60, "hoursPerWeek": { "min": 10, "max": null } },
            "pricing": { "category": "PAID", "amount": { "amount": "1999.50", "currency": "USD" }, "per": "ONCE", "certificate": { "amount": "20.00" } },
            "financing": [{ "kind": "LOAN", "aprPercent": "9.9", "months": 12, "note": "Through a bank." }],
            "freeRetakeWithinMonths": 6, "certificateOfCompletion": true, "mentoringSessions": 3, "maxClassSize": 12, "jobPreparation": true,
            "jobGuarantee": false, "portfolio": true, "skills": [{ "slug": "hawking" }, { "slug": "knots" }],
            "prerequisites": { "none": false, "skills": [{ "skill": { "slug": "knots" }, "level": "BASIC" }], "note": "A glove." },
            "careers": [{ "slug": "falconer" }], "awards": [{ "title": "Best hawk", "awardedBy": "The moor", "year": 2025 }],
            "offerings": { "nodes": [{ "format": "IN_PERSON", "startsOn": "2026-09-01", "endsOn": "2026-10-13", "applyBy": "2026-08-15",
                "timeZone": "Europe/Paris", "location": { "city": "Lyon", "country": "FR", "latitude": 45.76, "longitude": 4.84 },
                "language": "fr", "price": { "amount": "1800.00", "currency": "EUR" }, "capacity": 12, "seatsLeft": 3,
                "url": "https://example.org/lyon", "version": 1 }] },
            "url": "https://example.org/falconry", "status": "DRAFT", "version": 1, "provider": { "id": school.id }
        }));
    }

    async fn a_patch_leaves_what_is_absent_clears_what_is_null_and_replaces_lists_whole(app: App) {
        taxonomy(&app).await;
        let school = ProviderWithEditor::open(&app).await;
        let course = school.create(everything()).await["course"].take();
        let patch = json!({ "title": "Hawking", "level": null, "skills": ["knots"], "awards": null, "pricing": { "category": "FREE" }, "externalKey": null });
        let payload = school.update(&course, patch).await;
        assert_eq!(user_errors(&payload), [""; 0]);
        let course = &payload["course"];
        assert_eq!((&course["slug"], &course["version"], &course["externalKey"]), (&json!("falconry"), &json!(2), &Value::Null));
        let query = "query($id: ID!) { course(by: {id: $id}) { title level skills { slug } awards { title } pricing { category amount { amount } } summary subjects { slug } offerings { totalCount } } }";
        let seen = school.data(query, json!({ "id": course["id"] })).await["course"].take();
        assert_eq!(seen, json!({
            "title": "Hawking", "level": null, "skills": [{ "slug": "knots" }], "awards": [], "pricing": { "category": "FREE", "amount": null },
            "summary": "How to fly a hawk.", "subjects": [{ "slug": "birds" }], "offerings": { "totalCount": 1 }
        }));
    }

    async fn a_class_has_1_to_10_000_learners_until_it_is_cleared(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let mut course = school.create(json!({ "title": "Falconry", "kind": "COURSE", "maxClassSize": 1 })).await["course"].take();
        let query = "query($id: ID!) { course(by: {id: $id}) { maxClassSize } }";
        for (patch, expected) in [
            (json!({ "title": "Falconry" }), json!(1)),
            (json!({ "maxClassSize": 10_000 }), json!(10_000)),
            (json!({ "title": "Hawking" }), json!(10_000)),
            (json!({ "maxClassSize": null }), Value::Null),
        ] {
            let payload = school.update(&course, patch.clone()).await;
            assert_eq!(user_errors(&payload), [""; 0], "{patch}");
            course = payload["course"].clone();
            let seen = school.data(query, json!({ "id": course["id"] })).await;
            assert_eq!(seen["course"]["maxClassSize"], expected, "{patch}");
        }
    }

    async fn a_patch_that_says_what_is_there_writes_nothing(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let before = position(&app).await;
        let payload = school.update(&course, json!({ "title": "Falconry", "summary": null })).await;
        assert_eq!((user_errors(&payload), &payload["course"]["version"]), (vec![], &json!(1)));
        assert_eq!(position(&app).await, before);
    }

    async fn every_fault_comes_back_at_once_with_its_path_and_nothing_is_written(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let taken = school.create(json!({ "title": "First", "kind": "COURSE", "slug": "first", "externalKey": "1" })).await;
        assert_eq!(user_errors(&taken), [""; 0]);
        let before = position(&app).await;
        let payload = school.create(json!({
            "title": " ", "kind": "COURSE", "slug": "first", "externalKey": "1", "summary": "nul \u{0}", "url": "ftp://example.org",
            "skills": ["no-such-skill"], "partners": ["nobody"], "prerequisiteSkills": [{ "skill": "nor-this", "level": "BASIC" }],
            "languages": ["en", "?"], "pricing": { "category": "PAID", "amount": { "amount": "1.999", "currency": "USD" } },
            "duration": { "days": { "min": 3, "max": 2 } }, "units": ["first", "first"],
            "offerings": [{ "format": "HYBRID", "startsOn": "2026-09-01", "endsOn": "2026-08-01", "applyBy": "2026-09-02" }]
        })).await;
        assert_eq!(user_errors(&payload), [
            "DUPLICATE input.units.1",
            "INVALID input.languages.1",
            "INVALID input.summary",
            "INVALID input.url",
            "NOT_FOUND input.partners.0",
            "NOT_FOUND input.prerequisiteSkills.0",
            "NOT_FOUND input.skills.0",
            "OUT_OF_RANGE input.duration.days.min",
            "OUT_OF_RANGE input.offerings.0.applyBy",
            "OUT_OF_RANGE input.offerings.0.endsOn",
            "OUT_OF_RANGE input.pricing.amount.amount",
            "TAKEN input.externalKey",
            "TAKEN input.slug",
            "TOO_SHORT input.title",
        ]);
        assert_eq!(payload["course"], Value::Null);
        assert_eq!(position(&app).await, before);
    }

    async fn each_kind_of_bad_input_is_told(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let money = |amount: &str, currency: &str| json!({ "category": "PAID", "amount": { "amount": amount, "currency": currency } });
        let long = |count: usize| json!("x".repeat(count));
        for (field, value, expected) in [
            ("title", json!("one\nline"), "INVALID input.title"),
            ("title", json!("bell \u{7}"), "INVALID input.title"),
            ("title", json!("nul \u{0}"), "INVALID input.title"),
            ("title", json!("turned \u{202e}"), "INVALID input.title"),
            ("title", json!(" \t "), "TOO_SHORT input.title"),
            ("title", json!("\u{200b}\u{3164}\u{2060}"), "TOO_SHORT input.title"),
            ("title", json!("one\u{2028}line"), "INVALID input.title"),
            ("title", json!("no text \u{fffe}"), "INVALID input.title"),
            ("title", Value::Null, "REQUIRED input.title"),
            ("kind", Value::Null, "REQUIRED input.kind"),
            ("title", long(201), "TOO_LONG input.title"),
            ("summary", long(501), "TOO_LONG input.summary"),
            ("description", long(20_001), "TOO_LONG input.description"),
            ("prerequisiteNote", long(2_001), "TOO_LONG input.prerequisiteNote"),
            ("externalKey", long(201), "TOO_LONG input.externalKey"),
            ("slug", json!("Not A Slug"), "INVALID input.slug"),
            ("slug", long(121), "TOO_LONG input.slug"),
            ("url", json!("javascript:alert(1)"), "INVALID input.url"),
            ("url", json!("https://user:word@example.org"), "INVALID input.url"),
            ("url", json!("//example.org"), "INVALID input.url"),
            ("pricing", money("-1", "USD"), "OUT_OF_RANGE input.pricing.amount.amount"),
            ("pricing", money("1.001", "USD"), "OUT_OF_RANGE input.pricing.amount.amount"),
            ("pricing", money("1.5", "JPY"), "OUT_OF_RANGE input.pricing.amount.amount"),
            ("pricing", money("1", "XYZ"), "INVALID input.pricing.amount.currency"),
            ("pricing", money("1", "XXX"), "INVALID input.pricing.amount.currency"),
            ("pricing", money("1", "XAU"), "INVALID input.pricing.amount.currency"),
            ("pricing", money("1e3", "USD"), "INVALID input.pricing.amount.amount"),
            ("languages", json!(["english please"]), "INVALID input.languages.0"),
            ("mentoringSessions", json!(-1), "OUT_OF_RANGE input.mentoringSessions"),
            ("maxClassSize", json!(0), "OUT_OF_RANGE input.maxClassSize"),
            ("maxClassSize", json!(10_001), "OUT_OF_RANGE input.maxClassSize"),
            ("freeRetakeWithinMonths", json!(1201), "OUT_OF_RANGE input.freeRetakeWithinMonths"),
            ("skills", json!(vec!["x"; 201]), "TOO_LONG input.skills"),
            ("units", json!([course["slug"]]), "INVALID input.units"),
        ] {
            let payload = school.update(&course, json!({ field: value })).await;
            assert_eq!(user_errors(&payload), [expected], "{field}: {value}");
        }
    }

    async fn html_in_markdown_is_kept_as_text(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let text = "<script>alert(1)</script> **bold** <img src=x onerror=alert(1)> &amp; \"quoted\"";
        let payload = school.update(&course, json!({ "description": text, "summary": text })).await;
        assert_eq!(user_errors(&payload), [""; 0]);
        let data = app.data("{ courses(query: \"alert\") { nodes { description summary } edges { highlights { fragment } } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([{ "description": text, "summary": text }]));
    }

    async fn validate_only_checks_everything_and_writes_nothing(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.create(json!({ "title": "First", "kind": "COURSE", "slug": "first" })).await["course"].take();
        let before = position(&app).await;
        let create = "mutation($p: ID!, $i: CourseInput!) { done: createCourse(provider: $p, input: $i, validateOnly: true) { course { id } userErrors { code path } } }";
        let mut tried = Vec::new();
        for slug in ["second", "first", "second"] {
            let input = json!({ "title": "Second", "kind": "COURSE", "slug": slug });
            tried.push(school.data(create, json!({ "p": school.id, "i": input })).await["done"].take());
        }
        assert_eq!(tried[0], json!({ "course": null, "userErrors": [] }));
        assert_eq!(user_errors(&tried[1]), ["TAKEN input.slug"]);
        assert_eq!(tried[2], tried[0]);
        let update = "mutation($id: ID!) { done: updateCourse(id: $id, expectedVersion: 1, input: {title: \"Other\"}, validateOnly: true) { course { title version } userErrors { code } } }";
        let payload = school.data(update, json!({ "id": course["id"] })).await["done"].take();
        assert_eq!(payload, json!({ "course": { "title": "First", "version": 1 }, "userErrors": [] }));
        assert_eq!(position(&app).await, before);
    }

    async fn a_stale_version_is_told_with_the_course_as_it_is_now(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let read = school.course("Falconry").await;
        school.update(&read, json!({ "title": "Hawking" })).await;
        let payload = school.update(&read, json!({ "title": "Falcons" })).await;
        assert_eq!(user_errors(&payload), ["STALE expectedVersion"]);
        assert_eq!((&payload["course"]["title"], &payload["course"]["version"]), (&json!("Hawking"), &json!(2)));
        let payload = school.update(&read, json!({ "title": "", "url": "ftp://x" })).await;
        assert_eq!(user_errors(&payload), ["INVALID input.url", "STALE expectedVersion", "TOO_SHORT input.title"]);
    }

    async fn of_fifty_writers_on_one_version_one_wins_and_all_others_are_stale(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let titles: Vec<String> = (0..50).map(|number| format!("Falconry {number}")).collect();
        let payloads = join_all(titles.iter().map(|title| school.update(&course, json!({ "title": title })))).await;
        let (won, lost): (Vec<&Value>, Vec<&Value>) = payloads.iter().partition(|payload| user_errors(payload).is_empty());
        assert_eq!(won.len(), 1, "{payloads:#?}");
        for payload in lost {
            assert_eq!(user_errors(payload), ["STALE expectedVersion"]);
            assert_eq!(payload["course"], won[0]["course"]);
        }
        assert_eq!(won[0]["course"]["version"], 2);
    }

    async fn an_old_slug_goes_on_resolving_and_is_nobody_elses(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        assert_eq!(course["slug"], "falconry");
        let course = school.update(&course, json!({ "slug": "hawking" })).await["course"].take();
        for slug in ["falconry", "hawking"] {
            let found = app.data(&format!("{{ course(by: {{slug: \"{slug}\"}}) {{ slug }} }}")).await;
            assert_eq!(found["course"]["slug"], "hawking");
            let payload = school.create(json!({ "title": "Other", "kind": "COURSE", "slug": slug })).await;
            assert_eq!(user_errors(&payload), ["TAKEN input.slug"]);
        }
        assert_eq!(school.course("Falconry").await["slug"], "falconry-2");
        let back = school.update(&course, json!({ "slug": "falconry" })).await;
        assert_eq!((user_errors(&back), &back["course"]["slug"]), (vec![], &json!("falconry")));
    }

    async fn of_those_who_want_the_same_slug_at_once_one_gets_it(app: App) {
        let schools = join_all((0..6).map(|_| ProviderWithEditor::open(&app))).await;
        let input = json!({ "title": "Falconry", "kind": "COURSE", "slug": "falconry" });
        let payloads = join_all(schools.iter().map(|school| school.create(input.clone()))).await;
        let mut found: Vec<Vec<String>> = payloads.iter().map(user_errors).collect();
        found.sort();
        assert_eq!(found[0], [""; 0]);
        assert!(found[1..].iter().all(|user_errors| user_errors == &["TAKEN input.slug"]), "{found:?}");
    }

    async fn equal_titles_at_once_get_slugs_of_their_own(app: App) {
        let schools = join_all((0..6).map(|_| ProviderWithEditor::open(&app))).await;
        let courses = join_all(schools.iter().map(|school| school.course("Falconry"))).await;
        let mut slugs: Vec<&str> = courses.iter().map(|course| course["slug"].as_str().unwrap()).collect();
        slugs.sort_unstable();
        assert_eq!(slugs, ["falconry", "falconry-2", "falconry-3", "falconry-4", "falconry-5", "falconry-6"]);
    }

    async fn a_key_is_used_once_by_a_provider_and_freely_by_others(app: App) {
        let (school, other) = (ProviderWithEditor::open(&app).await, ProviderWithEditor::open(&app).await);
        let input = json!({ "title": "Falconry", "kind": "COURSE", "externalKey": "1" });
        let first = school.create(input.clone()).await["course"].take();
        assert_eq!(first["externalKey"], "1");
        assert_eq!(user_errors(&school.create(input.clone()).await), ["TAKEN input.externalKey"]);
        assert_eq!(user_errors(&other.create(input).await), [""; 0]);
        let second = school.course("Hawking").await;
        assert_eq!(user_errors(&school.update(&second, json!({ "externalKey": "1" })).await), ["TAKEN input.externalKey"]);
        let freed = school.update(&first, json!({ "externalKey": "2" })).await;
        assert_eq!(freed["course"]["externalKey"], "2");
        assert_eq!(school.update(&second, json!({ "externalKey": "1" })).await["course"]["externalKey"], "1");
    }

    async fn what_was_written_is_in_the_next_read_of_everyone_here(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        for number in 0..5 {
            let course = school.published(&format!("Falconry {number}")).await;
            let data = app.data("{ courses(query: \"falconry\") { totalCount } }").await;
            assert_eq!(data["courses"]["totalCount"], number + 1);
            school.update(&course, json!({ "summary": format!("quokka{number}") })).await;
            let data = app.data(&format!("{{ courses(query: \"quokka{number}\") {{ nodes {{ id }} }} }}")).await;
            assert_eq!(data["courses"]["nodes"], json!([{ "id": course["id"] }]));
        }
    }
}
