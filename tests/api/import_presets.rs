//! Mappings that come with Lectern, each with the example of docs/examples.

use serde_json::{Value, json};

use crate::support::feed::FeedProvider;
use crate::support::{App, Program, Stage};

const TAXONOMY: &str = r#"{"providers": [{"slug": "school", "name": "School", "kind": "BOOTCAMP"}],
    "subjects": [{"slug": "materials", "name": "Materials"}], "skills": [{"slug": "python", "name": "Python", "kind": "LANGUAGE"}]}"#;
const SCHEMA_ORG: &str = include_str!("../../docs/examples/schema-org.json");
const OPEN_EDX: &str = include_str!("../../docs/examples/open-edx.json");
const CTDL: &str = include_str!("../../docs/examples/ctdl.json");

fn import(stage: &Stage, content: &str, arguments: &str) -> (Option<i32>, String) {
    let program = Program::on(stage);
    assert_eq!(program.file("taxonomy.json", TAXONOMY).run("import --taxonomy taxonomy.json").code, Some(0));
    let ended = program.file("feed.json", content).run(&format!("import --provider school {arguments} feed.json"));
    (ended.code, ended.out.rsplit_once(';').map_or(ended.error, |(report, _)| report.to_owned()))
}

async fn courses(stage: &Stage) -> Value {
    let data = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title summary description url level languages formats
        subjects { slug } skills { slug } duration { weeks hours hoursPerWeek { min max } } pricing { category certificate { amount currency } } price { amount currency }
        prerequisites { note } offerings(upcoming: false) { nodes { format startsOn endsOn location { city country } capacity } } } } }").await;
    data["courses"]["nodes"].clone()
}

const CREATED: &str = "2 rows: 2 created, 0 updated, 0 unchanged, 0 refused";
const UNCHANGED: &str = "2 rows: 0 created, 0 updated, 2 unchanged, 0 refused";

