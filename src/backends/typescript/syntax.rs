//! Names, literals and expressions of TypeScript: integers of up to 53 bits are numbers, others bigints.

use crate::backends::syntax::{Names, Scope, Syntax, bare};
use crate::backends::term::{Num, Term, TermKind};
use crate::backends::words;
use std::collections::{BTreeMap, BTreeSet};

use crate::plan::words::symbol;
use crate::plan::{Accept, Binary, Content, Expr, OpKind, Plan, Slot, Source, SumPart, Unary};

pub(super) struct TypeScript {
    /// Slots that are compared with numbers in such a way that the compiler, which follows what is known of a variable, would take a
    /// comparison for a mistake.
    narrowed: BTreeSet<usize>,
    /// Slots that have one value in all frames: it is written instead of their names.
    constants: BTreeSet<usize>,
    /// The module has a type of its own for what lives from frame to frame.
    has_session: bool,
}

impl TypeScript {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut equal: BTreeMap<usize, BTreeSet<i128>> = BTreeMap::new();
        // What a check has left of a slot's values is known behind it.
        let mut checked = BTreeMap::new();
        for op in &plan.ops {
            if let Some(guard) = &op.guard {
                equals(guard, true, &mut equal);
            }
            match &op.kind {
                OpKind::Check(expr, _) => {
                    equals(expr, true, &mut equal);
                    equals(expr, true, &mut checked);
                }
                OpKind::Let { value, .. } => equals(value, false, &mut equal),
                OpKind::Bytes { content: Content::By(slot, rows), .. } => {
                    equal.entry(slot.0).or_default().extend(rows.iter().map(|(value, _)| *value));
                }
                _ => {}
            }
        }
        for slot in &plan.slots {
            if let Source::Piece(value) = &slot.source {
                equals(value, false, &mut equal);
            }
        }
        for then in plan.session.iter().filter_map(|carried| carried.then.as_ref()) {
            equals(then, false, &mut equal);
        }
        for part in plan.sums.iter().flat_map(|sum| &sum.parts) {
            if let SumPart::Byte(value) = part {
                equals(value, false, &mut equal);
            }
        }
        let closed = |slot: usize| {
            let integers = plan.ops.iter().flat_map(|op| op.kind.integers());
            let id = integers.filter(|integer| integer.slot.0 == slot).find_map(|integer| match integer.accept {
                Accept::Enum(id) => plan.enums.get(id.0),
                Accept::Any | Accept::Const(_) | Accept::Range(..) => None,
            });
            id.filter(|named| named.other.is_none())
        };
        let known = |slot: usize, values: &BTreeSet<i128>| match closed(slot) {
            Some(named) => {
                let is_member = |value: &i128| named.members.iter().any(|(member, _)| member == value);
                checked.contains_key(&slot) || !values.iter().all(is_member)
            }
            None => false,
        };
        let narrowed = equal.into_iter().filter(|(slot, values)| values.len() > 1 || known(*slot, values));
        let narrowed = narrowed.map(|(slot, _)| slot).collect();
        let is_constant = |slot: &Slot| matches!(slot.source, Source::Const(_));
        let constants = plan.slots.iter().enumerate().filter(|(_, slot)| is_constant(slot)).map(|(at, _)| at).collect();
        Self { narrowed, constants, has_session: !plan.session.is_empty() }
    }

    fn walk<'a>(&'a self, names: &'a Names<'a>, scope: Scope) -> Walk<'a> {
        Walk { narrowed: &self.narrowed, constants: &self.constants, names, scope }
    }
}

/// By slot: the numbers that it is compared with for equality. `holds`: the expression is a condition, which compares with 0.
fn equals(expr: &Expr, holds: bool, found: &mut BTreeMap<usize, BTreeSet<i128>>) {
    match expr {
        Expr::Int(_) => {}
        Expr::Slot(slot) => {
            if holds {
                found.entry(slot.0).or_default().insert(0);
            }
        }
        Expr::Unary(operator, operand) => equals(operand, *operator == Unary::Not, found),
        Expr::Binary(operator, left, right) => {
            if let (Binary::Eq | Binary::Ne, Expr::Slot(slot), Expr::Int(value))
            | (Binary::Eq | Binary::Ne, Expr::Int(value), Expr::Slot(slot)) = (operator, &**left, &**right)
            {
                found.entry(slot.0).or_default().insert(*value);
            }
            let holds = matches!(operator, Binary::AndAlso | Binary::OrElse);
            equals(left, holds, found);
            equals(right, holds, found);
        }
    }
}

