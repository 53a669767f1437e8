//! Names, literals and expressions of Go.

use crate::backends::syntax::{Scope, Syntax};
use crate::backends::term::Num;
use crate::backends::words;
use crate::plan::words::symbol;
use crate::plan::{Binary, Unary};

pub(super) struct Go;

/// Keywords, what is declared before any program, packages, and the names that generated code uses itself.
const RESERVED: &[&str] = &[
    "any",
    "append",
    "applyMask",
    "appendDecimal",
    "b",
    "binary",
    "bool",
    "break",
    "byte",
    "bytes",
    "cap",
    "carried",
    "case",
    "chan",
    "clear",
    "close",
    "complex",
    "const",
    "continue",
    "copy",
    "d",
    "decimal",
    "decimalSize",
    "default",
    "defer",
    "delete",
    "delimited",
    "dst",
    "else",
    "end",
    "ending",
    "err",
    "error",
    "f",
    "extended",
    "fallthrough",
    "false",
    "find",
    "fmt",
    "for",
    "found",
    "frame",
    "framesSize",
    "from",
    "func",
    "go",
    "goto",
    "group",
    "grown",
    "held",
    "if",
    "imag",
    "import",
    "init",
    "judge",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "interface",
    "io",
    "iota",
    "isHex",
    "isJSON",
    "isMinimal",
    "isMsgpack",
    "len",
    "looked",
    "main",
    "make",
    "map",
    "max",
    "min",
    "msgpackSize",
    "muted",
    "new",
    "nil",
    "number",
    "object",
    "octet",
    "ok",
    "out",
    "package",
    "padding",
    "panic",
    "parse",
    "part",
    "passed",
    "pending",
    "pos",
    "position",
    "print",
    "println",
    "quoted",
    "range",
    "real",
    "recover",
    "refused",
    "return",
    "right",
    "room",
    "rune",
    "run",
    "seen",
    "select",
    "sha256",
    "size",
    "slices",
    "stage",
    "start",
    "step",
    "strconv",
    "string",
    "strings",
    "struct",
    "subtle",
    "switch",
    "tail",
    "times",
    "told",
    "total",
    "true",
    "truth",
    "type",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
    "utf8",
    "value",
    "var",
    "whole",
    "withoutMask",
];

/// Words that Go's names have in capitals.
const INITIALISMS: &[&str] = &[
    "api", "ascii", "cpu", "crc", "dns", "eof", "html", "http", "https", "id", "ip", "json", "qos", "rpc", "sql",
    "ssl", "tcp", "tls", "ttl", "udp", "uid", "uri", "url", "utf8", "uuid", "xml",
];

/// An exported name.
pub(super) fn exported(name: &str) -> String {
    let joined = exported_rest(name);
    if joined.starts_with(|first: char| first.is_ascii_alphabetic()) { joined } else { format!("N{joined}") }
}

/// A name to stand behind an exported one.
pub(super) fn exported_rest(name: &str) -> String {
    words::snake(name).split('_').map(exported_word).collect()
}

/// The name of a protocol's package.
pub(super) fn package(name: &str) -> String {
    let joined: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = joined.starts_with(|first: char| first.is_ascii_alphabetic());
    if plain && !PACKAGES.contains(&joined.as_str()) && !RESERVED.contains(&joined.as_str()) {
        joined
    } else {
        format!("codec{joined}")
    }
}

/// Folders with a meaning of their own, and what the testee calls its own.
const PACKAGES: &[&str] = &[
    "big", "bufio", "codec", "codecof", "decoder", "encoded", "encoder", "errors", "fields", "given", "hex", "input",
    "integer", "integers", "internal", "json", "missing", "object", "octets", "os", "out", "protocol", "quoted",
    "read", "serving", "stream", "testdata", "text", "vendor",
];

fn numeric(num: Num) -> &'static str {
    match num {
        Num::Signed => "int64",
        Num::Unsigned => "uint64",
    }
}

