//! Faults of the rows of a feed, counted by kind: field, code and rule.

use serde_json::{Value, json};

use super::remedy::remedy;
use crate::course::write::DUPLICATE_KEY;
use crate::input::{Fields, ValidationCode, ValidationError, text};

/// Number of kinds that are counted, so that a feed of any size fits into memory.
const MAX_KINDS: usize = 100;
/// Number of rows of a kind that are told one by one.
const MAX_TOLD_ROWS: u64 = 10;
/// Number of lines that are named in words.
const MAX_NAMED_LINES: usize = 3;
/// Number of different texts that are kept of a kind, and their length in characters.
const MAX_TEXTS: usize = 10;
const MAX_TEXT_CHARS: usize = 60;

/// Length of the name of a field in characters.
const MAX_FIELD_CHARS: usize = 120;

/// Fault of a row.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Field, code and rule.
    pub error: ValidationError,
    /// Text that violates the rule, shortened. `None` if there is none.
    pub text: Option<String>,
    /// For a key that occurs twice, the line of the row that has it already.
    pub earlier_line: Option<u64>,
    /// Whether many rows before have the same kind of fault.
    pub is_repeated: bool,
}

impl Fault {
    /// Fault of a row with these fields.
    pub(in crate::import) fn of(error: &ValidationError, fields: &Fields, earlier_line: Option<u64>) -> Self {
        let text = split_rule(&error.rule).0.map(str::to_owned).or_else(|| text_at(fields, &error.path));
        let text = text.map(|text| text::truncate(&text.replace(char::is_control, " "), MAX_TEXT_CHARS));
        Self { error: error.clone(), text, earlier_line, is_repeated: false }
    }
}

/// Text at a path of a row.
fn text_at(fields: &Fields, path: &[String]) -> Option<String> {
    let (first, rest) = path.split_first()?;
    let value = rest.iter().try_fold(fields.get(first)?, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        Value::Object(fields) => fields.get(step),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    });
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        value @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => Some(value.to_string()),
    }
}

/// Splits a rule into the text of the row, which some rules begin with in quotes, and the rest.
fn split_rule(rule: &str) -> (Option<&str>, &str) {
    let Some(quoted) = rule.strip_prefix('"') else { return (None, rule) };
    let is_end = |(end, _): &(usize, &str)| {
        quoted.get(end + 2..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '"'))
    };
    let end = quoted.match_indices("\" ").find(is_end);
    end.map_or((None, rule), |(end, _)| (quoted.get(..end), quoted.get(end + 2..).unwrap_or_default()))
}

/// Faults of one kind.
#[derive(Clone, Debug)]
pub struct FaultKind {
    field: String,
    code: ValidationCode,
    rule: String,
    /// The rule without what differs between rows.
    template: String,
    rows: u64,
    lines: Vec<u64>,
    last_line: u64,
    texts: Vec<String>,
    earlier_lines: Vec<u64>,
    remedy: Option<String>,
}

/// Faults of a feed by kind.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    kinds: Vec<FaultKind>,
    uncounted: u64,
    is_mapped: bool,
}

impl Faults {
    /// No faults so far. Remedies differ for a feed that is read through a mapping.
    pub(in crate::import) fn new(is_mapped: bool) -> Self {
        Self { is_mapped, ..Self::default() }
    }

    /// Counts the faults of a row, and marks those that many rows before have.
    pub(super) fn add(&mut self, line: u64, faults: &mut [Fault]) {
        for fault in faults {
            fault.is_repeated = self.count(line, fault).is_none_or(|kind| kind.rows > MAX_TOLD_ROWS);
        }
    }

