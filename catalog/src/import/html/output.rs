//! Writes the text of HTML, with or without marks of Markdown.

use html_escape::decode_html_entities;

use super::tag::Tag;

/// Number of levels of lists that are indented. Deeper ones stand on the last of them.
const MAX_LIST_LEVELS: usize = 12;
/// Maximum number of an item of a list.
const MAX_ITEM_NUMBER: u32 = 999_999_999;
/// Fence of a block of code.
const FENCE: &str = "```";

/// Text of HTML. Whitespace is collapsed, except in preformatted text.
pub(super) fn render(html: &str, is_markdown: bool) -> String {
    let mut output = Output { is_markdown, ..Output::default() };
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tail) = rest.split_at(at);
        output.add_text(text);
        let Some((tag, length)) = Tag::parse(tail) else {
            output.add_text("<");
            rest = tail.get(1..).unwrap_or_default();
            continue;
        };
        rest = tail.get(length..).unwrap_or_default();
        if matches!(tag.name.as_str(), "script" | "style") && !tag.is_end {
            rest = after_element(rest, &tag.name);
        }
        output.add_tag(&tag);
    }
    output.add_text(rest);
    output.finish()
}

/// Text after the end tag of an element whose content is not text.
fn after_element<'a>(text: &'a str, name: &str) -> &'a str {
    let end = format!("</{name}");
    let found = text.match_indices("</").find(|(at, _)| {
        let tail = text.get(*at..at + end.len()).unwrap_or_default();
        tail.eq_ignore_ascii_case(&end)
    });
    found.and_then(|(at, _)| text.get(at..)).unwrap_or_default()
}

/// List that is open.
struct List {
    /// Number of the next item; `None` if they have none.
    next: Option<u32>,
    /// Columns by which the current item is indented.
    indent: usize,
}

/// Text being written.
#[derive(Default)]
struct Output {
    text: String,
    is_markdown: bool,
    /// Marks of emphasis that are open.
    emphasis: Vec<&'static str>,
    /// Address of the link that is open.
    link: Option<String>,
    lists: Vec<List>,
    /// Whether the text ends with the mark of an item, after which a block begins on the same line.
    after_mark: bool,
    /// Preformatted text that is open.
    preformatted: Option<String>,
}

impl Output {
    fn add_text(&mut self, text: &str) {
        let text = decode_html_entities(text);
        if let Some(lines) = &mut self.preformatted {
            lines.push_str(&text);
            return;
        }
        for c in text.chars() {
            if c.is_whitespace() {
                if !self.is_at_start() && !self.text.ends_with(' ') {
                    self.text.push(' ');
                }
                continue;
            }
            let is_mark = matches!(c, '*' | '_' | '`' | '[' | ']' | '<' | '\\');
            if self.is_markdown && (is_mark || self.is_at_start() && matches!(c, '#' | '+' | '-' | '>')) {
                self.write("\\");
            }
            self.write(c.encode_utf8(&mut [0; 4]));
        }
    }

