//! Expressions of `when` and `check`: parsed by precedence climbing, then given meaning and proved free of overflow.

use super::interval::{HIGH, LOW, binary, one_type, unary};
use super::types::{Binary, Expr, SlotId, Unary};
use super::words::number;
use crate::diag::{self, Diagnostic, Span};
use crate::yaml::Node;

/// An expression as it is written.
#[derive(Clone, Debug)]
pub(super) struct RawExpr {
    span: Span,
    kind: RawKind,
}

#[derive(Clone, Debug)]
enum RawKind {
    Int(i128),
    Name(String),
    Unary(Unary, Box<RawExpr>),
    Binary(Binary, Box<RawExpr>, Box<RawExpr>),
}

impl RawExpr {
    pub(super) fn span(&self) -> Span {
        self.span
    }

    pub(super) fn int(value: i128, span: Span) -> Self {
        Self { span, kind: RawKind::Int(value) }
    }

    pub(super) fn name(name: String, span: Span) -> Self {
        Self { span, kind: RawKind::Name(name) }
    }

    pub(super) fn not(inner: Self) -> Self {
        Self { span: inner.span, kind: RawKind::Unary(Unary::Not, Box::new(inner)) }
    }

    pub(super) fn join(operator: Binary, left: Self, right: Self) -> Self {
        Self { span: right.span, kind: RawKind::Binary(operator, Box::new(left), Box::new(right)) }
    }
}

/// What a name in an expression stands for.
pub(super) enum Meaning {
    /// A constant: an enum's member.
    Constant(i128),
    /// An integer slot and the values that it can have.
    Slot(SlotId, i128, i128),
}

/// Finds what a name stands for, or reports it.
pub(super) type Lookup<'a> = dyn FnMut(&str, Span, &mut Vec<Diagnostic>) -> Option<Meaning> + 'a;

/// Operators, the tightest last; of those with a common beginning the longer first.
const OPERATORS: &[(&str, Binary, u8)] = &[
    ("||", Binary::OrElse, 1),
    ("&&", Binary::AndAlso, 2),
    ("==", Binary::Eq, 3),
    ("!=", Binary::Ne, 3),
    ("<<", Binary::Shl, 7),
    (">>", Binary::Shr, 7),
    ("<=", Binary::Le, 3),
    (">=", Binary::Ge, 3),
    ("<", Binary::Lt, 3),
    (">", Binary::Gt, 3),
    ("|", Binary::Or, 4),
    ("^", Binary::Xor, 5),
    ("&", Binary::And, 6),
    ("+", Binary::Add, 8),
    ("-", Binary::Sub, 8),
    ("*", Binary::Mul, 9),
    ("/", Binary::Div, 9),
    ("%", Binary::Rem, 9),
];
/// How tight comparisons are; they do not chain.
const COMPARISON: u8 = 3;
const DEPTH: u8 = 32;
/// Operands of one expression at most: what is parsed by a loop is dropped and resolved by recursion.
const OPERANDS: u16 = 200;
/// Why an operator is refused whose numbers fit no single type.
const MIXED: &str = "an operator's operands and its value must all fit one type of 64 bits, signed or unsigned";

/// Parses the text that stands `from` bytes into a scalar.
pub(super) fn parse(node: &Node, from: usize, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<RawExpr> {
    let mut parser = Parser { node, from, text, position: 0, operands: 0 };
    let parsed = parser.binary(0, DEPTH).and_then(|expr| {
        let rest = parser.rest();
        let wanted =
            if rest.starts_with('=') { "an operator; write `==` to compare" } else { "an operator, or the end" };
        if rest.is_empty() { Ok(expr) } else { Err(parser.fault(wanted)) }
    });
    parsed.map_err(|diagnostic| diagnostics.push(*diagnostic)).ok()
}

struct Parser<'a> {
    node: &'a Node,
    from: usize,
    text: &'a str,
    position: usize,
    operands: u16,
}

