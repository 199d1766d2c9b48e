//! Mappings that providers keep, and use for feeds over the network and from the command line.

use serde_json::{Value, json};

use crate::support::App;
use crate::support::feed::{FeedProvider, counts};
use crate::support::people::People;

const MAPPING: &str = "[fields.externalKey]\nfrom = \"Key\"\n\n[fields.title]\nfrom = \"Name\"\n\n[fields.kind]\nconstant = \"COURSE\"\n\
    [fields.subjects]\nfrom = \"Field\"\ncreate = {}\n";

/// The status and the body of a request to a provider's mapping.
async fn ask(app: &App, method: &str, slug: &str, token: &str, body: impl Into<String>) -> (u16, String) {
    let address = format!("{}/providers/{slug}/mapping", app.address);
    let request = app.client.request(method.parse().unwrap(), address).header("content-type", "application/toml");
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let answer = request.body(body.into()).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn code(body: &str) -> Value {
    serde_json::from_str::<Value>(body).unwrap()["errors"][0]["extensions"]["code"].clone()
}

on_both! {
    #![empty]

    async fn a_provider_keeps_a_mapping_for_its_feeds(app: App) {
        let school = FeedProvider::of(&app).await;
        let (slug, token) = (school.slug.as_str(), school.token.as_str());
        assert_eq!(ask(&app, "GET", slug, token, "").await.0, 404);
        let (status, answer) = school.send(&app, "&mapping=kept", "text/csv", "Key,Name,Field\na,A,\n").await;
        assert_eq!((status, &answer[0]["errors"][0]["message"]), (404, &json!("There is no such mapping.")));
        assert_eq!(ask(&app, "PUT", slug, token, MAPPING).await, (204, String::new()));
        assert_eq!(ask(&app, "GET", slug, token, "").await, (200, MAPPING.to_owned()));
        let (_, answer) = school.send(&app, "&mapping=kept", "text/csv", "Key,Name,Field\na,A,\nb,B,Alchemy\n").await;
        assert_eq!(counts(&answer[2]), [1, 0, 0, 1, 0], "the vocabulary belongs to the operators: {answer:?}");
        assert_eq!(answer[1]["errors"][0]["code"], "NOT_FOUND");
        std::fs::write(app.folder.join("feed.csv"), "Key;Name;Field\na;A;\nb;B;Alchemy\n").unwrap();
        let ended = app.command(&format!("import --provider {slug} --kept-mapping feed.csv")).await;
        assert!(ended.code == Some(0) && ended.out.contains("2 rows: 1 created, 0 updated, 1 unchanged"), "{}{}", ended.out, ended.error);
        let other = MAPPING.replace("Name", "Titel");
        assert_eq!(ask(&app, "PUT", slug, token, other.clone()).await.0, 204);
        assert_eq!(ask(&app, "GET", slug, token, "").await.1, other);
        assert_eq!(ask(&app, "DELETE", slug, token, "").await, (204, String::new()));
        assert_eq!(ask(&app, "DELETE", slug, token, "").await.0, 404);
        assert_eq!(school.send(&app, "&mapping=kept&preset=ctdl", "text/csv", "").await.0, 400);
    }

    async fn only_those_who_may_send_feeds_see_it(app: App) {
        let (school, people) = (FeedProvider::of(&app).await, People::of(&app).await);
        let other = school.catalogue.provider("Other").await;
        let other_token = people.service_token(other).await;
        for method in ["GET", "PUT", "DELETE"] {
            let (status, body) = ask(&app, method, &school.slug, "", MAPPING).await;
            assert_eq!((status, code(&body)), (401, json!("UNAUTHENTICATED")), "{method}");
            let (status, body) = ask(&app, method, &school.slug, &other_token, MAPPING).await;
            assert_eq!((status, code(&body)), (403, json!("FORBIDDEN")), "{method}");
            let (status, body) = ask(&app, method, "nobody", &school.token, MAPPING).await;
            assert_eq!((status, code(&body)), (404, json!("NOT_FOUND")), "{method}");
        }
        assert_eq!(ask(&app, "POST", &school.slug, &school.token, MAPPING).await.0, 405);
    }

    async fn faults_of_a_mapping_are_all_named_when_it_is_put(app: App) {
        let school = FeedProvider::of(&app).await;
        let faulty = format!("{MAPPING}[fields.colour]\nfrom = \"C\"\n[fields.level]\nfrom = \"L\"\nvalues = {{ Hard = \"HARD\" }}\n[fields.\"duration.weeks\"]\nconstant = 0\n");
        let (status, body) = ask(&app, "PUT", &school.slug, &school.token, faulty).await;
        let errors: Value = serde_json::from_str(&body).unwrap();
        let messages: Vec<&str> = errors["errors"].as_array().unwrap().iter().map(|error| error["message"].as_str().unwrap()).collect();
        assert_eq!((status, messages.len()), (400, 3), "{body}");
        assert_eq!(messages[0], "line 12: field colour: a course has no such field");
        assert!(messages[1].starts_with("line 14: field level: values: Hard becomes \"HARD\", which must be one of BEGINNER"), "{body}");
        assert!(messages[2].starts_with("line 17: field duration.weeks: constant must be 1 to 1000"), "{body}");
        for (text, message) in [("fields = 3\n", "line 1: "), ("\n[fields.title]\nfrom =\n", "line 3: "), ("[fields.title]\nfrom = \"x\"\n", "mapping: must say what externalKey"),
                                ("[fields.title]\nform = \"x\"\n", "line 2: unknown field `form`")] {
            let (status, body) = ask(&app, "PUT", &school.slug, &school.token, text).await;
            assert!(status == 400 && body.contains(message), "{text}: {body}");
        }
        let (status, body) = ask(&app, "PUT", &school.slug, &school.token, "#".repeat(65 * 1024)).await;
        assert_eq!((status, code(&body)), (413, json!("PAYLOAD_TOO_LARGE")));
        assert_eq!(ask(&app, "GET", &school.slug, &school.token, "").await.0, 404, "nothing was kept");
    }
}
