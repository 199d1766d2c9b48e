//! The paging rules, the same for every list.

use serde_json::{Value, json};

use crate::support::App;

/// The lists at the root.
const LISTS: [&str; 7] = ["courses", "providers", "certifications", "careers", "skills", "subjects", "statistics"];

async fn refused(app: &App, list: &str, arguments: &str, message: &str) {
    let answer = app.ask(&format!("{{ {list}({arguments}) {{ nodes {{ id }} }} }}"), json!({})).await;
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{list}({arguments}): {answer}");
    assert_eq!(error["message"], message, "{list}({arguments})");
}

on_both! {
    async fn a_page_of_no_size_or_of_too_large_a_size_is_refused(app: App) {
        for list in LISTS {
            for first in ["0", "-1", "101", "2147483647"] {
                refused(&app, list, &format!("first: {first}"), "first: must be 1 to 100").await;
            }
        }
        for list in ["courses", "providers", "certifications", "careers", "skills", "subjects"] {
            refused(&app, list, "last: 0", "last: must be 1 to 100").await;
            refused(&app, list, "last: 101", "last: must be 1 to 100").await;
            refused(&app, list, "first: 1, last: 1", "last: cannot be combined with first; ask for one of them").await;
        }
    }

    async fn a_forged_cursor_or_one_of_another_list_is_refused(app: App) {
        let cursors = app.data("{ skills(first: 1) { pageInfo { endCursor } } providers(first: 1) { pageInfo { endCursor } } }").await;
        let (skills, providers) = (&cursors["skills"]["pageInfo"]["endCursor"], &cursors["providers"]["pageInfo"]["endCursor"]);
        for list in LISTS {
            let foreign = if list == "skills" { providers } else { skills };
            for forged in [&json!("xyz"), &json!(""), &json!("WyJza2lsbHMiXQ"), foreign] {
                refused(&app, list, &format!("after: {forged}"), "after: is not a cursor of this list in this order").await;
            }
        }
    }

    async fn walking_a_list_forward_and_backward_gives_each_item_once(app: App) {
        for list in ["providers", "certifications", "careers", "skills"] {
            let all = app.data(&format!("{{ {list}(first: 100) {{ totalCount nodes {{ id }} }} }}")).await;
            let all = &all[list];
            assert_eq!(all["totalCount"], all["nodes"].as_array().unwrap().len());
            assert_eq!(walk(&app, list, "first", "after", "hasNextPage", "endCursor").await, all["nodes"], "{list}");
            let mut pages = pages(&app, list, "last", "before", "hasPreviousPage", "startCursor").await;
            pages.reverse();
            assert_eq!(Value::Array(pages.concat()), all["nodes"], "{list}");
        }
    }
}

async fn walk(app: &App, list: &str, size: &str, from: &str, more: &str, cursor: &str) -> Value {
    Value::Array(pages(app, list, size, from, more, cursor).await.concat())
}

async fn pages(app: &App, list: &str, size: &str, from: &str, more: &str, cursor: &str) -> Vec<Vec<Value>> {
    let query = format!(
        "query($from: String) {{ {list}({size}: 3, {from}: $from) {{ nodes {{ id }} pageInfo {{ {more} {cursor} }} }} }}"
    );
    let (mut pages, mut place) = (Vec::new(), Value::Null);
    loop {
        let answer = app.ask(&query, json!({ "from": place })).await;
        let page = &answer["data"][list];
        pages.push(page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).clone());
        if page["pageInfo"][more] == false {
            return pages;
        }
        place = page["pageInfo"][cursor].clone();
    }
}
