//! `lectern import`: its arguments, progress bar and report. Every rejected row is printed to standard output as soon
//! as it is known; the totals come last.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use catalog::clock::SystemClock;
use catalog::course::write::RowResult;
use catalog::database::Database;
use catalog::error::{AppError, Result};
use catalog::import::{
    self, DEFAULT_RETIRE_SHARE, Faults, FeedReader, Format, Layout, Mapping, Options, RecordKind, RowReport, Totals,
};
use catalog::imported::ImportSource;
use catalog::taxonomy;
use catalog::write::{Writer, begin};
use chrono::{DateTime, Utc};
use clap::Args;
use indicatif::ProgressBar;

use super::{on_database, progress_bar, say};
use crate::config::Settings;

/// Exit code if some rows were rejected; clap itself uses 2 for invalid arguments.
const EXIT_REJECTED: u8 = 3;

/// Maximum size of a record in bytes.
const MAX_RECORD_BYTES: usize = 4 * 1024 * 1024;

/// Arguments of the import.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// File to import: CSV or JSON Lines, or one JSON document with --taxonomy
    file: PathBuf,
    /// Slug of the provider that owns the courses
    #[arg(long, required_unless_present = "other", conflicts_with = "other")]
    provider: Option<String>,
    /// Import sources, subjects, skills, careers, providers, certifications and statistics
    #[arg(long, group = "other")]
    taxonomy: bool,
    /// Import reviews that another site has published
    #[arg(long, group = "other", requires = "source")]
    reviews: bool,
    /// Import outcome reports that another site has published
    #[arg(long, group = "other", requires = "source")]
    outcomes: bool,
    /// Name of the site that reviews or outcome reports come from
    #[arg(long, value_name = "NAME", conflicts_with_all = ["taxonomy", "provider"])]
    source: Option<String>,
    /// Address of the site, for records that state none
    #[arg(long, value_name = "URL", requires = "source")]
    source_url: Option<String>,
    /// Mapping from the columns of a foreign CSV file to fields
    #[arg(long, conflicts_with = "other")]
    mapping: Option<PathBuf>,
    /// Create missing partners as the mapping says
    #[arg(long, requires = "mapping")]
    create_partners: bool,
    /// Treat the file as complete: retire published courses that it does not contain
    #[arg(long, conflicts_with = "other")]
    missing_retire: bool,
    /// Maximum share of the published courses to retire, 0 to 1; above it none is retired
    #[arg(long, requires = "missing_retire", value_name = "SHARE", value_parser = share)]
    retire_at_most: Option<f64>,
    /// Leave new courses as drafts, unless their rows say otherwise
    #[arg(long, conflicts_with = "other")]
    draft: bool,
    /// Validate and report everything, but write nothing
    #[arg(long)]
    dry_run: bool,
    /// Format of the file; by default it follows from the extension: .csv, .tsv, .jsonl, .ndjson or .json
    #[arg(long, conflicts_with = "taxonomy")]
    format: Option<Format>,
    /// Delimiter between the columns of CSV, e.g. ; or tab; by default it is found in the header
    #[arg(long, conflicts_with = "taxonomy", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// Encoding of the file, e.g. windows-1252; UTF-8 by default, and UTF-16 is found
    #[arg(long, conflicts_with = "taxonomy", value_name = "NAME")]
    encoding: Option<String>,
    /// Number of lines before the header of CSV
    #[arg(long, conflicts_with = "taxonomy", value_name = "LINES", default_value_t = 0)]
    skip_lines: u32,
}

pub(super) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode> {
    let mut writer = Writer::new("import", Arc::new(SystemClock));
    writer.dry_run = arguments.dry_run;
    let accepted = on_database(settings, async |database| match (&arguments.provider, &arguments.source) {
        (Some(provider), _) => courses(database, &writer, provider, &arguments).await,
        (None, Some(source)) => records(database, &writer, source, &arguments).await,
        (None, None) => taxonomy(&database.write, &writer, &arguments.file).await,
    });
    Ok(if accepted.await? { ExitCode::SUCCESS } else { ExitCode::from(EXIT_REJECTED) })
}

