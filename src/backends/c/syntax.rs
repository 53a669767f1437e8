//! Names, literals and expressions of C99, such that C++ takes them too.

use std::collections::BTreeSet;

use crate::backends::syntax::{Scope, Syntax};
use crate::backends::term::Num;
use crate::backends::words;
use crate::plan::words::symbol;
use crate::plan::{Binary, Plan};

pub(super) struct C {
    /// Members that tell whether an optional field is there.
    flags: BTreeSet<String>,
}

/// Keywords of C and C++, macros and types of their headers, and the names that generated functions use themselves.
const RESERVED: &[&str] = &[
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "append",
    "apply_mask",
    "asm",
    "assert",
    "at_least_0",
    "auto",
    "bit_group",
    "bitand",
    "bitor",
    "bool",
    "break",
    "capacity",
    "carried",
    "case",
    "catch",
    "char",
    "class",
    "compl",
    "complex",
    "concept",
    "const",
    "consteval",
    "constexpr",
    "constinit",
    "const_cast",
    "continue",
    "counted",
    "d",
    "decimal",
    "decimal_size",
    "decltype",
    "default",
    "delete",
    "delimited",
    "delimiter_size",
    "do",
    "done",
    "double",
    "dst",
    "dynamic_cast",
    "else",
    "enum",
    "errno",
    "explicit",
    "export",
    "extern",
    "false",
    "find",
    "float",
    "for",
    "found",
    "frame_size",
    "frames_size",
    "friend",
    "goto",
    "grown",
    "have",
    "i386",
    "if",
    "imaginary",
    "in",
    "inline",
    "int",
    "int16_t",
    "int32_t",
    "int64_t",
    "int8_t",
    "is_json",
    "is_minimal",
    "is_msgpack",
    "is_utf8",
    "judge",
    "linux",
    "long",
    "memcmp",
    "memcpy",
    "memmove",
    "memset",
    "msgpack_size",
    "mutable",
    "namespace",
    "need",
    "new",
    "noreturn",
    "not",
    "not_eq",
    "nullptr",
    "number",
    "operator",
    "or",
    "or_eq",
    "padding",
    "part_size",
    "parts",
    "private",
    "protected",
    "public",
    "put",
    "put_decimal",
    "refused",
    "refusal",
    "register",
    "reinterpret_cast",
    "remainder_of",
    "requires",
    "restrict",
    "return",
    "right",
    "room_of",
    "rotated",
    "sha256_begin",
    "sha256_compress",
    "sha256_end",
    "sha256_take",
    "short",
    "signed",
    "size_t",
    "sizeof",
    "src",
    "src_size",
    "stage_bytes",
    "stage_end",
    "static",
    "static_assert",
    "static_cast",
    "stderr",
    "stdin",
    "stdout",
    "step",
    "struct",
    "switch",
    "template",
    "then",
    "this",
    "told",
    "thread_local",
    "throw",
    "times",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "typeof",
    "uint16_t",
    "uint32_t",
    "uint64_t",
    "uint8_t",
    "union",
    "unix",
    "unsigned",
    "used",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "within",
    "writes",
    "xor",
    "xor_eq",
];

impl C {
    pub(super) fn new(plan: &Plan) -> Self {
        let guarded = plan.ops.iter().filter(|op| op.guard.is_some()).flat_map(|op| op.kind.slots());
        let names = guarded.filter_map(|slot| plan.slot(slot)).map(|slot| format!("has_{}", words::snake(&slot.name)));
        Self { flags: names.collect() }
    }
}

/// Whether a name would be read as one of the functions that take and put integers: `u16_be`, `put_u64_le`.
fn is_access(name: &str) -> bool {
    let bare = name.strip_prefix("put_").unwrap_or(name);
    let bare = bare.strip_suffix("_be").or_else(|| bare.strip_suffix("_le"));
    bare.is_some_and(|bare| {
        bare.strip_prefix(['u', 'i']).is_some_and(|bits| bits.chars().all(|digit| digit.is_ascii_digit()))
    })
}

