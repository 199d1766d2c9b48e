//! Review figures: exact under concurrent writes, usable in searches, and recounted by a command.

use entity::{course_rating, provider_rating, review, review_vote};
use futures_util::{StreamExt, stream};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::people::{Person, user_errors};
use crate::support::reviewed_course::{ReviewedCourse, review as input, stars};
use crate::support::{App, Stage, global_id};

const RATINGS: &str =
    "ratings { count average score distribution { stars count } curriculum instructors jobSupport verifiedCount }";

/// The expected summary, from the published reviews as the API shows them.
async fn counted(forum: &ReviewedCourse<'_>) -> Value {
    let shown = forum
        .shown("reviews(first: 100) { totalCount nodes { rating curriculum instructors jobSupport verification } }")
        .await;
    let rows = shown["reviews"]["nodes"].as_array().unwrap();
    assert_eq!(shown["reviews"]["totalCount"], rows.len());
    let mean = |name: &str| {
        let given: Vec<f64> = rows.iter().filter_map(|row| row[name].as_f64()).collect();
        if given.is_empty() { Value::Null } else { json!(given.iter().sum::<f64>() / given.len() as f64) }
    };
    let sum: f64 = rows.iter().map(|row| row["rating"].as_f64().unwrap()).sum();
    let score = if rows.is_empty() { Value::Null } else { json!((35.0 + sum) / (10.0 + rows.len() as f64)) };
    let of = |stars: i64| json!({ "stars": stars, "count": rows.iter().filter(|row| row["rating"] == stars).count() });
    json!({
        "count": rows.len(), "average": mean("rating"), "score": score, "distribution": [of(5), of(4), of(3), of(2), of(1)],
        "curriculum": mean("curriculum"), "instructors": mean("instructors"), "jobSupport": mean("jobSupport"),
        "verifiedCount": rows.iter().filter(|row| row["verification"] != "NONE").count(),
    })
}

/// Rounded to nine decimals: the last bits of a fraction depend on the reader.
fn rounded(summary: &Value) -> Value {
    let mut summary = summary.clone();
    for value in summary.as_object_mut().unwrap().values_mut().filter(|value| value.is_f64()) {
        *value = format!("{:.9}", value.as_f64().unwrap()).into();
    }
    summary
}

async fn all_agree(forum: &ReviewedCourse<'_>) {
    let expected = counted(forum).await;
    let shown = forum.shown(&format!("{RATINGS} provider {{ {RATINGS} }}")).await;
    assert_eq!(rounded(&shown["ratings"]), rounded(&expected));
    assert_eq!(rounded(&shown["provider"]["ratings"]), rounded(&expected));
}

async fn learners(forum: &ReviewedCourse<'_>, count: usize) -> Vec<Person> {
    let mut people = Vec::new();
    for number in 0..count {
        people.push(forum.learner(&format!("learner{number}")).await);
    }
    people
}

