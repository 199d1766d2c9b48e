//! `lectern export`: its arguments, its file and its report.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use catalog::database::Database;
use catalog::error::{AppError, Result};
use catalog::export::{Export, ExportFormat, Selection};
use catalog::import;
use clap::Args;

use super::{on_database, say};
use crate::config::Settings;
use crate::export_lines;

/// Arguments of the export.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// File to write; standard output by default
    file: Option<PathBuf>,
    /// Slug of the provider whose courses are exported, drafts too. Without it, the public catalogue is exported
    #[arg(long)]
    provider: Option<String>,
    /// Format of a provider's courses; by default it follows from the extension of the file (.csv, .xlsx, .jsonl or
    /// .ndjson), and is JSON Lines on standard output. The public catalogue is always JSON Lines
    #[arg(long)]
    format: Option<ExportFormat>,
    /// ID of the course after which an interrupted export of the public catalogue goes on
    #[arg(long, value_name = "ID", conflicts_with = "provider")]
    after: Option<String>,
}

pub(super) async fn run(settings: &Settings, arguments: Arguments) -> Result<()> {
    let format = format(&arguments)?;
    let after = arguments.after.as_deref().map(|id| export_lines::parse_after("--after", id)).transpose()?;
    let report = on_database(settings, async |database| {
        let selection = selection(database, arguments.provider.as_deref()).await?;
        let mut export = Export::open(&database.primary.0, selection, after.unwrap_or_default()).await?;
        let mut output = Output::create(arguments.file.as_deref())?;
        let written = async {
            let source = export_lines::prepare(&mut export, format, &settings.data_dir, async || Ok(())).await?;
            export_lines::write(&mut export, source, async |bytes| output.write(&bytes)).await
        };
        let written = written.await;
        match written {
            Ok(count) => output.finish().map(|()| Some(report(&export, count))),
            Err(_) if output.reader_gone => Ok(None),
            Err(error) => {
                output.discard();
                Err(error)
            }
        }
    });
    let report = report.await?;
    // The report must not mix with the courses.
    match (report, &arguments.file) {
        (Some(line), Some(_)) => say(line),
        (Some(line), None) => _ = writeln!(std::io::stderr(), "{line}"),
        (None, _) => {}
    }
    Ok(())
}

fn format(arguments: &Arguments) -> Result<ExportFormat> {
    let extension = |file: &PathBuf| file.extension().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let format = match (arguments.format, arguments.file.as_ref().map(extension).as_deref()) {
        (Some(format), _) => Some(format),
        (None, Some("ndjson") | None) => Some(ExportFormat::Jsonl),
        (None, Some(extension)) => ExportFormat::of(extension),
    };
    let unknown = || AppError::input("--format", "must be given, since the name of the file does not tell");
    let format = format.ok_or_else(unknown)?;
    if format != ExportFormat::Jsonl && arguments.provider.is_none() {
        return Err(AppError::input("--format", "the public catalogue is JSON Lines; CSV and XLSX need --provider"));
    }
    Ok(format)
}

async fn selection(database: &Database, provider: Option<&str>) -> Result<Selection> {
    let Some(slug) = provider else { return Ok(Selection::Catalogue) };
    let unknown = || AppError::input(format!("--provider {slug}"), "there is no such provider");
    import::provider(&database.primary, slug).await?.map(Selection::Provider).ok_or_else(unknown)
}

fn report(export: &Export, count: u64) -> String {
    let left_out = match export.without_key() {
        0 => String::new(),
        number => format!("; {number} without externalKey left out"),
    };
    format!("{count} courses at position {}{left_out}", export.point().position)
}

/// Where an export goes.
struct Output {
    target: OutputTarget,
    /// Whether whoever reads standard output has left (`lectern export | head`), which is not an error.
    reader_gone: bool,
}

/// Standard output, or a file that gets its name when it is complete.
enum OutputTarget {
    Standard(std::io::Stdout),
    File { file: BufWriter<File>, part: PathBuf, path: PathBuf },
}

impl Output {
    fn create(path: Option<&Path>) -> Result<Self> {
        let target = match path {
            None => OutputTarget::Standard(std::io::stdout()),
            Some(path) => {
                let mut name = path.as_os_str().to_owned();
                name.push(".part");
                let part = PathBuf::from(name);
                let file = File::create(&part).map_err(|error| unwritable(path, &error))?;
                OutputTarget::File { file: BufWriter::new(file), part, path: path.to_owned() }
            }
        };
        Ok(Self { target, reader_gone: false })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.target {
            OutputTarget::Standard(out) => {
                let written = out.write_all(bytes).and_then(|()| out.flush());
                self.reader_gone = written.as_ref().is_err_and(|error| error.kind() == ErrorKind::BrokenPipe);
                written.map_err(|error| unwritable(Path::new("standard output"), &error))
            }
            OutputTarget::File { file, path, .. } => file.write_all(bytes).map_err(|error| unwritable(path, &error)),
        }
    }

    fn finish(self) -> Result<()> {
        let OutputTarget::File { mut file, part, path } = self.target else { return Ok(()) };
        let finished = file.flush().and_then(|()| std::fs::rename(&part, &path));
        finished.map_err(|error| unwritable(&path, &error))
    }

    /// Removes what is incomplete.
    fn discard(self) {
        if let OutputTarget::File { part, .. } = self.target {
            _ = std::fs::remove_file(part);
        }
    }
}

fn unwritable(file: &Path, error: &std::io::Error) -> AppError {
    AppError::input(file.display().to_string(), format!("cannot be written: {error}"))
}
