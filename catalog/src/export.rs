//! Exports courses in the form in which they are imported: the courses of a provider as CSV, XLSX or JSON Lines, and the
//! public catalogue. An export reads one snapshot of the database, page by page, so it is consistent at one position of
//! the log however long it takes, and memory use does not grow with it. Does not belong here: the fields of a course
//! (see `course::import_rows`), the command line, and HTTP.

mod table;
mod xlsx;

use entity::{ListingStatus, ProviderStatus, course, provider};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::auth::{Caller, refresh_caller, require_sign_in};
use crate::changelog::{self, LogPoint};
use crate::course::import_rows::{self, View};
use crate::database::{ReadPool, begin_reading};
use crate::error::{AppError, Result};
use crate::input::Fields;
use crate::provider::service::is_public;
use crate::write::{Target, names};

pub use self::xlsx::workbook;

/// Format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ExportFormat {
    /// Values separated by commas, with a header.
    Csv,
    /// One JSON object per line.
    Jsonl,
    /// A workbook with one sheet, in the columns of CSV.
    Xlsx,
}

impl ExportFormat {
    /// Format with this name, which is also the extension of its files.
    pub fn of(name: &str) -> Option<Self> {
        clap::ValueEnum::from_str(name, false).ok()
    }

    /// Extension of the name of a file.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Xlsx => "xlsx",
        }
    }

    /// Media type of a file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jsonl => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Courses per page. A course may have 200 KB, and a page is in memory as a whole.
const COURSES_PER_PAGE: u64 = 100;

/// Which courses are exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All courses of a provider that have a key, drafts too, with all that an import can write.
    Provider(i64),
    /// Published courses of active providers, as everyone sees them.
    Catalogue,
}

/// A course of an export.
#[derive(Clone, Debug)]
pub struct ExportedCourse {
    /// Row of the course.
    pub row: course::Model,
    /// Slug of its provider.
    pub provider: String,
    /// Fields in the form of an import.
    pub fields: Fields,
}

/// An export in progress. Courses come in the order of their row IDs.
pub struct Export {
    snapshot: DatabaseTransaction,
    selection: Selection,
    point: LogPoint,
    without_key: u64,
    /// Last course of the pages that have been written out.
    written: i64,
    /// Last course of the page that was read last.
    read: i64,
}

impl Export {
    /// Takes a snapshot to export from, after the course with this row ID.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn open(db: &DatabaseConnection, selection: Selection, after: i64) -> Result<Self> {
        let snapshot = begin_reading(db).await?;
        let position = changelog::head(&snapshot).await?.position;
        let point = changelog::point_at(&snapshot, position).await?;
        let without_key = match selection {
            Selection::Provider(id) => count_without_key(&snapshot, id).await?,
            Selection::Catalogue => 0,
        };
        Ok(Self { snapshot, selection, point, without_key, written: after, read: after })
    }

    /// Which courses are exported.
    pub fn selection(&self) -> Selection {
        self.selection
    }

    /// Point of the log at which the export is consistent.
    pub fn point(&self) -> LogPoint {
        self.point
    }

    /// Row ID after which the export can be resumed: that of the last course before the page that was read last, which
    /// may not have arrived.
    pub fn resume_after(&self) -> i64 {
        self.written
    }

    /// Number of courses of the provider that are left out, because they have no key by which an import would recognise
    /// them.
    pub fn without_key(&self) -> u64 {
        self.without_key
    }

    /// Reads the next page, with as many statements for one course as for a full page. Empty at the end.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn next_page(&mut self) -> Result<Vec<ExportedCourse>> {
        self.written = self.read;
        let rows = self.rows().await?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(Vec::new()) };
        let view = match self.selection {
            Selection::Provider(_) => View::Owner,
            Selection::Catalogue => View::Public,
        };
        let fields = import_rows::load(&self.snapshot, &rows, view).await?;
        let providers = names(&self.snapshot, Target::Provider, rows.iter().map(|row| row.provider_id)).await?;
        self.read = last;
        let exported = rows.into_iter().zip(fields).map(|(row, fields)| {
            let provider = providers.get(&row.provider_id).cloned().unwrap_or_default();
            ExportedCourse { row, provider, fields }
        });
        Ok(exported.collect())
    }

    async fn rows(&self) -> Result<Vec<course::Model>> {
        use course::Column;
        let courses = match self.selection {
            Selection::Provider(id) => {
                course::Entity::find().filter(Column::ProviderId.eq(id)).filter(Column::ExternalKey.is_not_null())
            }
            Selection::Catalogue => {
                // Not a list of providers: SQLite would read all of their courses and sort them, for every page.
                let active = Query::select()
                    .expr(Expr::val(1))
                    .from(provider::Entity)
                    .and_where(
                        Expr::col((provider::Entity, provider::Column::Id))
                            .equals((course::Entity, Column::ProviderId)),
                    )
                    .and_where(provider::Column::Status.eq(ProviderStatus::Active))
                    .take();
                let published = course::Entity::find().filter(Column::Status.eq(ListingStatus::Published));
                published.filter(Expr::exists(active))
            }
        };
        let page = courses.filter(Column::Id.gt(self.read)).order_by_asc(Column::Id).limit(COURSES_PER_PAGE);
        Ok(page.all(&self.snapshot).await?)
    }
}

async fn count_without_key(db: &DatabaseTransaction, provider: i64) -> Result<u64> {
    use course::Column;
    let own = course::Entity::find().filter(Column::ProviderId.eq(provider)).filter(Column::ExternalKey.is_null());
    Ok(own.count(db).await?)
}

/// Fails unless the caller may export the courses of a provider: its members and service tokens, and staff. The rights
/// are read again, because they may be revoked while an export runs.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn authorize(db: &ReadPool, caller: &Caller, id: i64) -> Result<provider::Model> {
    require_sign_in(caller)?;
    let row = provider::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound("provider"))?;
    let caller = refresh_caller(db, caller, id).await?;
    match (caller.can_see_private(id), is_public(&row)) {
        (true, _) => Ok(row),
        (false, true) => Err(AppError::Forbidden),
        (false, false) => Err(AppError::NotFound("provider")),
    }
}

/// The header of CSV.
pub fn csv_header() -> Result<Vec<u8>> {
    table::header()
}

/// Courses as CSV, without a header.
pub fn csv(courses: &[ExportedCourse]) -> Result<Vec<u8>> {
    table::records(courses)
}

/// Courses as JSON Lines.
pub fn json_lines(courses: &[ExportedCourse]) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for course in courses {
        serde_json::to_writer(&mut lines, &course.fields).map_err(AppError::internal)?;
        lines.push(b'\n');
    }
    Ok(lines)
}
