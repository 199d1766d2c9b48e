//! HTML as text: entities become characters and tags disappear, or become Markdown where a field takes it. The scanner
//! never nests, so no depth of tags can exhaust the stack. Does not belong here: which fields are read so.

mod output;
mod prose;
mod tag;

use html_escape::decode_html_entities;

use self::output::render;
pub(super) use self::prose::is_html;

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

/// Maximum length of an entity in characters.
const MAX_ENTITY_CHARS: usize = 32;

/// Entity at the beginning of a text, if it is a known one.
fn entity(text: &str) -> Option<&str> {
    let end = text.char_indices().take(MAX_ENTITY_CHARS).find(|(_, c)| *c == ';')?.0;
    let entity = text.get(..=end)?;
    (decode_html_entities(entity) != entity).then_some(entity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preformatted_text_keeps_its_lines() {
        for (html, markdown) in [
            (
                "<p>Run:</p><pre>\nfn main() {\n    a &lt; b;\n}\n</pre><p>Done.</p>",
                "Run:\n\n```\nfn main() {\n    a < b;\n}\n```\n\nDone.",
            ),
            (
                "<pre><code class=\"language-rust\">let x = *y_z;<br>let <b>w</b> = 1;</code></pre>",
                "```\nlet x = *y_z;\nlet w = 1;\n```",
            ),
            ("<pre>a\r\n\r\n```\nb\n```</pre>", "````\na\n\n```\nb\n```\n````"),
            ("<ul><li>Try<pre>x\n  y</pre>now</li></ul>", "- Try\n\n  ```\n  x\n    y\n  ```\n\n  now"),
            ("<pre>never closed\n  at all", "```\nnever closed\n  at all\n```"),
            ("<pre> \n</pre>Text", "Text"),
            ("<PRE>Vec<T> < 3 & <pre></PRE>", "```\nVec<T> < 3 &\n```"),
        ] {
            assert_eq!(to_markdown(html), markdown, "{html}");
        }
        assert_eq!(to_text("Run:<pre>one\n  two</pre>now"), "Run:\n\none\n  two\n\nnow");
        assert_eq!(to_line("Run:<pre>one\n  two</pre>now"), "Run: one two now");
    }

    #[test]
    fn lists_keep_their_numbers_and_levels() {
        for (html, markdown) in [
            ("<ol><li>One</li><li>Two</li></ol>", "1. One\n2. Two"),
            ("<ol><li>One<li>Two</ol>Text", "1. One\n2. Two\n\nText"),
            (
                "<ol start=\"9\"><li>Nine</li><li>Ten<ul><li>a</li><li>b</li></ul></li><li value=20>Twenty</ol>",
                "9. Nine\n10. Ten\n    - a\n    - b\n20. Twenty",
            ),
            (
                "<ul>\n  <li>a\n    <ol>\n      <li>One</li>\n      <li>Two</li>\n    </ol>\n  </li>\n  <li>b</li>\n</ul>",
                "- a\n  1. One\n  2. Two\n- b",
            ),
            ("<ol><li><p>One</p><p>more</p></li><li><p>Two</p></li></ol>", "1. One\n\n   more\n\n2. Two"),
            ("<ol><li>a<br><b>b</b></li></ol>", "1. a\n   **b**"),
            ("<ol start=x><li>-1</li></ol><li>loose</li>", "1. \\-1\n\n- loose"),
            ("<ol reversed><li>a</li></ol></ol></ul>b", "1. a\n\nb"),
        ] {
            assert_eq!(to_markdown(html), markdown, "{html}");
        }
        assert_eq!(to_text("<ol><li>One<ol><li>a</ol><li>Two</ol>"), "1. One\n   1. a\n2. Two");
        let deep = to_markdown(&"<ol><li>x".repeat(10_000));
        assert!(deep.starts_with("1. x\n   1. x\n      1. x") && deep.len() < 10_000 * 50, "{}", deep.len());
    }

    #[test]
    fn what_is_no_element_stays_text() {
        for text in [
            "Vec<T> and HashMap<K, V>",
            "a < b and c > d",
            "if a <b and c> d",
            "I <3 it",
            "x<y>z",
            "<name@example.org>",
            "<https://example.org>",
            "a<b+c>d",
        ] {
            assert_eq!(to_text(text), text);
            assert_eq!(to_markdown(text).replace('\\', ""), text);
        }
        assert_eq!(to_text("<!DOCTYPE html><o:p>a</o:p><!-- b --><?xml:namespace prefix = o />c"), "ac");
        assert_eq!(
            to_text("<font color=red>a</font> <td nowrap>b</td> <IMG SRC='x>y'>c<br/>d<hr />e"),
            "a b c\nd\n\ne"
        );
    }

    #[test]
    fn texts_that_name_a_tag_are_no_html() {
        for text in [
            "the <b> tag",
            "<b> is bold",
            "The <p>, <div> and <br> elements",
            "use <ul> or </ul>",
            "Vec<T>",
            "List<b>",
            "a < b",
            "a<b and c>d",
            "Tags (<em>, <i>) & \"<strong>\"",
            "Map<String, List<a>>",
            "Fish & Chips; AT&T",
            "Use `<br>`.",
            "<Title>",
            "«<code>»",
        ] {
            assert!(!is_html(text), "{text}");
        }
        for html in [
            "<p>Text",
            "one<br>two",
            "one<br/> two",
            "a <b>bold</b> word",
            "<a href='x'>",
            "R&amp;D",
            "It&#39;s",
            "<ul>\n  <li> a </li>\n</ul>",
            "One.<p>\nTwo.",
            "<p> Text </p>",
            "<div class=\"x\"> a",
            "a<br>\nb",
            "<h2>Title</h2>",
            "Learn <em>this</em>",
            "x<sub>1</sub>",
            "<font size=1>a",
        ] {
            assert!(is_html(html), "{html}");
        }
    }
}