/// Integers of more bits are bigints.
const NUMBER_BITS: u8 = 53;

/// Words that no variable can have, and the names that generated functions use themselves; with digits behind them too.
const RESERVED: &[&str] = &[
    "absent",
    "abstract",
    "any",
    "areFrames",
    "arguments",
    "as",
    "async",
    "at",
    "await",
    "big",
    "bigDecimal",
    "boolean",
    "borders",
    "break",
    "bytes",
    "bytesOf",
    "case",
    "catch",
    "class",
    "const",
    "constructor",
    "continue",
    "copy",
    "counted",
    "debugger",
    "decimal",
    "declare",
    "decoder",
    "default",
    "delete",
    "delimited",
    "delimiters",
    "differs",
    "do",
    "else",
    "encode",
    "end",
    "ending",
    "enum",
    "eval",
    "export",
    "extended",
    "extends",
    "false",
    "field",
    "finally",
    "find",
    "for",
    "frame",
    "frames",
    "from",
    "function",
    "get",
    "group",
    "grown",
    "have",
    "held",
    "high",
    "i",
    "if",
    "implements",
    "import",
    "in",
    "input",
    "instanceof",
    "integer",
    "interface",
    "isJson",
    "isMinimal",
    "isMsgpack",
    "isUtf",
    "jsonDigits",
    "jsonKey",
    "jsonNumber",
    "jsonScalar",
    "jsonSpace",
    "jsonString",
    "jsonWord",
    "judge",
    "let",
    "looked",
    "low",
    "msgpackCount",
    "msgpackSize",
    "muted",
    "namespace",
    "need",
    "never",
    "new",
    "next",
    "null",
    "number",
    "object",
    "of",
    "out",
    "over",
    "package",
    "padding",
    "parse",
    "passed",
    "pending",
    "pos",
    "position",
    "private",
    "protected",
    "public",
    "reduce",
    "refused",
    "return",
    "room",
    "seen",
    "sessionOf",
    "set",
    "size",
    "stage",
    "static",
    "step",
    "store",
    "storeBig",
    "storeDigits",
    "string",
    "super",
    "switch",
    "symbol",
    "text",
    "textOf",
    "this",
    "throw",
    "to",
    "told",
    "total",
    "transformer",
    "true",
    "try",
    "type",
    "typeof",
    "u",
    "undefined",
    "unknown",
    "utf",
    "value",
    "var",
    "void",
    "while",
    "whole",
    "why",
    "with",
    "withMask",
    "yield",
];

/// Types that every module has, and those of the language that it names.
const TYPES: &[&str] = &[
    "Array",
    "ArrayBuffer",
    "AsyncGenerator",
    "AsyncIterable",
    "BigInt",
    "Boolean",
    "DataView",
    "Decoder",
    "Delimiters",
    "EncodeClass",
    "EncodeError",
    "Error",
    "Frame",
    "FrameInit",
    "Held",
    "Input",
    "Iterable",
    "Map",
    "Math",
    "MsgpackHead",
    "NaN",
    "Nest",
    "Number",
    "Object",
    "Omit",
    "Promise",
    "Record",
    "Reject",
    "RejectClass",
    "Set",
    "Stage",
    "State",
    "Step",
    "String",
    "Symbol",
    "TextDecoder",
    "TextEncoder",
    "Uint8Array",
];

/// Constants that a module may have.
const CONSTANTS: &[&str] =
    &["BORDERS", "LAST_DELIMITERS", "MAX_FRAME", "MSGPACK_HEADS", "RESYNC", "SCRATCH", "SHA256_ROUNDS", "SLAB", "UTF8"];

impl Syntax for TypeScript {
    fn variable(&self, name: &str) -> String {
        let camel = words::camel(name);
        if RESERVED.contains(&camel.trim_end_matches(|last: char| last.is_ascii_digit())) {
            format!("{camel}_")
        } else {
            no_digit(camel)
        }
    }

