//! Names, literals and expressions of Rust.

use crate::backends::syntax::{Scope, Syntax};
use crate::backends::term::Num;
use crate::backends::words;
use crate::plan::words::symbol;
use crate::plan::{Binary, Unary};

pub(super) struct Rust;

/// Keywords, and the names that generated functions use themselves.
const RESERVED: &[&str] = &[
    "abstract",
    "apply_mask",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "bytes",
    "carried",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "end",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "frame",
    "frames_size",
    "gen",
    "group",
    "have",
    "head",
    "if",
    "impl",
    "in",
    "input",
    "inside",
    "judge",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "muted",
    "need",
    "nest",
    "out",
    "override",
    "part",
    "passed",
    "pending",
    "pos",
    "priv",
    "pub",
    "ref",
    "rest",
    "return",
    "room",
    "run",
    "seen",
    "self",
    "size",
    "stage",
    "start",
    "static",
    "struct",
    "super",
    "text_without_mask",
    "times",
    "total",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "value",
    "virtual",
    "where",
    "while",
    "whole",
    "without_mask",
    "word",
    "yield",
];

/// Types that every module has.
const TYPES: &[&str] = &[
    "Buffer",
    "Class",
    "Codec",
    "Decoder",
    "Default",
    "EncodeClass",
    "EncodeError",
    "Err",
    "Event",
    "Events",
    "Frame",
    "Held",
    "Json",
    "MsgpackHead",
    "Nest",
    "None",
    "Ok",
    "Option",
    "OwnedFrame",
    "Reject",
    "Result",
    "Self",
    "Session",
    "Some",
    "Stage",
    "State",
    "Step",
    "String",
    "Vec",
];

fn numeric(num: Num) -> &'static str {
    match num {
        Num::Signed => "i64",
        Num::Unsigned => "u64",
    }
}

impl Syntax for Rust {
    fn variable(&self, name: &str) -> String {
        let snake = words::snake(name);
        if snake.starts_with(|first: char| first.is_ascii_digit()) {
            format!("_{snake}")
        } else if RESERVED.contains(&snake.as_str()) {
            format!("{snake}_")
        } else {
            snake
        }
    }

    fn type_name(&self, name: &str) -> String {
        let pascal = words::pascal(name);
        if pascal.starts_with(|first: char| first.is_ascii_digit()) {
            format!("_{pascal}")
        } else if TYPES.contains(&pascal.as_str()) {
            format!("{pascal}Kind")
        } else {
            pascal
        }
    }

    fn constant(&self, name: &str) -> String {
        let upper = words::upper(name);
        if upper.ends_with("DELIMITERS") || matches!(upper.as_str(), "BORDERS" | "MAX_FRAME" | "RESYNC") {
            format!("{upper}_")
        } else {
            upper
        }
    }

    fn member(&self, name: &str) -> String {
        let pascal = words::pascal(name);
        if pascal.starts_with(|first: char| first.is_ascii_digit()) {
            format!("_{pascal}")
        } else if pascal == "Self" {
            "SelfKind".to_owned()
        } else {
            pascal
        }
    }

    fn int_type(&self, bits: u8, signed: bool) -> String {
        format!("{}{bits}", if signed { "i" } else { "u" })
    }

    fn int_literal(&self, value: i128, _bits: u8, _signed: bool) -> String {
        value.to_string()
    }

    fn bytes_literal(&self, bytes: &[u8]) -> String {
        let bytes: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
        format!("[{}]", bytes.join(", "))
    }

    fn slot(&self, name: &str, bits: u8, signed: bool, scope: Scope, num: Num) -> String {
        let place = match scope {
            Scope::Held => format!("self.held.{name}"),
            Scope::Local => name.to_owned(),
        };
        match (num, signed, bits) {
            (Num::Signed, true, 64) | (Num::Unsigned, false, 64) => place,
            (Num::Signed, false, 64) | (Num::Unsigned, true, _) => format!("({place} as {})", numeric(num)),
            (Num::Signed | Num::Unsigned, _, _) => format!("{}::from({place})", numeric(num)),
        }
    }

    fn number(&self, value: i128, num: Num) -> String {
        format!("{value}_{}", numeric(num)).replace("-9223372036854775808_i64", "i64::MIN")
    }

    fn cast(&self, text: String, to: Num) -> String {
        format!("({text} as {})", numeric(to))
    }

    fn truth(&self, condition: String, num: Num) -> String {
        format!("{}::from({condition})", numeric(num))
    }

    fn arithmetic(&self, operator: Binary, left: String, right: String, _num: Num) -> String {
        match operator {
            Binary::Rem => format!("({left}).wrapping_rem({right})"),
            other => format!("({left} {} {right})", symbol(other)),
        }
    }

    fn unary(&self, operator: Unary, operand: String, _num: Num) -> String {
        match operator {
            Unary::Neg => format!("(-{operand})"),
            Unary::Not | Unary::Invert => format!("(!{operand})"),
        }
    }

    fn store(&self, text: String, bits: u8, signed: bool) -> String {
        format!("({text}) as {}", self.int_type(bits, signed))
    }

    fn own(&self, name: &str, scope: Scope) -> String {
        match scope {
            Scope::Held => format!("self.held.{name}"),
            Scope::Local => name.to_owned(),
        }
    }

    fn pos(&self, scope: Scope) -> String {
        match scope {
            Scope::Held => "self.held.pos".to_owned(),
            Scope::Local => "pos".to_owned(),
        }
    }

    fn at_least_0(&self, amount: String) -> String {
        format!("({amount}).max(0)")
    }

    fn amount_if(&self, condition: String, amount: String) -> String {
        format!("(if {condition} {{ {amount} }} else {{ 0 }})")
    }
}
