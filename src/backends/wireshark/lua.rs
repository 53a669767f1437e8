//! How Lua writes names, literals and expressions.
//!
//! A number of up to 53 bits is Lua's own, exact in Lua 5.2, which has none but doubles; wider ones are Wireshark's `Int64` and `UInt64`.

use crate::backends::term::{Num, Term, TermKind};
use crate::plan::{Binary, Kind, Plan, SlotId, Unary};

const KEYWORDS: &[&str] = &[
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
    "not", "or", "repeat", "return", "then", "true", "until", "while",
];
const EXACT: i128 = 1 << 53;
/// Bits of the integers that doubles hold.
const EXACT_BITS: u8 = 53;

/// What holds a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Number,
    Int64,
    UInt64,
}

/// A key of a table constructor.
pub(super) fn key(name: &str) -> String {
    if is_name(name) { name.to_owned() } else { format!("[{}]", string(name)) }
}

/// A member of a table.
pub(super) fn member(table: &str, name: &str) -> String {
    if is_name(name) { format!("{table}.{name}") } else { format!("{table}[{}]", string(name)) }
}

fn is_name(name: &str) -> bool {
    let plain = |each: char| each.is_ascii_alphanumeric() || each == '_';
    !KEYWORDS.contains(&name) && name.chars().all(plain) && name.starts_with(|first: char| !first.is_ascii_digit())
}

/// A string on one line.
pub(super) fn string(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    format!("\"{}\"", words.join(" ").replace('\\', "\\\\").replace('"', "\\\""))
}

/// A string of bytes.
pub(super) fn bytes(bytes: &[u8]) -> String {
    let byte = |byte: &u8| match byte {
        b'"' | b'\\' => format!("\\{}", char::from(*byte)),
        b' '..=b'~' => char::from(*byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    };
    format!("\"{}\"", bytes.iter().map(byte).collect::<String>())
}

/// An integer.
pub(super) fn literal(value: i128, form: Form) -> String {
    let class = match form {
        Form::Number => return value.to_string(),
        Form::Int64 => "Int64",
        Form::UInt64 => "UInt64",
    };
    format!("{class}.new({:#x}, {:#x})", value & 0xffff_ffff, (value >> 32_u32) & 0xffff_ffff)
}

/// What holds a slot's value.
pub(super) fn form_of(kind: Kind) -> Form {
    match kind {
        Kind::Int(int) if int.bytes <= 6 => Form::Number,
        Kind::Int(int) if int.signed => Form::Int64,
        Kind::Bits(width) if width <= EXACT_BITS => Form::Number,
        Kind::Int(_) | Kind::Bits(_) => Form::UInt64,
        Kind::Bytes | Kind::Text => Form::Number,
    }
}

/// Writes expressions over the slots of a plan.
pub(super) struct Terms<'a> {
    pub(super) plan: &'a Plan,
    /// By slot: its name among the values of a frame.
    pub(super) names: &'a [String],
}

