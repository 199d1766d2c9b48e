//! Plans of the yardstick's statements, to show that it is no straw man.

use sqlx::{AssertSqlSafe, Row};

use super::order::Order;
use super::search::Statements;
use super::{Pool, course, list, provider};

/// Prints the plan of every statement.
pub async fn print(database: &str) {
    let pool = Pool::open(database).await;
    let search = Statements::of(&pool);
    let statements = [
        ("course page", course::SQL.to_owned()),
        ("list page, best rated", list::compose((Order::Rating, [2, 1, 0], false, false))),
        ("list page, cheapest", list::compose((Order::Price, [2, 1, 0], true, false))),
        ("widest list, 500 pages deep", list::compose((Order::Title, [0, 4, 0], false, true))),
        ("provider's page", provider::SQL.to_owned()),
        ("search, hits and counts", search.counts[1].clone()),
        ("search, the page", search.page.clone()),
    ];
    for (name, statement) in statements {
        println!("\n{name}");
        plan(&pool, &statement).await.iter().for_each(|line| println!("    {line}"));
    }
}

async fn plan(pool: &Pool, statement: &str) -> Vec<String> {
    let run = |sql: String| sqlx::raw_sql(AssertSqlSafe(sql));
    match pool {
        Pool::Sqlite(pool) => {
            let rows = run(format!("explain query plan {statement}")).fetch_all(pool).await.unwrap();
            rows.iter().map(|row| row.get("detail")).collect()
        }
        Pool::Postgres(pool) => {
            // Generic plan, which is the one that a prepared statement ends up with.
            let places = (1..=9).rev().find(|place| statement.contains(&format!("${place}"))).unwrap_or(0);
            let nulls = vec!["null"; places].join(", ");
            let mut connection = pool.acquire().await.unwrap();
            let prepare = format!("set plan_cache_mode = force_generic_plan; prepare shown as {statement}");
            run(prepare).execute(&mut *connection).await.unwrap();
            let rows = run(format!("explain execute shown({nulls})")).fetch_all(&mut *connection).await.unwrap();
            connection.close().await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }
}
