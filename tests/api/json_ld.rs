//! Structured data for search engines.

use entity::*;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::row_writer::{RowWriter, date};
use crate::support::{App, Catalogue};

const HOSTILE: &str = "</script><ScRiPt>alert(1)</script><!-- A & B \u{2028}\u{2029} 1 < 2 > 0";

/// A provider with a course that states everything that is shown.
async fn full(app: &App) {
    let mut writer = RowWriter::open(app).await;
    writer.provider(1, "school", |row| row.kind = Set(ProviderKind::University)).await;
    let seat = provider_location::ActiveModel {
        provider_id: Set(1),
        position: Set(0),
        city: Set(Some("Zürich".to_owned())),
        country: Set(Some("CH".to_owned())),
        ..Default::default()
    };
    writer.row(seat).await;
    let (slug, name) = (Set("rust".to_owned()), Set("Rust".to_owned()));
    writer.row(skill::ActiveModel { id: Set(11), slug, name, kind: Set(SkillKind::Language) }).await;
    let (slug, name) = (Set("web".to_owned()), Set("Web development".to_owned()));
    writer.row(subject::ActiveModel { id: Set(21), slug, name }).await;
    writer.changed(ListingType::Taxonomy, 11);
    let change = |row: &mut course::ActiveModel| {
        row.title = Set("Rust in Practice".to_owned());
        row.summary = Set(Some("Write servers.".to_owned()));
        row.level = Set(Some(Level::Intermediate));
        row.languages = Set("en,de".to_owned());
        row.duration_hours = Set(Some(22));
        row.duration_weeks = Set(Some(4));
        row.hours_per_week_min = Set(Some(5));
        row.pricing_category = Set(Some(PricingCategory::Paid));
        row.price = Set(Some(199_900));
        row.price_currency = Set(Some("USD".to_owned()));
        row.certificate_of_completion = Set(Some(true));
        row.prerequisite_note = Set(Some("A laptop".to_owned()));
        row.url = Set(Some("https://school.example.org/rust".to_owned()));
    };
    writer.course(101, 1, "rust-in-practice", change).await;
    writer.row(course_skill::ActiveModel { course_id: Set(101), skill_id: Set(11), position: Set(0) }).await;
    writer.row(course_subject::ActiveModel { course_id: Set(101), subject_id: Set(21), position: Set(0) }).await;
    let (course_id, skill_id, level) = (Set(101), Set(11), Set(SkillLevel::Basic));
    writer.row(course_prerequisite_skill::ActiveModel { course_id, skill_id, level, position: Set(0) }).await;
    let on_site = |row: &mut offering::ActiveModel| {
        row.format = Set(Format::InPerson);
        row.starts_on = Set(Some(date("2026-07-01")));
        row.ends_on = Set(Some(date("2026-07-28")));
        row.city = Set(Some("Bern".to_owned()));
        row.country = Set(Some("CH".to_owned()));
        row.latitude = Set(Some(46.95));
        row.longitude = Set(Some(7.45));
    };
    writer.offering(1, 101, on_site).await;
    let online = |row: &mut offering::ActiveModel| {
        row.format = Set(Format::SelfPaced);
        row.price = Set(Some(90_000));
        row.price_currency = Set(Some("EUR".to_owned()));
    };
    writer.offering(2, 101, online).await;
    writer.stars(101, [0, 0, 0, 1, 2]).await;
    writer.done(app).await;
}

/// The document of the course of this slug, and what is missing.
async fn of(app: &App, slug: &str) -> (Value, Value) {
    let query = format!("{{ course(by: {{slug: \"{slug}\"}}) {{ jsonLd jsonLdFaults {{ property }} }} }}");
    let mut course = app.data(&query).await["course"].take();
    let faults = course["jsonLdFaults"].as_array().unwrap().iter().map(|fault| fault["property"].clone()).collect();
    (course["jsonLd"].take(), faults)
}