impl Syntax for Go {
    fn variable(&self, name: &str) -> String {
        let snake = words::snake(name);
        let mut parts = snake.split('_');
        let first = parts.next().unwrap_or_default().to_owned();
        let rest: String = parts.map(exported_word).collect();
        let camel = first + &rest;
        if !camel.starts_with(|first: char| first.is_ascii_alphabetic()) {
            format!("n{camel}")
        } else if RESERVED.contains(&camel.as_str())
            || ["delimitersOf", "textsOf"].iter().any(|table| camel.starts_with(table))
        {
            format!("{camel}Field")
        } else {
            camel
        }
    }

    fn type_name(&self, name: &str) -> String {
        exported(name)
    }

    fn constant(&self, name: &str) -> String {
        exported(name)
    }

    fn member(&self, name: &str) -> String {
        exported(name)
    }

    fn int_type(&self, bits: u8, signed: bool) -> String {
        format!("{}{bits}", if signed { "int" } else { "uint" })
    }

    fn int_literal(&self, value: i128, _bits: u8, _signed: bool) -> String {
        value.to_string()
    }

    fn bytes_literal(&self, bytes: &[u8]) -> String {
        let escaped: String = bytes
            .iter()
            .map(|byte| match byte {
                b'\\' | b'"' => format!("\\{}", char::from(*byte)),
                b'\n' => "\\n".to_owned(),
                b'\r' => "\\r".to_owned(),
                b'\t' => "\\t".to_owned(),
                0x20..=0x7e => char::from(*byte).to_string(),
                other => format!("\\x{other:02x}"),
            })
            .collect();
        format!("\"{escaped}\"")
    }

    fn slot(&self, name: &str, bits: u8, signed: bool, scope: Scope, num: Num) -> String {
        let place = match scope {
            Scope::Held => format!("d.held.{name}"),
            Scope::Local => name.to_owned(),
        };
        if bits == 64 && signed == (num == Num::Signed) { place } else { format!("{}({place})", numeric(num)) }
    }

    fn number(&self, value: i128, _num: Num) -> String {
        value.to_string()
    }

    fn cast(&self, text: String, to: Num) -> String {
        format!("{}({text})", numeric(to))
    }

    fn truth(&self, condition: String, num: Num) -> String {
        match num {
            Num::Signed => format!("truth({condition})"),
            Num::Unsigned => format!("uint64(truth({condition}))"),
        }
    }

    fn arithmetic(&self, operator: Binary, left: String, right: String, num: Num) -> String {
        // A bare number on the left of a shift would take the type of its surroundings.
        let bare = left.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
        let left = if bare && matches!(operator, Binary::Shl | Binary::Shr) { self.cast(left, num) } else { left };
        format!("({left} {} {right})", symbol(operator))
    }

    fn unary(&self, operator: Unary, operand: String, _num: Num) -> String {
        match operator {
            Unary::Neg => format!("(-({operand}))"),
            Unary::Invert => format!("(^({operand}))"),
            Unary::Not => self.not(operand),
        }
    }

    fn store(&self, text: String, bits: u8, signed: bool) -> String {
        format!("{}({text})", self.int_type(bits, signed))
    }

    fn own(&self, name: &str, scope: Scope) -> String {
        match scope {
            Scope::Held => format!("d.held.{name}"),
            Scope::Local => name.to_owned(),
        }
    }

    fn pos(&self, scope: Scope) -> String {
        match scope {
            Scope::Held => "d.held.pos".to_owned(),
            Scope::Local => "pos".to_owned(),
        }
    }

    fn at_least_0(&self, amount: String) -> String {
        format!("max({amount}, 0)")
    }

    fn amount_if(&self, condition: String, amount: String) -> String {
        format!("truth({condition})*({amount})")
    }
}

fn exported_word(word: &str) -> String {
    if INITIALISMS.contains(&word) { word.to_ascii_uppercase() } else { words::pascal(word) }
}
