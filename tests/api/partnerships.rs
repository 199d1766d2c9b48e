//! Partnerships: a provider is shown with a course of another one only if it agrees.

use entity::MemberRole;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::people::user_errors;
use crate::support::{App, Catalogue, People, global_id};

/// Two providers, each with an editor, and a stranger of a third one.
struct Sides<'a> {
    app: &'a App,
    school: String,
    partner: String,
    partner_slug: String,
    editor: String,
    editor_account: i64,
    other: String,
    stranger: String,
    staff: String,
}

const LISTED: &str = "query($id: ID!, $status: [PartnershipStatus!]) { provider(by: {id: $id}) { partnerships(status: $status) \
    { totalCount nodes { id status course { slug } partner { name } decidedAt } } } }";

impl<'a> Sides<'a> {
    async fn of(app: &'a App) -> Self {
        let (catalogue, people) = (Catalogue::of(app).await, People::of(app).await);
        let school = catalogue.provider("School").await;
        let slug = |row: &mut entity::provider::ActiveModel| row.slug = Set("eth".to_owned());
        let partner = catalogue.provider_with("ETH", slug).await;
        let third = catalogue.provider("Third").await;
        app.reached(catalogue.position().await).await;
        let editor = people.member(school, MemberRole::Editor).await;
        Self {
            app,
            school: global_id("Provider", school),
            partner: global_id("Provider", partner),
            partner_slug: "eth".to_owned(),
            editor: editor.token,
            editor_account: editor.account,
            other: people.member(partner, MemberRole::Editor).await.token,
            stranger: people.member(third, MemberRole::Owner).await.token,
            staff: people.staff().await.token,
        }
    }

    /// A course, published unless it is to stay a draft.
    async fn course(&self, token: &str, provider: &str, input: Value, publish: bool) -> Value {
        let create = "mutation($p: ID!, $i: CourseInput!) { payload: createCourse(provider: $p, input: $i) { course { id slug version } userErrors { code path } } }";
        let made = self.app.payload(token, create, json!({ "p": provider, "i": input })).await;
        assert_eq!(user_errors(&made), [""; 0]);
        if publish {
            self.publish(token, &made["course"]).await;
        }
        made["course"].clone()
    }

    async fn publish(&self, token: &str, course: &Value) {
        let query = "mutation($id: ID!, $v: Int!) { payload: publishCourse(id: $id, expectedVersion: $v) { userErrors { code path } } }";
        let payload = self.app.payload(token, query, json!({ "id": course["id"], "v": course["version"] })).await;
        assert_eq!(user_errors(&payload), [""; 0]);
    }

    async fn with_partner(&self) -> Value {
        let input = json!({ "title": "Rust", "slug": "rust", "kind": "COURSE", "partners": [self.partner_slug] });
        self.course(&self.editor, &self.school, input, true).await
    }

    async fn listed(&self, token: &str, provider: &str, status: Value) -> Value {
        let answer = self.app.ask_as(token, LISTED, json!({ "id": provider, "status": status })).await;
        answer["data"]["provider"]["partnerships"].clone()
    }

    async fn proposal(&self) -> Value {
        self.listed(&self.other, &self.partner, json!(["PROPOSED"])).await["nodes"][0].clone()
    }

    async fn decide(&self, token: &str, id: &Value, accept: bool) -> Value {
        let query = "mutation($id: ID!, $accept: Boolean!) { payload: decidePartnership(id: $id, accept: $accept) \
             { partnership { status partner { name } } userErrors { code path } } }";
        self.app.ask_as(token, query, json!({ "id": id, "accept": accept })).await
    }

    async fn update(&self, token: &str, course: &Value, input: Value) -> Value {
        let query = "mutation($id: ID!, $i: CoursePatch!, $v: Int!) { payload: updateCourse(id: $id, expectedVersion: $v, input: $i) \
             { course { version } userErrors { code path message } } }";
        let now = format!("{{ course(by: {{id: {}}}) {{ version }} }}", course["id"]);
        let version = self.app.ask_as(token, &now, json!({})).await["data"]["course"]["version"].clone();
        self.app.payload(token, query, json!({ "id": course["id"], "i": input, "v": version })).await
    }