    fn property(&self, name: &str) -> String {
        no_digit(words::camel(name))
    }

    fn type_name(&self, name: &str) -> String {
        let pascal = no_digit(words::pascal(name));
        let is_taken = TYPES.contains(&pascal.as_str()) || (self.has_session && pascal == "Session");
        if is_taken { format!("{pascal}Kind") } else { pascal }
    }

    fn constant(&self, name: &str) -> String {
        let upper = words::upper(name);
        if CONSTANTS.contains(&upper.as_str()) || upper.ends_with("_DELIMITERS") || upper.ends_with("_BYTES") {
            format!("{upper}_")
        } else {
            upper
        }
    }

    fn member(&self, name: &str) -> String {
        no_digit(words::pascal(name))
    }

    fn held_bits(&self, bits: u8) -> u8 {
        match bits {
            0..=8 => 8,
            9..=16 => 16,
            17..=32 => 32,
            33..=48 => 48,
            49..=NUMBER_BITS => NUMBER_BITS,
            _ => 64,
        }
    }

    fn holds(&self, outer: (u8, bool), inner: (u8, bool)) -> bool {
        let is_big = |bits| bits > NUMBER_BITS;
        let takes = if outer.1 == inner.1 { outer.0 >= inner.0 } else { outer.1 && outer.0 > inner.0 };
        takes && is_big(outer.0) == is_big(inner.0)
    }

    fn int_type(&self, bits: u8, _signed: bool) -> String {
        if bits > NUMBER_BITS { "bigint" } else { "number" }.to_owned()
    }

    fn int_literal(&self, value: i128, bits: u8, _signed: bool) -> String {
        literal(value, bits > NUMBER_BITS)
    }

    fn bytes_literal(&self, bytes: &[u8]) -> String {
        let bytes: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
        format!("[{}]", bytes.join(", "))
    }

    fn own_condition(&self, names: &Names<'_>, term: &Term, scope: Scope) -> Option<String> {
        Some(self.walk(names, scope).condition(term))
    }

    fn own_stored(&self, names: &Names<'_>, term: &Term, scope: Scope, bits: u8) -> Option<String> {
        Some(self.walk(names, scope).value(term, bits > NUMBER_BITS))
    }

    fn own_low_byte(&self, names: &Names<'_>, term: &Term, scope: Scope) -> Option<String> {
        let walk = self.walk(names, scope);
        Some(if within(term, SAFE) {
            format!("{} & 0xff", walk.value(term, false))
        } else {
            format!("Number({} & 0xffn)", walk.value(term, true))
        })
    }

    fn slot(&self, name: &str, _bits: u8, _signed: bool, scope: Scope, _num: Num) -> String {
        self.own(name, scope)
    }

    fn number(&self, value: i128, _num: Num) -> String {
        value.to_string()
    }

    fn cast(&self, text: String, _to: Num) -> String {
        text
    }

    fn truth(&self, condition: String, _num: Num) -> String {
        format!("({condition} ? 1 : 0)")
    }

    fn own(&self, name: &str, scope: Scope) -> String {
        place(name, scope)
    }

    fn pos(&self, scope: Scope) -> String {
        match scope {
            Scope::Held => "held.pos".to_owned(),
            Scope::Local => "(next - at)".to_owned(),
        }
    }

    fn at_least_0(&self, amount: String) -> String {
        format!("Math.max({amount}, 0)")
    }

    fn amount_if(&self, condition: String, amount: String) -> String {
        format!("({condition} ? {amount} : 0)")
    }
}

fn no_digit(name: String) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("_{name}") } else { name }
}

fn place(name: &str, scope: Scope) -> String {
    match scope {
        Scope::Held => format!("held.{name}"),
        Scope::Local => name.to_owned(),
    }
}

fn literal(value: i128, big: bool) -> String {
    format!("{value}{}", if big { "n" } else { "" })
}

const SAFE: (i128, i128) = (-(1 << 53) + 1, (1 << 53) - 1);
const INT32: (i128, i128) = (-(1 << 31), (1 << 31) - 1);
const UINT31: (i128, i128) = (0, (1 << 31) - 1);
const UINT32: (i128, i128) = (0, (1 << 32) - 1);

