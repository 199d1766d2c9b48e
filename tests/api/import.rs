//! `lectern import --provider`: the content of a file is imported, its faults are reported, and nothing else happens.

use serde_json::{Value, json};

use crate::support::{App, Program, Stage, end};

const TAXONOMY: &str = r#"{
  "subjects": [{"slug": "maths", "name": "Maths"}],
  "skills": [{"slug": "python", "name": "Python", "kind": "LANGUAGE", "aliases": ["py"]}],
  "providers": [{"slug": "school", "name": "The School", "kind": "BOOTCAMP"},
                {"slug": "lab", "name": "The Lab", "kind": "COMPANY"}]
}"#;

/// A program on a catalogue with two providers, a skill and a subject.
fn prepared(stage: &Stage) -> Program<'_> {
    let program = Program::on(stage);
    let ended = program.file("taxonomy.json", TAXONOMY).run("import --taxonomy taxonomy.json");
    assert_eq!(ended.code, Some(0), "{}{}", ended.out, ended.error);
    program
}

/// Imports lines for the school, and returns the exit code and the report without its rate.
fn lines(program: &Program<'_>, lines: &[Value]) -> (Option<i32>, String) {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    import(program.file("file.jsonl", text), "file.jsonl")
}

fn import(program: &Program<'_>, arguments: &str) -> (Option<i32>, String) {
    let ended = program.run(&format!("import --provider school {arguments}"));
    (ended.code, ended.rows_and_totals())
}

fn created(rows: u32) -> (Option<i32>, String) {
    (Some(0), format!("{rows} rows: {rows} created, 0 updated, 0 unchanged, 0 refused"))
}

fn unchanged(rows: u32) -> (Option<i32>, String) {
    (Some(0), format!("{rows} rows: 0 created, 0 updated, {rows} unchanged, 0 refused"))
}

