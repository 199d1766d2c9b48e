//! HTML as text: entities become characters and tags disappear, or become Markdown where a field takes it. The scanner
//! never nests, so no depth of tags can exhaust the stack. Does not belong here: which fields are read so.

use html_escape::decode_html_entities;

/// Maximum length of an entity in characters.
const MAX_ENTITY_CHARS: usize = 32;

/// Elements that tell HTML from a text with angle brackets.
const ELEMENTS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "script",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "td",
    "th",
    "tr",
    "u",
    "ul",
];

/// Whether a text holds entities or tags of HTML.
pub(super) fn is_html(text: &str) -> bool {
    let is_entity = |(at, _): (usize, &str)| entity(text.get(at..).unwrap_or_default()).is_some();
    let is_element = |(at, _): (usize, &str)| {
        tag(text.get(at..).unwrap_or_default()).is_some_and(|(tag, _)| ELEMENTS.contains(&tag.name.as_str()))
    };
    text.match_indices('&').any(is_entity) || text.match_indices('<').any(is_element)
}

/// Entity at the beginning of a text, if it is a known one.
fn entity(text: &str) -> Option<&str> {
    let end = text.char_indices().take(MAX_ENTITY_CHARS).find(|(_, c)| *c == ';')?.0;
    let entity = text.get(..=end)?;
    (decode_html_entities(entity) != entity).then_some(entity)
}

/// Text of HTML on one line.
pub(super) fn to_line(html: &str) -> String {
    render(html, false).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text of HTML in lines, without marks of Markdown.
pub(super) fn to_text(html: &str) -> String {
    render(html, false)
}

/// Markdown of HTML.
pub(super) fn to_markdown(html: &str) -> String {
    render(html, true)
}

/// Tag of an element.
struct Tag<'a> {
    /// Name in lower case.
    name: String,
    is_end: bool,
    /// Text after the name.
    attributes: &'a str,
}

/// Tag or comment at the beginning of a text, and its length. `None` if the angle bracket is just a sign.
fn tag(text: &str) -> Option<(Tag<'_>, usize)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        let length = comment.find("-->").map_or(text.len(), |end| "<!---->".len() + end);
        return Some((Tag { name: String::new(), is_end: false, attributes: "" }, length));
    }
    let inner = text.strip_prefix('<')?;
    let (inner, is_end) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = close(inner)?;
    let content = inner.get(..end)?;
    let length = text.len() - inner.len() + end + 1;
    let split = content.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(content.len());
    let (name, attributes) = content.split_at(split);
    Some((Tag { name: name.to_ascii_lowercase(), is_end, attributes }, length))
}

/// Offset of the bracket that closes a tag: one outside of quotes, before any other tag begins.
fn close(inner: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in inner.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '<') => return None,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None | Some(_), _) => {}
        }
    }
    None
}

/// Text being written.
struct Output {
    text: String,
    is_markdown: bool,
    /// Marks of emphasis that are open.
    open: Vec<&'static str>,
    /// Address of the link that is open.
    link: Option<String>,
}

fn render(html: &str, is_markdown: bool) -> String {
    let mut output = Output { text: String::new(), is_markdown, open: Vec::new(), link: None };
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tail) = rest.split_at(at);
        output.add_text(text);
        let Some((tag, length)) = tag(tail) else {
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

impl Output {
    fn add_text(&mut self, text: &str) {
        for c in decode_html_entities(text).chars() {
            if c.is_whitespace() {
                if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                    self.text.push(' ');
                }
                continue;
            }
            let at_start = self.text.is_empty() || self.text.ends_with('\n');
            let is_mark = matches!(c, '*' | '_' | '`' | '[' | ']' | '<' | '\\');
            if self.is_markdown && (is_mark || at_start && matches!(c, '#' | '+' | '-' | '>')) {
                self.text.push('\\');
            }
            self.text.push(c);
        }
    }

    fn add_tag(&mut self, tag: &Tag<'_>) {
        match tag.name.as_str() {
            "br" => self.break_lines(1),
            "li" if !tag.is_end => {
                self.break_lines(1);
                self.text.push_str("- ");
            }
            "li" | "tr" | "dt" | "dd" => self.break_lines(1),
            "td" | "th" => self.add_text(" "),
            "p" | "div" | "section" | "article" | "ul" | "ol" | "dl" | "table" | "blockquote" | "pre" | "hr" => {
                self.break_lines(2);
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.break_lines(2);
                if self.is_markdown && !tag.is_end {
                    let level = tag.name.trim_start_matches('h').parse().unwrap_or(1);
                    self.text.push_str(&"#".repeat(level));
                    self.text.push(' ');
                }
            }
            "b" | "strong" => self.emphasize("**", tag.is_end),
            "i" | "em" => self.emphasize("*", tag.is_end),
            "a" if self.is_markdown => self.link(tag),
            _ => {}
        }
    }

    /// Ends the line, and leaves a blank one if there are two breaks.
    fn break_lines(&mut self, breaks: usize) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        let present = self.text.len() - self.text.trim_end_matches('\n').len();
        if !self.text.is_empty() {
            self.text.extend(std::iter::repeat_n('\n', breaks.saturating_sub(present)));
        }
    }

    fn emphasize(&mut self, mark: &'static str, is_end: bool) {
        if !self.is_markdown {
            return;
        }
        if !is_end && !self.open.contains(&mark) {
            self.open.push(mark);
            self.text.push_str(mark);
        } else if is_end && self.open.last() == Some(&mark) {
            self.open.pop();
            self.text.truncate(self.text.trim_end_matches(' ').len());
            self.text.push_str(mark);
        }
    }

    fn link(&mut self, tag: &Tag<'_>) {
        if tag.is_end {
            if let Some(address) = self.link.take() {
                self.text.push_str(&format!("]({address})"));
            }
        } else if let Some(address) = address(tag.attributes).filter(|_| self.link.is_none()) {
            self.text.push('[');
            self.link = Some(address);
        }
    }

    fn finish(mut self) -> String {
        if let Some(address) = self.link.take() {
            self.text.push_str(&format!("]({address})"));
        }
        while let Some(mark) = self.open.pop() {
            self.text.push_str(mark);
        }
        self.text.trim().to_owned()
    }
}

/// Address of a link that people may follow from a description.
fn address(attributes: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let value = attributes.get(lower.find("href=")? + "href=".len()..)?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quote {
        Some(quote) => value.get(1..)?.split(quote).next()?,
        None => value.split(|c: char| c.is_whitespace()).next()?,
    };
    let address = decode_html_entities(value.trim()).into_owned();
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    let is_plain =
        !address.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '<' | '>'));
    (is_web && is_plain).then_some(address)
}
