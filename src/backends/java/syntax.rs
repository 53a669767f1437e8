//! Names, literals and expressions of Java. All integers in expressions are `long`; those of u64 as their 64 bits.

use crate::backends::syntax::{Scope, Syntax};
use crate::backends::term::Num;
use crate::backends::words;
use crate::plan::words::symbol;
use crate::plan::{Binary, Plan, Unary};

pub(super) struct Java<'a> {
    /// The spec's name: no nested type is named like the class around it.
    protocol: &'a str,
    /// It has a session, which is a type and a method besides.
    session: bool,
}

/// Keywords, and methods that every object has.
const RESERVED: &[&str] = &[
    "abstract",
    "assert",
    "boolean",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "clone",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "encode",
    "enum",
    "equals",
    "extends",
    "false",
    "final",
    "finalize",
    "finally",
    "float",
    "for",
    "getClass",
    "goto",
    "hashCode",
    "if",
    "implements",
    "import",
    "instanceof",
    "int",
    "interface",
    "long",
    "native",
    "new",
    "notify",
    "notifyAll",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "short",
    "static",
    "strictfp",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "throws",
    "toString",
    "transient",
    "true",
    "try",
    "void",
    "volatile",
    "wait",
    "while",
    "yield",
];

/// Variables of the generated methods. A field's variable makes way, its methods need not.
pub(super) const LOCAL: &[&str] = &[
    "at", "buffer", "buffered", "bytes", "fields", "frame", "from", "group", "grown", "have", "held", "judge",
    "looked", "muted", "need", "other", "out", "parsed", "passed", "pending", "pos", "room", "seen", "size", "stage",
    "through", "to", "total", "value", "whole",
];

/// Types that a class has or uses.
const TYPES: &[&str] = &[
    "Arrays",
    "Boolean",
    "ByteBuffer",
    "ByteOrder",
    "Byte",
    "Bytes",
    "Character",
    "Checksums",
    "Class",
    "Codec",
    "Constants",
    "Decoder",
    "Delimiters",
    "EncodeClass",
    "EncodeException",
    "Enum",
    "Exception",
    "Fields",
    "Frame",
    "Held",
    "IOException",
    "IllegalArgumentException",
    "IllegalStateException",
    "IndexOutOfBoundsException",
    "Integer",
    "Json",
    "Long",
    "Math",
    "MessageDigest",
    "MethodHandles",
    "Msgpack",
    "Nest",
    "NoSuchAlgorithmException",
    "Object",
    "Objects",
    "Optional",
    "OptionalInt",
    "OptionalLong",
    "Override",
    "Reject",
    "RejectClass",
    "StandardCharsets",
    "State",
    "String",
    "StringBuilder",
    "StringJoiner",
    "System",
    "Testee",
    "Texts",
    "Throwable",
    "VarHandle",
    "Void",
];

impl<'a> Java<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        Self { protocol: &plan.name, session: !plan.session.is_empty() }
    }

    /// The class of the protocol.
    pub(super) fn class_name(&self) -> String {
        let pascal = identifier(words::pascal(self.protocol));
        if self.is_type(&pascal) { format!("{pascal}Protocol") } else { pascal }
    }

    fn is_type(&self, name: &str) -> bool {
        TYPES.contains(&name) || self.session && name == "Session"
    }
}

fn identifier(name: String) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("_{name}") } else { name }
}

fn long(value: i128) -> String {
    match i64::try_from(value) {
        Ok(i64::MIN) => "Long.MIN_VALUE".to_owned(),
        Ok(value) => format!("{value}L"),
        Err(_) => format!("0x{value:x}L"),
    }
}

impl Syntax for Java<'_> {
    fn variable(&self, name: &str) -> String {
        let camel = identifier(words::camel(name));
        let method = self.session && camel == "session";
        if method || RESERVED.contains(&camel.as_str()) || LOCAL.contains(&camel.as_str()) {
            format!("{camel}_")
        } else {
            camel
        }
    }

    fn type_name(&self, name: &str) -> String {
        let pascal = identifier(words::pascal(name));
        if self.is_type(&pascal) || pascal == self.class_name() { format!("{pascal}Kind") } else { pascal }
    }

    fn constant(&self, name: &str) -> String {
        match identifier(words::upper(name)) {
            upper if upper == "MAX_FRAME" => "MAX_FRAME_".to_owned(),
            upper => upper,
        }
    }

    fn member(&self, name: &str) -> String {
        identifier(words::upper(name))
    }

    fn int_type(&self, bits: u8, signed: bool) -> String {
        if bits < 32 || bits == 32 && signed { "int".to_owned() } else { "long".to_owned() }
    }

    fn int_literal(&self, value: i128, _bits: u8, _signed: bool) -> String {
        i32::try_from(value).map_or_else(|_| long(value), |value| value.to_string())
    }

    fn bytes_literal(&self, bytes: &[u8]) -> String {
        let bytes: Vec<String> = bytes
            .iter()
            .map(|byte| if *byte > 0x7f { format!("(byte) 0x{byte:02x}") } else { format!("0x{byte:02x}") })
            .collect();
        format!("{{{}}}", bytes.join(", "))
    }

    fn slot(&self, name: &str, _bits: u8, _signed: bool, scope: Scope, _num: Num) -> String {
        self.own(name, scope)
    }

    fn number(&self, value: i128, _num: Num) -> String {
        long(value)
    }

    fn cast(&self, text: String, _to: Num) -> String {
        text
    }

    fn truth(&self, condition: String, _num: Num) -> String {
        format!("({condition} ? 1L : 0L)")
    }

    fn arithmetic(&self, operator: Binary, left: String, right: String, num: Num) -> String {
        match (operator, num) {
            (Binary::Div, Num::Unsigned) => format!("Long.divideUnsigned({left}, {right})"),
            (Binary::Rem, Num::Unsigned) => format!("Long.remainderUnsigned({left}, {right})"),
            (Binary::Shr, Num::Unsigned) => format!("({left} >>> {right})"),
            (other, _) => format!("({left} {} {right})", symbol(other)),
        }
    }

    fn compare(&self, operator: Binary, left: String, right: String, num: Num) -> String {
        match (operator, num) {
            (Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge, Num::Unsigned) => {
                format!("Long.compareUnsigned({left}, {right}) {} 0", symbol(operator))
            }
            (other, _) => format!("{left} {} {right}", symbol(other)),
        }
    }

    fn unary(&self, operator: Unary, operand: String, _num: Num) -> String {
        match operator {
            Unary::Neg => format!("(-({operand}))"),
            Unary::Invert => format!("(~{operand})"),
            Unary::Not => self.not(operand),
        }
    }

    fn own(&self, name: &str, scope: Scope) -> String {
        match scope {
            Scope::Held => format!("held.{name}"),
            Scope::Local => name.to_owned(),
        }
    }

    fn pos(&self, scope: Scope) -> String {
        self.own("pos", scope)
    }

    fn at_least_0(&self, amount: String) -> String {
        format!("Math.max(0L, {amount})")
    }

    fn amount_if(&self, condition: String, amount: String) -> String {
        format!("({condition} ? {amount} : 0L)")
    }
}