on_both! {
    #![empty]
    async fn a_file_that_comes_twice_changes_nothing_the_second_time(stage: Stage) {
        let program = prepared(&stage);
        let row = json!({
            "externalKey": "a", "title": "  Cafe\u{301} maths ", "kind": "COURSE", "level": "BEGINNER",
            "summary": "One line\r\nand another", "formats": ["HYBRID", "IN_PERSON"], "languages": ["EN", "pt-br"],
            "duration": {"weeks": 3, "hoursPerWeek": {"min": 2}}, "portfolio": false,
            "pricing": {"category": "PAID", "amount": {"amount": "99.50", "currency": "EUR"}, "per": "ONCE"},
            "financing": [{"kind": "LOAN", "aprPercent": "4.25", "months": 12}],
            "awards": [{"title": "Best", "awardedBy": "Us", "year": 2025}],
            "skills": ["python"], "subjects": ["maths"], "partners": ["lab"],
            "prerequisiteSkills": [{"skill": "python", "level": "BASIC"}],
            "offerings": [{"format": "IN_PERSON", "startsOn": "2030-01-01", "location": {"city": "Bonn"}, "seatsLeft": 5}],
            "url": "https://example.org/a"
        });
        assert_eq!(lines(&program, std::slice::from_ref(&row)), created(1));
        let query = "{ catalogueCursor course(by: {slug: \"cafe-maths\"}) {
            title summary level formats languages duration { weeks hoursPerWeek { min max } } portfolio jobGuarantee
            price { amount currency } financing { kind aprPercent months } awards { title year } skills { slug }
            partners { slug } prerequisites { skills { level } } version status nextOffering { id startsOn seatsLeft } } }";
        let before = stage.ask(query).await;
        let course = &before["course"];
        assert_eq!(course["title"], "Café maths");
        assert_eq!(course["summary"], "One line\nand another");
        assert_eq!(course["formats"], json!(["IN_PERSON", "HYBRID"]));
        assert_eq!(course["languages"], json!(["en", "pt-BR"]));
        assert_eq!(course["duration"], json!({"weeks": 3, "hoursPerWeek": {"min": 2, "max": null}}));
        assert_eq!((&course["portfolio"], &course["jobGuarantee"]), (&json!(false), &Value::Null));
        assert_eq!(course["price"], json!({"amount": "99.50", "currency": "EUR"}));
        assert_eq!(course["financing"], json!([{"kind": "LOAN", "aprPercent": "4.25", "months": 12}]));
        assert_eq!(course["partners"], json!([{"slug": "lab"}]));
        assert_eq!((&course["version"], &course["status"]), (&json!(1), &json!("PUBLISHED")));
        assert_eq!(lines(&program, &[row]), unchanged(1));
        assert_eq!(stage.ask(query).await, before);
    }

    async fn an_absent_field_is_kept_and_null_clears_it(stage: Stage) {
        let program = prepared(&stage);
        let full = json!({"externalKey": "a", "title": "A", "kind": "COURSE", "level": "ADVANCED", "summary": "S",
                          "skills": ["python"], "duration": {"weeks": 3}});
        lines(&program, &[full]);
        let (code, report) = lines(&program, &[json!({"externalKey": "a", "summary": null, "duration": null})]);
        assert_eq!((code, report.as_str()), (Some(0), "1 rows: 0 created, 1 updated, 0 unchanged, 0 refused"));
        let query = "{ course(by: {slug: \"a\"}) { title level summary duration { weeks } skills { slug } version } }";
        let wanted = json!({"title": "A", "level": "ADVANCED", "summary": null, "duration": null,
                            "skills": [{"slug": "python"}], "version": 2});
        assert_eq!(stage.ask(query).await["course"], wanted);
    }

    async fn an_offering_that_comes_again_keeps_its_id(stage: Stage) {
        let program = prepared(&stage);
        let row = |seats: i32| json!({"externalKey": "a", "title": "A", "kind": "COURSE", "offerings": [
            {"format": "LIVE_ONLINE", "startsOn": "2030-01-01", "seatsLeft": seats}]});
        let query = "{ course(by: {slug: \"a\"}) { offerings { nodes { id seatsLeft version } } } }";
        lines(&program, &[row(5)]);
        let before = stage.ask(query).await;
        lines(&program, &[row(4)]);
        let after = stage.ask(query).await;
        let offering = |data: &Value| data["course"]["offerings"]["nodes"][0].clone();
        assert_eq!(offering(&after)["id"], offering(&before)["id"]);
        assert_eq!((&offering(&after)["seatsLeft"], &offering(&after)["version"]), (&json!(4), &json!(2)));
    }

    async fn every_fault_of_every_row_is_named_and_the_other_rows_go_in(stage: Stage) {
        let program = prepared(&stage);
        let (code, report) = lines(&program, &[
            json!({"externalKey": "good", "title": "Good", "kind": "COURSE"}),
            json!({"title": "", "kind": "LESSON", "levle": "BEGINNER", "skills": ["rust"], "portfolio": "perhaps",
                   "duration": {"weeks": 0, "days": {"min": 3, "max": 2}}, "url": "ftp://example.org",
                   "pricing": {"category": "PAID", "amount": {"amount": "1.005", "currency": "USD"}},
                   "awards": [{"title": "T", "awardedBy": "B"}, {"title": "T\u{0}", "awardedBy": "B\u{202e}"}],
                   "offerings": [{"format": "HYBRID", "startsOn": "2030-02-30"}]}),
            json!({"externalKey": "new"}),
            json!(["no", "object"]),
            json!({"externalKey": "self", "slug": "self", "title": "S", "kind": "COURSE", "units": ["self"],
                   "summary": "x".repeat(501), "partners": ["school"], "skills": ["python", "python"]}),
        ]);
        assert_eq!(code, Some(3));
        let user_errors: Vec<&str> = report.lines().collect();
        let wanted = [
            "line 2: externalKey: REQUIRED: must be given",
            "line 2: title: TOO_SHORT: ",
            "line 2: kind: INVALID: must be one of COURSE, BOOTCAMP, ",
            "line 2: levle: INVALID: there is no such field",
            "line 2: skills.0: NOT_FOUND: there is no skill rust",
            "line 2: portfolio: INVALID: must be true or false",
            "line 2: duration.weeks: OUT_OF_RANGE: must be 1 to 1000",
            "line 2: duration.days.min: OUT_OF_RANGE: must not be above max",
            "line 2: url: INVALID: ",
            "line 2: pricing.amount.amount: OUT_OF_RANGE: must be 0 or more with at most 2 decimals",
            "line 2: awards.1.title: INVALID: ",
            "line 2: awards.1.awardedBy: INVALID: ",
            "line 2: offerings.0.startsOn: INVALID: ",
            "line 3: title: REQUIRED: ",
            "line 3: kind: REQUIRED: ",
            "line 4: record: INVALID: is not a JSON object",
            "line 5: summary: TOO_LONG: must have at most 500 characters, and has 501",
            "line 5: partners: INVALID: must not name the provider itself",
            "line 5: skills.1: DUPLICATE: ",
            "line 5: units.0: NOT_FOUND: there is no course self",
        ];
        for fault in wanted {
            assert!(user_errors.iter().any(|line| line.starts_with(fault)), "{fault}\n{report}");
        }
        assert_eq!(user_errors.last(), Some(&"5 rows: 1 created, 0 updated, 0 unchanged, 4 refused"));
        let data = stage.ask("{ courses { nodes { slug } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([{"slug": "good"}]));
    }

    async fn what_is_no_json_object_is_told_in_words_of_ours(stage: Stage) {
        let program = prepared(&stage);
        program.file("file.jsonl", concat!(
            r#"{"externalKey": "a", "title": "A", "title": "B", "kind": "COURSE", "duration": {"weeks": 1, "weeks": 2}}"#, "\n",
            r#"{"externalKey": "b", "awards": [{}, {"year": 1, "year": 2}]}"#, "\n", " \r\n",
            r#"{"externalKey": "c", "title": nul}"#, "\n", "3\n", r#"{"externalKey": "d""#));
        let (code, report) = import(&program, "file.jsonl");
        assert_eq!(code, Some(3));
        for fault in [
            "line 1: title: DUPLICATE: stands twice in one object\nline 1: duration.weeks: DUPLICATE: ",
            "line 2: awards.1.year: DUPLICATE: stands twice in one object\nline 2: awards.0.title: REQUIRED: ",
            "line 4: record: INVALID: is not JSON: it cannot be read at column 34\n",
            "line 5: record: INVALID: is not a JSON object\n",
            "line 6: record: INVALID: is not JSON: it cannot be read at column 19\n",
            "5 rows: 0 created, 0 updated, 0 unchanged, 5 refused",
        ] {
            assert!(report.contains(fault), "{fault}\n{report}");
        }
    }

    async fn a_dry_run_reports_everything_and_writes_nothing(stage: Stage) {
        let program = prepared(&stage);
        let query = "{ catalogueCursor courses { totalCount } }";
        let before = stage.ask(query).await;
        program.file("file.jsonl", concat!(
            r#"{"externalKey": "a", "title": "A", "kind": "COURSE"}"#, "\n",
            r#"{"externalKey": "b", "title": "B", "kind": "COURSE", "units": ["a"]}"#, "\n",
            r#"{"externalKey": "c", "title": "C"}"#));
        let (code, report) = import(&program, "--dry-run file.jsonl");
        assert_eq!(code, Some(3));
        assert!(report.contains("line 3: kind: REQUIRED"), "{report}");
        assert!(report.ends_with("dry run, nothing was written: 3 rows: 2 created, 0 updated, 0 unchanged, 1 refused"));
        assert_eq!(stage.ask(query).await, before);
    }

    async fn what_a_full_file_no_longer_holds_is_retired_unless_it_is_too_much(stage: Stage) {
        let program = prepared(&stage);
        let row = |key: usize| format!("{{\"externalKey\": \"{key}\", \"title\": \"Course {key}\", \"kind\": \"COURSE\"}}\n");
        let file = |keys: std::ops::Range<usize>| program.file("file.jsonl", keys.map(row).collect::<String>());
        file(0..10);
        assert_eq!(import(&program, "--missing-retire file.jsonl"), created(10));
        file(3..10);
        let (code, report) = import(&program, "--missing-retire file.jsonl");
        assert_eq!(code, Some(3));
        assert!(report.starts_with("missing: LIMIT: nothing was retired: the feed no longer holds 3 of the 10 courses"), "{report}");
        let (code, report) = import(&program, "--missing-retire --retire-at-most 0.3 --dry-run file.jsonl");
        let wanted = "7 rows: 0 created, 0 updated, 7 unchanged, 0 refused, 3 retired";
        assert_eq!((code, report.lines().last()), (Some(0), Some(format!("dry run, nothing was written: {wanted}").as_str())));
        assert!(report.contains("0: status: PUBLISHED -> RETIRED\n0: retireReason: nothing -> no longer in the provider's feed\n"), "{report}");
        assert!(report.contains("status changes in 3 courses\n"), "{report}");
        assert_eq!(import(&program, "--missing-retire --retire-at-most 0.3 file.jsonl"), (Some(0), wanted.to_owned()));
        let data = stage.ask("{ courses { totalCount } course(by: {slug: \"course-0\"}) { status } }").await;
        assert_eq!(data, json!({"courses": {"totalCount": 7}, "course": {"status": "RETIRED"}}));
        assert_eq!(program.run("import --provider school --missing-retire --retire-at-most NaN file.jsonl").code, Some(2));
    }

    async fn slugs_are_unique_and_old_ones_go_on_resolving(stage: Stage) {
        let program = prepared(&stage);
        let row = |key: &str, more: Value| {
            let mut row = json!({"externalKey": key, "title": "C# & .NET", "kind": "COURSE"});
            row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            row
        };
        lines(&program, &[row("a", json!({})), row("b", json!({})), row("c", json!({"title": "中文"}))]);
        lines(&program, &[row("d", json!({})), row("a", json!({"slug": "dotnet", "title": "New title"}))]);
        let (_, report) = lines(&program, &[row("e", json!({"slug": "c-net"})), row("f", json!({"slug": "No slug"}))]);
        assert!(report.contains("line 1: slug: TAKEN: "), "{report}");
        assert!(report.contains("line 2: slug: INVALID: "), "{report}");
        assert_eq!(lines(&program, &[row("a", json!({"slug": "c-net"}))]).0, Some(0), "its own old slug");
        let data = stage.ask("{ old: course(by: {slug: \"dotnet\"}) { slug } third: course(by: {slug: \"c-net-3\"}) { slug }
            courses(orderBy: {field: TITLE, direction: ASC}) { nodes { slug } } }").await;
        assert_eq!(data["old"]["slug"], "c-net");
        assert_eq!(data["third"]["slug"], "c-net-3");
        assert_eq!(data["courses"]["nodes"].as_array().unwrap().len(), 4);
    }

    async fn a_course_may_be_made_of_courses_before_it_in_the_file(stage: Stage) {
        let program = prepared(&stage);
        let unit = |key: &str| json!({"externalKey": key, "title": key, "kind": "COURSE"});
        let whole = json!({"externalKey": "whole", "title": "Whole", "kind": "SPECIALIZATION", "units": ["two", "one"]});
        assert_eq!(lines(&program, &[unit("one"), unit("two"), whole]), created(3));
        let data = stage.ask("{ course(by: {slug: \"whole\"}) { units { slug } } }").await;
        assert_eq!(data["course"]["units"], json!([{"slug": "two"}, {"slug": "one"}]));
    }

    async fn drafts_stay_hidden_until_they_are_published(stage: Stage) {
        let program = prepared(&stage);
        program.file("file.jsonl", r#"{"externalKey": "a", "title": "A", "kind": "COURSE"}"#);
        assert_eq!(import(&program, "--draft file.jsonl"), created(1));
        assert_eq!(import(&program, "file.jsonl"), unchanged(1));
        let query = "{ courses { totalCount } changes(types: [COURSE], first: 10) { nodes { kind } } }";
        let data = stage.ask(query).await;
        assert_eq!((&data["courses"]["totalCount"], &data["changes"]["nodes"]), (&json!(0), &json!([])));
        lines(&program, &[json!({"externalKey": "a", "publish": true})]);
        let data = stage.ask(query).await;
        assert_eq!(data["courses"]["totalCount"], 1);
        assert_eq!(data["changes"]["nodes"], json!([{"kind": "PUBLISHED"}]));
        lines(&program, &[json!({"externalKey": "a", "publish": false})]);
        let data = stage.ask(query).await;
        assert_eq!(data["courses"]["totalCount"], 0);
        assert_eq!(data["changes"]["nodes"], json!([{"kind": "PUBLISHED"}, {"kind": "WITHDRAWN"}]));
    }

    async fn a_key_that_comes_again_much_later_in_the_file_is_refused(stage: Stage) {
        let program = prepared(&stage);
        let row = |key: usize| json!({"externalKey": key.to_string(), "title": "Same title", "kind": "COURSE"});
        let rows: Vec<Value> = (0..=600).chain([3]).map(row).collect();
        let (code, report) = lines(&program, &rows);
        assert_eq!(code, Some(3));
        assert!(report.starts_with("line 602: externalKey: DUPLICATE: "), "{report}");
        assert!(report.ends_with("602 rows: 601 created, 0 updated, 0 unchanged, 1 refused"), "{report}");
    }

    async fn two_imports_at_the_same_time_do_not_get_in_each_others_way(stage: Stage) {
        let program = prepared(&stage);
        let row = |key: usize| format!("{{\"externalKey\": \"{key}\", \"title\": \"Same title\", \"kind\": \"COURSE\"}}\n");
        program.file("file.jsonl", (0..600).map(row).collect::<String>());
        let both = ["school", "lab"].map(|provider| program.start(&format!("import --provider {provider} file.jsonl")));
        for ended in both.map(end) {
            assert_eq!(ended.code, Some(0), "{}{}", ended.out, ended.error);
        }
        let data = stage.ask("{ courses { totalCount } }").await;
        assert_eq!(data["courses"]["totalCount"], 1_200);
    }

    async fn what_cannot_be_imported_at_all_is_one_clear_line(stage: Stage) {
        let program = prepared(&stage);
        program.file("a.jsonl", "").file("a.txt", "").file("bad.toml", "fields = 3").file("a.csv", "externalKey,titel\n");
        let fails = |arguments: &str, code: i32, word: &str| {
            let ended = program.run(&format!("import {arguments}"));
            assert_eq!(ended.code, Some(code), "{arguments}");
            assert!(ended.error.contains(word), "{arguments}: {}", ended.error);
        };
        assert_eq!(import(&program, "a.jsonl"), (Some(0), "0 rows: 0 created, 0 updated, 0 unchanged, 0 refused".into()));
        fails("--provider nobody a.jsonl", 1, "there is no such provider");
        fails("--provider school missing.jsonl", 1, "missing.jsonl: cannot be read");
        fails("--provider school a.txt", 1, "--format");
        fails("--provider school a.csv", 1, "field titel: a course has no such field");
        fails("--provider school --mapping bad.toml a.csv", 1, "mapping: ");
        fails("a.jsonl", 2, "--provider");
    }
}

on_both! {
    async fn what_is_imported_beside_a_running_server_is_found(app: App) {
        Program::beside(&app).file("file.jsonl", r#"{"externalKey": "x", "title": "Beekeeping", "kind": "COURSE"}"#);
        let ended = app.command("import --provider betamore file.jsonl").await;
        assert_eq!(ended.code, Some(0), "{}", ended.error);
        let app = app.caught_up().await;
        let data = app.data("{ courses(query: \"beekeeping\") { nodes { slug provider { slug } } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([{"slug": "beekeeping", "provider": {"slug": "betamore"}}]));
    }
}
