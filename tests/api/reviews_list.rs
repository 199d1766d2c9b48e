//! Reading reviews: filters, orders, pages, and the number of statements.

use catalog::write::insert;
use entity::{ReviewStatus, ReviewVerification, ReviewerRelation, review, review_reply};
use serde_json::{Value, json};

use crate::support::reviewed_course::ReviewedCourse;
use crate::support::{App, next_id};

/// A review inserted directly, identified by its body.
fn row(forum: &ReviewedCourse<'_>, number: i64) -> review::Model {
    let created_at = forum.app.now() + chrono::TimeDelta::milliseconds(number / 2 * 500);
    review::Model {
        id: next_id(),
        course_id: forum.course,
        account_id: None,
        rating: (number % 5 + 1) as i32,
        curriculum: None,
        instructors: None,
        job_support: None,
        title: Some(number.to_string()),
        body: "A review put in past the application.".to_owned(),
        relation: [ReviewerRelation::Student, ReviewerRelation::Graduate, ReviewerRelation::Applicant]
            [number as usize % 3],
        incentive: false,
        completed_on: None,
        verification: [ReviewVerification::None, ReviewVerification::Email, ReviewVerification::Enrolment]
            [number as usize % 3],
        status: ReviewStatus::Published,
        helpful_count: (number % 4) as i32,
        version: 1,
        created_at,
        updated_at: created_at,
        ..Default::default()
    }
}

async fn put(forum: &ReviewedCourse<'_>, rows: Vec<review::Model>) {
    insert::<review::Entity>(&forum.people.db, rows).await.unwrap_or_else(|error| panic!("{}", error.cause()));
}

/// The titles of a page of the course's reviews, and the page.
async fn page(forum: &ReviewedCourse<'_>, arguments: &str) -> (Vec<i64>, Value) {
    let shown = forum
        .shown(&format!("reviews{arguments} {{ totalCount nodes {{ title }} pageInfo {{ hasNextPage endCursor }} }}"))
        .await;
    let titles = shown["reviews"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["title"].as_str().unwrap().parse().unwrap());
    (titles.collect(), shown["reviews"].clone())
}

/// All reviews of the course in an order, in pages of three.
async fn walk(forum: &ReviewedCourse<'_>, order: &str) -> Vec<i64> {
    let (mut walked, mut after) = (Vec::new(), String::new());
    loop {
        let (titles, found) = page(forum, &format!("(orderBy: {order}, first: 3{after})")).await;
        walked.extend(titles);
        if found["pageInfo"]["hasNextPage"] == false {
            return walked;
        }
        after = format!(", after: {}", found["pageInfo"]["endCursor"]);
    }
}

