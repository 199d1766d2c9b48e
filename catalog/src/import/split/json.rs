//! Finds the records of a JSON feed while it arrives: the items of an array, the lines of JSON Lines, or the items of an
//! array in a field of an object. Does not belong here: keeping their bytes, and parsing them.

use super::Step;
use crate::course::write;

/// Maximum depth of what surrounds the records.
const MAX_DEPTH: usize = 100;

/// Where the records of a document are that is one object.
#[derive(Clone, Debug, Default)]
pub(in crate::import) enum RowsLocation {
    /// In its only list of objects that is no field of a course.
    #[default]
    Found,
    /// In the field at one of these paths. The empty path is the object itself.
    At(Vec<Vec<String>>),
}

/// Position of the next byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a document.
    Start,
    /// In objects on lines of their own.
    Lines,
    /// In an object, outside of its records. It may be a record itself.
    Object,
    /// In a string there.
    ObjectText,
    /// After a backslash there.
    ObjectEscape,
    /// At the beginning of an array there that may hold the records.
    Candidate,
    /// In the array of records, inside this many brackets.
    Rows(u32),
    /// In a string in a record, inside this many brackets.
    Text(u32),
    /// After a backslash there.
    Escape(u32),
    /// After the array.
    End,
}

/// What may follow in an object, outside of its records.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    Name,
    Value,
    Separator,
}

/// What surrounds the next byte.
enum Container {
    /// An object, with the name of the field that is being read.
    Object(String),
    Array,
}

impl Container {
    fn name(&self) -> Option<&str> {
        match self {
            Container::Object(name) => Some(name),
            Container::Array => None,
        }
    }
}

/// Scanner of a feed.
pub(super) struct JsonScanner {
    place: RowsLocation,
    state: State,
    stack: Vec<Container>,
    expected: Expected,
    /// Name that is being read. `None` in a string that is no name.
    name: Option<Vec<u8>>,
    /// Field that holds the records.
    found: Option<String>,
    /// Whether the object has a key, so that it is a record itself.
    has_key: bool,
    /// Line on which the array of records begins.
    rows_line: u64,
    /// Number of bytes kept before the end of the last line.
    line_end: usize,
    failure: Option<(u64, String)>,
}

impl JsonScanner {
    pub(super) fn new(place: RowsLocation) -> Self {
        let (stack, state, expected) = (Vec::new(), State::Start, Expected::Name);
        let (name, found, failure) = (None, None, None);
        Self { place, state, stack, expected, name, found, has_key: false, rows_line: 1, line_end: 0, failure }
    }

    /// Whether no document has begun.
    pub(super) fn is_at_start(&self) -> bool {
        self.state == State::Start
    }

    /// What happens to a byte on this line, where `length` bytes of the record are kept already.
    pub(super) fn step(&mut self, byte: u8, length: usize, line: u64) -> Step {
        match self.state {
            State::Start => self.start(byte, length, line),
            State::Lines if byte == b'\n' => Step::Finish,
            State::Lines => Step::Keep,
            State::Object => self.in_object(byte, length, line),
            State::ObjectText | State::ObjectEscape => self.in_object_text(byte),
            State::Candidate => self.in_candidate(byte, length, line),
            State::Rows(depth) => self.in_rows(byte, length, depth),
            State::Text(depth) | State::Escape(depth) => {
                self.state = match (self.state, byte) {
                    (State::Text(_), b'"') => State::Rows(depth),
                    (State::Text(_), b'\\') => State::Escape(depth),
                    _ => State::Text(depth),
                };
                Step::Keep
            }
            State::End => {
                if !byte.is_ascii_whitespace() {
                    self.fail(line, "goes on after its array");
                }
                Step::Drop
            }
        }
    }

    /// Ends the feed. Fails if it cannot end here; the message has the line.
    pub(super) fn end(&mut self, line: u64) -> Result<(), (u64, String)> {
        let is_inside =
            matches!(self.state, State::Object | State::ObjectText | State::ObjectEscape | State::Candidate);
        if matches!(self.state, State::Rows(_) | State::Text(_) | State::Escape(_)) {
            self.fail(line, format!("the array that begins in line {} is never closed", self.rows_line));
        } else if is_inside && self.found.is_some() {
            self.fail(line, "the object around its records is never closed");
        } else if is_inside && !self.may_be_record() {
            self.fail(line, self.without_rows());
        }
        self.failure.take().map_or(Ok(()), Err)
    }

    fn start(&mut self, byte: u8, length: usize, line: u64) -> Step {
        match byte {
            b'[' if length == 0 => {
                self.rows_line = line;
                self.state = State::Rows(0);
                Step::Drop
            }
            b'{' if length == 0 => {
                self.stack.push(Container::Object(String::new()));
                (self.expected, self.found, self.has_key, self.line_end) = (Expected::Name, None, false, 0);
                self.state = State::Object;
                Step::Keep
            }
            byte if byte.is_ascii_whitespace() && length == 0 => Step::Drop,
            byte => {
                self.state = State::Lines;
                if byte == b'\n' { Step::Finish } else { Step::Keep }
            }
        }
    }

