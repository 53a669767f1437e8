//! Syntax errors in words that help.

use crate::diag::{Diagnostic, Span, yaml};

/// What the parser says, in part, and what to do about it.
const HELP: &[(&str, &str)] = &[
    ("in quoted scalar", "close the quote"),
    ("tab", "indent with spaces"),
    ("mapping values are not allowed", "quote a value that has `: ` in it; indent the keys of one map alike"),
    ("document indicator", "close the quote"),
    ("unexpected end of stream", "close the quote"),
    ("escape", "use single quotes, in which a backslash stands for itself; a phrase needs no quotes"),
    ("hexadecimal", "use single quotes, in which a backslash stands for itself; a phrase needs no quotes"),
    ("trailing content", "quote the whole value, or none of it: a phrase needs no quotes"),
    ("flow", "close the bracket; inside brackets quote a phrase that has brackets or commas in it: \"bytes[4]\""),
    ("misplaced bracket", "remove it or open it; quote a phrase that begins with a bracket"),
    ("unexpected character", "quote the value"),
    ("byte order mark", "remove it: only the file may begin with one"),
    ("indent", "indent the entries of one list, and the keys of one map, alike"),
    ("expected key", "indent the keys of one map alike"),
    ("'-' indicator", "indent the entries of one list alike"),
    ("sequence entries are not allowed", "begin the list on a line of its own"),
    ("simple key", "write `key: value`: a colon and a space"),
    ("comment intercepting", "quote the text, or end it before the comment"),
    ("comments must be separated", "write a space before `#`"),
];

/// The diagnostic of a syntax error. `open`: the innermost list or map in brackets that is open there.
pub(super) fn explain(span: Span, reason: &str, open: Option<Span>) -> Diagnostic {
    let help = HELP.iter().find(|(part, _)| reason.contains(part)).map(|(_, help)| *help);
    let open = open.filter(|_| reason.contains("flow"));
    yaml::syntax(span, reason, help.unwrap_or("quote text that YAML takes for syntax"), open)
}
