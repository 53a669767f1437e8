//! How a language writes what a [`View`](super::view::View) holds: names, literals, expressions.

use super::machine::Amount;
use super::term::{Num, Term, TermKind};
use crate::plan::words::symbol;
use crate::plan::{Binary, RegionId, Unary};

/// Whose variables an expression reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// The decoder's state, between chunks.
    Held,
    /// Variables of the function at hand: of the encoder, and of a decoder that has all of a frame.
    Local,
}

/// A language. The provided methods write expressions as C does.
pub(super) trait Syntax {
    /// A field or variable, from a name of the spec.
    fn variable(&self, name: &str) -> String;
    /// A field as its user names it: a member of a record, where words of the language may be free to use.
    fn property(&self, name: &str) -> String {
        self.variable(name)
    }
    /// A type: an enum, or the protocol itself.
    fn type_name(&self, name: &str) -> String;
    /// Types whose names differ in case alone are one.
    fn type_names_fold(&self) -> bool {
        false
    }
    /// A constant.
    fn constant(&self, name: &str) -> String;
    /// A member of an enum.
    fn member(&self, name: &str) -> String;
    /// Bits of the type that holds an integer of so many bits on the wire.
    fn held_bits(&self, bits: u8) -> u8 {
        match bits {
            0..=8 => 8,
            9..=16 => 16,
            17..=32 => 32,
            _ => 64,
        }
    }
    /// Whether a type, by bits and sign, takes all values of another as they are.
    fn holds(&self, outer: (u8, bool), inner: (u8, bool)) -> bool {
        if outer.1 == inner.1 { outer.0 >= inner.0 } else { outer.1 && outer.0 > inner.0 }
    }
    /// The type that holds an integer of so many bits.
    fn int_type(&self, bits: u8, signed: bool) -> String;
    /// An integer of that type.
    fn int_literal(&self, value: i128, bits: u8, signed: bool) -> String;
    /// Constant bytes.
    fn bytes_literal(&self, bytes: &[u8]) -> String;

    /// A condition, where the language has no numbers of 64 bits and writes expressions in its own way.
    fn own_condition(&self, _names: &Names<'_>, _term: &Term, _scope: Scope) -> Option<String> {
        None
    }
    /// The integer of a slot as a number of 64 bits; 0 where it is absent. `bits` and `signed` are those of its type.
    fn slot(&self, name: &str, bits: u8, signed: bool, scope: Scope, num: Num) -> String;
    /// A number of 64 bits.
    fn number(&self, value: i128, num: Num) -> String;
    /// A number known to fit the other type too.
    fn cast(&self, text: String, to: Num) -> String;
    /// 1 where it holds, 0 where not.
    fn truth(&self, condition: String, num: Num) -> String;

    /// An arithmetic step.
    fn arithmetic(&self, operator: Binary, left: String, right: String, _num: Num) -> String {
        format!("({left} {} {right})", symbol(operator))
    }

    /// `/`, `%`, which truncate. `floors`: neither operand can be negative, so that flooring gives the same.
    fn division(&self, operator: Binary, left: String, right: String, num: Num, _floors: bool) -> String {
        self.arithmetic(operator, left, right, num)
    }

    /// A comparison.
    fn compare(&self, operator: Binary, left: String, right: String, _num: Num) -> String {
        format!("{left} {} {right}", symbol(operator))
    }

    /// `&&`, `||`. Operands that join by the other one stand in parentheses already.
    fn join(&self, operator: Binary, left: String, right: String) -> String {
        format!("{left} {} {right}", symbol(operator))
    }

    /// `!`
    fn not(&self, condition: String) -> String {
        format!("!({condition})")
    }

    /// `-`, `~`.
    fn unary(&self, operator: Unary, operand: String, _num: Num) -> String {
        match operator {
            Unary::Neg => format!("(-{operand})"),
            Unary::Invert => format!("(~{operand})"),
            Unary::Not => self.not(operand),
        }
    }

    /// A number as a variable of the type of so many bits takes it, which can hold it.
    fn store(&self, text: String, _bits: u8, _signed: bool) -> String {
        text
    }
    /// The same of a whole expression, where the language writes expressions in its own way.
    fn own_stored(&self, _names: &Names<'_>, _term: &Term, _scope: Scope, _bits: u8) -> Option<String> {
        None
    }

    /// The low 8 bits of a whole expression, where the language writes expressions in its own way.
    fn own_low_byte(&self, _names: &Names<'_>, _term: &Term, _scope: Scope) -> Option<String> {
        None
    }

    /// A variable of the decoder's own: what a length claims, or where a range begins.
    fn own(&self, name: &str, scope: Scope) -> String;
    /// The offset in the frame.
    fn pos(&self, scope: Scope) -> String;
    /// The larger of a number and 0.
    fn at_least_0(&self, amount: String) -> String;
    /// A number where a condition holds, else 0.
    fn amount_if(&self, condition: String, amount: String) -> String;
}

/// The names of what expressions read.
pub(super) struct Names<'a> {
    /// By slot: name of its variable, bits and sign of its type.
    pub(super) slots: &'a [(String, u8, bool)],
    /// By region: the variables of what its length claims and of where it begins.
    pub(super) regions: &'a [(String, String)],
    /// By mark: the variable of its offset in the frame.
    pub(super) marks: &'a [String],
    /// The variable of what the frame at hand may have.
    pub(super) most: &'a str,
}