    fn in_object(&mut self, byte: u8, length: usize, line: u64) -> Step {
        match byte {
            b'\n' => self.line_end = length,
            b'"' => {
                self.name = (self.expected == Expected::Name).then(Vec::new);
                self.state = State::ObjectText;
            }
            b':' => self.expected = Expected::Value,
            b',' => {
                let is_object = matches!(self.stack.last(), Some(Container::Object(_)));
                self.expected = if is_object { Expected::Name } else { Expected::Value };
            }
            b'{' | b'[' if self.expected != Expected::Value || self.stack.len() >= MAX_DEPTH => {
                return self.give_up(byte, line);
            }
            b'{' => {
                self.stack.push(Container::Object(String::new()));
                self.expected = Expected::Name;
            }
            b'[' => return self.open_array(line),
            b'}' | b']' => {
                self.stack.pop();
                self.expected = Expected::Separator;
                if self.stack.is_empty() {
                    return self.close(line);
                }
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => self.expected = Expected::Separator,
        }
        self.outside()
    }

    /// What happens to a byte outside of the records: it is kept while the object may be a record itself.
    fn outside(&self) -> Step {
        if self.found.is_some() { Step::Drop } else { Step::Keep }
    }

    fn in_object_text(&mut self, byte: u8) -> Step {
        match (self.state, byte) {
            (State::ObjectEscape, _) => self.state = State::ObjectText,
            (_, b'\\') => self.state = State::ObjectEscape,
            (_, b'"') => {
                self.state = State::Object;
                self.end_text();
                return self.outside();
            }
            // No string of JSON goes over the end of a line: the line is broken, and others may follow.
            (_, b'\n') if self.found.is_none() => {
                self.state = State::Lines;
                return Step::Finish;
            }
            _ => {}
        }
        if let Some(name) = self.name.as_mut().filter(|name| name.len() < 256) {
            name.push(byte);
        }
        self.outside()
    }

    fn end_text(&mut self) {
        let Some(read) = self.name.take() else {
            self.expected = Expected::Separator;
            return;
        };
        let read = String::from_utf8_lossy(&read).into_owned();
        self.has_key |= self.stack.len() == 1 && read == "externalKey";
        if let Some(Container::Object(name)) = self.stack.last_mut() {
            *name = read;
        }
    }

    /// Opens an array of an object, which may be that of the records.
    fn open_array(&mut self, line: u64) -> Step {
        self.rows_line = line;
        let names: Option<Vec<&str>> = self.stack.iter().map(Container::name).collect();
        let names = names.unwrap_or_default();
        let (is_rows, is_candidate) = match &self.place {
            RowsLocation::At(paths) => (!names.is_empty() && paths.contains(&owned(&names)), false),
            RowsLocation::Found => {
                (false, names.len() == 1 && !self.has_key && !names.iter().any(|name| write::fields().contains(name)))
            }
        };
        if is_rows {
            return self.begin_rows(line, 0);
        }
        if is_candidate {
            self.state = State::Candidate;
        } else {
            self.stack.push(Container::Array);
        }
        self.outside()
    }

    fn in_candidate(&mut self, byte: u8, length: usize, line: u64) -> Step {
        match byte {
            b'{' => self.begin_rows(line, 1),
            byte if byte.is_ascii_whitespace() => self.outside(),
            byte => {
                self.stack.push(Container::Array);
                self.state = State::Object;
                self.in_object(byte, length, line)
            }
        }
    }

    fn begin_rows(&mut self, line: u64, depth: u32) -> Step {
        let Some(Container::Object(name)) = self.stack.last() else { return Step::Drop };
        if let Some(first) = &self.found {
            let rule = format!("has lists of records in {first} and {name}: rows in a mapping says which one is meant");
            self.fail(line, rule);
            return Step::Drop;
        }
        self.found = Some(name.clone());
        self.state = State::Rows(depth);
        if depth == 0 { Step::Discard } else { Step::Restart }
    }

    fn in_rows(&mut self, byte: u8, length: usize, depth: u32) -> Step {
        let (state, step) = match (depth, byte) {
            (0, b',') => (State::Rows(0), Step::Finish),
            (0, b']') if self.stack.is_empty() => (State::End, Step::Finish),
            (0, b']') => {
                self.expected = Expected::Separator;
                (State::Object, Step::Finish)
            }
            (0, byte) if byte.is_ascii_whitespace() && length == 0 => (State::Rows(0), Step::Drop),
            (depth, b'"') => (State::Text(depth), Step::Keep),
            (depth, b'{' | b'[') => (State::Rows(depth.saturating_add(1)), Step::Keep),
            (depth, b'}' | b']') => (State::Rows(depth.saturating_sub(1)), Step::Keep),
            (depth, _) => (State::Rows(depth), Step::Keep),
        };
        self.state = state;
        step
    }

    /// After the object: it was a record, or held the records, and another page of them may follow.
    fn close(&mut self, line: u64) -> Step {
        if self.found.is_some() {
            self.state = State::Start;
            return Step::Drop;
        }
        if !self.may_be_record() {
            self.fail(line, self.without_rows());
            return Step::Discard;
        }
        self.state = State::Lines;
        Step::Keep
    }

    /// What follows is no JSON. If an object begins on a line of its own, the line before it was broken.
    fn give_up(&mut self, byte: u8, line: u64) -> Step {
        if self.found.is_some() {
            self.fail(line, "is not JSON after its records");
            return Step::Drop;
        }
        self.stack.clear();
        self.state = State::Lines;
        if byte == b'{' && self.expected != Expected::Value && self.line_end > 0 {
            Step::Break(self.line_end)
        } else {
            Step::Keep
        }
    }

    fn may_be_record(&self) -> bool {
        match &self.place {
            RowsLocation::Found => true,
            RowsLocation::At(paths) => paths.iter().any(Vec::is_empty),
        }
    }

    fn without_rows(&self) -> String {
        let paths = match &self.place {
            RowsLocation::Found => Vec::new(),
            RowsLocation::At(paths) => paths.iter().map(|path| path.join(".")).collect(),
        };
        format!("has no list of records in {}", paths.join(" or "))
    }

    fn fail(&mut self, line: u64, rule: impl Into<String>) {
        self.state = State::End;
        self.failure.get_or_insert_with(|| (line, rule.into()));
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