async fn taxonomy(db: &sea_orm::DatabaseConnection, writer: &Writer, file: &Path) -> Result<bool> {
    let document = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    let transaction = begin(db).await?;
    let report = taxonomy::import(&transaction, writer, &document).await?;
    report.errors.iter().for_each(say);
    let accepted = report.errors.is_empty();
    if accepted && !writer.dry_run {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    for (kind, tally) in report.sections.iter().filter(|_| accepted) {
        say(format_args!(
            "{kind}: {} created, {} updated, {} unchanged",
            tally.created, tally.updated, tally.unchanged
        ));
    }
    if !accepted {
        say(format_args!("{} faults; nothing was written", report.errors.len()));
    }
    Ok(accepted)
}

async fn courses(database: &Database, writer: &Writer, provider: &str, arguments: &Arguments) -> Result<bool> {
    let started = writer.now();
    let unknown = || {
        let rule = "there is no such provider; `lectern import --taxonomy` puts one in";
        AppError::input(format!("--provider {provider}"), rule)
    };
    let options = Options {
        provider: import::provider(&database.write, provider).await?.ok_or_else(unknown)?,
        publish: !arguments.draft,
        create_partners: arguments.create_partners,
        retire_at_most: arguments.missing_retire.then(|| arguments.retire_at_most.unwrap_or(DEFAULT_RETIRE_SHARE)),
        caller: None,
    };
    let (file, bar) = open(&arguments.file)?;
    let file = import::file(bar.wrap_read(file));
    let (format, mapping, layout) = (format(arguments)?, mapping(arguments)?, layout(arguments)?);
    let reader = FeedReader::open(file, format, mapping, layout, MAX_RECORD_BYTES).await?;
    let mut faults = Faults::default();
    let report_refused = async |done: Vec<RowReport>| {
        faults.count(&done);
        bar.suspend(|| refused(&done));
        Ok(())
    };
    let totals = import::import(database, writer, &options, reader, report_refused).await?;
    finish(database, writer, started, (&bar, &faults, &totals)).await
}

/// Imports reviews or outcome reports of a site.
async fn records(database: &Database, writer: &Writer, source: &str, arguments: &Arguments) -> Result<bool> {
    let started = writer.now();
    let kind = if arguments.reviews { RecordKind::Reviews } else { RecordKind::Outcomes };
    let source = ImportSource::new(source, arguments.source_url.as_deref());
    let source = source.map_err(|rule| AppError::input("--source", rule))?;
    let (file, bar) = open(&arguments.file)?;
    let file = import::file(bar.wrap_read(file));
    let (format, layout) = (format(arguments)?, layout(arguments)?);
    let is_field = Some(kind.is_field());
    let reader = FeedReader::open_as(file, format, None, layout, MAX_RECORD_BYTES, is_field).await?;
    let mut faults = Faults::default();
    let report_refused = async |done: Vec<RowReport>| {
        faults.count(&done);
        bar.suspend(|| refused(&done));
        Ok(())
    };
    let totals = import::import_records(database, writer, (kind, &source, None), reader, report_refused).await?;
    finish(database, writer, started, (&bar, &faults, &totals)).await
}

fn open(path: &Path) -> Result<(File, ProgressBar)> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let length = file.metadata().map_or(0, |about| about.len());
    Ok((file, progress_bar(length, "{bar:40} {bytes} of {total_bytes}, {eta} left")))
}

/// Prints the report of a feed. Returns whether everything was accepted.
async fn finish(
    database: &Database,
    writer: &Writer,
    started: DateTime<Utc>,
    (bar, faults, totals): (&ProgressBar, &Faults, &Totals),
) -> Result<bool> {
    if !writer.dry_run {
        database.refresh_statistics().await;
    }
    bar.finish_and_clear();
    faults.shared().for_each(say);
    totals.html.iter().for_each(say);
    report(totals, (writer.now() - started).as_seconds_f64(), writer.dry_run);
    Ok(totals.refused == 0 && totals.retire_error.is_none())
}

fn format(arguments: &Arguments) -> Result<Format> {
    let name = arguments.file.extension().and_then(|name| name.to_str());
    match (arguments.format, name) {
        (Some(format), _) => Ok(format),
        (None, Some("csv" | "tsv")) => Ok(Format::Csv),
        (None, Some("jsonl" | "ndjson" | "json")) => Ok(Format::Jsonl),
        (None, _) => Err(AppError::input("--format", "must be given, since the name of the file does not tell")),
    }
}

fn mapping(arguments: &Arguments) -> Result<Option<Mapping>> {
    let Some(file) = &arguments.mapping else { return Ok(None) };
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    Mapping::parse(&text).map(Some)
}

fn layout(arguments: &Arguments) -> Result<Layout> {
    let encoding = arguments.encoding.as_deref().map(Layout::parse_encoding).transpose();
    let encoding = encoding.map_err(|rule| AppError::input("--encoding", rule))?;
    Ok(Layout { delimiter: arguments.delimiter, encoding, skip_lines: arguments.skip_lines })
}

fn delimiter(text: &str) -> Result<u8, &'static str> {
    Layout::parse_delimiter(text)
}

fn share(text: &str) -> Result<f64, &'static str> {
    import::parse_share(text).ok_or("must be a number from 0 to 1")
}

fn unreadable(file: &Path, error: &std::io::Error) -> AppError {
    AppError::input(file.display().to_string(), format!("cannot be read: {error}"))
}

fn refused(rows: &[RowReport]) {
    for row in rows {
        if let RowResult::Rejected(errors) = &row.outcome {
            errors.iter().for_each(|error| say(format_args!("line {}: {error}", row.line)));
        }
    }
}

fn report(totals: &Totals, seconds: f64, dry_run: bool) {
    let Totals { created, updated, unchanged, refused, retired, .. } = totals;
    let rate = totals.rows() as f64 / seconds.max(0.001);
    let prefix = if dry_run { "dry run, nothing was written: " } else { "" };
    let retired = if *retired > 0 { format!(", {retired} retired") } else { String::new() };
    totals.retire_error.iter().for_each(say);
    say(format_args!(
        "{prefix}{} rows: {created} created, {updated} updated, {unchanged} unchanged, {refused} refused{retired}; {rate:.0} rows/s",
        totals.rows(),
    ));
}