/// Writes a term as a number.
pub(super) fn number(syntax: &dyn Syntax, names: &Names<'_>, term: &Term, scope: Scope, num: Num) -> String {
    let as_truth = |condition| syntax.truth(condition, num);
    let works_in = term.works_in();
    let operand = |term: &Term| number(syntax, names, term, scope, works_in);
    let text = match &term.kind {
        TermKind::Int(value) => return syntax.number(*value, num),
        TermKind::Slot(slot) => {
            let Some((name, bits, signed)) = names.slots.get(slot.0) else { return String::new() };
            return syntax.slot(name, *bits, *signed, scope, num);
        }
        _ if term.is_truth() => return as_truth(condition(syntax, names, term, scope)),
        TermKind::Unary(operator, inner) => syntax.unary(*operator, operand(inner), works_in),
        TermKind::Binary(operator @ (Binary::Shl | Binary::Shr), left, right) => {
            let by = number(syntax, names, right, scope, Num::Signed);
            syntax.arithmetic(*operator, operand(left), by, works_in)
        }
        TermKind::Binary(operator @ (Binary::Div | Binary::Rem), left, right) => {
            let floors = left.low >= 0 && right.low >= 0;
            syntax.division(*operator, operand(left), operand(right), works_in, floors)
        }
        TermKind::Binary(operator, left, right) => {
            let first = operand(left);
            // Of `a | b | c` the first two need no brackets.
            let chained = *operator == Binary::Or && matches!(left.kind, TermKind::Binary(Binary::Or, ..));
            let first = if chained { bare(&first).to_owned() } else { first };
            syntax.arithmetic(*operator, first, operand(right), works_in)
        }
    };
    if works_in == num { text } else { syntax.cast(text, num) }
}

/// Writes a term as a condition: whether it is not 0.
pub(super) fn condition(syntax: &dyn Syntax, names: &Names<'_>, term: &Term, scope: Scope) -> String {
    if let Some(text) = syntax.own_condition(names, term, scope) {
        return text;
    }
    let holds = |term: &Term| condition(syntax, names, term, scope);
    let works_in = term.works_in();
    match &term.kind {
        TermKind::Unary(Unary::Not, inner) => syntax.not(holds(inner)),
        TermKind::Binary(operator @ (Binary::AndAlso | Binary::OrElse), left, right) => {
            let operand = |term: &Term| match &term.kind {
                TermKind::Binary(inner @ (Binary::AndAlso | Binary::OrElse), ..) if inner != operator => {
                    format!("({})", holds(term))
                }
                _ => holds(term),
            };
            syntax.join(*operator, operand(left), operand(right))
        }
        TermKind::Binary(operator, left, right) if term.is_truth() => {
            let operand = |term: &Term| number(syntax, names, term, scope, works_in);
            syntax.compare(*operator, operand(left), operand(right), works_in)
        }
        TermKind::Int(_) | TermKind::Slot(_) | TermKind::Unary(..) | TermKind::Binary(..) => {
            let num = term.num();
            syntax.compare(Binary::Ne, number(syntax, names, term, scope, num), syntax.number(0, num), num)
        }
    }
}

/// Writes a term as a variable of this type, by bits and sign, takes it.
pub(super) fn stored(
    syntax: &dyn Syntax,
    names: &Names<'_>,
    term: &Term,
    scope: Scope,
    (bits, signed): (u8, bool),
) -> String {
    let own = syntax.own_stored(names, term, scope, bits);
    own.unwrap_or_else(|| syntax.store(number(syntax, names, term, scope, term.num()), bits, signed))
}

/// Writes a number of bytes, as a signed number.
pub(super) fn amount(syntax: &dyn Syntax, names: &Names<'_>, amount_: &Amount, scope: Scope) -> String {
    let inner = |each: &Amount| amount(syntax, names, each, scope);
    let region = |id: &RegionId| names.regions.get(id.0).map_or(("", ""), |(claim, begin)| (claim, begin));
    match amount_ {
        Amount::Bytes(bytes) => syntax.number(*bytes, Num::Signed),
        Amount::Most => syntax.own(names.most, scope),
        Amount::Count(term) => {
            let own = syntax.own_stored(names, term, scope, 32);
            own.unwrap_or_else(|| number(syntax, names, term, scope, Num::Signed))
        }
        Amount::Claimed(id) => syntax.own(region(id).0, scope),
        Amount::Begin(id) => syntax.own(region(id).1, scope),
        Amount::Mark(id) => syntax.own(names.marks.get(id.0).map_or("", String::as_str), scope),
        Amount::Pos => syntax.pos(scope),
        Amount::Sum(terms) => {
            let mut terms = terms.iter().map(inner);
            let first = terms.next().unwrap_or_default();
            terms.fold(first, |left, right| format!("{left} + {right}"))
        }
        Amount::Less(have, less) => {
            let subtrahend = inner(less);
            let atom = matches!(
                **less,
                Amount::Bytes(_) | Amount::Most | Amount::Claimed(_) | Amount::Begin(_) | Amount::Mark(_) | Amount::Pos
            );
            if atom { format!("{} - {subtrahend}", inner(have)) } else { format!("{} - ({subtrahend})", inner(have)) }
        }
        Amount::AtLeast0(each) => syntax.at_least_0(inner(each)),
        Amount::If(guard, each) => syntax.amount_if(condition(syntax, names, guard, scope), inner(each)),
    }
}

/// Without the brackets around all of it.
pub(super) fn bare(text: &str) -> &str {
    let Some(inside) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else { return text };
    let mut open = 0_usize;
    for letter in inside.bytes() {
        match letter {
            b'(' => open = open.saturating_add(1),
            b')' if open == 0 => return text,
            b')' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    inside
}
