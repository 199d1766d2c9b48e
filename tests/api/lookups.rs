//! Finding a single object: by id, by slug, by node.

use serde_json::json;

use crate::support::App;

on_both! {
    async fn a_course_is_found_by_its_slug_and_by_its_id(app: App) {
        let by_slug = app.data("{ course(by: {slug: \"python-developer-certificate\"}) { id title } }").await;
        let id = by_slug["course"]["id"].as_str().unwrap();
        let by_id = app.ask("query($id: ID!) { course(by: {id: $id}) { id title } }", json!({ "id": id })).await;
        assert_eq!(by_id["data"], by_slug);
    }

    async fn every_kind_of_listing_is_found_by_its_slug_and_by_node(app: App) {
        for (field, slug) in [
            ("course", "python-developer-certificate"),
            ("provider", "noble-desktop"),
            ("certification", "aws-certified-developer"),
            ("career", "back-end-developer"),
        ] {
            let found = app.data(&format!("{{ it: {field}(by: {{slug: \"{slug}\"}}) {{ __typename id slug }} }}")).await;
            assert_eq!(found["it"]["slug"], slug);
            let id = found["it"]["id"].as_str().unwrap();
            let again = app.ask("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })).await;
            assert_eq!(again["data"]["node"]["__typename"], found["it"]["__typename"]);
            assert_eq!(again["data"]["node"]["id"], id);
        }
    }

    async fn skills_subjects_and_statistics_are_found_by_node(app: App) {
        let all = app.data("{ skills(first: 1) { nodes { id } } subjects(first: 1) { nodes { id } } statistics(first: 1) { nodes { id } } }").await;
        for (list, kind) in [("skills", "Skill"), ("subjects", "Subject"), ("statistics", "Statistic")] {
            let id = all[list]["nodes"][0]["id"].as_str().unwrap();
            let found = app.ask("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })).await;
            assert_eq!(found["data"]["node"], json!({ "__typename": kind, "id": id }));
        }
    }

    async fn what_does_not_exist_is_null_and_no_error(app: App) {
        for by in ["slug: \"no-such-thing\"", "slug: \"\"", "slug: \"%\"", "slug: \"Üñí\\u0000\"", "slug: \"PYTHON\""] {
            for field in ["course", "provider", "certification", "career"] {
                let answer = app.ask(&format!("{{ it: {field}(by: {{{by}}}) {{ id }} }}"), json!({})).await;
                assert_eq!(answer["data"], json!({ "it": null }), "{field} {by}");
                assert!(answer.get("errors").is_none(), "{answer}");
            }
        }
    }

    async fn an_id_of_another_type_or_of_no_row_is_null(app: App) {
        let skill = app.data("{ skills(first: 1) { nodes { id } } }").await;
        let skill = skill["skills"]["nodes"][0]["id"].as_str().unwrap();
        // base64url of Course:1
        for id in [skill, "Q291cnNlOjE"] {
            let answer = app.ask("query($id: ID!) { course(by: {id: $id}) { id } }", json!({ "id": id })).await;
            assert_eq!(answer["data"], json!({ "course": null }));
            assert!(answer.get("errors").is_none(), "{answer}");
        }
    }

    async fn a_malformed_id_is_bad_user_input_that_names_the_argument(app: App) {
        // Course:-1, Course:007, Course:99999999999999999999, Nothing:1, Course:１ (full-width)
        let malformed =
            ["0", "-1", "1.5", "", "é", "Q291cnNlOi0x", "Q291cnNlOjAwNw", "Q291cnNlOjk5OTk5OTk5OTk5OTk5OTk5OTk5", "Tm90aGluZzox", "Q291cnNlOu-8kQ"];
        for id in malformed {
            let answer = app.ask("query($id: ID!) { course(by: {id: $id}) { id } node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(answer["data"], json!({ "course": null, "node": null }), "{id}");
            let codes: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|e| (&e["extensions"]["code"], &e["path"][0])).collect();
            assert_eq!(codes, [(&json!("BAD_USER_INPUT"), &json!("course")), (&json!("BAD_USER_INPUT"), &json!("node"))], "{id}");
            assert!(answer["errors"][0]["message"].as_str().unwrap().starts_with("by.id:"), "{answer}");
        }
    }

    async fn nodes_come_in_the_order_asked_with_null_for_what_is_not_there(app: App) {
        let found = app.data("{ a: course(by: {slug: \"python-for-everybody\"}) { id } b: provider(by: {slug: \"ibm\"}) { id } }").await;
        let (course, provider) = (&found["a"]["id"], &found["b"]["id"]);
        let ids = json!({ "ids": [provider, "Q291cnNlOjE", course, provider] });
        let answer = app.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids).await;
        assert_eq!(answer["data"]["nodes"], json!([{ "id": provider }, null, { "id": course }, { "id": provider }]));
    }

    async fn more_than_a_hundred_nodes_are_refused(app: App) {
        let answer = app.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": vec!["Q291cnNlOjE"; 101] })).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        assert_eq!(error["message"], "ids: must be at most 100");
    }
}
