//! The program itself, run as an operator runs it.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use actix_web::rt::task::spawn_blocking;
use sea_orm::EntityTrait;
use serde_json::Value;

use super::{App, Stage};

/// Runs commands on a database and a data folder.
pub struct Program<'a> {
    folder: &'a Path,
    database: &'a str,
}

/// The outcome of a command.
pub struct CommandOutput {
    pub code: Option<i32>,
    pub out: String,
    pub error: String,
}

impl CommandOutput {
    /// The faults of rows and the totals of an import, without the lines that sum up faults by kind and without the rate;
    /// the error if nothing was imported.
    pub fn rows_and_totals(&self) -> String {
        let Some((report, _)) = self.out.rsplit_once(';') else { return self.error.clone() };
        let is_kind = |line: &&str| line.contains(" row, in line ") || line.contains(" rows, first in lines ");
        report.lines().filter(|line| !is_kind(line)).collect::<Vec<_>>().join("\n")
    }
}

impl<'a> Program<'a> {
    /// On the catalogue that an application serves.
    pub fn beside(app: &'a App) -> Self {
        Self { folder: &app.folder, database: &app.database_url }
    }

    /// On the catalogue of a stage.
    pub fn on(stage: &'a Stage) -> Self {
        Self { folder: stage.folder.path(), database: &stage.database.url }
    }

    /// On another database, in the folder of a stage.
    pub fn at(stage: &'a Stage, database: &'a str) -> Self {
        Self { folder: stage.folder.path(), database }
    }

    /// Puts a file into the folder in which commands run.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.folder.join(name), content).unwrap();
        self
    }

    /// Starts a command; its arguments are separated by spaces.
    pub fn start(&self, arguments: &str) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lectern"));
        command.args(arguments.split_whitespace()).current_dir(self.folder).env_clear();
        command.env("DATABASE_URL", self.database).env("LECTERN_DATA_DIR", self.folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &str) -> CommandOutput {
        end(self.start(arguments))
    }
}

impl Stage {
    /// The data of a query to the application, started on what commands have written.
    pub async fn ask(&self, query: &str) -> Value {
        self.serve(async |app: App| app.caught_up().await.data(query).await).await
    }
}

impl App {
    /// Runs a command beside the application to its end without blocking this thread: the application runs on it, and
    /// the command may wait for a transaction of the application.
    pub async fn command(&self, arguments: &str) -> CommandOutput {
        self.ended(Program::beside(self).start(arguments)).await
    }

    /// Waits for the end of a command beside the application.
    pub async fn ended(&self, child: Child) -> CommandOutput {
        spawn_blocking(move || end(child)).await.unwrap()
    }

    /// Waits until the application serves everything that is written.
    pub async fn caught_up(self) -> Self {
        let db = sea_orm::Database::connect(&self.database_url).await.unwrap();
        let head = entity::catalogue::Entity::find().one(&db).await.unwrap().unwrap();
        db.close().await.unwrap();
        self.reached(head.position).await;
        self
    }
}

/// Waits for the end of a command.
pub fn end(child: Child) -> CommandOutput {
    let output = child.wait_with_output().unwrap();
    CommandOutput {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        error: String::from_utf8(output.stderr).unwrap(),
    }
}