on_both! {
    #![empty]

    async fn a_course_says_what_its_listing_states(app: App) {
        full(&app).await;
        let schedule = |dates: Value| {
            let mut schedule = json!({ "@type": "Schedule", "repeatFrequency": "Weekly", "repeatCount": 4, "duration": "PT5H" });
            schedule.as_object_mut().unwrap().extend(dates.as_object().unwrap().clone());
            schedule
        };
        let (document, faults) = of(&app, "rust-in-practice").await;
        assert_eq!(document, json!({
            "@context": "https://schema.org",
            "@type": "Course",
            "name": "Rust in Practice",
            "description": "Write servers.",
            "url": "https://school.example.org/rust",
            "provider": { "@type": "CollegeOrUniversity", "name": "school" },
            "offers": { "@type": "Offer", "category": "Paid", "price": "1999.00", "priceCurrency": "USD" },
            "hasCourseInstance": [
                {
                    "@type": "CourseInstance",
                    "courseMode": "Onsite",
                    "startDate": "2026-07-01",
                    "endDate": "2026-07-28",
                    "courseWorkload": "PT22H",
                    "courseSchedule": schedule(json!({ "startDate": "2026-07-01", "endDate": "2026-07-28" })),
                    "location": {
                        "@type": "Place",
                        "address": { "@type": "PostalAddress", "addressLocality": "Bern", "addressCountry": "CH" },
                        "geo": { "@type": "GeoCoordinates", "latitude": 46.95, "longitude": 7.45 },
                    },
                },
                {
                    "@type": "CourseInstance",
                    "courseMode": "Online",
                    "courseWorkload": "PT22H",
                    "courseSchedule": schedule(json!({})),
                    "offers": { "@type": "Offer", "price": "900.00", "priceCurrency": "EUR" },
                },
            ],
            "inLanguage": ["en", "de"],
            "educationalLevel": "Intermediate",
            "about": ["Web development"],
            "teaches": ["Rust"],
            "coursePrerequisites": ["Rust (basic)", "A laptop"],
            "educationalCredentialAwarded": [{
                "@type": "EducationalOccupationalCredential",
                "name": "Certificate of completion",
                "credentialCategory": "Certificate",
            }],
            "aggregateRating": {
                "@type": "AggregateRating", "ratingValue": 4.67, "ratingCount": 3, "bestRating": 5, "worstRating": 1,
            },
        }));
        assert_eq!(faults, json!([]));
    }

    async fn what_is_not_stated_is_left_out_and_named(app: App) {
        let mut writer = RowWriter::open(&app).await;
        writer.provider(1, "school", |_| {}).await;
        writer.course(101, 1, "bare", |_| {}).await;
        let on_site = |row: &mut course::ActiveModel| {
            row.formats = Set(mask(&[Format::InPerson, Format::SelfPaced]));
            row.pricing_category = Set(Some(PricingCategory::Paid));
            row.description = Set(Some("word ".repeat(200)));
            row.duration_days_min = Set(Some(1));
            row.duration_days_max = Set(Some(2));
        };
        writer.course(102, 1, "on-site", on_site).await;
        let rented = |row: &mut course::ActiveModel| {
            row.pricing_category = Set(Some(PricingCategory::Subscription));
            (row.price, row.price_currency) = (Set(Some(3_900)), Set(Some("USD".to_owned())));
            row.price_per = Set(Some(PricePeriod::Month));
        };
        writer.course(103, 1, "rented", rented).await;
        writer.course(104, 1, "free", |row| row.pricing_category = Set(Some(PricingCategory::Free))).await;
        writer.done(&app).await;
        let (bare, faults) = of(&app, "bare").await;
        let provider = json!({ "@type": "EducationalOrganization", "name": "school" });
        assert_eq!(bare, json!({ "@context": "https://schema.org", "@type": "Course", "name": "bare", "provider": provider }));
        assert_eq!(faults, json!(["description", "offers.category", "hasCourseInstance.courseWorkload", "hasCourseInstance"]));
        let (on_site, faults) = of(&app, "on-site").await;
        assert_eq!(faults, json!(["offers.price", "hasCourseInstance.location"]));
        let daily = json!({ "@type": "Schedule", "repeatFrequency": "Daily", "repeatCount": 2 });
        assert_eq!(on_site["hasCourseInstance"], json!([
            { "@type": "CourseInstance", "courseMode": "Onsite", "courseSchedule": daily },
            { "@type": "CourseInstance", "courseMode": "Online", "courseSchedule": daily },
        ]));
        let description = on_site["description"].as_str().unwrap();
        assert!(description.ends_with("word…") && description.chars().count() <= 500, "{description}");
        let rent = json!({ "@type": "UnitPriceSpecification", "price": "39.00", "priceCurrency": "USD", "unitText": "MONTH" });
        let offer = json!({ "@type": "Offer", "category": "Subscription", "priceSpecification": rent });
        assert_eq!(of(&app, "rented").await.0["offers"], offer);
        let offer = json!({ "@type": "Offer", "category": "Free", "price": "0.00" });
        assert_eq!(of(&app, "free").await.0["offers"], offer);
    }

    async fn a_hostile_title_cannot_leave_the_tag_that_it_is_put_into(app: App) {
        let mut writer = RowWriter::open(&app).await;
        writer.provider(1, "school", |row| row.name = Set(HOSTILE.to_owned())).await;
        writer.course(101, 1, "hostile", |row| row.title = Set(HOSTILE.to_owned())).await;
        writer.done(&app).await;
        let both = "jsonLd jsonLdScript";
        let query = format!("{{ course(by: {{slug: \"hostile\"}}) {{ {both} }} courses {{ {both} }} provider(by: {{slug: \"school\"}}) {{ {both} }} }}");
        let data = app.data(&query).await;
        for (place, of) in data.as_object().unwrap() {
            let script = of["jsonLdScript"].as_str().unwrap();
            assert!(!script.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{place}: {script}");
            assert!(serde_json::from_str::<Value>(script).unwrap().to_string().contains("</script><ScRiPt>"), "{place}");
            let value = of["jsonLd"].to_string().to_lowercase();
            let tags = ["</script", "<script", "<!--"].iter().any(|tag| value.contains(tag));
            assert!(!tags && value.contains("1 < 2 > 0"), "{place}: {value}");
        }
        let document = app.get("/courses/hostile.jsonld").await.text().await.unwrap();
        assert_eq!(document, data["course"]["jsonLdScript"].as_str().unwrap());
    }

    async fn a_list_holds_its_courses_in_the_order_of_the_page(app: App) {
        full(&app).await;
        let mut writer = RowWriter::open(&app).await;
        writer.course(102, 1, "ada", |_| {}).await;
        writer.done(&app).await;
        let query = "{ courses(orderBy: {field: TITLE, direction: ASC}) { jsonLd nodes { jsonLd } } }";
        let mut courses = app.data(query).await["courses"].take();
        let nodes: Vec<Value> = courses["nodes"].as_array().unwrap().iter().map(|node| node["jsonLd"].clone()).collect();
        let item = |(position, node): (usize, Value)| {
            let Value::Object(mut item) = node else { panic!("{node}") };
            item.shift_remove("@context");
            json!({ "@type": "ListItem", "position": position, "item": item })
        };
        let items: Vec<Value> = (1..).zip(nodes).map(item).collect();
        assert_eq!(items.len(), 2);
        let list = json!({ "@context": "https://schema.org", "@type": "ItemList", "itemListElement": items });
        assert_eq!(courses["jsonLd"].take(), list);
    }

    async fn a_provider_says_who_it_is(app: App) {
        full(&app).await;
        let data = app.data("{ provider(by: {slug: \"school\"}) { jsonLd } }").await;
        assert_eq!(data["provider"]["jsonLd"], json!({
            "@context": "https://schema.org",
            "@type": "CollegeOrUniversity",
            "name": "school",
            "address": { "@type": "PostalAddress", "addressLocality": "Zürich", "addressCountry": "CH" },
        }));
    }

    async fn a_document_is_found_by_slug_as_the_public_sees_it(app: App) {
        full(&app).await;
        let mut writer = RowWriter::open(&app).await;
        writer.row(course_slug::ActiveModel { slug: Set("rust-before".to_owned()), course_id: Set(101) }).await;
        writer.course(102, 1, "draft", |row| row.status = Set(ListingStatus::Draft)).await;
        writer.course(103, 1, "retired", |row| row.status = Set(ListingStatus::Retired)).await;
        writer.provider(2, "pending", |row| row.status = Set(ProviderStatus::Pending)).await;
        writer.course(104, 2, "of-pending", |_| {}).await;
        writer.done(&app).await;
        let answer = app.get("/courses/rust-in-practice.jsonld").await;
        let header = |answer: &reqwest::Response, name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((answer.status().as_u16(), header(&answer, "content-type")), (200, "application/ld+json".to_owned()));
        assert_eq!(header(&answer, "cache-control"), "public, max-age=10, must-revalidate");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        let (tag, length) = (header(&answer, "etag"), header(&answer, "content-length"));
        assert_eq!(answer.json::<Value>().await.unwrap(), of(&app, "rust-in-practice").await.0);
        let url = format!("{}/courses/rust-in-practice.jsonld", app.address);
        let same = app.client.get(&url).header("if-none-match", &tag).send().await.unwrap();
        assert_eq!((same.status().as_u16(), header(&same, "etag")), (304, tag.clone()));
        let head = app.client.head(&url).send().await.unwrap();
        assert_eq!((head.status().as_u16(), header(&head, "etag"), header(&head, "content-length")), (200, tag, length));
        let here = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let old = here.get(format!("{}/courses/rust-before.jsonld", app.address)).send().await.unwrap();
        assert_eq!((old.status().as_u16(), header(&old, "location")), (301, "/courses/rust-in-practice.jsonld".to_owned()));
        assert_eq!(app.get("/courses/retired.jsonld").await.status(), 200);
        for slug in ["draft", "of-pending", "nothing", "No-Slug", "%22%7D"] {
            let none = app.get(&format!("/courses/{slug}.jsonld")).await;
            assert_eq!((none.status().as_u16(), header(&none, "x-content-type-options")), (404, "nosniff".to_owned()), "{slug}");
            assert_eq!(none.json::<Value>().await.unwrap()["errors"][0]["extensions"]["code"], "NOT_FOUND", "{slug}");
        }
        assert_eq!(app.client.post(&url).send().await.unwrap().status(), 405);
    }

    async fn a_list_takes_as_many_statements_for_twenty_courses_as_for_two(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("School").await;
        let skill = catalogue.skill("Falconry", &[]).await;
        for number in 0..20 {
            let text = |row: &mut course::ActiveModel| row.description = Set(Some("Text".to_owned()));
            catalogue.course_with(provider, &format!("Course {number}"), &[skill], text).await;
        }
        app.reached(catalogue.position().await).await;
        let mut counts = Vec::new();
        for first in [2, 20] {
            for query in ["jsonLdScript", "nodes { jsonLd jsonLdFaults { reason } }"] {
                let before = app.statements().await;
                app.data(&format!("{{ courses(first: {first}) {{ {query} }} }}")).await;
                counts.push(app.statements().await - before);
            }
        }
        assert_eq!((counts[0], counts[1]), (counts[2], counts[3]));
        assert!(counts[0] <= 7, "{counts:?}");
    }
}
