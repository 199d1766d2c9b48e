//! Tags of HTML in a text. Does not belong here: what becomes of them.

use super::entity;

/// Elements of HTML, those of its older versions among them.
const ELEMENTS: &str = "a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br \
    button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset \
    figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label \
    legend li link main map mark marquee menu meta meter nav nobr noframes noscript object ol optgroup option output p param picture \
    pre progress q rp rt ruby s samp script search section select slot small source span strike strong style sub summary sup svg \
    table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr";

/// Attributes that stand without a value.
const FLAGS: &str = "allowfullscreen async autofocus autoplay checked compact controls default defer disabled hidden inert loop \
    multiple muted nohref noshade novalidate nowrap open readonly required reversed selected";

/// Tag of an element.
pub(super) struct Tag<'a> {
    /// Name in lower case. Empty if it is no element, e.g. a comment.
    pub(super) name: String,
    pub(super) is_end: bool,
    /// Text after the name.
    pub(super) attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// Tag, comment or declaration at the beginning of a text, and its length. `None` if the angle bracket is just a
    /// sign.
    pub(super) fn parse(text: &'a str) -> Option<(Self, usize)> {
        let nothing = |length| (Self { name: String::new(), is_end: false, attributes: "" }, length);
        if let Some(comment) = text.strip_prefix("<!--") {
            return Some(nothing(comment.find("-->").map_or(text.len(), |end| "<!---->".len() + end)));
        }
        let inner = text.strip_prefix('<')?;
        if let Some(declaration) = inner.strip_prefix(['!', '?'])
            && declaration.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            return close(inner).map(|end| nothing(end + "<>".len()));
        }
        let (inner, is_end) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
        let split = inner.find(|c: char| !c.is_ascii_alphanumeric())?;
        let (name, rest) = inner.split_at_checked(split)?;
        let attributes = rest.get(..close(rest)?)?;
        let length = text.len() - rest.len() + attributes.len() + 1;
        let name = name.to_ascii_lowercase();
        if is_foreign(&name, attributes) {
            return Some(nothing(length));
        }
        let is_element = ELEMENTS.split_ascii_whitespace().any(|element| element == name);
        (is_element && are_attributes(attributes)).then_some((Self { name, is_end, attributes }, length))
    }

    /// Value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            let end = rest.find(|c: char| c.is_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
            let (found, tail) =
                rest.split_at_checked(end).filter(|(found, tail)| !found.is_empty() || tail.starts_with('='))?;
            let Some(value) = tail.trim_start().strip_prefix('=').map(str::trim_start) else {
                rest = tail;
                continue;
            };
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, after) = match quote {
                Some(quote) => value.get(1..)?.split_once(quote)?,
                None => value.split_at_checked(value.find(char::is_whitespace).unwrap_or(value.len()))?,
            };
            if found.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = after;
        }
    }
}

/// Whether a tag belongs to another vocabulary, as word processors write them: `<o:p>`.
fn is_foreign(name: &str, attributes: &str) -> bool {
    let inner = attributes.strip_prefix(':');
    !name.is_empty() && inner.is_some_and(|inner| inner.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Whether a text can be the attributes of a tag, rather than the words of a sentence: `a <b and c> d`.
fn are_attributes(text: &str) -> bool {
    let starts = text.is_empty() || text.starts_with(|c: char| c.is_whitespace() || c == '/');
    let is_flag = |word: &str| FLAGS.split_ascii_whitespace().any(|flag| word.eq_ignore_ascii_case(flag));
    let text = text.trim().trim_end_matches('/');
    starts && (text.contains('=') || text.split_whitespace().all(is_flag))
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

/// Tags of elements in a text, each with its offset and length.
pub(super) fn tags(text: &str) -> impl Iterator<Item = (Tag<'_>, usize, usize)> {
    let mut from = 0;
    let tags = std::iter::from_fn(move || {
        loop {
            let at = from + text.get(from..)?.find('<')?;
            let parsed = Tag::parse(text.get(at..)?);
            // What is in a tag or comment is searched only once.
            from = at + parsed.as_ref().map_or(1, |(_, length)| *length);
            if let Some((tag, length)) = parsed {
                return Some((tag, at, length));
            }
        }
    });
    tags.filter(|(tag, _, _)| !tag.name.is_empty())
}

/// Whether a text has an entity.
pub(super) fn has_entity(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| entity(text.get(at..).unwrap_or_default()).is_some())
}