on_both! {
    #![empty]

    async fn courses_of_schema_org_are_read(stage: Stage) {
        assert_eq!(import(&stage, SCHEMA_ORG, "--preset schema-org"), (Some(0), CREATED.to_owned()));
        let found = courses(&stage).await;
        assert_eq!(found[0], json!({"title": "A history of glass", "summary": null, "description": null, "url": null, "level": "ADVANCED", "languages": ["it"],
            "formats": [], "subjects": [], "skills": [], "duration": null, "pricing": {"category": "FREE", "certificate": null}, "price": {"amount": "0.00", "currency": "EUR"},
            "prerequisites": found[0]["prerequisites"], "offerings": {"nodes": []}}));
        assert_eq!((&found[1]["level"], &found[1]["skills"], &found[1]["duration"]["hours"]), (&json!("BEGINNER"), &json!([{"slug": "python"}]), &json!(40)));
        assert_eq!(found[1]["price"], json!({"amount": "690.00", "currency": "EUR"}));
        assert_eq!(found[1]["offerings"]["nodes"], json!([{"format": "IN_PERSON", "startsOn": "2031-03-01", "endsOn": "2031-03-12",
            "location": {"city": "Murano", "country": "IT"}, "capacity": 12}]));
        assert_eq!(import(&stage, SCHEMA_ORG, "--preset schema-org").1, UNCHANGED);
        let graph: Value = serde_json::from_str(SCHEMA_ORG).unwrap();
        let items: Vec<&Value> = graph["@graph"].as_array().unwrap().iter().skip(1).collect();
        let list: Vec<Value> = items.iter().enumerate().map(|(index, item)| json!({"@type": "ListItem", "position": index, "item": item})).collect();
        let documents = [json!(items).to_string(), json!({"@type": "ItemList", "itemListElement": items}).to_string(),
            json!({"@context": "https://schema.org", "@type": "ItemList", "itemListElement": list}).to_string(), format!("{}\n{}\n", items[0], items[1])];
        for document in documents {
            assert_eq!(import(&stage, &document, "--preset schema-org"), (Some(0), UNCHANGED.to_owned()), "{document}");
        }
        let alone = serde_json::to_string_pretty(items[0]).unwrap();
        assert_eq!(import(&stage, &alone, "--preset schema-org").1, "1 rows: 0 created, 0 updated, 1 unchanged, 0 refused");
    }

    async fn courses_of_open_edx_are_read(stage: Stage) {
        assert_eq!(import(&stage, OPEN_EDX, "--preset open-edx"), (Some(0), CREATED.to_owned()));
        let found = courses(&stage).await;
        assert_eq!((&found[0]["title"], &found[0]["formats"], &found[0]["languages"], &found[0]["offerings"]["nodes"]),
            (&json!("Furnaces"), &json!([]), &json!(["fr"]), &json!([])));
        let physics = &found[1];
        assert_eq!((&physics["summary"], &physics["description"]),
            (&json!("Why a solid can be a liquid."), &json!("Weeks on *viscosity*.\n\n- Melts\n- Fractures")));
        assert_eq!((&physics["level"], &physics["languages"], &physics["formats"]), (&json!("BEGINNER"), &json!(["en-US"]), &json!(["SELF_PACED"])));
        assert_eq!((&physics["subjects"], &physics["skills"]), (&json!([{"slug": "materials"}]), &json!([{"slug": "python"}])));
        assert_eq!(physics["duration"], json!({"weeks": 8, "hours": null, "hoursPerWeek": {"min": 3, "max": 5}}));
        assert_eq!(physics["offerings"]["nodes"].as_array().unwrap().len(), 2);
        assert_eq!((&physics["pricing"], &physics["price"]), (&json!({"category": "FREE", "certificate": {"amount": "99.00", "currency": "USD"}}), &json!({"amount": "0.00", "currency": "USD"})));
        assert_eq!((&found[0]["pricing"]["category"], &found[0]["price"]), (&json!("PAID"), &json!({"amount": "450.00", "currency": "EUR"})));
        assert_eq!(import(&stage, &format!("{OPEN_EDX}{{\"results\": []}}"), "--preset open-edx").1, UNCHANGED);
    }

    async fn courses_of_ctdl_are_read(stage: Stage) {
        assert_eq!(import(&stage, CTDL, "--preset ctdl"), (Some(0), "1 rows: 1 created, 0 updated, 0 unchanged, 0 refused".to_owned()));
        let found = courses(&stage).await;
        assert_eq!((&found[0]["title"], &found[0]["languages"], &found[0]["formats"], &found[0]["subjects"], &found[0]["duration"]["weeks"]),
            (&json!("Glazing"), &json!(["en-US"]), &json!(["IN_PERSON"]), &json!([{"slug": "materials"}]), &json!(8)));
        assert_eq!(found[0]["url"], "https://glazier.example/courses/glazing");
        assert_eq!((&found[0]["pricing"]["category"], &found[0]["price"]), (&json!("PAID"), &json!({"amount": "1250.00", "currency": "USD"})));
    }

    async fn prices_of_seats_are_stated_only_if_they_are_clear(stage: Stage) {
        let seat = |kind: &str, price: &str, currency: Value| json!({"type": kind, "price": price, "currency": currency});
        let (audit, verified) = (seat("audit", "0.00", json!("USD")), seat("verified", "150.00", json!("USD")));
        let cases = [
            ("a", json!([audit]), json!({"category": "FREE", "amount": null, "certificate": null})),
            ("b", json!([verified, seat("credit", "300.00", json!("USD")), audit]), json!({"category": "FREE", "amount": null, "certificate": {"amount": "150.00"}})),
            ("c", json!([verified]), json!({"category": "PAID", "amount": {"amount": "150.00"}, "certificate": null})),
            ("d", json!([seat("no-id-professional", "500", json!("USD"))]), json!({"category": "PAID", "amount": {"amount": "500.00"}, "certificate": null})),
            ("e", json!([verified, seat("credit", "300.00", json!("USD"))]), json!({"category": "PAID", "amount": null, "certificate": null})),
            ("f", json!([seat("masters", "9000.00", json!("USD"))]), Value::Null),
            ("g", json!([]), Value::Null),
        ];
        let refused = [("h", json!([audit, verified, seat("verified", "500.00", json!("USD"))])), ("i", json!([audit, seat("professional", "5.00", json!("USD"))])),
            ("j", json!([seat("professional", "5.00", Value::Null)])), ("k", json!([audit, seat("verified", "x", json!("USD"))]))];
        let course = |key: &str, seats: &Value| {
            let earlier = json!({"seats": [seat("professional", "1.00", json!("USD"))]});
            json!({"key": key, "title": key, "course_runs": [earlier, {"seats": seats}]})
        };
        let rows = cases.iter().map(|(key, seats, _)| course(key, seats)).chain(refused.iter().map(|(key, seats)| course(key, seats)));
        let (code, report) = import(&stage, &json!({"results": rows.collect::<Vec<_>>()}).to_string(), "--preset open-edx");
        assert!(code == Some(3) && report.ends_with("11 rows: 7 created, 0 updated, 0 unchanged, 4 refused"), "{report}");
        let shown = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title pricing { category amount { amount } certificate { amount } } } } }").await;
        let wanted: Vec<Value> = cases.iter().map(|(key, _, pricing)| json!({"title": key, "pricing": pricing})).collect();
        assert_eq!(shown["courses"]["nodes"], json!(wanted));
    }

    async fn costs_are_a_price_only_if_they_are_clear(stage: Stage) {
        let cost = |kind: &str, price: Value, currency: Value| {
            json!({"@type": "ceterms:CostProfile", "ceterms:currency": currency, "ceterms:price": price, "ceterms:directCostType": {"ceterms:targetNode": format!("costType:{kind}")}})
        };
        let usd = || json!("USD");
        let cases = [
            ("a", json!([cost("Tuition", json!(900), usd()), cost("AggregateCost", json!(1100.5), usd())]), json!({"category": "PAID", "amount": {"amount": "1100.50"}})),
            ("b", json!(cost("Tuition", json!(900), usd())), json!({"category": "PAID", "amount": {"amount": "900.00"}})),
            ("c", json!([cost("AggregateCost", json!(0), usd())]), json!({"category": "FREE", "amount": {"amount": "0.00"}})),
            ("d", json!([cost("Tuition", json!(900), usd()), cost("Application", json!(50), usd())]), Value::Null),
            ("e", json!([cost("Application", json!(50), usd())]), Value::Null),
            ("f", json!([cost("AggregateCost", Value::Null, usd())]), Value::Null),
        ];
        let refused = [("g", json!([cost("AggregateCost", json!(150), usd()), cost("AggregateCost", json!(500), usd())])),
            ("h", json!([cost("AggregateCost", json!(150), Value::Null)])), ("i", json!([cost("AggregateCost", json!(-5), usd())]))];
        let course = |key: &str, costs: &Value| json!({"@type": "ceterms:Course", "ceterms:ctid": key, "ceterms:name": key, "ceterms:estimatedCost": costs});
        let rows = cases.iter().map(|(key, costs, _)| course(key, costs)).chain(refused.iter().map(|(key, costs)| course(key, costs)));
        let (code, report) = import(&stage, &json!({"@graph": rows.collect::<Vec<_>>()}).to_string(), "--preset ctdl");
        assert!(code == Some(3) && report.ends_with("9 rows: 6 created, 0 updated, 0 unchanged, 3 refused"), "{report}");
        assert!(report.contains("leads to several values, where one is wanted"), "{report}");
        let shown = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title pricing { category amount { amount } } } } }").await;
        let wanted: Vec<Value> = cases.iter().map(|(key, _, pricing)| json!({"title": key, "pricing": pricing})).collect();
        assert_eq!(shown["courses"]["nodes"], json!(wanted));
    }

    async fn a_preset_is_printed_and_goes_on_as_a_mapping(stage: Stage) {
        let program = Program::on(&stage);
        for name in ["schema-org", "open-edx", "ctdl"] {
            let printed = program.run(&format!("import --print-preset {name}"));
            assert!(printed.code == Some(0) && printed.out.contains("[fields.externalKey]"), "{name}");
            program.file("own.toml", printed.out);
            let (code, report) = import(&stage, "[]", "--mapping own.toml");
            assert_eq!((code, report.as_str()), (Some(0), "0 rows: 0 created, 0 updated, 0 unchanged, 0 refused"), "{name}");
        }
        assert_eq!(program.run("import --print-preset moodle").code, Some(2));
    }

    async fn a_preset_works_over_the_network(app: App) {
        let school = FeedProvider::of(&app).await;
        let (status, answer) = school.send(&app, "&preset=schema-org", "application/ld+json", SCHEMA_ORG).await;
        assert_eq!((status, &answer[2]["created"]), (200, &json!(2)), "{answer:?}");
        assert_eq!(school.send(&app, "&preset=moodle", "application/ld+json", SCHEMA_ORG).await.0, 400);
    }
}
