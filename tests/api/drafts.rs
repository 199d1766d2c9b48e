//! What only a provider's members, its systems and staff see: drafts, listings of a pending provider, and the private
//! fields of listings.

use entity::{MemberRole, ProviderStatus};
use serde_json::{Value, json};

use crate::support::provider::ProviderWithEditor;
use crate::support::{App, Catalogue, People, global_id};

/// Whether a caller with this token, or an anonymous one, sees a course: by id, by slug, by node, by nodes, and through
/// its offering.
async fn seen(app: &App, token: Option<&str>, course: &Value, offering: &Value) -> Vec<bool> {
    let query = "query($id: ID!, $slug: String!, $o: ID!) { byId: course(by: {id: $id}) { id } bySlug: course(by: {slug: $slug}) { id }
        node(id: $id) { id } nodes(ids: [$id]) { id } offering: node(id: $o) { id ... on Offering { course { id provider { id } } } } }";
    let variables = json!({ "id": course["id"], "slug": course["slug"], "o": offering });
    let answer = match token {
        Some(token) => app.ask_as(token, query, variables).await,
        None => app.ask(query, variables).await,
    };
    assert!(answer.get("errors").is_none(), "{answer:#}");
    let data = &answer["data"];
    let found = [&data["byId"], &data["bySlug"], &data["node"], &data["nodes"][0], &data["offering"]];
    found.into_iter().map(Value::is_object).collect()
}

/// The fields that only members and staff see, of a course found by id; null for everybody else.
const INSIDE: &str = "query($id: ID!) { course(by: {id: $id}) { externalKey scheduledFor history { totalCount } completeness { score } \
    provider { listings { totalCount } } } }";

async fn offering_of(school: &ProviderWithEditor<'_>, course: &Value) -> Value {
    let query = "mutation($c: ID!) { done: saveOffering(course: $c, input: {format: HYBRID}) { offering { id } userErrors { code } } }";
    school.data(query, json!({ "c": course["id"] })).await["done"]["offering"]["id"].take()
}