fn numeric(num: Num) -> &'static str {
    match num {
        Num::Signed => "int64_t",
        Num::Unsigned => "uint64_t",
    }
}

impl Syntax for C {
    fn variable(&self, name: &str) -> String {
        let snake = words::snake(name);
        if snake.starts_with(|first: char| first.is_ascii_digit()) || self.flags.contains(&snake) {
            format!("f_{snake}")
        } else if RESERVED.contains(&snake.as_str()) || is_access(&snake) {
            format!("{snake}_")
        } else {
            snake
        }
    }

    fn type_name(&self, name: &str) -> String {
        words::snake(name)
    }

    fn constant(&self, name: &str) -> String {
        words::upper(name)
    }

    fn member(&self, name: &str) -> String {
        words::upper(name)
    }

    fn int_type(&self, bits: u8, signed: bool) -> String {
        format!("{}int{bits}_t", if signed { "" } else { "u" })
    }

    fn int_literal(&self, value: i128, _bits: u8, _signed: bool) -> String {
        match value {
            0..=0x7fff_ffff => value.to_string(),
            0x8000_0000..=0xffff_ffff => format!("{value}u"),
            -0x7fff_ffff..0 => format!("({value})"),
            -0x8000_0000 => "INT32_MIN".to_owned(),
            0x1_0000_0000..=0x7fff_ffff_ffff_ffff => format!("INT64_C({value})"),
            0x8000_0000_0000_0000.. => format!("UINT64_C({value})"),
            _ => self.number(value, Num::Signed),
        }
    }

    fn bytes_literal(&self, bytes: &[u8]) -> String {
        let bytes: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
        format!("{{{}}}", bytes.join(", "))
    }

    fn slot(&self, name: &str, bits: u8, signed: bool, scope: Scope, num: Num) -> String {
        let place = self.own(name, scope);
        match (num, signed, bits) {
            (Num::Signed, true, 64) | (Num::Unsigned, false, 64) => place,
            (Num::Signed | Num::Unsigned, _, _) => format!("({}){place}", numeric(num)),
        }
    }

    fn number(&self, value: i128, num: Num) -> String {
        match num {
            Num::Unsigned => format!("UINT64_C({value})"),
            Num::Signed if value == i128::from(i64::MIN) => "INT64_MIN".to_owned(),
            Num::Signed if value < 0 => format!("(-INT64_C({}))", value.unsigned_abs()),
            Num::Signed => format!("INT64_C({value})"),
        }
    }

    fn cast(&self, text: String, to: Num) -> String {
        format!("({}){text}", numeric(to))
    }

    fn truth(&self, condition: String, num: Num) -> String {
        format!("({})({condition})", numeric(num))
    }

    fn arithmetic(&self, operator: Binary, left: String, right: String, num: Num) -> String {
        match (operator, num) {
            (Binary::Shl, Num::Signed) => format!("(int64_t)((uint64_t){left} << {right})"),
            (Binary::Rem, Num::Signed) => format!("remainder_of({left}, {right})"),
            _ => format!("({left} {} {right})", symbol(operator)),
        }
    }

    fn store(&self, text: String, bits: u8, signed: bool) -> String {
        format!("({})({text})", self.int_type(bits, signed))
    }

    fn own(&self, name: &str, scope: Scope) -> String {
        match scope {
            Scope::Held => format!("d->held.{name}"),
            Scope::Local => name.to_owned(),
        }
    }

    fn pos(&self, scope: Scope) -> String {
        match scope {
            Scope::Held => "d->pos".to_owned(),
            Scope::Local => "(int64_t)used".to_owned(),
        }
    }

    fn at_least_0(&self, amount: String) -> String {
        format!("at_least_0({amount})")
    }

    fn amount_if(&self, condition: String, amount: String) -> String {
        format!("({condition} ? {amount} : 0)")
    }
}