impl<'a> Parser<'a> {
    /// What is left, without white space before it.
    fn rest(&mut self) -> &'a str {
        let rest = self.text.get(self.position..).unwrap_or_default();
        let trimmed = rest.trim_start();
        self.position = self.text.len().saturating_sub(trimmed.len());
        trimmed
    }

    /// From `start` to what was read last, without the white space behind it.
    fn span(&self, start: usize) -> Span {
        let text = self.text.get(start..self.position).unwrap_or_default().trim_end();
        self.node.part(self.from.saturating_add(start), text.len())
    }

    fn fault(&mut self, wanted: &str) -> Box<Diagnostic> {
        let len = self.rest().chars().next().map_or(0, char::len_utf8);
        let at = self.node.part(self.from.saturating_add(self.position), len);
        Box::new(diag::expression(at, wanted))
    }

    fn binary(&mut self, tightness: u8, depth: u8) -> Result<RawExpr, Box<Diagnostic>> {
        let Some(depth) = depth.checked_sub(1) else { return Err(self.fault("fewer levels of nesting")) };
        self.rest();
        let start = self.position;
        let mut left = self.operand(depth)?;
        let mut compared = false;
        loop {
            let rest = self.rest();
            let found = OPERATORS.iter().find(|(text, _, _)| rest.starts_with(text));
            let Some((text, operator, level)) = found.filter(|(_, _, level)| *level > tightness) else {
                return Ok(left);
            };
            if compared && *level == COMPARISON {
                return Err(self.fault("`&&` between two comparisons, or parentheses around the first"));
            }
            compared = *level == COMPARISON;
            self.position = self.position.saturating_add(text.len());
            let right = self.binary(*level, depth)?;
            left =
                RawExpr { span: self.span(start), kind: RawKind::Binary(*operator, Box::new(left), Box::new(right)) };
        }
    }

    fn operand(&mut self, depth: u8) -> Result<RawExpr, Box<Diagnostic>> {
        let Some(depth) = depth.checked_sub(1) else { return Err(self.fault("fewer levels of nesting")) };
        self.operands = self.operands.saturating_add(1);
        if self.operands > OPERANDS {
            return Err(self.fault("fewer operands"));
        }
        let rest = self.rest();
        let start = self.position;
        let Some(first) = rest.chars().next() else { return Err(self.fault("a field, a number or `(`")) };
        let unary = match first {
            '!' => Some(Unary::Not),
            '-' => Some(Unary::Neg),
            '~' => Some(Unary::Invert),
            _ => None,
        };
        if let Some(unary) = unary {
            self.position = self.position.saturating_add(1);
            let inner = self.operand(depth)?;
            return Ok(RawExpr { span: self.span(start), kind: RawKind::Unary(unary, Box::new(inner)) });
        }
        if first == '(' {
            self.position = self.position.saturating_add(1);
            let inner = self.binary(0, depth)?;
            if !self.rest().starts_with(')') {
                return Err(self.fault("`)`"));
            }
            self.position = self.position.saturating_add(1);
            return Ok(inner);
        }
        let word = |each: char| each.is_ascii_alphanumeric() || each == '_' || each == '.';
        let len = rest.find(|each| !word(each)).unwrap_or(rest.len());
        let text = rest.get(..len).unwrap_or_default();
        let kind = if first.is_ascii_digit() {
            number(text).map(|(value, _)| RawKind::Int(value))
        } else {
            (!text.is_empty()).then(|| RawKind::Name(text.to_owned()))
        };
        let Some(kind) = kind else { return Err(self.fault("a field, a number or `(`")) };
        self.position = self.position.saturating_add(len);
        Ok(RawExpr { span: self.span(start), kind })
    }
}

/// Gives names their meaning and proves that no value leaves −2^63 … 2^64−1.
///
/// `meaning` reports a name that has none.
pub(super) fn resolve(raw: &RawExpr, meaning: &mut Lookup<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
    bounded(raw, meaning, diagnostics).map(|(expr, _, _)| expr)
}

type Bounded = (Expr, i128, i128);

fn bounded(raw: &RawExpr, meaning: &mut Lookup<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Bounded> {
    let (expr, low, high) = match &raw.kind {
        RawKind::Int(value) => (Expr::Int(*value), *value, *value),
        RawKind::Name(name) => match meaning(name, raw.span, diagnostics)? {
            Meaning::Constant(value) => (Expr::Int(value), value, value),
            Meaning::Slot(slot, low, high) => (Expr::Slot(slot), low, high),
        },
        RawKind::Unary(operator, inner) => {
            let (inner, low, high) = bounded(inner, meaning, diagnostics)?;
            let result = unary(*operator, (low, high));
            if *operator != Unary::Not && !one_type(&[(low, high), result]) {
                diagnostics.push(diag::overflow(raw.span, MIXED));
                return None;
            }
            (Expr::Unary(*operator, Box::new(inner)), result.0, result.1)
        }
        RawKind::Binary(operator, left, right) => {
            let left = bounded(left, meaning, diagnostics);
            let right_span = right.span;
            let right = bounded(right, meaning, diagnostics)?;
            let (left, a, b) = left?;
            let (right, c, d) = right;
            if matches!(operator, Binary::Div | Binary::Rem) && c <= 0 && d >= 0 {
                diagnostics.push(diag::overflow(right_span, "the divisor can be 0"));
                return None;
            }
            if matches!(operator, Binary::Shl | Binary::Shr) && (c < 0 || d > 63) {
                diagnostics.push(diag::overflow(right_span, "the shift can leave 0..=63"));
                return None;
            }
            let result = binary(*operator, (a, b), (c, d));
            let (low, high) = result;
            let judged = match operator {
                Binary::AndAlso | Binary::OrElse => vec![],
                Binary::Shl | Binary::Shr => vec![(a, b), result],
                _ => vec![(a, b), (c, d), result],
            };
            if low >= LOW && high <= HIGH && !one_type(&judged) {
                diagnostics.push(diag::overflow(raw.span, MIXED));
                return None;
            }
            (Expr::Binary(*operator, Box::new(left), Box::new(right)), low, high)
        }
    };
    if low < LOW || high > HIGH {
        diagnostics.push(diag::overflow(raw.span, "the value can leave \u{2212}2^63 \u{2026} 2^64\u{2212}1"));
        return None;
    }
    Some((expr, low, high))
}
