//! Reviews and outcome reports of other sites in forms of their own, read through a mapping.

use serde_json::json;

use crate::support::feed::{JSONL, counts, send};
use crate::support::provider::ProviderWithEditor;
use crate::support::{App, Catalogue, People, Program};

const REVIEWS: &str = r#"
only = { state = "online" }
ignore = ["votes"]

[fields.externalKey]
from = "id"
[fields.course]
from = "course"
values = { "Falconry 101" = "SLUG" }
otherwise = "keep"
[fields.rating]
from = "stars"
read = "number"
[fields.title]
from = "headline"
truncate = true
[fields.body]
from = ["pros", "cons"]
join = "<br>"
read = "html"
[fields.relation]
from = "who"
values = { Alumni = "GRADUATE", Student = "STUDENT" }
[fields.incentive]
constant = false
[fields.author]
from = "name"
[fields.writtenOn]
from = "date"
read = "date"
format = "%d.%m.%Y"
"#;
const HEAD: &str = "id,state,course,stars,headline,pros,cons,who,name,date,votes\n";

on_both! {
    #![empty]

    async fn reviews_are_read_through_a_mapping(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let mapping = REVIEWS.replace("SLUG", course["slug"].as_str().unwrap());
        let headline = "H".repeat(300);
        let file = format!(
            "{HEAD}1,online,Falconry 101,4 stars,{headline},<p>The birds &amp; the weather.</p>,None to speak of.,Alumni,Ann,03.11.2025,7\n\
             2,hidden,Falconry 101,1,x,x,x,Bot,x,x,0\n3,online,Hawking,4.5,Fine,The lessons were all right.,The food was not.,Neighbour,,2025,0\n"
        );
        Program::beside(&app).file("reviews.csv", &file).file("map.toml", &mapping);
        let import = "import --reviews reviews.csv --mapping map.toml --source Site --source-url https://site.example";
        let ended = app.command(import).await;
        assert!(ended.out.contains("2 rows: 1 created, 0 updated, 0 unchanged, 1 refused"), "{} {}", ended.out, ended.error);
        for fault in ["line 4: course: INVALID: ", "line 4: rating: INVALID: ", "line 4: relation: INVALID: \"Neighbour\" is none of the values in the mapping (column who)", "line 4: writtenOn: INVALID: "] {
            assert!(ended.out.contains(fault), "{fault}: {}", ended.out);
        }
        let again = app.command(import).await;
        assert!(again.out.contains("0 created, 0 updated, 1 unchanged"), "{}", again.out);
        app.reached(Catalogue::of(&app).await.position().await).await;
        let query = "query($id: ID!) { course(by: {id: $id}) { reviews(filter: {origin: [IMPORTED]}) { nodes { rating title body relation incentive source { author writtenOn } } } } }";
        let answer = app.ask(query, json!({"id": course["id"]})).await;
        assert_eq!(answer["data"]["course"]["reviews"]["nodes"], json!([{"rating": 4, "title": format!("{}…", "H".repeat(199)),
            "body": "The birds & the weather.\n\nNone to speak of.", "relation": "GRADUATE", "incentive": false,
            "source": {"author": "Ann", "writtenOn": "2025-11-03"}}]), "{answer}");
    }

    async fn outcome_reports_are_read_through_a_mapping(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let mapping = "rows = \"reports\"\n[fields.externalKey]\nfrom = \"key\"\n[fields.course]\nfrom = \"programme\"\n[fields.periodStart]\nfrom = \"from\"\nread = \"date\"\n\
            [fields.periodEnd]\nfrom = \"until\"\nread = \"date\"\n[fields.enrolled]\nfrom = \"cohort.size\"\n[fields.graduatedOnTime]\nfrom = \"cohort.onTime\"\n\
            [fields.graduatedLate]\nconstant = 0\n[fields.\"after180Days.fullTime\"]\nfrom = \"jobs.[type=full].count\"\n[fields.\"after180Days.seeking\"]\nfrom = \"jobs.[type=none].count\"\n\
            [fields.\"salaries.currency\"]\nconstant = \"EUR\"\n[fields.\"salaries.median\"]\nfrom = \"pay\"\nread = \"number\"\n[fields.\"salaries.stated\"]\nfrom = \"cohort.stated\"\n";
        let file = json!({"reports": [{"key": 7, "programme": course["slug"], "from": "2025-01-01", "until": "2025-06-30", "cohort": {"size": 25, "onTime": 20, "stated": 12},
            "jobs": [{"type": "full", "count": 15}, {"type": "none", "count": 5}], "pay": "41,500"}]});
        Program::beside(&app).file("reports.json", file.to_string()).file("map.toml", mapping);
        let ended = app.command("import --outcomes reports.json --mapping map.toml --source Site --source-url https://site.example").await;
        assert!(ended.out.contains("1 rows: 1 created"), "{} {}", ended.out, ended.error);
        app.reached(Catalogue::of(&app).await.position().await).await;
        let query = "query($id: ID!) { course(by: {id: $id}) { outcomeReports(origin: [IMPORTED]) { nodes { enrolled after180Days { fullTime } salaries { median { amount currency } } source { externalKey } } } } }";
        let answer = app.ask(query, json!({"id": course["id"]})).await;
        assert_eq!(answer["data"]["course"]["outcomeReports"]["nodes"], json!([{"enrolled": 25, "after180Days": {"fullTime": 15},
            "salaries": {"median": {"amount": "41500.00", "currency": "EUR"}}, "source": {"externalKey": "7"}}]), "{answer}");
    }

    async fn faults_of_such_a_mapping_are_told_before_any_row(app: App) {
        let staff = People::of(&app).await.staff().await.token;
        let with = |field: &str| format!("[fields.externalKey]\nfrom = \"id\"\n{field}");
        let reviews = "there is no such field; there are course, externalKey, sourceUrl, author, writtenOn, rating, curriculum, ";
        let outcomes = "there is no such field; there are course, externalKey, sourceUrl, periodStart, periodEnd, enrolled, graduatedOnTime, graduatedLate, after90Days.fullTime, ";
        for (kind, mapping, wanted) in [
            ("reviews", with("[fields.stars]\nfrom = \"is\"\n"), format!("field stars: {reviews}")),
            ("reviews", with("[fields.skills]\nfrom = \"is\"\ndrop_unknown = true\n"), format!("field skills: {reviews}")),
            ("outcomes", with("[fields.rating]\nfrom = \"is\"\n"), format!("field rating: {outcomes}")),
            ("outcomes", with("[fields.\"after180Days.none\"]\nfrom = \"is\"\n"), format!("field after180Days.none: {outcomes}")),
            ("reviews", with("[fields.relation]\nconstant = \"FRIEND\"\n"), "field relation: constant must be one of STUDENT, ".to_owned()),
            ("reviews", with("[fields.relation]\nfrom = \"is\"\nvalues = { Friend = \"FRIEND\" }\n"), "field relation: values: Friend becomes \"FRIEND\", which must be one of ".to_owned()),
            ("outcomes", with("[fields.enrolled]\nconstant = 0\n"), "field enrolled: constant must be 1 to ".to_owned()),
            ("reviews", format!("offerings = \"x\"\n{}", with("")), "mapping: offerings are for courses".to_owned()),
            ("reviews", "[fields.rating]\nfrom = \"is\"\n".to_owned(), "mapping: must say what externalKey is made of".to_owned()),
        ] {
            Program::beside(&app).file("file.csv", "id,is\na,x\n").file("map.toml", &mapping);
            let ended = app.command(&format!("import --{kind} file.csv --mapping map.toml --source Site")).await;
            assert!(ended.code == Some(1) && ended.error.contains(&wanted), "{wanted}: {:?} {}{}", ended.code, ended.out, ended.error);
            let mapping: String = mapping.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let (status, answer) = send(&app, &staff, &format!("records={kind}&source=Site&mapping={mapping}"), JSONL, "{}\n").await;
            let message = answer[0]["errors"][0]["message"].as_str().unwrap();
            assert!(status == 400 && message.starts_with(&wanted), "{wanted}: {answer:?}");
        }
        for arguments in ["--preset ctdl", "--kept-mapping", "--mapping map.toml --create-partners"] {
            let ended = app.command(&format!("import --reviews file.csv --source Site {arguments}")).await;
            assert_eq!(ended.code, Some(2), "{arguments}: {}", ended.error);
        }
        let long = format!("records=reviews&source=Site&mapping={}", "%23".repeat(16 * 1024 + 1));
        for wrong in ["records=reviews&source=Site&mapping=kept", "records=reviews&source=Site&preset=ctdl", "provider=x&mapping=%23", &long] {
            assert_eq!(send(&app, &staff, wrong, JSONL, "{}\n").await.0, 400, "{wrong}");
        }
    }

    async fn staff_send_a_mapping_with_records(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let staff = People::of(&app).await.staff().await.token;
        let mapping: String = REVIEWS.replace("SLUG", course["slug"].as_str().unwrap()).bytes().map(|byte| format!("%{byte:02X}")).collect();
        let query = format!("records=reviews&source=A&sourceUrl=https%3A%2F%2Fsite.example&mapping={mapping}");
        let file = format!("{HEAD}1,online,Falconry 101,4,Good,It was a good course.,No complaints.,Alumni,Ann,03.11.2025,7\n");
        let (status, told) = send(&app, &staff, &query, "text/csv", file).await;
        assert_eq!((status, counts(&told[1])), (200, [1, 0, 0, 0, 0]), "{told:?}");
    }
}
