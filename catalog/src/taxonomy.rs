//! Import of sources, subjects, skills, careers, providers, certifications and statistics from one JSON document, whose
//! format is in docs/import.md. All of it is written, or nothing if there is any error: these files are small and
//! maintained by hand. Independent of courses and of the command line.

mod careers;
mod certifications;
mod providers;
mod section;
mod skills;
mod sources;
mod state;
mod statistics;
mod subjects;

use sea_orm::DatabaseTransaction;

use self::section::Item;
use self::state::TaxonomyImport;
pub use self::state::{ImportReport, SectionCounts};

use crate::error::{AppError, Result};
use crate::input::{Fields, InputReader};
use crate::write::Writer;

/// Parses a document and writes it in the caller's transaction. The caller must roll back if the report contains
/// errors.
pub async fn import(db: &DatabaseTransaction, writer: &Writer, document: &str) -> Result<ImportReport> {
    let fields = serde_json::from_str(document).map_err(|error| {
        AppError::input(
            "file",
            format!("line {}, column {}: is not a JSON object: {error}", error.line(), error.column()),
        )
    })?;
    import_fields(db, writer, &fields).await
}

/// Like [`import`], for a document that is already parsed.
pub async fn import_fields(db: &DatabaseTransaction, writer: &Writer, fields: &Fields) -> Result<ImportReport> {
    let (file, errors) = InputReader::read(fields, read);
    let mut import = TaxonomyImport { db, writer, entries: Vec::new(), sections: Vec::new(), errors };
    sources::write(&mut import, file.sources).await?;
    subjects::write(&mut import, file.subjects).await?;
    skills::write(&mut import, file.skills).await?;
    careers::write(&mut import, file.careers).await?;
    providers::write(&mut import, file.providers).await?;
    certifications::write(&mut import, file.certifications).await?;
    statistics::write(&mut import, file.statistics).await?;
    let TaxonomyImport { db, writer, entries, sections, errors } = import;
    if errors.is_empty() {
        // This must be the last step of the transaction.
        writer.log(db, entries).await?;
    }
    Ok(ImportReport { sections, errors })
}

/// Parsed document. The fields are in the order in which they are written: nothing refers to a later section.
struct File {
    sources: Vec<Item<sources::SourceFields>>,
    subjects: Vec<Item<String>>,
    skills: Vec<Item<skills::SkillFields>>,
    careers: Vec<Item<careers::CareerFields>>,
    providers: Vec<Item<providers::ProviderFields>>,
    certifications: Vec<Item<certifications::CertificationFields>>,
    statistics: Vec<Item<statistics::StatisticFields>>,
}

/// Maximum number of items in a section.
const MAX_ITEMS: usize = 100_000;

fn read(reader: &mut InputReader<'_>) -> File {
    File {
        sources: reader.objects("sources", MAX_ITEMS, sources::read).value().unwrap_or_default(),
        subjects: reader.objects("subjects", MAX_ITEMS, subjects::read).value().unwrap_or_default(),
        skills: reader.objects("skills", MAX_ITEMS, skills::read).value().unwrap_or_default(),
        careers: reader.objects("careers", MAX_ITEMS, careers::read).value().unwrap_or_default(),
        providers: reader.objects("providers", MAX_ITEMS, providers::read).value().unwrap_or_default(),
        certifications: reader.objects("certifications", MAX_ITEMS, certifications::read).value().unwrap_or_default(),
        statistics: reader.objects("statistics", MAX_ITEMS, statistics::read).value().unwrap_or_default(),
    }
}