    fn count(&mut self, line: u64, fault: &Fault) -> Option<&FaultKind> {
        let new = FaultKind::of(fault, self.is_mapped);
        let is_same =
            |kind: &FaultKind| (&kind.field, kind.code, &kind.template) == (&new.field, new.code, &new.template);
        let index = self.kinds.iter().position(is_same).unwrap_or(self.kinds.len());
        if index == MAX_KINDS {
            self.uncounted += 1;
            return None;
        }
        if index == self.kinds.len() {
            self.kinds.push(new);
        }
        let kind = self.kinds.get_mut(index)?;
        // A row with the same fault in several items counts once.
        if kind.last_line != line {
            kind.rows += 1;
            kind.lines.extend(Some(line).filter(|_| kind.rows <= MAX_TOLD_ROWS));
            kind.earlier_lines.extend(fault.earlier_line.filter(|_| kind.rows <= MAX_TOLD_ROWS));
        }
        kind.last_line = line;
        let is_new = |text: &&String| kind.texts.len() < MAX_TEXTS && !kind.texts.contains(text);
        let new = fault.text.as_ref().filter(is_new).cloned();
        kind.texts.extend(new);
        Some(kind)
    }

    /// Number of faults of further kinds, which are not counted by kind.
    pub fn uncounted(&self) -> u64 {
        self.uncounted
    }

    /// One line for each kind.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let more = Some(self.uncounted).filter(|faults| *faults > 0);
        let more = more.map(|faults| format!("{faults} faults of more kinds"));
        self.kinds.iter().map(ToString::to_string).chain(more)
    }

    /// The kinds.
    pub(super) fn to_json(&self) -> Value {
        self.kinds.iter().map(FaultKind::to_json).collect()
    }
}

impl FaultKind {
    fn of(fault: &Fault, is_mapped: bool) -> Self {
        let error = &fault.error;
        let is_name = |step: &&String| step.parse::<usize>().is_err();
        let field = error.path.iter().filter(is_name).map(String::as_str).collect::<Vec<_>>().join(".");
        let mut rule = error.rule.as_str();
        while let (Some(_), rest) = split_rule(rule) {
            rule = rest;
        }
        let rule = if fault.earlier_line.is_some() { DUPLICATE_KEY } else { rule };
        let remedy = remedy(&field, error.code, rule, is_mapped).map(|remedy| {
            let example = fault.text.as_deref().unwrap_or("…").replace('"', "\\\"");
            remedy.replace("TEXT", &example)
        });
        Self {
            code: error.code,
            template: if error.code == ValidationCode::Invalid { template(rule) } else { String::new() },
            rule: text::truncate(rule, 300),
            field: text::truncate(&field, MAX_FIELD_CHARS),
            rows: 0,
            lines: Vec::new(),
            last_line: 0,
            texts: Vec::new(),
            earlier_lines: Vec::new(),
            remedy,
        }
    }

    fn to_json(&self) -> Value {
        let mut kind = json!({
            "field": self.field,
            "code": self.code.to_string(),
            "rule": self.rule,
            "rows": self.rows,
            "lines": self.lines,
            "texts": self.texts,
            "remedy": self.remedy,
        });
        if !self.earlier_lines.is_empty() {
            kind["earlierLines"] = self.earlier_lines.clone().into();
        }
        kind
    }
}

/// A rule without quoted texts, numbers and hints, which differ between rows with the same kind of fault.
fn template(rule: &str) -> String {
    let end = rule.find(';').unwrap_or(rule.len());
    let outside = rule.get(..end).unwrap_or_default().split('"').step_by(2).collect::<String>();
    outside.replace(|c: char| c.is_ascii_digit(), "")
}

impl std::fmt::Display for FaultKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { field, code, rule, rows, lines, .. } = self;
        let lines: Vec<String> = lines.iter().take(MAX_NAMED_LINES).map(u64::to_string).collect();
        match rows {
            1 => write!(f, "1 row, in line {}", lines.join(", "))?,
            _ => write!(f, "{rows} rows, first in lines {}", lines.join(", "))?,
        }
        write!(f, ": {field}: {code}: {rule}")?;
        if !self.texts.is_empty() {
            write!(f, "; found: \"{}\"", self.texts.join("\", \""))?;
        }
        self.remedy.iter().try_for_each(|remedy| write!(f, "; remedy: {remedy}"))
    }
}
