//! `lectern import`: its arguments, progress bar and report. The first rejected rows of each kind are printed to standard
//! output as soon as they are known; the report comes last.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use catalog::clock::SystemClock;
use catalog::database::Database;
use catalog::error::{AppError, Result};
use catalog::import::{
    self, DEFAULT_RETIRE_SHARE, FeedReader, Format, ImportReport, Layout, Mapping, Options, Preset, RecordKind,
    RowReport, kept_mapping,
};
use catalog::imported::ImportSource;
use catalog::taxonomy;
use catalog::write::{Writer, begin};
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
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
    /// File to import: CSV, JSON or a workbook, or one JSON document with --taxonomy
    #[arg(required_unless_present = "print_preset")]
    file: Option<PathBuf>,
    /// Slug of the provider that owns the courses
    #[arg(long, required_unless_present_any = ["other", "print_preset"], conflicts_with = "other")]
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
    /// Mapping from the columns or paths of a foreign file to fields
    #[arg(long, conflicts_with = "taxonomy")]
    mapping: Option<PathBuf>,
    /// Mapping that comes with Lectern
    #[arg(long, conflicts_with_all = ["other", "mapping"])]
    preset: Option<Preset>,
    /// Use the mapping that the provider keeps
    #[arg(long, conflicts_with_all = ["other", "mapping", "preset"])]
    kept_mapping: bool,
    /// Print a mapping that comes with Lectern, to start another one from
    #[arg(long, value_name = "PRESET", exclusive = true)]
    print_preset: Option<Preset>,
    /// Create missing partners as the mapping says
    #[arg(long, requires = "mapping", conflicts_with = "other")]
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
    /// Format of the file; by default it follows from the extension: .csv, .tsv, .jsonl, .ndjson, .json, .jsonld, .xlsx
    /// or .ods
    #[arg(long, conflicts_with = "taxonomy")]
    format: Option<Format>,
    /// Delimiter between the columns of CSV, e.g. ; or tab; by default it is found in the header
    #[arg(long, conflicts_with = "taxonomy", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// Encoding of the file, e.g. windows-1252; UTF-8 by default, and UTF-16 is found
    #[arg(long, conflicts_with = "taxonomy", value_name = "NAME")]
    encoding: Option<String>,
    /// Number of lines before the header of CSV or of a sheet
    #[arg(long, conflicts_with = "taxonomy", value_name = "LINES", default_value_t = 0)]
    skip_lines: u32,
    /// Sheet of a workbook; by default the only one with rows
    #[arg(long, conflicts_with = "taxonomy", value_name = "NAME")]
    sheet: Option<String>,
    /// What is printed
    #[arg(long, conflicts_with = "taxonomy", value_enum, default_value = "summary")]
    report: ReportFormat,
}

/// Format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    /// The first rows of each kind of fault, and then one line for each kind
    Summary,
    /// All faults of all rows, and then one line for each kind
    Rows,
    /// One JSON document
    Json,
}

