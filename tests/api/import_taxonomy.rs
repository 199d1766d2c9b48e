//! `lectern import --taxonomy`: a document is imported completely or not at all, and nothing twice.

use futures_util::future::join;
use sea_orm::sqlx::{self, Connection, Executor, PgConnection, Row};
use serde_json::{Value, json};

use crate::support::{App, Backend, Program, Stage, waiting};

fn import(stage: &Stage, document: &Value) -> (Option<i32>, String) {
    let program = Program::on(stage);
    let ended = program.file("file.json", document.to_string()).run("import --taxonomy file.json");
    (ended.code, format!("{}{}", ended.out, ended.error))
}

fn document() -> Value {
    json!({
        "sources": [{"key": "report", "subject": "A report", "year": 2025}],
        "skills": [{"slug": "rust", "name": "Rust", "kind": "LANGUAGE", "aliases": ["rs", "rust-lang"]}],
        "careers": [
            {"slug": "engineer", "title": "Engineer", "skills": ["rust"], "related": ["architect"], "levels": [
                {"level": "SENIOR", "titles": ["Lead", "Principal"], "sources": ["report"]},
                {"level": "ENTRY", "titles": ["Junior"], "typicalYears": {"max": 2}}]},
            {"slug": "architect", "title": "Architect"}],
        "providers": [{"slug": "guild", "name": "Guild", "kind": "NON_PROFIT", "status": "ACTIVE", "formats": ["HYBRID"],
            "locations": [{"city": "Oslo", "country": "NO", "latitude": 59.9, "longitude": 10.7}],
            "licences": [{"authority": "The Ministry", "validUntil": "2031-01-31"}],
            "policies": {"freeRetakeWithinMonths": 6}}],
        "certifications": [{"slug": "cert", "name": "Cert", "kind": "INDUSTRY", "issuer": "guild", "skills": ["rust"],
            "examFee": {"amount": "1500", "currency": "JPY"}, "careers": ["engineer"]}],
        "statistics": [{"key": "pay", "metric": "MEDIAN_SALARY", "subjectLabel": "Engineers", "career": "engineer",
            "value": "70000.5", "currency": "NOK", "asOf": "2025-03", "sources": ["report"]}]
    })
}