    fn add_tag(&mut self, tag: &Tag<'_>) {
        if let Some(lines) = &mut self.preformatted {
            match tag.name.as_str() {
                "br" => lines.push('\n'),
                "pre" if tag.is_end => self.close_preformatted(),
                _ => {}
            }
            return;
        }
        match tag.name.as_str() {
            "br" => self.break_lines(1),
            "ul" | "ol" | "menu" | "dir" => self.list(tag),
            "li" => self.item(tag),
            "tr" | "dt" | "dd" => self.break_lines(1),
            "td" | "th" => self.add_text(" "),
            "pre" => {
                self.break_lines(2);
                self.preformatted = (!tag.is_end).then(String::new);
            }
            "p" | "div" | "section" | "article" | "dl" | "table" | "blockquote" | "hr" => self.break_lines(2),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.break_lines(2);
                if self.is_markdown && !tag.is_end {
                    let level = tag.name.trim_start_matches('h').parse().unwrap_or(1);
                    self.write(&format!("{} ", "#".repeat(level)));
                }
            }
            "b" | "strong" => self.emphasize("**", tag.is_end),
            "i" | "em" => self.emphasize("*", tag.is_end),
            "a" if self.is_markdown => self.link(tag),
            _ => {}
        }
    }

    /// Whether the next character is the first of a line or of an item.
    fn is_at_start(&self) -> bool {
        self.text.is_empty() || self.after_mark || self.text.ends_with('\n')
    }

    /// Writes a text without line breaks, indented to the item that it belongs to.
    fn write(&mut self, text: &str) {
        if self.text.ends_with('\n') {
            self.text.extend(std::iter::repeat_n(' ', self.indent()));
        }
        self.text.push_str(text);
        self.after_mark = false;
    }

    fn indent(&self) -> usize {
        self.lists.iter().take(MAX_LIST_LEVELS).map(|list| list.indent).sum()
    }

    /// Ends the line, and leaves a blank one if there are two breaks. An item begins on the line of its mark.
    fn break_lines(&mut self, breaks: usize) {
        if self.after_mark {
            return;
        }
        self.text.truncate(self.text.trim_end_matches(' ').len());
        let present = self.text.len() - self.text.trim_end_matches('\n').len();
        if !self.text.is_empty() {
            self.text.extend(std::iter::repeat_n('\n', breaks.saturating_sub(present)));
        }
    }

    fn list(&mut self, tag: &Tag<'_>) {
        self.after_mark = false;
        if tag.is_end {
            self.lists.pop();
        }
        self.break_lines(if self.lists.is_empty() { 2 } else { 1 });
        if !tag.is_end {
            let start = tag.attribute("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
            self.lists.push(List { next: (tag.name == "ol").then_some(start), indent: 0 });
        }
    }

    fn item(&mut self, tag: &Tag<'_>) {
        self.after_mark = false;
        let depth = self.lists.len();
        if let Some(list) = self.lists.last_mut() {
            list.indent = 0;
        }
        self.break_lines(1);
        if tag.is_end {
            return;
        }
        let value = tag.attribute("value").and_then(|value| value.trim().parse().ok());
        let list = self.lists.last_mut();
        let number = list.as_ref().and_then(|list| list.next).map(|next| value.unwrap_or(next).min(MAX_ITEM_NUMBER));
        let mark = number.map_or("- ".to_owned(), |number| format!("{number}. "));
        self.write(&mark);
        self.after_mark = true;
        if let Some(list) = self.lists.last_mut() {
            list.next = number.map(|number| number + 1);
            list.indent = if depth > MAX_LIST_LEVELS { 0 } else { mark.len() };
        }
    }

    /// Writes preformatted text as a block of code, whose fence is longer than any in it.
    fn close_preformatted(&mut self) {
        let text = self.preformatted.take().unwrap_or_default().replace("\r\n", "\n").replace('\r', "\n");
        let text = text.strip_prefix('\n').unwrap_or(&text).trim_end();
        if text.trim().is_empty() {
            return;
        }
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let fence = if self.is_markdown { "`".repeat(FENCE.len().max(longest + 1)) } else { String::new() };
        let lines = text.split('\n').map(|line| line.trim_end());
        let fences = || std::iter::once(fence.as_str()).filter(|fence| !fence.is_empty());
        for line in fences().chain(lines).chain(fences()) {
            if line.is_empty() {
                self.text.push('\n');
            } else {
                self.write(line);
                self.text.push('\n');
            }
        }
        self.break_lines(2);
    }

    fn emphasize(&mut self, mark: &'static str, is_end: bool) {
        if !self.is_markdown {
            return;
        }
        if !is_end && !self.emphasis.contains(&mark) {
            self.emphasis.push(mark);
            self.write(mark);
        } else if is_end && self.emphasis.last() == Some(&mark) {
            self.emphasis.pop();
            self.text.truncate(self.text.trim_end_matches(' ').len());
            self.write(mark);
        }
    }

    fn link(&mut self, tag: &Tag<'_>) {
        if tag.is_end {
            if let Some(address) = self.link.take() {
                self.write(&format!("]({address})"));
            }
        } else if let Some(address) = address(tag).filter(|_| self.link.is_none()) {
            self.write("[");
            self.link = Some(address);
        }
    }

    fn finish(mut self) -> String {
        if self.preformatted.is_some() {
            self.close_preformatted();
        }
        if let Some(address) = self.link.take() {
            self.write(&format!("]({address})"));
        }
        while let Some(mark) = self.emphasis.pop() {
            self.write(mark);
        }
        self.text.trim_matches(|c: char| c.is_whitespace()).to_owned()
    }
}

/// Address of a link that people may follow from a description.
fn address(tag: &Tag<'_>) -> Option<String> {
    let address = decode_html_entities(tag.attribute("href")?.trim()).into_owned();
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    let is_plain =
        !address.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '<' | '>'));
    (is_web && is_plain).then_some(address)
}
