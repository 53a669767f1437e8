//! Byte strings that a protocol is full of: what a fuzzer puts in to get past its first tests.

use super::{Accept, Integer, Op, OpKind, Plan, Size, Source};

/// Members of an enum that are taken at most.
const MEMBERS: usize = 16;

/// A byte string that means something to a protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The field that it is of.
    pub field: String,
    /// As it stands on the wire; never empty.
    pub bytes: Vec<u8>,
}

/// Constants, delimiters, members of enums, edges of ranges, and `max_frame` as the value of each length. In wire order, each once.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let spec = b"framewright: 1\nname: ping\nframe:\n  - magic: u16 = 0xF00D\n  - version: u8 in 1..=2\n";
/// let plan = framewright::plan::lower(&framewright::model::load(spec).map_err(|all| format!("{all:?}"))?);
/// let tokens: Vec<Vec<u8>> = framewright::plan::tokens(&plan).into_iter().map(|token| token.bytes).collect();
/// assert_eq!(tokens, [vec![0xf0, 0x0d], vec![1], vec![2]]);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn tokens(plan: &Plan) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for op in &plan.ops {
        let name = op.kind.slots().first().and_then(|id| plan.slot(*id)).map(|slot| slot.name.clone());
        for bytes in of_op(plan, op) {
            if !bytes.is_empty() && !tokens.iter().any(|token| token.bytes == bytes) {
                tokens.push(Token { field: name.clone().unwrap_or_default(), bytes });
            }
        }
    }
    tokens
}

/// The tokens as a dictionary for libFuzzer and AFL: a line each, `name="\xCA\xFE"`
/// (<https://llvm.org/docs/LibFuzzer.html#dictionaries>).
#[must_use]
pub fn dictionary(plan: &Plan) -> String {
    let mut lines = String::new();
    for (index, Token { field, bytes }) in tokens(plan).into_iter().enumerate() {
        let name: String = field.chars().map(|each| if each.is_ascii_alphanumeric() { each } else { '_' }).collect();
        let bytes: String = bytes.iter().map(|byte| format!("\\x{byte:02X}")).collect();
        lines += &format!("{name}_{index}=\"{bytes}\"\n");
    }
    lines
}

fn of_op(plan: &Plan, op: &Op) -> Vec<Vec<u8>> {
    match &op.kind {
        OpKind::Const { bytes, .. } => vec![bytes.clone()],
        OpKind::Peek { texts, .. } => texts.clone(),
        OpKind::Bytes { size: Size::Until { delimiters, .. }, .. } => delimiters.clone(),
        OpKind::Int { int, .. } => op
            .kind
            .integers()
            .iter()
            .flat_map(|integer| values(plan, integer))
            .map(|value| int.to_wire(value))
            .collect(),
        // A part of a group is no bytes of its own, nor is what is written in pieces.
        OpKind::Carry { .. }
        | OpKind::Bits { .. }
        | OpKind::Let { .. }
        | OpKind::Bytes { .. }
        | OpKind::Msgpack { .. }
        | OpKind::Frames { .. }
        | OpKind::Pad { .. }
        | OpKind::Open(_)
        | OpKind::Close(_)
        | OpKind::Claim(_)
        | OpKind::Fit { .. }
        | OpKind::Check(..)
        | OpKind::Mark(_)
        | OpKind::Sum(_) => Vec::new(),
    }
}

fn values(plan: &Plan, integer: &Integer) -> Vec<i128> {
    let (low, high) = integer.bounds;
    let length = plan.slot(integer.slot).is_some_and(|slot| matches!(slot.source, Source::Length(_)));
    match integer.accept {
        Accept::Any if length => vec![i128::from(plan.max_frame).clamp(low, high)],
        Accept::Any => Vec::new(),
        Accept::Const(value) => vec![value],
        Accept::Range(first, last) => vec![first, last],
        Accept::Enum(id) => {
            let members = plan.enums.get(id.0).map_or(&[][..], |known| &known.members);
            members.iter().take(MEMBERS).map(|(value, _)| *value).collect()
        }
    }
}