pub(super) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode> {
    if let Some(preset) = arguments.print_preset {
        say(preset.text().trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let file = arguments.file.as_deref().unwrap_or(Path::new(""));
    let mut writer = Writer::new("import", Arc::new(SystemClock));
    writer.dry_run = arguments.dry_run;
    let accepted = on_database(settings, async |database| match (&arguments.provider, &arguments.source) {
        (Some(provider), _) => courses(database, &writer, (provider, file), &arguments).await,
        (None, Some(source)) => records(database, &writer, (source, file), &arguments).await,
        (None, None) => taxonomy(&database.write, &writer, file).await,
    });
    let accepted = accepted.await.inspect_err(|error| {
        if arguments.report == ReportFormat::Json {
            say(import::broken_off(error));
        }
    });
    Ok(if accepted? { ExitCode::SUCCESS } else { ExitCode::from(EXIT_REJECTED) })
}

async fn taxonomy(db: &sea_orm::DatabaseConnection, writer: &Writer, file: &Path) -> Result<bool> {
    let document = read(file)?;
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

async fn courses(
    database: &Database,
    writer: &Writer,
    (provider, path): (&str, &Path),
    arguments: &Arguments,
) -> Result<bool> {
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
    let (file, bar) = open(path)?;
    let file = import::file(bar.wrap_read(file));
    let (format, layout) = (format(arguments.format, path)?, layout(arguments)?);
    let mapping = if arguments.kept_mapping {
        Some(kept_mapping::load(&database.write, options.provider).await?)
    } else {
        mapping(arguments)?
    };
    let reader = FeedReader::open(file, format, mapping, layout, MAX_RECORD_BYTES).await?;
    let print_refused = async |done: Vec<RowReport>| {
        bar.suspend(|| refused(&done, arguments.report));
        Ok(())
    };
    let report = import::import(database, writer, &options, reader, print_refused).await?;
    finish(database, writer, (started, arguments.report), &bar, &report).await
}

/// Imports reviews or outcome reports of a site.
async fn records(
    database: &Database,
    writer: &Writer,
    (source, path): (&str, &Path),
    arguments: &Arguments,
) -> Result<bool> {
    let started = writer.now();
    let kind = if arguments.reviews { RecordKind::Reviews } else { RecordKind::Outcomes };
    let source = ImportSource::new(source, arguments.source_url.as_deref());
    let source = source.map_err(|rule| AppError::input("--source", rule))?;
    let (file, bar) = open(path)?;
    let file = import::file(bar.wrap_read(file));
    let (format, layout) = (format(arguments.format, path)?, layout(arguments)?);
    let mapping = arguments.mapping.as_deref().map(|path| Mapping::parse_records(&read(path)?, kind)).transpose()?;
    let is_field = Some(kind.is_field());
    let reader = FeedReader::open_as(file, format, mapping, layout, MAX_RECORD_BYTES, is_field).await?;
    let print_refused = async |done: Vec<RowReport>| {
        bar.suspend(|| refused(&done, arguments.report));
        Ok(())
    };
    let report = import::import_records(database, writer, (kind, &source, None), reader, print_refused).await?;
    finish(database, writer, (started, arguments.report), &bar, &report).await
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
    (started, format): (DateTime<Utc>, ReportFormat),
    bar: &ProgressBar,
    report: &ImportReport,
) -> Result<bool> {
    if !writer.dry_run {
        database.refresh_statistics().await;
    }
    bar.finish_and_clear();
    match format {
        ReportFormat::Summary | ReportFormat::Rows => print(report, (writer.now() - started).as_seconds_f64()),
        ReportFormat::Json => say(report.to_json()),
    }
    Ok(report.refused == 0 && report.retire_error.is_none())
}

fn format(format: Option<Format>, file: &Path) -> Result<Format> {
    let extension = file.extension().and_then(|name| name.to_str()).map(str::to_ascii_lowercase);
    match (format, extension.as_deref()) {
        (Some(format), _) => Ok(format),
        (None, Some("csv" | "tsv")) => Ok(Format::Csv),
        (None, Some("jsonl" | "ndjson" | "json" | "jsonld")) => Ok(Format::Jsonl),
        (None, Some("xlsx")) => Ok(Format::Xlsx),
        (None, Some("ods")) => Ok(Format::Ods),
        (None, _) => Err(AppError::input("--format", "must be given, since the name of the file does not tell")),
    }
}

fn mapping(arguments: &Arguments) -> Result<Option<Mapping>> {
    let Some(file) = &arguments.mapping else { return arguments.preset.map(Preset::mapping).transpose() };
    Mapping::parse(&read(file)?).map(Some)
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))
}

fn layout(arguments: &Arguments) -> Result<Layout> {
    let encoding = arguments.encoding.as_deref().map(Layout::parse_encoding).transpose();
    let encoding = encoding.map_err(|rule| AppError::input("--encoding", rule))?;
    let sheet = arguments.sheet.clone();
    Ok(Layout { delimiter: arguments.delimiter, encoding, skip_lines: arguments.skip_lines, sheet })
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

fn refused(rows: &[RowReport], format: ReportFormat) {
    let is_shown = |is_repeated: bool| match format {
        ReportFormat::Summary => !is_repeated,
        ReportFormat::Rows => true,
        ReportFormat::Json => false,
    };
    for row in rows {
        for fault in row.faults.iter().filter(|fault| is_shown(fault.is_repeated)) {
            say(format_args!("line {}: {}", row.line, fault.error));
        }
    }
}

fn print(report: &ImportReport, seconds: f64) {
    report.lines().for_each(say);
    report.retire_error.iter().for_each(say);
    let ImportReport { created, updated, unchanged, refused, retired, .. } = report;
    let rate = report.rows() as f64 / seconds.max(0.001);
    let prefix = if report.dry_run { "dry run, nothing was written: " } else { "" };
    let retired = if *retired > 0 { format!(", {retired} retired") } else { String::new() };
    say(format_args!(
        "{prefix}{} rows: {created} created, {updated} updated, {unchanged} unchanged, {refused} refused{retired}; {rate:.0} rows/s",
        report.rows(),
    ));
}
