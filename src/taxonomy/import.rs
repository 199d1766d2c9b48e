//! Import of sources, subjects, skills, careers, providers, certifications and statistics from one JSON document, whose
//! format is in docs/import.md. All of it is written, or nothing if there is any error: these files are small and
//! maintained by hand. Independent of courses and of the command line.

mod careers;
mod certifications;
pub(crate) mod providers;
mod skills;
mod sources;
mod statistics;
mod subjects;
mod work;

use sea_orm::DatabaseTransaction;

use self::work::Work;
pub use self::work::{Report, Tally};

use crate::error::{AppError, Result};
use crate::input::{Fields, InputReader};
use crate::write::Writer;

/// Parses a document and writes it in the caller's transaction. The caller must roll back if the report contains
/// errors.
pub async fn import(db: &DatabaseTransaction, writer: &Writer, document: &str) -> Result<Report> {
    let fields = parse(document)?;
    import_fields(db, writer, &fields).await
}

fn parse(document: &str) -> Result<Fields> {
    serde_json::from_str(document).map_err(|error| {
        AppError::input(
            "file",
            format!("line {}, column {}: is not a JSON object: {error}", error.line(), error.column()),
        )
    })
}

/// Like [`import`], for a document that is already parsed.
pub async fn import_fields(db: &DatabaseTransaction, writer: &Writer, fields: &Fields) -> Result<Report> {
    let mut work = Work::new(db, writer);
    let (file, errors) = InputReader::read(fields, read);
    work.errors = errors;
    sources::write(&mut work, file.sources).await?;
    subjects::write(&mut work, file.subjects).await?;
    skills::write(&mut work, file.skills).await?;
    careers::write(&mut work, file.careers).await?;
    providers::write(&mut work, file.providers).await?;
    certifications::write(&mut work, file.certifications).await?;
    statistics::write(&mut work, file.statistics).await?;
    finish(work).await
}

/// Parsed document. The fields are in the order in which they are written: nothing refers to a later section.
struct File {
    sources: Vec<sources::Draft>,
    subjects: Vec<subjects::Draft>,
    skills: Vec<skills::Draft>,
    careers: Vec<careers::Draft>,
    providers: Vec<providers::Draft>,
    certifications: Vec<certifications::Draft>,
    statistics: Vec<statistics::Draft>,
}

/// Maximum number of items in a section.
const ITEMS: usize = 100_000;

fn read(reader: &mut InputReader<'_>) -> File {
    File {
        sources: reader.objects("sources", ITEMS, sources::read).value().unwrap_or_default(),
        subjects: reader.objects("subjects", ITEMS, subjects::read).value().unwrap_or_default(),
        skills: reader.objects("skills", ITEMS, skills::read).value().unwrap_or_default(),
        careers: reader.objects("careers", ITEMS, careers::read).value().unwrap_or_default(),
        providers: reader.objects("providers", ITEMS, providers::read).value().unwrap_or_default(),
        certifications: reader.objects("certifications", ITEMS, certifications::read).value().unwrap_or_default(),
        statistics: reader.objects("statistics", ITEMS, statistics::read).value().unwrap_or_default(),
    }
}

/// Appends the entries to the change log. This must be the last step of a transaction.
async fn finish(work: Work<'_>) -> Result<Report> {
    let Work { db, writer, entries, sections, errors, .. } = work;
    if errors.is_empty() {
        writer.log(db, entries).await?;
    }
    Ok(Report { sections, errors })
}
