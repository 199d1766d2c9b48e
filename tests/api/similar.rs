//! Similar courses.

use entity::*;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::row_writer::RowWriter;
use crate::support::{App, global_id};

const HOME: i64 = 1;
const AWAY: i64 = 2;

/// Skills with ids from 11, a career 31 and a subject 21, and two providers.
async fn writer(app: &App) -> RowWriter {
    let mut writer = RowWriter::open(app).await;
    writer.provider(HOME, "home", |_| {}).await;
    writer.provider(AWAY, "away", |_| {}).await;
    for id in 11..20 {
        let (slug, name) = (Set(format!("skill-{id}")), Set(format!("Skill {id}")));
        writer.row(skill::ActiveModel { id: Set(id), slug, name, kind: Set(SkillKind::Tool) }).await;
    }
    let (slug, name) = (Set("web".to_owned()), Set("Web".to_owned()));
    writer.row(subject::ActiveModel { id: Set(21), slug, name }).await;
    let (slug, title) = (Set("developer".to_owned()), Set("Developer".to_owned()));
    writer.row(career::ActiveModel { id: Set(31), slug, title, description: Set(None) }).await;
    writer.changed(ListingType::Taxonomy, 11);
    writer.changed(ListingType::Career, 31);
    writer
}

async fn course(writer: &mut RowWriter, id: i64, provider: i64, skills: &[i64]) {
    writer.course(id, provider, &format!("course-{id}"), |_| {}).await;
    for (skill, position) in skills.iter().zip(0..) {
        let link = course_skill::ActiveModel { course_id: Set(id), skill_id: Set(*skill), position: Set(position) };
        writer.row(link).await;
    }
}

/// The ids of the courses that are similar to one, separated by spaces.
async fn similar(app: &App, id: i64, arguments: &str) -> String {
    let query = format!("query($id: ID!) {{ course(by: {{id: $id}}) {{ similar{arguments} {{ slug }} }} }}");
    let answer = app.ask(&query, json!({ "id": global_id("Course", id) })).await;
    let courses = answer["data"]["course"]["similar"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
    let ids: Vec<&str> =
        courses.iter().map(|course| course["slug"].as_str().unwrap().trim_start_matches("course-")).collect();
    ids.join(" ")
}

on_both! {
    #![empty]

    async fn more_shared_skills_come_first_and_what_shares_nothing_does_not_come(app: App) {
        let mut writer = writer(&app).await;
        course(&mut writer, 101, HOME, &[11, 12, 13]).await;
        course(&mut writer, 102, HOME, &[11]).await;
        course(&mut writer, 103, HOME, &[13, 11, 12]).await;
        course(&mut writer, 104, HOME, &[11, 12]).await;
        course(&mut writer, 105, HOME, &[14, 15]).await;
        course(&mut writer, 106, HOME, &[]).await;
        writer.done(&app).await;
        assert_eq!(similar(&app, 101, "").await, "103 104 102");
        assert_eq!(similar(&app, 101, "(first: 1)").await, "103");
        assert_eq!(similar(&app, 106, "").await, "");
    }

    async fn a_rare_skill_in_common_says_more_than_a_common_one(app: App) {
        let mut writer = writer(&app).await;
        course(&mut writer, 101, HOME, &[11, 12]).await;
        for id in 110..120 {
            course(&mut writer, id, HOME, &[11, 13, 14]).await;
        }
        course(&mut writer, 103, HOME, &[12, 13]).await;
        course(&mut writer, 102, HOME, &[11, 13]).await;
        writer.done(&app).await;
        assert_eq!(similar(&app, 101, "(first: 2)").await, "103 102");
    }

    async fn career_subject_level_and_another_provider_count_beside_the_skills(app: App) {
        let mut writer = writer(&app).await;
        for id in [101, 102, 103, 104, 105, 106] {
            course(&mut writer, id, if id == 105 { AWAY } else { HOME }, &[11]).await;
        }
        for id in [101, 102] {
            writer.row(course_career::ActiveModel { course_id: Set(id), career_id: Set(31), position: Set(0) }).await;
        }
        for id in [101, 103] {
            writer.row(course_subject::ActiveModel { course_id: Set(id), subject_id: Set(21), position: Set(0) }).await;
        }
        for (id, level) in [(101, Level::Beginner), (104, Level::Beginner), (106, Level::Advanced)] {
            writer.update_course(id, |row| row.level = Set(Some(level))).await;
        }
        writer.done(&app).await;
        // 103 and 104 are equally similar, and are sorted by title.
        assert_eq!(similar(&app, 101, "").await, "102 103 104 105 106");
    }

    async fn itself_its_units_what_it_is_a_part_of_and_what_is_not_listed_are_left_out(app: App) {
        let mut writer = writer(&app).await;
        for id in [101, 102, 103, 104, 105, 106] {
            course(&mut writer, id, HOME, &[11]).await;
        }
        for (whole, unit) in [(101, 102), (103, 101)] {
            writer.row(course_unit::ActiveModel { course_id: Set(whole), unit_id: Set(unit), position: Set(0) }).await;
        }
        writer.update_course(105, |row| row.status = Set(ListingStatus::Retired)).await;
        writer.update_course(106, |row| row.status = Set(ListingStatus::Draft)).await;
        writer.done(&app).await;
        assert_eq!(similar(&app, 101, "").await, "104");
        assert_eq!(similar(&app, 105, "").await, "101 102 103 104", "a retired course has similar ones that are listed");
    }

    async fn a_size_out_of_bounds_is_refused(app: App) {
        let mut writer = writer(&app).await;
        course(&mut writer, 101, HOME, &[11]).await;
        writer.done(&app).await;
        for first in [0, 21, -1] {
            let query = format!("{{ courses {{ nodes {{ similar(first: {first}) {{ id }} }} }} }}");
            let answer = app.ask(&query, json!({})).await;
            assert_eq!(answer["errors"][0]["extensions"]["argument"], "first", "{answer}");
            assert!(answer["errors"][0]["message"].as_str().unwrap().contains("1 to 20"), "{answer}");
        }
    }

    async fn a_list_with_similar_courses_takes_as_many_statements_for_many_as_for_one(app: App) {
        let mut writer = writer(&app).await;
        for id in 101..150 {
            course(&mut writer, id, HOME, &[11 + id % 4, 15 + id % 5]).await;
        }
        writer.done(&app).await;
        let mut caused = Vec::new();
        for first in [2, 40] {
            let before = app.statements().await;
            let query = format!("{{ courses(first: {first}) {{ nodes {{ similar(first: 3) {{ title }} }} }} }}");
            let data = app.data(&query).await;
            let found = |node: &Value| node["similar"].as_array().unwrap().len() == 3;
            assert!(data["courses"]["nodes"].as_array().unwrap().iter().all(found), "{data:#}");
            caused.push(app.statements().await - before);
        }
        assert_eq!(caused, [3, 3], "the page, its links, the similar ones");
    }
}