fn within(term: &Term, (low, high): (i128, i128)) -> bool {
    term.low >= low && term.high <= high
}

/// Its value, where it has no other.
fn fixed(term: &Term) -> Option<i128> {
    (term.low == term.high).then_some(term.low)
}

/// How an operator on bits works on numbers, which JavaScript takes for 32 bits of two's complement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bitwise {
    Signed,
    Unsigned,
    /// No bit can be set in both operands: they add up.
    Sum,
    Big,
}

fn bitwise(operator: Binary, left: &Term, right: &Term) -> Bitwise {
    let (both, either) = (
        |range| within(left, range) && within(right, range),
        |range| operator == Binary::And && (within(left, range) || within(right, range)),
    );
    if both(INT32) || either(UINT31) {
        Bitwise::Signed
    } else if both(UINT32) || either(UINT32) {
        Bitwise::Unsigned
    } else if operator == Binary::Or && left.low >= 0 && right.low >= 0 && left.high < least_bit(right) {
        Bitwise::Sum
    } else {
        Bitwise::Big
    }
}

/// The lowest bit that can be set, as a number.
fn least_bit(term: &Term) -> i128 {
    match &term.kind {
        TermKind::Binary(Binary::Shl, _, by) => {
            1_i128.wrapping_shl(fixed(by).and_then(|by| by.try_into().ok()).unwrap_or(0))
        }
        TermKind::Int(_) | TermKind::Slot(_) | TermKind::Unary(..) | TermKind::Binary(..) => 1,
    }
}

/// Writes expressions: of numbers as long as all operands and values are exact in 53 bits, else of bigints.
struct Walk<'a> {
    narrowed: &'a BTreeSet<usize>,
    constants: &'a BTreeSet<usize>,
    names: &'a Names<'a>,
    scope: Scope,
}