on_both! {
    #![empty]

    async fn a_summary_is_what_the_published_reviews_say(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        all_agree(&forum).await;
        for (number, change) in [json!({ "rating": 5, "curriculum": 5 }), json!({ "rating": 1, "curriculum": 2, "jobSupport": 3 }), json!({ "rating": 5 })].into_iter().enumerate() {
            let author = forum.learner(&format!("learner{number}")).await;
            let written = forum.write(&author, input(change)).await["review"].take();
            all_agree(&forum).await;
            let published = forum.decide(&written, "PUBLISHED").await["review"].take();
            all_agree(&forum).await;
            if number == 1 {
                forum.decide(&published, "REMOVED").await;
                all_agree(&forum).await;
                forum.decide(&published, "PUBLISHED").await;
                all_agree(&forum).await;
            }
        }
        let shown = forum.shown(RATINGS).await["ratings"].take();
        assert_eq!((&shown["count"], &shown["curriculum"], &shown["instructors"]), (&3.into(), &json!(3.5), &Value::Null));
    }

    async fn new_figures_are_found_by_searches_and_followers_and_leave_the_version_alone(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, other) = (forum.learner("ann").await, forum.catalogue.course(forum.provider, "Other").await);
        app.reached(forum.catalogue.position().await).await;
        let cursor = app.data("{ catalogueCursor }").await["catalogueCursor"].take();
        let published = forum.published(&ann, 5).await;
        let found = app.data("{ courses(filter: {rating: {gte: 4.5}}) { nodes { id version } facets { ratings { atLeast count } } } providers(orderBy: {field: RATING}) { nodes { ratings { count } } } }").await;
        assert_eq!(found["courses"]["nodes"], json!([{ "id": global_id("Course", forum.course), "version": 1 }]));
        let first = app.data("{ courses(orderBy: {field: REVIEW_COUNT, direction: DESC}) { nodes { id } } }").await;
        assert_eq!(first["courses"]["nodes"][1]["id"], global_id("Course", other));
        let changes = app.data(&format!("{{ changes(after: {cursor}) {{ nodes {{ kind type listingId }} }} }}")).await;
        let course = json!({ "kind": "UPDATED", "type": "COURSE", "listingId": global_id("Course", forum.course) });
        let provider = json!({ "kind": "UPDATED", "type": "PROVIDER", "listingId": global_id("Provider", forum.provider) });
        assert_eq!(changes["changes"]["nodes"], json!([provider, course]), "one that waits for staff is no change");
        // Neither history names the authors or fills up with reviews.
        forum.update(&ann, &published, stars(3)).await;
        let member = forum.people.member(forum.provider, entity::MemberRole::Owner).await;
        let history = forum.shown_to(&member, "history { nodes { action by } } provider { history { nodes { action by } } }").await;
        assert!(!history.to_string().contains("review") && !history.to_string().contains("ann"), "{history}");
        assert_eq!(forum.shown("version updatedAt").await["version"], 1);
    }

    async fn a_hundred_reviews_at_once_leave_exact_figures(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let people = learners(&forum, 100).await;
        let forum = &forum;
        let all = people.iter().zip(0_i64..).map(|(person, number)| async move {
            let change = json!({ "rating": number % 5 + 1, "curriculum": (number % 3 > 0).then_some(number % 4 + 1), "jobSupport": (number % 2 > 0).then_some(1) });
            forum.write(person, input(change)).await
        });
        let written = futures_util::future::join_all(all).await;
        assert!(written.iter().all(|payload| payload["userErrors"] == json!([])));
        let decided = futures_util::future::join_all(written.iter().map(|payload| forum.decide(&payload["review"], "PUBLISHED"))).await;
        assert!(decided.iter().all(|payload| payload["review"]["status"] == "PUBLISHED"));
        assert_eq!(forum.shown("ratings { count }").await["ratings"]["count"], 100);
        all_agree(forum).await;
        storm(forum, &people, &decided).await;
        all_agree(forum).await;
        votes_agree(forum).await;
        let ended = app.command("ratings").await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(0), "figures of 0 listings were wrong\n"), "{}", ended.error);
    }

    async fn figures_that_were_broken_by_hand_are_named_and_mended(stage: Stage) {
        stage.serve(async |app: App| {
            let forum = ReviewedCourse::open(&app).await;
            for (name, rating) in [("ann", 5), ("bob", 2)] {
                forum.published(&forum.learner(name).await, rating).await;
            }
            let db = &forum.people.db;
            let broken = course_rating::Entity::update_many().col_expr(course_rating::Column::CurriculumSum, Expr::value(7));
            broken.exec(db).await.unwrap();
            provider_rating::Entity::delete_many().exec(db).await.unwrap();
            let ended = app.command("ratings").await;
            let slugs = forum.shown("slug provider { slug }").await;
            let expected = format!(
                "course {}: curriculum_sum 7 -> 0\nprovider {}: count 0 -> 2, stars2 0 -> 1, stars5 0 -> 1, verified_count 0 -> 2\nfigures of 2 listings were wrong\n",
                slugs["slug"].as_str().unwrap(), slugs["provider"]["slug"].as_str().unwrap(),
            );
            assert_eq!((ended.code, ended.out), (Some(3), expected), "{}", ended.error);
            app.reached(forum.catalogue.position().await).await;
            all_agree(&forum).await;
            assert_eq!(app.command("ratings").await.code, Some(0));
        }).await;
    }
}

/// Everything that can happen to reviews, ten operations at a time; one kind of operation is six votes at once.
async fn storm(forum: &ReviewedCourse<'_>, people: &[Person], reviews: &[Value]) {
    let each = reviews.iter().zip(people).enumerate().map(|(number, (payload, author))| async move {
        let review = &payload["review"];
        let id = &review["id"];
        match number % 4 {
            0 => forum.update(author, review, stars(number as i64 % 5 + 1)).await,
            1 => forum.decide(review, "REMOVED").await,
            2 => forum.send(&author.token, &format!("deleteReview(id: {id})")).await,
            _ => {
                let vote = &format!("markReviewHelpful(id: {id}, helpful: true)");
                let voters = people.iter().filter(|voter| voter.account != author.account).take(5);
                let votes = voters.chain([&people[0]]).map(|voter| forum.send(&voter.token, vote));
                let votes = futures_util::future::join_all(votes).await;
                votes.into_iter().next().unwrap()
            }
        }
    });
    let done: Vec<Value> = stream::iter(each.collect::<Vec<_>>()).buffer_unordered(10).collect().await;
    let refused: Vec<Vec<String>> =
        done.iter().map(user_errors).filter(|user_errors| !user_errors.is_empty()).collect();
    assert_eq!(refused, Vec::<Vec<String>>::new());
}

/// Asserts that the count of each review equals the number of its votes.
async fn votes_agree(forum: &ReviewedCourse<'_>) {
    let db = &forum.people.db;
    let reviews = review::Entity::find().all(db).await.unwrap();
    assert_eq!(reviews.len(), 75);
    let mut counts = 0;
    for row in reviews {
        let votes =
            review_vote::Entity::find().filter(review_vote::Column::ReviewId.eq(row.id)).count(db).await.unwrap();
        assert_eq!(row.helpful_count as u64, votes);
        counts += votes;
    }
    assert_eq!(counts, 125);
}