    /// What a caller sees of a course: its partners, its units, what it is a part of, and whether filters find it.
    async fn seen(&self, token: Option<&str>, slug: &str) -> Value {
        let query = format!(
            "{{ course(by: {{slug: \"{slug}\"}}) {{ partners {{ slug }} units {{ slug }} partOf {{ slug }} }} \
               partner: courses(filter: {{partner: [\"eth\"]}}) {{ nodes {{ slug }} }} \
               kind: courses(filter: {{partnerKind: [PLATFORM]}}) {{ nodes {{ slug }} }} \
               text: courses(query: \"eth\") {{ nodes {{ slug }} }} \
               provider(by: {{slug: \"eth\"}}) {{ partnerCourses {{ nodes {{ slug }} }} }} }}"
        );
        match token {
            Some(token) => self.app.ask_as(token, &query, json!({})).await["data"].clone(),
            None => self.app.data(&query).await,
        }
    }
}

fn found(nodes: Value) -> Value {
    json!({ "nodes": nodes })
}

on_both! {
    #![empty]

    async fn a_partner_is_shown_to_both_sides_only_until_it_agrees(app: App) {
        let sides = Sides::of(&app).await;
        sides.with_partner().await;
        for outsider in [None, Some(sides.stranger.as_str())] {
            let seen = sides.seen(outsider, "rust").await;
            assert_eq!(seen["course"]["partners"], json!([]), "{outsider:?}");
            for list in ["partner", "kind", "text"] {
                assert_eq!(seen[list], found(json!([])), "{list}");
            }
            assert_eq!(seen["provider"]["partnerCourses"], found(json!([])));
        }
        for insider in [&sides.editor, &sides.other, &sides.staff] {
            assert_eq!(sides.seen(Some(insider), "rust").await["course"]["partners"], json!([{ "slug": "eth" }]));
        }
        let proposal = sides.proposal().await;
        assert_eq!(
            proposal,
            json!({ "id": proposal["id"], "status": "PROPOSED", "course": { "slug": "rust" }, "partner": { "name": "ETH" }, "decidedAt": null })
        );
        let accepted = sides.decide(&sides.other, &proposal["id"], true).await;
        assert_eq!(accepted["data"]["payload"], json!({ "partnership": { "status": "ACCEPTED", "partner": { "name": "ETH" } }, "userErrors": [] }));
        let seen = sides.seen(None, "rust").await;
        assert_eq!(seen["course"]["partners"], json!([{ "slug": "eth" }]));
        for list in ["partner", "kind", "text"] {
            assert_eq!(seen[list], found(json!([{ "slug": "rust" }])), "{list}");
        }
        assert_eq!(seen["provider"]["partnerCourses"], found(json!([{ "slug": "rust" }])));
        let changes = app.data("{ changes(types: [COURSE]) { nodes { kind slug } } }").await;
        assert_eq!(changes["changes"]["nodes"], json!([{ "kind": "PUBLISHED", "slug": "rust" }, { "kind": "UPDATED", "slug": "rust" }]));
        sides.decide(&sides.other, &proposal["id"], false).await;
        assert_eq!(sides.seen(None, "rust").await["course"]["partners"], json!([]));
        assert_eq!(sides.seen(None, "rust").await["partner"], found(json!([])));
    }

    async fn a_unit_of_another_provider_is_shown_once_that_provider_agrees(app: App) {
        let sides = Sides::of(&app).await;
        let unit = json!({ "title": "Unit", "slug": "unit", "kind": "COURSE" });
        sides.course(&sides.other, &sides.partner, unit, true).await;
        let own = json!({ "title": "Own", "slug": "own", "kind": "COURSE" });
        sides.course(&sides.editor, &sides.school, own, true).await;
        let whole = json!({ "title": "Whole", "slug": "whole", "kind": "DEGREE", "units": ["own", "unit"] });
        sides.course(&sides.editor, &sides.school, whole, true).await;
        assert_eq!(sides.seen(None, "whole").await["course"]["units"], json!([{ "slug": "own" }]));
        assert_eq!(sides.seen(None, "own").await["course"]["partOf"], json!([{ "slug": "whole" }]));
        assert_eq!(sides.seen(None, "unit").await["course"]["partOf"], json!([]));
        assert_eq!(sides.seen(Some(&sides.stranger), "unit").await["course"]["partOf"], json!([]));
        assert_eq!(sides.seen(Some(&sides.other), "unit").await["course"]["partOf"], json!([{ "slug": "whole" }]));
        assert_eq!(sides.seen(Some(&sides.other), "whole").await["course"]["units"], json!([{ "slug": "own" }, { "slug": "unit" }]));
        let proposal = sides.proposal().await;
        sides.decide(&sides.other, &proposal["id"], true).await;
        assert_eq!(sides.seen(None, "whole").await["course"]["units"], json!([{ "slug": "own" }, { "slug": "unit" }]));
        assert_eq!(sides.seen(None, "unit").await["course"]["partOf"], json!([{ "slug": "whole" }]));
    }

    async fn what_is_linked_already_may_be_sent_again_while_it_is_hidden(app: App) {
        let sides = Sides::of(&app).await;
        let unit = json!({ "title": "Unit", "slug": "unit", "kind": "COURSE" });
        let unit = sides.course(&sides.other, &sides.partner, unit, true).await;
        let whole = json!({ "title": "Whole", "slug": "whole", "kind": "DEGREE", "units": ["unit"] });
        let whole = sides.course(&sides.editor, &sides.school, whole, true).await;
        let hide = "mutation($id: ID!) { payload: unpublishCourse(id: $id, expectedVersion: 2) { userErrors { code path } } }";
        assert_eq!(user_errors(&app.payload(&sides.other, hide, json!({ "id": unit["id"] })).await), [""; 0]);
        let again = sides.update(&sides.editor, &whole, json!({ "units": ["unit"], "summary": "Changed" })).await;
        assert_eq!((&again["userErrors"], &again["course"]["version"]), (&json!([]), &json!(3)), "{again}");
        // It is as unknown as before to a course that does not link to it.
        let other = sides.course(&sides.editor, &sides.school, json!({ "title": "Other", "kind": "DEGREE" }), false).await;
        let refused = sides.update(&sides.editor, &other, json!({ "units": ["unit"] })).await;
        assert_eq!(refused["userErrors"][0]["code"], "NOT_FOUND", "{refused}");
    }

    async fn a_draft_says_nothing_to_the_partner_and_a_stranger_sees_no_partnership(app: App) {
        let sides = Sides::of(&app).await;
        let input = json!({ "title": "Secret", "slug": "secret", "kind": "COURSE", "partners": ["eth"] });
        let draft = sides.course(&sides.editor, &sides.school, input, false).await;
        let own = sides.listed(&sides.editor, &sides.school, Value::Null).await;
        assert_eq!(own["totalCount"], 1);
        let id = own["nodes"][0]["id"].clone();
        assert_eq!(sides.listed(&sides.other, &sides.partner, Value::Null).await, json!({ "totalCount": 0, "nodes": [] }));
        let refused = sides.decide(&sides.other, &id, true).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND");
        sides.publish(&sides.editor, &draft).await;
        assert_eq!(sides.listed(&sides.other, &sides.partner, Value::Null).await["totalCount"], 1);
        assert_eq!(sides.listed(&sides.stranger, &sides.partner, Value::Null).await, Value::Null);
        let node = json!({ "id": id });
        let query = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(app.ask(query, node.clone()).await["data"]["node"], Value::Null);
        assert_eq!(app.ask_as(&sides.stranger, query, node.clone()).await["data"]["node"], Value::Null);
        assert_eq!(app.ask_as(&sides.other, query, node).await["data"]["node"]["id"], id);
        for (asker, code) in [(&sides.stranger, "NOT_FOUND"), (&sides.editor, "FORBIDDEN")] {
            assert_eq!(sides.decide(asker, &id, true).await["errors"][0]["extensions"]["code"], code);
        }
        assert_eq!(sides.decide(&sides.staff, &id, true).await["data"]["payload"]["partnership"]["status"], "ACCEPTED");
    }

    async fn what_was_declined_is_not_proposed_again_and_what_is_named_no_longer_is_forgotten(app: App) {
        let sides = Sides::of(&app).await;
        let course = sides.with_partner().await;
        let first = sides.proposal().await["id"].clone();
        sides.update(&sides.editor, &course, json!({ "partners": [] })).await;
        assert_eq!(sides.listed(&sides.other, &sides.partner, Value::Null).await["totalCount"], 0);
        sides.update(&sides.editor, &course, json!({ "partners": ["eth"] })).await;
        let second = sides.proposal().await["id"].clone();
        assert_ne!(first, second);
        sides.decide(&sides.other, &second, false).await;
        for partners in [json!([]), json!(["eth"])] {
            sides.update(&sides.editor, &course, json!({ "partners": partners })).await;
        }
        assert_eq!(sides.listed(&sides.other, &sides.partner, json!(["PROPOSED"])).await["totalCount"], 0);
        let declined = sides.listed(&sides.other, &sides.partner, json!(["DECLINED"])).await;
        assert_eq!(declined["nodes"][0]["id"], second);
        assert_eq!(sides.seen(None, "rust").await["course"]["partners"], json!([]));
        sides.decide(&sides.other, &second, true).await;
        assert_eq!(sides.seen(None, "rust").await["course"]["partners"], json!([{ "slug": "eth" }]));
    }

    async fn the_owners_of_the_partner_get_at_most_one_letter_a_day(app: App) {
        let sides = Sides::of(&app).await;
        let people = People::of(&app).await;
        let address = "dean@example.org";
        let dean = people.person(address).await;
        people.join(&dean, crate::support::people::row(&sides.partner), MemberRole::Owner).await;
        let draft = json!({ "title": "evil.example", "kind": "COURSE", "partners": ["eth"] });
        let draft = sides.course(&sides.editor, &sides.school, draft, false).await;
        assert_eq!(app.letters(address).await.len(), 0, "nobody hears of a draft");
        sides.publish(&sides.editor, &draft).await;
        assert_eq!(app.letters(address).await.len(), 1);
        app.clock.set("2026-06-01T12:00:01Z");
        sides.with_partner().await;
        let letters = app.letters(address).await;
        assert_eq!(letters.len(), 1, "{letters:#?}");
        assert!(!letters[0].contains("evil") && letters[0].contains("/partnerships"), "{}", letters[0]);
        for (now, title, letters) in [("2026-06-03T12:00:00Z", "Other", 2), ("2026-06-05T12:00:00Z", "Third", 2)] {
            app.clock.set(now);
            let editor = people.session(sides.editor_account).await;
            let input = json!({ "title": title, "kind": "COURSE" });
            sides.course(&editor, &sides.school, input, true).await;
            assert_eq!(app.letters(address).await.len(), letters, "what came after the first letter, and nothing new");
        }
    }

    async fn an_import_of_the_provider_proposes_and_one_of_staff_accepts(app: App) {
        let sides = Sides::of(&app).await;
        let query = "mutation($p: ID!, $rows: [CourseRow!]!) { payload: importCourses(provider: $p, rows: $rows) { created userErrors { code path } } }";
        for (token, key) in [(&sides.editor, "own"), (&sides.staff, "staff")] {
            let row = json!({ "externalKey": key, "slug": key, "title": key, "kind": "COURSE", "publish": true, "partners": ["eth"] });
            let payload = app.payload(token, query, json!({ "p": sides.school, "rows": [row] })).await;
            assert_eq!(payload["created"], 1);
        }
        assert_eq!(sides.seen(None, "own").await["course"]["partners"], json!([]));
        assert_eq!(sides.seen(None, "staff").await["course"]["partners"], json!([{ "slug": "eth" }]));
    }
}
