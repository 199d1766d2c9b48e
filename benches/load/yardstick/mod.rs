//! The yardstick: what an expert would write by hand for these pages and nothing else. Actix handlers on sqlx, the
//! driver that Lectern uses; one prepared statement per page, only the columns that the response needs, covering
//! indexes where they help, and JSON written by hand. The limit is here too: a handler that does nothing.

/// Declares a row as a struct that is read by column name. As the library's derive does, which would compile the drivers
/// of both databases a second time, for the machine that compiles.
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident<'r> { $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        $vis struct $name<'r> {
            $($(#[$field_meta])* $field_vis $field: $type,)+
        }

        impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for $name<'r>
        where
            for<'name> &'name str: sqlx::ColumnIndex<R>,
            $($type: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,)+
        {
            fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
                Ok(Self { $($field: row.try_get(stringify!($field))?,)+ })
            }
        }
    };
}

mod card;
mod course;
mod json;
mod list;
mod order;
mod plans;
mod pool;
mod provider;
mod search;

use actix_web::http::header::ContentType;
use actix_web::{App, HttpResponse, HttpServer, get, post, web};

pub use plans::print as print_plans;
pub use pool::Pool;
pub use search::{POSTGRES_INDEX, SQLITE_INDEX};

/// Response of the limit: a slice of this, as long as a response of the page it stands for.
static NOTHING: [u8; 1 << 20] = [b' '; 1 << 20];

/// Indexes that its statements need and the schema lacks.
pub fn indexes() -> String {
    let (score, price) = (order::SCORE.replace("k.", ""), order::PRICE.replace("c.", ""));
    let facts = "status, level, kind, provider_id, formats";
    format!(
        "create index bench_course_by_title on course (provider_id, lower(title), id);
         create index bench_course_by_titles on course (lower(title), id, {facts});
         create index bench_course_by_price on course (({price}), id, {facts});
         create index bench_course_by_score on course_rating (({score}), course_id);
         create index bench_skill_courses on course_skill (skill_id, course_id);
         create index bench_course_facts on course (id, {facts});"
    )
}

/// Serves the pages on a database until the process ends.
pub async fn serve(database: &str) -> std::io::Result<()> {
    let pool = web::Data::new(Pool::open(database).await);
    let routes = |config: &mut web::ServiceConfig| {
        config.service(ready).service(limit);
        config.service(course::get).service(list::get).service(provider::get).service(search::get);
    };
    let server = HttpServer::new(move || App::new().app_data(pool.clone()).configure(routes));
    let server = server.bind("127.0.0.1:0")?;
    println!("listening on http://{}", server.addrs()[0]);
    server.run().await
}

#[get("/health/ready")]
async fn ready() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[post("/limit/{length}")]
async fn limit(length: web::Path<usize>, _request: web::Bytes) -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(&NOTHING[..*length])
}

/// Response of a handler.
type Answer = actix_web::Result<HttpResponse>;

fn answer(json: json::Json) -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(json.0)
}

fn failed(error: sqlx::Error) -> actix_web::Error {
    actix_web::error::ErrorInternalServerError(error)
}