on_both! {
    #![empty]
    async fn a_document_goes_in_once_and_changes_nothing_the_second_time(stage: Stage) {
        let (code, report) = import(&stage, &document());
        assert_eq!(code, Some(0), "{report}");
        let query = "{ catalogueCursor
            career(by: {slug: \"engineer\"}) { skills { slug } related { slug } certifications { slug }
                levels { level titles typicalYears { min max } sources { subject } } statistics { value asOf sources { year } } }
            provider(by: {slug: \"guild\"}) { version formats locations { city country latitude } licences { authority validUntil }
                policies { freeRetakeWithinMonths certificateOfCompletion } }
            certification(by: {slug: \"cert\"}) { examFee { amount currency } issuer { slug } version } }";
        let before = stage.ask(query).await;
        let career = &before["career"];
        assert_eq!(career["levels"], json!([
            {"level": "ENTRY", "titles": ["Junior"], "typicalYears": {"min": null, "max": 2}, "sources": []},
            {"level": "SENIOR", "titles": ["Lead", "Principal"], "typicalYears": null, "sources": [{"subject": "A report"}]}]));
        assert_eq!(career["related"], json!([{"slug": "architect"}]));
        assert_eq!(career["statistics"], json!([{"value": "70000.5", "asOf": "2025-03", "sources": [{"year": 2025}]}]));
        assert_eq!(before["provider"]["locations"], json!([{"city": "Oslo", "country": "NO", "latitude": 59.9}]));
        assert_eq!(before["certification"]["examFee"], json!({"amount": "1500", "currency": "JPY"}));
        let (code, report) = import(&stage, &document());
        assert_eq!(code, Some(0));
        assert!(report.contains("career: 0 created, 0 updated, 2 unchanged"), "{report}");
        assert!(!report.contains("0 created, 1 updated"), "{report}");
        assert_eq!(stage.ask(query).await, before);
    }

    async fn what_a_document_says_anew_takes_the_place_of_what_was_there(stage: Stage) {
        import(&stage, &document());
        let (code, report) = import(&stage, &json!({
            "skills": [{"slug": "rust", "name": "Rust", "kind": "LANGUAGE", "aliases": []}],
            "careers": [{"slug": "engineer", "title": "Engineer", "levels": [{"level": "MID", "titles": ["Engineer"]}]}],
            "providers": [{"slug": "guild", "name": "The Guild", "kind": "NON_PROFIT", "locations": null}]
        }));
        assert_eq!(code, Some(0), "{report}");
        assert!(report.contains("skill: 0 created, 1 updated, 0 unchanged"), "{report}");
        let data = stage.ask("{ career(by: {slug: \"engineer\"}) { levels { level } skills { slug } }
            provider(by: {slug: \"guild\"}) { name version locations { city } licences { authority } } }").await;
        assert_eq!(data["career"], json!({"levels": [{"level": "MID"}], "skills": [{"slug": "rust"}]}));
        assert_eq!(data["provider"], json!({"name": "The Guild", "version": 2, "locations": [],
            "licences": [{"authority": "The Ministry"}]}));
    }

    async fn one_fault_keeps_the_whole_document_out_and_every_fault_is_named(stage: Stage) {
        import(&stage, &document());
        let query = "{ catalogueCursor skills { totalCount } }";
        let before = stage.ask(query).await;
        let (code, report) = import(&stage, &json!({
            "skills": [{"slug": "new", "name": "New", "kind": "TOOL"}, {"slug": "new", "name": "New", "kind": "GADGET"},
                       {"slug": "twice", "name": "A", "kind": "TOOL"}, {"slug": "twice", "name": "B", "kind": "TOOL"}],
            "careers": [{"slug": "c", "title": "C", "skills": ["cobol"], "related": ["c"]}],
            "providers": [{"slug": "guild", "name": "Guild", "kind": "NON_PROFIT", "status": "CLOSED"}],
            "certifications": [{"slug": "d", "name": "D", "kind": "INDUSTRY", "issuer": "nobody"}],
            "statistics": [{"key": "e", "metric": "AVERAGE_PRICE", "subjectLabel": "E"}],
            "colours": []
        }));
        assert_eq!(code, Some(3));
        for fault in [
            "skills.1.kind: INVALID: ",
            "skills.3: DUPLICATE: ",
            "careers.0.skills.0: NOT_FOUND: there is no skill cobol",
            "careers.0.related: INVALID: must not name the listing itself",
            "providers.0.status: NOT_ALLOWED: ",
            "certifications.0.issuer: NOT_FOUND: there is no provider nobody",
            "statistics.0.value: REQUIRED: ",
            "statistics.0.publisher: REQUIRED: ",
            "statistics.0.currency: REQUIRED: ",
            "colours: INVALID: there is no such field",
            "nothing was written",
        ] {
            assert!(report.contains(fault), "{fault}\n{report}");
        }
        assert_eq!(stage.ask(query).await, before);
    }

    async fn a_dry_run_of_a_document_writes_nothing(stage: Stage) {
        let program = Program::on(&stage);
        let ended = program.file("file.json", document().to_string()).run("import --dry-run --taxonomy file.json");
        assert_eq!(ended.code, Some(0));
        assert!(ended.out.contains("skill: 1 created"), "{}", ended.out);
        let data = stage.ask("{ skills { totalCount } careers { totalCount } }").await;
        assert_eq!(data, json!({"skills": {"totalCount": 0}, "careers": {"totalCount": 0}}));
    }

    async fn what_is_no_document_is_refused_with_its_place(stage: Stage) {
        let program = Program::on(&stage);
        let ended = program.file("file.json", "{\n  \"skills\": [,]\n}").run("import --taxonomy file.json");
        assert_eq!(ended.code, Some(1));
        assert!(ended.error.contains("line 2, column "), "{}", ended.error);
    }
}

#[test]
fn a_decision_made_meanwhile_is_not_undone() {
    Stage::run(Backend::Postgres, "seed = 'none'", |stage| async move {
        assert_eq!(import(&stage, &document()).0, Some(0));
        stage
            .serve(async |app: App| {
                let mut other = PgConnection::connect(&app.database_url).await.unwrap();
                let mut decided = other.begin().await.unwrap();
                decided.execute("update provider set status = 'PAUSED', version = version + 1").await.unwrap();
                let mut changed = document();
                changed["providers"][0]["name"] = "The Guild".into();
                changed["providers"][0].as_object_mut().unwrap().remove("status");
                Program::beside(&app).file("file.json", changed.to_string());
                let committed = async {
                    waiting(&app.database_url, 1).await;
                    decided.commit().await.unwrap();
                };
                let (ended, ()) = join(app.command("import --taxonomy file.json"), committed).await;
                assert_eq!(ended.code, Some(0), "{}", ended.error);
                let row =
                    sqlx::query("select name, status, version from provider").fetch_one(&mut other).await.unwrap();
                let row: (String, String, i32) = (row.get(0), row.get(1), row.get(2));
                assert_eq!(row, ("The Guild".to_owned(), "PAUSED".to_owned(), 3));
            })
            .await;
    });
}