on_both! {
    #![empty]

    async fn a_draft_is_seen_by_its_members_its_systems_and_staff_and_by_nobody_else(app: App) {
        let (school, other) = (ProviderWithEditor::open(&app).await, ProviderWithEditor::open(&app).await);
        let course = school.course("Falconry").await;
        let offering = offering_of(&school, &course).await;
        let people = People::of(&app).await;
        let owner = people.member(school.row, MemberRole::Owner).await.token;
        let (system, foreign) = (people.service_token(school.row).await, people.service_token(other.row).await);
        let (staff, stranger) = (people.staff().await.token, people.person("stranger@example.org").await.token);
        for token in [&school.token, &owner, &system, &staff] {
            assert_eq!(seen(&app, Some(token), &course, &offering).await, [true; 5]);
        }
        for token in [&other.token, &foreign, &stranger] {
            assert_eq!(seen(&app, Some(token), &course, &offering).await, [false; 5]);
        }
        assert_eq!(seen(&app, None, &course, &offering).await, [false; 5]);
    }

    async fn a_draft_stands_in_no_list_of_its_members_either(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        school.course("Falconry").await;
        let data = school.data("{ courses(query: \"falconry\") { totalCount } }", json!({})).await;
        assert_eq!(data["courses"]["totalCount"], 0);
    }

    async fn a_published_course_of_a_pending_provider_is_seen_inside_only(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let offering = offering_of(&school, &course).await;
        assert_eq!(seen(&app, None, &course, &offering).await, [true; 5]);
        let catalogue = Catalogue::of(&app).await;
        let pending = |row: &mut entity::provider::ActiveModel| row.status = sea_orm::ActiveValue::Set(ProviderStatus::Pending);
        app.reached(catalogue.update_provider(school.row, pending).await).await;
        assert_eq!(seen(&app, None, &course, &offering).await, [false; 5]);
        assert_eq!(seen(&app, Some(&school.token), &course, &offering).await, [true; 5]);
    }

    async fn a_member_who_was_removed_sees_drafts_no_more(app: App) {
        use sea_orm::ConnectionTrait;
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let offering = offering_of(&school, &course).await;
        Catalogue::of(&app).await.db.execute_unprepared("delete from membership").await.unwrap();
        assert_eq!(seen(&app, Some(&school.token), &course, &offering).await, [false; 5]);
    }

    async fn what_is_kept_inside_is_null_for_everyone_else(app: App) {
        let (school, other) = (ProviderWithEditor::open(&app).await, ProviderWithEditor::open(&app).await);
        let course = school.create(json!({ "title": "Falconry", "kind": "COURSE", "externalKey": "F-1" })).await["course"].take();
        let course = school.turn("publishCourse", &course, "").await["course"].take();
        let variables = json!({ "id": course["id"] });
        let inside = school.data(INSIDE, variables.clone()).await["course"].take();
        assert_eq!(inside["externalKey"], "F-1");
        assert_eq!(inside["history"]["totalCount"], 2);
        assert!(inside["completeness"]["score"].as_f64().unwrap() > 0.0);
        assert_eq!(inside["provider"]["listings"]["totalCount"], 1);
        let hidden = json!({ "externalKey": null, "scheduledFor": null, "history": null, "completeness": null, "provider": { "listings": null } });
        assert_eq!(other.data(INSIDE, variables.clone()).await["course"], hidden);
        assert_eq!(app.ask(INSIDE, variables).await["data"]["course"], hidden);
    }

    async fn a_provider_pages_through_all_its_listings_by_title(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        for title in ["beta", "Alpha 1", "gamma", "alpha 2", "Delta"] {
            school.course(title).await;
        }
        school.published("Epsilon").await;
        let query = "query($id: ID!, $after: String, $status: [ListingStatus!]) { provider(by: {id: $id}) {
            listings(first: 2, after: $after, status: $status) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { title status } } } }";
        let (mut titles, mut after) = (Vec::new(), Value::Null);
        for page in 0..3 {
            let data = school.data(query, json!({ "id": school.id, "after": after })).await;
            let listings = &data["provider"]["listings"];
            assert_eq!(listings["totalCount"], 6);
            let (next, previous) = (&listings["pageInfo"]["hasNextPage"], &listings["pageInfo"]["hasPreviousPage"]);
            assert_eq!((next, previous), (&json!(page < 2), &json!(page > 0)));
            titles.extend(listings["nodes"].as_array().unwrap().iter().map(|node| node["title"].as_str().unwrap().to_owned()));
            after = listings["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(titles, ["Alpha 1", "alpha 2", "beta", "Delta", "Epsilon", "gamma"]);
        for (status, count) in [(json!(["PUBLISHED"]), 1), (json!(["DRAFT"]), 5), (json!(["DRAFT", "PUBLISHED"]), 6), (json!([]), 0)] {
            let data = school.data(query, json!({ "id": school.id, "status": status })).await;
            assert_eq!(data["provider"]["listings"]["totalCount"], count, "{status}");
        }
    }

    async fn a_page_of_listings_goes_on_where_it_ended_while_others_come_and_go(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        for title in ["a", "c", "e"] {
            school.course(title).await;
        }
        let page = async |after: Value| {
            let query = "query($id: ID!, $after: String) { provider(by: {id: $id}) { listings(first: 2, after: $after) { pageInfo { endCursor } nodes { title } } } }";
            school.data(query, json!({ "id": school.id, "after": after })).await["provider"]["listings"].take()
        };
        let first = page(Value::Null).await;
        assert_eq!(first["nodes"], json!([{ "title": "a" }, { "title": "c" }]));
        school.course("b").await;
        school.course("d").await;
        let next = page(first["pageInfo"]["endCursor"].clone()).await;
        assert_eq!(next["nodes"], json!([{ "title": "d" }, { "title": "e" }]));
    }

    async fn a_write_to_what_is_not_seen_finds_nothing(app: App) {
        let (school, other) = (ProviderWithEditor::open(&app).await, ProviderWithEditor::open(&app).await);
        let (draft, published) = (school.course("Falconry").await, school.published("Hawking").await);
        let query = "mutation($id: ID!) { updateCourse(id: $id, expectedVersion: 1, input: {title: \"Mine\"}) { course { id } } }";
        for (course, code) in [(&draft["id"], "NOT_FOUND"), (&published["id"], "FORBIDDEN"), (&json!(global_id("Course", 1)), "NOT_FOUND")] {
            let answer = app.ask_as(&other.token, query, json!({ "id": course })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], code);
            assert_eq!(answer["data"], json!({ "updateCourse": null }));
        }
    }
}
