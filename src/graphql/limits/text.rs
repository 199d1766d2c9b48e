//! Limits on the text of a document before parsing. The lexer only counts: invalid syntax is left to the parser.

use async_graphql::ServerError;
use catalog::error::Code;

use super::{LIMITS, within};
use crate::graphql::error::request_error;

/// Checks bytes, characters, tokens and brackets.
pub(in crate::graphql) fn check(text: &str) -> Result<(), ServerError> {
    within("bytes", text.len(), LIMITS.document_bytes, None)?;
    // The library's parser accepts control characters.
    if text.bytes().any(|byte| byte < b' ' && !matches!(byte, b'\t' | b'\r' | b'\n')) {
        let message = "The document holds a control character; write it as an escape.";
        return Err(request_error(Code::GraphqlParseFailed, message, None));
    }
    let (tokens, depth) = count(text);
    within("tokens", tokens, LIMITS.tokens, None)?;
    within("brackets within each other", depth, LIMITS.brackets, None)
}

/// Number of tokens of a text, and the depth of its brackets.
fn count(text: &str) -> (usize, usize) {
    let (mut tokens, mut depth, mut deepest, mut rest) = (0, 0_usize, 0, text.as_bytes());
    while let Some((length, token)) = next(rest) {
        debug_assert!(length > 0, "{text:?} would never end");
        if let Token::Counts(change) = token {
            tokens += 1;
            depth = depth.saturating_add_signed(change);
            deepest = deepest.max(depth);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    (tokens, deepest)
}

enum Token {
    /// White space, a comma or a comment.
    Ignored,
    /// Token, with its change of the bracket depth.
    Counts(isize),
}

/// Returns the length of the next piece, at least 1, and its token; `None` at the end.
fn next(text: &[u8]) -> Option<(usize, Token)> {
    let while_true = |test: fn(u8) -> bool| text.iter().take_while(|byte| test(**byte)).count();
    Some(match *text.first()? {
        b' ' | b'\t' | b'\r' | b'\n' | b',' => (1, Token::Ignored),
        b'#' => (while_true(|byte| !matches!(byte, b'\r' | b'\n')), Token::Ignored),
        b'"' => (string(text), Token::Counts(0)),
        b'{' | b'[' | b'(' => (1, Token::Counts(1)),
        b'}' | b']' | b')' => (1, Token::Counts(-1)),
        b'.' => (while_true(|byte| byte == b'.').min(3), Token::Counts(0)),
        b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
            (while_true(|byte| byte == b'_' || byte.is_ascii_alphanumeric()), Token::Counts(0))
        }
        b'-' | b'0'..=b'9' => {
            (while_true(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')), Token::Counts(0))
        }
        _ if text.starts_with("\u{feff}".as_bytes()) => (3, Token::Ignored),
        _ => (1, Token::Counts(0)),
    })
}

/// Length of a string from its opening quote, up to its closing quote or the end of the line or text.
fn string(text: &[u8]) -> usize {
    let block = text.starts_with(b"\"\"\"");
    let mut at = if block { 3 } else { 1 };
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        match (block, rest) {
            (true, [b'\\', b'"', b'"', b'"', ..]) => at += 4,
            (true, [b'"', b'"', b'"', ..]) => return at + 3,
            (false, [b'\\', ..]) => at += 2,
            (false, [b'"', ..]) => return at + 1,
            (false, [b'\r' | b'\n', ..]) => return at,
            (true | false, _) => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_counted_as_the_specification_has_them() {
        let cases = [
            ("", 0, 0),
            (" \t\r\n,\u{feff}", 0, 0),
            ("# { { {\n{a}", 3, 1),
            ("{a(b:[1,-2.5e+3,$c]) ...D}", 15, 3),
            (r#"{a(b:"{{{ \" {{{") c}"#, 9, 2),
            (r#"{a(b:"""{ " {{ \""" {{""")}"#, 8, 2),
            (r#"{a(b:"unterminated {{{"#, 6, 2),
            ("{a(b:\"ends with the line\n{", 7, 3),
            (r#""""unterminated {{"#, 1, 0),
            ("\"\\", 1, 0),
            ("}}}{", 4, 1),
            ("!@é", 4, 0),
        ];
        for (text, tokens, depth) in cases {
            assert_eq!(count(text), (tokens, depth), "{text:?}");
        }
    }
}
