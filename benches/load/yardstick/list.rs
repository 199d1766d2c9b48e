//! List page in one statement. Its text is assembled from the requested conditions, once for each combination of them.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use actix_web::{get, web};
use serde::Deserialize;
use sqlx::query::Query;
use sqlx::{Database, Encode, FromRow, Type};

use super::card::{self, CARDS, Card};
use super::json::Json;
use super::order::{After, Order};
use super::pool::with_rows;
use super::{Answer, Pool, answer};

/// Parameters. Several values of one condition are separated by commas.
#[derive(Deserialize)]
pub struct ListParameters {
    skill: Option<String>,
    level: Option<String>,
    kind: Option<String>,
    /// Maximum price in cents.
    most: Option<i64>,
    order: Order,
    after: Option<String>,
}

#[get("/courses")]
pub async fn get(pool: web::Data<Pool>, parameters: web::Query<ListParameters>) -> Answer {
    Ok(with_rows!(&**pool, prepared(&parameters), |rows| {
        let cards = rows.iter().map(Card::from_row).collect::<Result<Vec<_>, _>>().map_err(super::failed)?;
        answer(page(parameters.order, &cards))
    }))
}

fn page(order: Order, cards: &[Card<'_>]) -> Json {
    let mut json = Json::new();
    let shown = &cards[..cards.len().min(20)];
    json.raw("{\"data\":{\"courses\":{\"nodes\":").list(shown, card::write);
    let cursor = shown.last().map(|card| order.cursor(card));
    json.raw(",\"pageInfo\":{\"hasNextPage\":").value(&(cards.len() > 20));
    json.raw(",\"endCursor\":").word_or_null(cursor.as_deref()).raw("}}}}");
    json
}

/// Statement with its values, in the order of its placeholders.
pub fn prepared<'q, DB: Database>(parameters: &ListParameters) -> Query<'q, DB, DB::Arguments>
where
    String: Encode<'q, DB> + Type<DB>,
    i64: Encode<'q, DB> + Type<DB>,
    f64: Encode<'q, DB> + Type<DB>,
{
    let mut query = sqlx::query(text(parameters));
    for list in [&parameters.skill, &parameters.level, &parameters.kind].into_iter().flatten() {
        query = list.split(',').fold(query, |query, value| query.bind(value.to_owned()));
    }
    if let Some(most) = parameters.most {
        query = query.bind(most);
    }
    match parameters.after.as_deref().map(|cursor| parameters.order.after(cursor)) {
        Some((After::Score(score), id)) => query.bind(score).bind(id),
        Some((After::Price(price), id)) => query.bind(price).bind(id),
        Some((After::Title(title), id)) => query.bind(title).bind(id),
        None => query,
    }
}

/// What the text of a statement depends on.
type Shape = (Order, [usize; 3], bool, bool);

/// Text, cached for each shape: there are a few dozen.
fn text(parameters: &ListParameters) -> &'static str {
    static TEXTS: LazyLock<Mutex<HashMap<Shape, &'static str>>> = LazyLock::new(Mutex::default);
    let values = |list: &Option<String>| list.as_ref().map_or(0, |list| list.split(',').count());
    let lists = [&parameters.skill, &parameters.level, &parameters.kind].map(values);
    let shape = (parameters.order, lists, parameters.most.is_some(), parameters.after.is_some());
    TEXTS.lock().unwrap().entry(shape).or_insert_with(|| Box::leak(compose(shape).into_boxed_str()))
}

/// Reads the IDs of the page from an index in page order, course by course, until there are enough. Collecting all
/// courses of a skill and sorting them, which planners tend to do, costs several times as much for a typical skill.
/// Conditions on other tables are scalar subqueries, which no planner turns into such a join.
pub fn compose((order, [skills, levels, kinds], most, after): Shape) -> String {
    let (from, key, id) = order.sql();
    let mut places = 1..;
    let mut next =
        |count: usize| -> Vec<String> { places.by_ref().take(count).map(|place| format!("${place}")).collect() };
    let mut conditions = vec!["c.status = 'PUBLISHED'".to_owned()];
    let skills = next(skills);
    if levels > 0 {
        conditions.push(format!("c.level in ({})", next(levels).join(", ")));
    }
    if kinds > 0 {
        conditions.push(format!("c.kind in ({})", next(kinds).join(", ")));
    }
    if most {
        conditions.push(format!("{} <= {}", super::order::PRICE, next(1).concat()));
    }
    if let [after, id_after] = &next(if after { 2 } else { 0 })[..] {
        // The first condition is redundant, but SQLite needs it to seek in an index of expressions.
        conditions.push(format!("{key} >= {after} and ({key}, {id}) > ({after}, {id_after})"));
    }
    if !skills.is_empty() {
        let wanted: Vec<_> =
            skills.iter().map(|place| format!("(select s.id from skill s where s.slug = {place})")).collect();
        let wanted = wanted.join(", ");
        let taught = format!("l.course_id = c.id and l.skill_id in ({wanted})");
        conditions.push(format!("(select true from course_skill l where {taught} limit 1)"));
    }
    conditions.push("(select p.status = 'ACTIVE' from provider p where p.id = c.provider_id)".to_owned());
    let conditions = conditions.join(" and ");
    format!("with page as (select {id} as id, {key} as place from {from} {conditions} order by 2, 1 limit 21) {CARDS}")
}