impl Walk<'_> {
    /// Its value, where it follows from constants.
    fn known(&self, term: &Term) -> Option<i128> {
        fixed(term).filter(|_| self.reads_constants(term))
    }

    fn reads_constants(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Int(_) => true,
            TermKind::Slot(slot) => self.constants.contains(&slot.0),
            TermKind::Unary(_, operand) => self.reads_constants(operand),
            TermKind::Binary(_, left, right) => self.reads_constants(left) && self.reads_constants(right),
        }
    }

    fn is_big(&self, term: &Term) -> bool {
        let wide = !within(term, SAFE);
        match &term.kind {
            TermKind::Int(_) => wide,
            TermKind::Slot(slot) => self.names.slots.get(slot.0).is_some_and(|(_, bits, _)| *bits > NUMBER_BITS),
            _ if term.is_truth() => false,
            _ if self.known(term).is_some() => wide,
            TermKind::Unary(_, operand) => wide || self.is_big(operand),
            TermKind::Binary(Binary::Shl | Binary::Shr, left, _) => wide || self.is_big(left),
            TermKind::Binary(operator, left, right) => {
                let bits = matches!(operator, Binary::And | Binary::Or | Binary::Xor);
                if bits {
                    // What is a bigint only for its type can be taken for a number.
                    wide || !within(left, SAFE)
                        || !within(right, SAFE)
                        || bitwise(*operator, left, right) == Bitwise::Big
                } else {
                    wide || self.is_big(left) || self.is_big(right)
                }
            }
        }
    }

    /// As a number or a bigint.
    fn value(&self, term: &Term, big: bool) -> String {
        if let Some(value) = self.known(term) {
            return literal(value, big);
        }
        let is_big = self.is_big(term);
        let text = match &term.kind {
            TermKind::Int(value) => literal(*value, is_big),
            TermKind::Slot(slot) => {
                self.names.slots.get(slot.0).map_or_else(String::new, |(name, ..)| place(name, self.scope))
            }
            _ if term.is_truth() => format!("Number({})", self.condition(term)),
            TermKind::Unary(Unary::Invert, operand) if is_big || within(operand, INT32) => {
                format!("(~{})", self.value(operand, is_big))
            }
            TermKind::Unary(Unary::Invert, operand) => format!("(-1 - {})", self.value(operand, false)),
            TermKind::Unary(Unary::Neg | Unary::Not, operand) => format!("(-{})", self.value(operand, is_big)),
            TermKind::Binary(operator, left, right) if is_big => {
                format!(
                    "({} {} {})",
                    self.first(*operator, left, right, true),
                    symbol(*operator),
                    self.value(right, true)
                )
            }
            TermKind::Binary(operator, left, right) => self.number(*operator, left, right, term),
        };
        match (is_big, big) {
            (true, false) => format!("Number({})", bare(&text)),
            (false, true) => format!("BigInt({})", bare(&text)),
            (true, true) | (false, false) => text,
        }
    }

    /// The first operand: of `a | b | c` the first two need no brackets.
    fn first(&self, operator: Binary, left: &Term, right: &Term, big: bool) -> String {
        let text = self.value(left, big);
        let chained = match &left.kind {
            TermKind::Binary(Binary::Or, before, last) if operator == Binary::Or => {
                big || bitwise(operator, before, last) == bitwise(operator, left, right)
            }
            TermKind::Int(_) | TermKind::Slot(_) | TermKind::Unary(..) | TermKind::Binary(..) => false,
        };
        if chained { bare(&text).to_owned() } else { text }
    }

    /// An operator on numbers. All operands and values are exact.
    fn number(&self, operator: Binary, left: &Term, right: &Term, whole: &Term) -> String {
        let (a, b) = (self.first(operator, left, right, false), self.value(right, false));
        let in_word = |most: i128| fixed(right).is_some_and(|by| (0..=most).contains(&by));
        match operator {
            Binary::Div => format!("Math.trunc({a} / {b})"),
            Binary::Shl if in_word(31) && within(left, INT32) && within(whole, INT32) => format!("({a} << {b})"),
            Binary::Shl => format!("({a} * 2 ** {b})"),
            Binary::Shr if in_word(31) && within(left, INT32) => format!("({a} >> {b})"),
            Binary::Shr if in_word(31) && within(left, UINT32) => format!("({a} >>> {b})"),
            Binary::Shr => format!("Math.floor({a} / 2 ** {b})"),
            Binary::And | Binary::Or | Binary::Xor => match bitwise(operator, left, right) {
                Bitwise::Unsigned => format!("(({a} {} {b}) >>> 0)", symbol(operator)),
                Bitwise::Sum => format!("({a} + {b})"),
                Bitwise::Signed | Bitwise::Big => format!("({a} {} {b})", symbol(operator)),
            },
            other => format!("({a} {} {b})", symbol(other)),
        }
    }

    /// Nothing that can be told beforehand is written as `true` or `false`: the compiler would take what follows from it for a mistake.
    fn condition(&self, term: &Term) -> String {
        match &term.kind {
            TermKind::Unary(Unary::Not, inner) => format!("!({})", self.condition(inner)),
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
                let big = self.is_big(left) || self.is_big(right);
                let sign = match operator {
                    Binary::Eq => "===",
                    Binary::Ne => "!==",
                    other => return format!("{} {} {}", self.value(left, big), symbol(*other), self.value(right, big)),
                };
                let slots = matches!(right.kind, TermKind::Slot(_));
                let (left_known, right_known) = (self.known(left).is_some(), self.known(right).is_some());
                let first = self.opaque(left, big, slots || (left_known && right_known));
                format!("{first} {sign} {}", self.opaque(right, big, slots && !right_known))
            }
            _ => {
                let big = self.is_big(term);
                format!("{} !== {}", self.opaque(term, big, self.known(term).is_some()), literal(0, big))
            }
        }
    }

    /// A value of which the compiler knows no more than its type, if `unknown` or where it would know too much of a slot.
    fn opaque(&self, term: &Term, big: bool, unknown: bool) -> String {
        let text = self.value(term, big);
        let narrowed = matches!(&term.kind, TermKind::Slot(slot) if self.narrowed.contains(&slot.0));
        if unknown || narrowed && self.known(term).is_none() {
            format!("({text} as {})", if big { "bigint" } else { "number" })
        } else {
            text
        }
    }
}
