//! What a dry run would change, in words and as JSON.

use serde_json::{Value, json};

use crate::courses_write::{everything, taxonomy};
use crate::support::feed::{FeedProvider, lines, public, row};
use crate::support::{App, Program};

/// The lines of a dry run of the command.
async fn dry_run(app: &App, school: &FeedProvider, rows: &[Value]) -> Vec<String> {
    Program::beside(app).file("rows.jsonl", lines(rows));
    let ended = app.command(&format!("import --dry-run --provider {} rows.jsonl", school.slug)).await;
    assert_eq!(ended.code, Some(0), "{}{}", ended.out, ended.error);
    ended.out.lines().map(str::to_owned).collect()
}

on_both! {
    #![empty]

    async fn each_changed_field_is_told_with_its_values_before_and_after(app: App) {
        taxonomy(&app).await;
        let school = FeedProvider::of(&app).await;
        let mut before = everything();
        before["description"] = format!("{} falcon {}", "a".repeat(300), "b".repeat(300)).into();
        before["publish"] = json!(true);
        let key = before["externalKey"].as_str().unwrap().to_owned();
        school.feed(&app, "", &[before.clone(), row("draft"), row("same")]).await;
        let position = school.catalogue.position().await;
        let mut after = before.clone();
        after["title"] = json!("Hawking");
        after["pricing"]["amount"]["amount"] = json!("2099.5");
        after["pricing"]["certificate"] = Value::Null;
        after["duration"] = Value::Null;
        after["skills"] = json!(["knots"]);
        after["prerequisiteNote"] = Value::Null;
        after["summary"] = json!("Two\nlines");
        after["description"] = format!("{} hawk {}", "a".repeat(300), "b".repeat(300)).into();
        after["awards"] = json!([before["awards"][0], {"title": "New", "awardedBy": "Them"}]);
        let told = dry_run(&app, &school, &[after, public("draft"), row("same"), row("new")]).await;
        for wanted in [
            "title: Falconry  for beginners -> Hawking",
            "pricing.amount.amount: 1999.50 -> 2099.50",
            "skills: removed hawking",
            "prerequisiteNote: A glove. -> nothing",
            "awards: added {\"title\":\"New\",\"awardedBy\":\"Them\"}",
        ] {
            assert!(told.contains(&format!("{key}: {wanted}")), "{wanted}\n{told:#?}");
        }
        let line = |start: &str| {
            let start = format!("{key}: {start}: ");
            told.iter().find_map(|line| line.strip_prefix(&start)).unwrap_or_else(|| panic!("{start} {told:#?}"))
        };
        assert!(line("summary").ends_with(" -> Two\\nlines"));
        let context = format!("…{} ", "a".repeat(19));
        let (old, new) = line("description").split_once(" -> ").unwrap();
        assert!(old.starts_with(&format!("{context}falcon b")) && new.starts_with(&format!("{context}hawk b")), "{old} {new}");
        assert!(old.ends_with('…') && old.chars().count() == 82, "{old}");
        assert!(told.iter().any(|line| line.starts_with(&format!("{key}: duration.")) && line.ends_with(" -> nothing")), "{told:#?}");
        assert!(told.contains(&"draft: status: DRAFT -> PUBLISHED".to_owned()), "{told:#?}");
        for count in ["title changes in 1 course", "status changes in 1 course", "pricing.amount.amount changes in 1 course"] {
            assert!(told.contains(&count.to_owned()), "{count}\n{told:#?}");
        }
        assert!(told.last().unwrap().starts_with("dry run, nothing was written: 4 rows: 1 created, 2 updated, 1 unchanged, 0 refused;"));
        assert_eq!(school.catalogue.position().await, position);
    }

    async fn the_first_fifty_courses_are_told_and_all_are_counted(app: App) {
        let school = FeedProvider::of(&app).await;
        let before: Vec<Value> = (0..60).map(row).collect();
        school.feed(&app, "", &before).await;
        let change = |mut row: Value| {
            row["title"] = json!(format!("New {}", row["title"].as_str().unwrap()));
            row["level"] = if row["externalKey"] == "7" { json!("BEGINNER") } else { Value::Null };
            row
        };
        let after: Vec<Value> = before.into_iter().map(change).collect();
        let told = dry_run(&app, &school, &after).await;
        assert_eq!((told.len(), told[0].as_str()), (51 + 1 + 2 + 1, "0: title: Course 0 -> New Course 0"), "{told:#?}");
        assert_eq!(told[51..54], ["… and 10 more courses", "level changes in 1 course", "title changes in 60 courses"]);
    }

    async fn over_the_network_it_is_told_row_by_row_or_as_a_report(app: App) {
        let school = FeedProvider::of(&app).await;
        school.feed(&app, "", &[row("a"), row("b")]).await;
        let rows = [json!({"externalKey": "a", "title": "New", "formats": ["HYBRID"]}), row("b"), row("c")];
        let changes = json!([{"field": "title", "before": "Course a", "after": "New"}, {"field": "formats", "removed": [], "added": ["HYBRID"]}]);
        let answer = school.feed(&app, "&dryRun=true", &rows).await;
        assert_eq!((&answer[0]["changes"], answer[1].get("changes"), answer[2].get("changes")), (&changes, None, None));
        let answer = school.feed(&app, "&dryRun=true&results=summary", &rows).await;
        let fields = json!([{"field": "formats", "courses": 1}, {"field": "title", "courses": 1}]);
        let wanted = json!({"courses": [{"externalKey": "a", "fields": changes}], "moreCourses": 0, "fields": fields});
        assert_eq!((&answer[0]["changes"], &answer[0]["updated"], answer.len()), (&wanted, &json!(1), 1));
        let answer = school.feed(&app, "", &rows).await;
        assert_eq!((&answer[0]["outcome"], answer[0].get("changes")), (&json!("UPDATED"), None));
    }
}