impl Terms<'_> {
    /// The value of a slot.
    pub(super) fn value(&self, slot: SlotId) -> String {
        member("v", self.names.get(slot.0).map_or("", String::as_str))
    }

    /// What holds the value of a slot.
    pub(super) fn form(&self, slot: SlotId) -> Form {
        self.plan.slot(slot).map_or(Form::Number, |slot| form_of(slot.kind))
    }

    /// Whether a term is not 0.
    pub(super) fn condition(&self, term: &Term) -> String {
        match &term.kind {
            TermKind::Unary(Unary::Not, inner) => format!("not ({})", self.condition(inner)),
            TermKind::Binary(operator @ (Binary::AndAlso | Binary::OrElse), left, right) => {
                let operand = |term: &Term| match &term.kind {
                    TermKind::Binary(inner @ (Binary::AndAlso | Binary::OrElse), ..) if inner != operator => {
                        format!("({})", self.condition(term))
                    }
                    _ => self.condition(term),
                };
                format!("{} {} {}", operand(left), symbol(*operator), operand(right))
            }
            TermKind::Binary(operator, left, right) if term.is_truth() => {
                let form = joined(&[left, right], term);
                format!("{} {} {}", self.number(left, form), symbol(*operator), self.number(right, form))
            }
            TermKind::Int(_) | TermKind::Slot(_) | TermKind::Unary(..) | TermKind::Binary(..) => {
                let form = natural(term);
                format!("{} ~= {}", self.number(term, form), literal(0, form))
            }
        }
    }

    /// The low 8 bits of a term's value.
    pub(super) fn low_byte(&self, term: &Term) -> String {
        let form = natural(term);
        let value = self.number(term, form);
        match form {
            Form::Number => format!("{value} % 256"),
            Form::Int64 | Form::UInt64 => format!("{value}:band({}):tonumber()", literal(255, form)),
        }
    }

    /// The value of a term.
    pub(super) fn number(&self, term: &Term, form: Form) -> String {
        if let TermKind::Unary(Unary::Neg, inner) = &term.kind
            && matches!(inner.kind, TermKind::Int(_))
        {
            return literal(term.low, form);
        }
        if term.is_truth() {
            return converted(format!("truth({})", self.condition(term)), Form::Number, form);
        }
        let (text, held) = match &term.kind {
            TermKind::Int(value) => return literal(*value, form),
            TermKind::Slot(slot) => (self.value(*slot), self.form(*slot)),
            TermKind::Unary(operator, inner) => {
                let held = joined(&[inner, term], term);
                let inner = self.number(inner, held);
                let text = match operator {
                    Unary::Neg => format!("(-{inner})"),
                    Unary::Invert | Unary::Not => format!("(-{inner} - {})", literal(1, held)),
                };
                (text, held)
            }
            TermKind::Binary(operator @ (Binary::Shl | Binary::Shr), left, right) => {
                let held = joined(&[left, term], term);
                let (left, right) = (self.number(left, held), self.number(right, Form::Number));
                let text = match (operator, held) {
                    (Binary::Shl, Form::Number) => format!("({left} * 2 ^ {right})"),
                    (_, Form::Number) => format!("math.floor({left} / 2 ^ {right})"),
                    (Binary::Shl, _) => format!("{left}:lshift({right})"),
                    (_, Form::Int64) => format!("{left}:arshift({right})"),
                    (_, Form::UInt64) => format!("{left}:rshift({right})"),
                };
                (text, held)
            }
            TermKind::Binary(operator, left, right) => {
                let held = joined(&[left, right, term], term);
                (binary(*operator, held, &self.number(left, held), &self.number(right, held)), held)
            }
        };
        converted(text, held, form)
    }
}

fn binary(operator: Binary, held: Form, left: &str, right: &str) -> String {
    let own = held == Form::Number;
    match operator {
        Binary::Div if own => format!("div({left}, {right})"),
        Binary::Rem if own => format!("rem({left}, {right})"),
        Binary::And if own => format!("band({left}, {right})"),
        Binary::Or if own => format!("bor({left}, {right})"),
        Binary::Xor if own => format!("bxor({left}, {right})"),
        Binary::And => format!("{left}:band({right})"),
        Binary::Or => format!("{left}:bor({right})"),
        Binary::Xor => format!("{left}:bxor({right})"),
        Binary::Mul
        | Binary::Div
        | Binary::Rem
        | Binary::Add
        | Binary::Sub
        | Binary::Shl
        | Binary::Shr
        | Binary::Eq
        | Binary::Ne
        | Binary::Lt
        | Binary::Le
        | Binary::Gt
        | Binary::Ge
        | Binary::AndAlso
        | Binary::OrElse => format!("({left} {} {right})", symbol(operator)),
    }
}

/// What holds all values of a term.
fn natural(term: &Term) -> Form {
    if term.low >= -EXACT && term.high <= EXACT {
        return Form::Number;
    }
    match term.num() {
        Num::Signed => Form::Int64,
        Num::Unsigned => Form::UInt64,
    }
}

/// In what a step works whose values are these: Lua's numbers where they hold all, else the type that the model has proved to do.
fn joined(values: &[&Term], step: &Term) -> Form {
    if values.iter().all(|term| natural(term) == Form::Number) {
        return Form::Number;
    }
    match step.works_in() {
        Num::Signed => Form::Int64,
        Num::Unsigned => Form::UInt64,
    }
}

fn converted(text: String, from: Form, to: Form) -> String {
    match (from, to) {
        (Form::Number, Form::Number) | (Form::Int64, Form::Int64) | (Form::UInt64, Form::UInt64) => text,
        (_, Form::Number) => format!("{text}:tonumber()"),
        (_, Form::Int64) => format!("Int64.new({text})"),
        (_, Form::UInt64) => format!("UInt64.new({text})"),
    }
}

fn symbol(operator: Binary) -> &'static str {
    match operator {
        Binary::Ne => "~=",
        Binary::AndAlso => "and",
        Binary::OrElse => "or",
        Binary::Mul
        | Binary::Div
        | Binary::Rem
        | Binary::Add
        | Binary::Sub
        | Binary::Shl
        | Binary::Shr
        | Binary::And
        | Binary::Xor
        | Binary::Or
        | Binary::Eq
        | Binary::Lt
        | Binary::Le
        | Binary::Gt
        | Binary::Ge => crate::backends::syntax::symbol(operator),
    }
}
