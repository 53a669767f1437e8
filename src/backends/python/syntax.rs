//! Names, literals and expressions of Python.

use crate::backends::syntax::{Scope, Syntax, bare};
use crate::backends::term::Num;
use crate::backends::words;
use crate::plan::{Binary, Unary};

pub(super) struct Python {
    /// The module has a type of its own for what lives from frame to frame.
    pub(super) has_session: bool,
}

/// Keywords, and the names that generated functions use themselves.
const RESERVED: &[&str] = &[
    "and",
    "around",
    "as",
    "assert",
    "async",
    "at",
    "await",
    "break",
    "buffer",
    "bytearray",
    "bytes",
    "case",
    "chunk",
    "class",
    "content",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "encode",
    "end",
    "except",
    "extent",
    "false",
    "finally",
    "for",
    "found",
    "frame",
    "from",
    "global",
    "grown",
    "if",
    "import",
    "in",
    "int",
    "is",
    "lambda",
    "lead",
    "len",
    "match",
    "max",
    "min",
    "muted",
    "nest",
    "none",
    "nonlocal",
    "not",
    "number",
    "object",
    "octet",
    "or",
    "origin",
    "pass",
    "passed",
    "pending",
    "per_unit",
    "pos",
    "raise",
    "reject",
    "return",
    "self",
    "shape",
    "size_bytes",
    "stop",
    "str",
    "taken",
    "times",
    "total",
    "true",
    "try",
    "units",
    "while",
    "whole",
    "why",
    "wire",
    "with",
    "yield",
];

/// Types that every module has or needs.
const TYPES: &[&str] = &[
    "Any",
    "AsyncIterator",
    "Class",
    "Decoder",
    "Deque",
    "EncodeClass",
    "EncodeError",
    "Enum",
    "Exception",
    "False",
    "Final",
    "Frame",
    "Generator",
    "IntEnum",
    "Iterator",
    "None",
    "Optional",
    "Reject",
    "StopIteration",
    "True",
    "TypeChecking",
    "Union",
];

impl Syntax for Python {
    fn variable(&self, name: &str) -> String {
        let snake = words::snake(name);
        let numbered = |prefix| {
            let rest = snake.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_'))
        };
        if snake.starts_with(|first: char| first.is_ascii_digit()) {
            format!("_{snake}")
        } else if RESERVED.contains(&snake.as_str()) || numbered("group_") || numbered("word_") {
            format!("{snake}_")
        } else {
            snake
        }
    }

    fn type_name(&self, name: &str) -> String {
        let pascal = words::pascal(name);
        if pascal.starts_with(|first: char| first.is_ascii_digit()) {
            format!("_{pascal}")
        } else if TYPES.contains(&pascal.as_str())
            || (self.has_session && pascal == "Session")
            || pascal == words::upper(name)
        {
            // A name without lower-case letters could be that of a constant.
            format!("{pascal}Kind")
        } else {
            pascal
        }
    }

    fn constant(&self, name: &str) -> String {
        match words::upper(name) {
            upper if upper == "MAX_FRAME" => "MAX_FRAME_".to_owned(),
            upper if upper.starts_with(|first: char| first.is_ascii_digit()) => format!("_{upper}"),
            upper => upper,
        }
    }

    fn member(&self, name: &str) -> String {
        match words::upper(name) {
            upper if upper.starts_with(|first: char| first.is_ascii_digit()) => format!("_{upper}"),
            upper => upper,
        }
    }

    fn int_type(&self, _bits: u8, _signed: bool) -> String {
        "int".to_owned()
    }

    fn int_literal(&self, value: i128, _bits: u8, _signed: bool) -> String {
        value.to_string()
    }

    fn bytes_literal(&self, bytes: &[u8]) -> String {
        let escaped = bytes.iter().map(|byte| match byte {
            b'"' | b'\\' => format!("\\{}", char::from(*byte)),
            b'\n' => "\\n".to_owned(),
            b'\r' => "\\r".to_owned(),
            b'\t' => "\\t".to_owned(),
            b' '..=b'~' => char::from(*byte).to_string(),
            other => format!("\\x{other:02x}"),
        });
        format!("b\"{}\"", escaped.collect::<String>())
    }

    fn slot(&self, name: &str, _bits: u8, _signed: bool, _scope: Scope, _num: Num) -> String {
        name.to_owned()
    }

    fn number(&self, value: i128, _num: Num) -> String {
        value.to_string()
    }

    fn cast(&self, text: String, _to: Num) -> String {
        text
    }

    fn truth(&self, condition: String, _num: Num) -> String {
        format!("int({condition})")
    }

    fn division(&self, operator: Binary, left: String, right: String, _num: Num, floors: bool) -> String {
        match operator {
            Binary::Div if floors => format!("({left} // {right})"),
            Binary::Rem if floors => format!("({left} % {right})"),
            Binary::Div => format!("_quotient({left}, {right})"),
            _ => format!("_remainder({left}, {right})"),
        }
    }

    fn join(&self, operator: Binary, left: String, right: String) -> String {
        let word = if operator == Binary::AndAlso { "and" } else { "or" };
        format!("{left} {word} {right}")
    }

    fn not(&self, condition: String) -> String {
        format!("not ({condition})")
    }

    fn unary(&self, operator: Unary, operand: String, _num: Num) -> String {
        match operator {
            Unary::Neg => format!("(-{operand})"),
            Unary::Invert => format!("(~{operand})"),
            Unary::Not => self.not(operand),
        }
    }

    fn store(&self, text: String, _bits: u8, _signed: bool) -> String {
        bare(&text).to_owned()
    }

    fn own(&self, name: &str, _scope: Scope) -> String {
        name.to_owned()
    }

    fn pos(&self, _scope: Scope) -> String {
        "pos".to_owned()
    }

    fn at_least_0(&self, amount: String) -> String {
        format!("max({amount}, 0)")
    }

    fn amount_if(&self, condition: String, amount: String) -> String {
        format!("({amount} if {condition} else 0)")
    }
}