on_both! {
    #![empty]

    async fn every_order_is_walked_through_without_a_gap(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let rows: Vec<review::Model> = (0..20).map(|number| row(&forum, number)).collect();
        put(&forum, rows.clone()).await;
        type Sort = fn(&review::Model) -> (i64, i64);
        let by: [(&str, bool, Sort); 5] = [
            ("NEWEST", true, |row| (row.created_at.timestamp_micros(), row.id)),
            ("OLDEST", false, |row| (row.created_at.timestamp_micros(), row.id)),
            ("HIGHEST", true, |row| (row.rating.into(), row.id)),
            ("LOWEST", false, |row| (row.rating.into(), row.id)),
            ("MOST_HELPFUL", true, |row| (row.helpful_count.into(), row.id)),
        ];
        for (order, is_descending, key) in by {
            let mut sorted = rows.clone();
            sorted.sort_by_key(key);
            if is_descending {
                sorted.reverse();
            }
            let expected: Vec<i64> = sorted.iter().map(|row| row.title.as_ref().unwrap().parse().unwrap()).collect();
            assert_eq!(walk(&forum, order).await, expected, "{order}");
        }
        assert_eq!(page(&forum, "").await.0, page(&forum, "(orderBy: NEWEST, first: 20)").await.0);
    }

    async fn filters_hold_together_and_count_exactly(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let mut rows: Vec<review::Model> = (0..30).map(|number| row(&forum, number)).collect();
        rows[0].status = ReviewStatus::Pending;
        rows[1].status = ReviewStatus::Removed;
        put(&forum, rows.clone()).await;
        type Condition = fn(&review::Model) -> bool;
        let filters: [(&str, Condition); 6] = [
            ("{}", |_| true),
            ("{rating: [5, 1, 5]}", |row| [1, 5].contains(&row.rating)),
            ("{rating: []}", |_| false),
            ("{verification: [EMAIL, ENROLMENT]}", |row| row.verification != ReviewVerification::None),
            ("{relation: [APPLICANT]}", |row| row.relation == ReviewerRelation::Applicant),
            ("{rating: [3], relation: [STUDENT, GRADUATE]}", |row| row.rating == 3 && row.relation != ReviewerRelation::Applicant),
        ];
        for (filter, condition) in filters {
            let expected = rows.iter().filter(|row| row.status == ReviewStatus::Published && condition(row)).count();
            let (titles, found) = page(&forum, &format!("(filter: {filter}, first: 5)")).await;
            assert_eq!((&found["totalCount"], titles.len()), (&expected.into(), expected.min(5)), "{filter}");
        }
    }

    async fn a_page_goes_on_where_it_stopped_while_reviews_come_and_go(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        put(&forum, (0..10).map(|number| row(&forum, number)).collect()).await;
        let (first, found) = page(&forum, "(orderBy: OLDEST, first: 4)").await;
        assert_eq!(first, [0, 1, 2, 3]);
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
        let gone = review::Entity::delete_many().filter(review::Column::Title.is_in(["1", "3", "5"]));
        gone.exec(&forum.people.db).await.unwrap();
        put(&forum, vec![row(&forum, 10)]).await;
        let (rest, _) = page(&forum, &format!("(orderBy: OLDEST, after: {})", found["pageInfo"]["endCursor"])).await;
        assert_eq!(rest, [4, 6, 7, 8, 9, 10]);
    }

    async fn wrong_arguments_are_named(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        put(&forum, (0..3).map(|number| row(&forum, number)).collect()).await;
        let cursor = page(&forum, "(first: 1)").await.1["pageInfo"]["endCursor"].take();
        let course = crate::support::global_id("Course", forum.course);
        for (arguments, argument) in [
            ("first: 0".to_owned(), "first"),
            ("first: 101".to_owned(), "first"),
            ("after: \"x\"".to_owned(), "after"),
            (format!("orderBy: HIGHEST, after: {cursor}"), "after"),
            ("filter: {rating: [1, 6]}".to_owned(), "filter.rating.1"),
        ] {
            let query = format!("{{ course(by: {{id: {course:?}}}) {{ reviews({arguments}) {{ totalCount }} }} }}");
            let answer = app.ask(&query, json!({})).await;
            let extensions = &answer["errors"][0]["extensions"];
            assert_eq!((&extensions["code"], &extensions["argument"]), (&"BAD_USER_INPUT".into(), &argument.into()), "{arguments}");
        }
    }

    async fn the_reviews_of_a_hundred_courses_cost_as_many_statements_as_those_of_twenty(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let author = forum.learner("ann").await;
        let mut rows = Vec::new();
        for number in 0..100 {
            let course_id = forum.catalogue.course(forum.provider, &format!("Course {number}")).await;
            rows.push(review::Model { course_id, account_id: Some(author.account), ..row(&forum, number) });
            rows.extend((0..9).map(|other| review::Model { course_id, ..row(&forum, other) }));
        }
        let at = app.now();
        let reply = |row: &review::Model| review_reply::Model { review_id: row.id, author: "test".to_owned(), body: "Thanks.".to_owned(), created_at: at, updated_at: at };
        let replies = rows.iter().map(reply).collect();
        put(&forum, rows).await;
        insert::<review_reply::Entity>(&forum.people.db, replies).await.unwrap_or_else(|error| panic!("{}", error.cause()));
        app.reached(forum.catalogue.position().await).await;
        let nested = "reviews(first: 10) { totalCount nodes { author body reply { body } course { title } } } ownReview { id } reviewsTurnedAway { removed }";
        let mut caused = Vec::new();
        for first in [20, 100] {
            let before = app.statements().await;
            let data = app.data(&format!("{{ courses(query: \"course\", first: {first}) {{ nodes {{ {nested} }} }} }}")).await;
            let courses = data["courses"]["nodes"].as_array().unwrap();
            assert!(courses.len() == first && courses[7]["reviews"]["nodes"][9]["reply"]["body"] == "Thanks.", "{}", courses[7]);
            caused.push(app.statements().await - before);
        }
        assert_eq!(caused, [7, 7], "courses, pages, reviews, authors, replies, courses of reviews, turned away");
    }
}
