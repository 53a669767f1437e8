//! One step of a plan as lines of Lua: calls of the functions in `runtime.lua`.

use serde::Serialize;

use super::lua::{Form, Terms, bytes, key, literal, member, string};
use crate::backends::term::Term;
use crate::plan::{
    Accept, Ahead, Algorithm, BitPart, Bound, Carried, Codec, Content, Decimal, Demand, Endian, IntType, Kind, OpKind,
    PadSize, Plan, RegionId, Size, SizeExpr, SizeTerm, SlotId, Source, Sum, SumPart,
};

/// A value of the session: the key that it has, what it is before the first frame, and behind one whose values are in `v`.
#[derive(Serialize)]
pub(super) struct SessionRow {
    key: String,
    from: String,
    then: String,
}

/// Writes the ops of a plan.
pub(super) struct Ops<'a> {
    pub(super) plan: &'a Plan,
    pub(super) terms: Terms<'a>,
    /// By slot: the smallest and the largest value that an expression can meet.
    pub(super) bounds: &'a [(i128, i128)],
}

impl Ops<'_> {
    /// The lines of all ops, those next to each other under one condition together.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for ops in self.plan.ops.chunk_by(|before, op| before.guard == op.guard) {
            let inside: Vec<String> = ops.iter().flat_map(|op| self.kind(&op.kind)).collect();
            let Some(guard) = ops.first().and_then(|op| op.guard.as_ref()) else {
                lines.extend(inside);
                continue;
            };
            let is_integer = |slot: &SlotId| {
                matches!(self.plan.slot(*slot).map(|slot| slot.kind), Some(Kind::Int(_) | Kind::Bits(_)))
            };
            let integers = ops.iter().flat_map(|op| op.kind.slots()).filter(is_integer);
            let absent =
                integers.map(|slot| format!("{} = {}", self.terms.value(slot), literal(0, self.terms.form(slot))));
            lines.extend(absent);
            if !inside.is_empty() {
                lines.push(format!("if {} then", self.terms.condition(&self.term(guard))));
                lines.extend(inside.iter().map(|line| format!("  {line}")));
                lines.push("end".to_owned());
            }
        }
        lines
    }

    fn kind(&self, kind: &OpKind) -> Vec<String> {
        match kind {
            OpKind::Carry { slot, .. } => vec![format!("f:carry({})", self.name(*slot))],
            OpKind::Int { slot, int, accept } => {
                let read = format!("f:int({}, {})", self.name(*slot), integer(*int));
                [vec![read], self.accept(*slot, *accept, int.bounds())].concat()
            }
            OpKind::Const { slot, bytes: constant } => {
                let value = match self.plan.slot(*slot).map(|slot| (&slot.source, slot.kind)) {
                    Some((Source::Const(value), Kind::Int(_) | Kind::Bits(_))) => {
                        literal(*value, self.terms.form(*slot))
                    }
                    _ => "nil".to_owned(),
                };
                let size = self.size_deciding(*slot);
                vec![format!("f:const({}, {}, {value}{size})", self.name(*slot), bytes(constant))]
            }
            OpKind::Bits { int, parts } => self.bits(*int, parts),
            OpKind::Bytes { slot, size, content } => {
                let name = self.name(*slot);
                let read = match size {
                    Size::Fixed(size) => format!("f:bytes({name}, {size})"),
                    Size::Rest(bound) => {
                        format!("f:counted({name}, {}, {})", self.range(bound.region), self.size(&bound.tail))
                    }
                    Size::Until { delimiters, kept, max, room } => {
                        let delimiters: Vec<String> = delimiters.iter().map(|each| bytes(each)).collect();
                        let max = max.map_or_else(|| "nil".to_owned(), |max| max.to_string());
                        let (room, _) = self.room(room);
                        format!("f:delimited({name}, {{ {} }}, {kept}, {max}, {room})", delimiters.join(", "))
                    }
                };
                let judged = match content {
                    Content::Decimal(decimal) => self.decimal(*slot, *decimal),
                    Content::Always(_) | Content::By(..) => self.content(content),
                };
                let unmasked = self.unmasked(*slot);
                [vec![read], unmasked.into_iter().collect(), judged].concat()
            }
            OpKind::Frames { slot, times, deep } => {
                let times = self.terms.number(&self.term(times), Form::Number);
                vec![format!("f:frames({}, {times}, {deep}, read_frame)", self.name(*slot))]
            }
            OpKind::Msgpack { slot, room } => {
                let (room, class) = self.room(room);
                vec![format!("f:msgpack({}, \"{class}\", {room})", self.name(*slot))]
            }
            OpKind::Pad { slot: _, size: PadSize::Fixed(size), room: _ } => vec![format!("f:take({size})")],
            OpKind::Pad { slot: _, size: PadSize::Align(to), room } => {
                let (room, class) = self.room(room);
                vec![format!("f:align({to}, \"{class}\", {room})")]
            }
            OpKind::Open(region) => vec![format!("f:open({})", self.range(Some(*region)))],
            OpKind::Close(_) => Vec::new(),
            OpKind::Claim(region) => self.claim(*region),
            OpKind::Fit { bound: Bound { region: None, tail }, exact } => {
                vec![format!("f:fit_frame({}, {exact})", self.size(tail))]
            }
            OpKind::Fit { bound: Bound { region, tail }, exact } => {
                vec![format!("f:fit_range({}, {}, {exact})", self.range(*region), self.size(tail))]
            }
            OpKind::Let { slot, value, pieces, accept, .. } => {
                let value = self.terms.number(&self.term(value), self.terms.form(*slot));
                let pieces: Vec<String> = pieces.iter().map(|piece| self.name(*piece)).collect();
                let read = format!("f:whole_of({}, {value}, {{ {} }})", self.name(*slot), pieces.join(", "));
                let bounds = kind.integers().first().map_or((0, 0), |integer| integer.bounds);
                [vec![read], self.accept(*slot, *accept, bounds)].concat()
            }
            OpKind::Peek { slot, accept: _, texts, ahead, others, room } => {
                let texts: Vec<String> = texts.iter().map(|text| bytes(text)).collect();
                let (texts, range) = (texts.join(", "), self.range(room.region));
                vec![match ahead {
                    Ahead::Next => {
                        let decides = if *others { "" } else { self.size_deciding(*slot) };
                        format!("f:peek({}, {{ {texts} }}, {others}, {range}{decides})", self.name(*slot))
                    }
                    Ahead::First { max } => {
                        let max = max.map_or_else(|| "nil".to_owned(), |max| max.to_string());
                        format!("f:peek_until({}, {{ {texts} }}, {max}, {range})", self.name(*slot))
                    }
                }]
            }
            OpKind::Check(check, demand) => {
                let holds = self.terms.condition(&self.term(check));
                match demand {
                    Demand::Check => vec![format!("f:accept({holds}, \"bad-check\")")],
                    // The frame's size hangs on the pieces.
                    Demand::Minimal => vec![format!("f:accept({holds}, \"non-minimal\", true)")],
                }
            }
            OpKind::Mark(mark) => vec![format!("f:mark({})", mark.0)],
            OpKind::Sum(sum) => self.plan.sum(*sum).and_then(|sum| self.sum(sum)).into_iter().collect(),
        }
    }

    /// The values of the session; of each, what it is behind a frame where it does not stay.
    pub(super) fn session(&self, behind: &[Option<Term>]) -> Vec<SessionRow> {
        let row = |(carried, behind): (&Carried, &Option<Term>)| {
            let form = self.terms.form(carried.slot);
            SessionRow {
                key: key(self.terms.names.get(carried.slot.0).map_or("", String::as_str)),
                from: literal(carried.from, form),
                then: behind
                    .as_ref()
                    .map_or_else(|| self.terms.value(carried.slot), |then| self.terms.number(then, form)),
            }
        };
        self.plan.session.iter().zip(behind).map(row).collect()
    }

    /// Judges a checksum by what it is computed from.
    fn sum(&self, sum: &Sum) -> Option<String> {
        let part = |part: &SumPart| match part {
            SumPart::Bytes(from, to) => format!("f:part({}, {})", from.0, to.0),
            SumPart::Zeros(count) => format!("(\"\\0\"):rep({count})"),
            SumPart::Byte(value) => format!("string.char({})", self.terms.low_byte(&self.term(value))),
        };
        let parts: Vec<String> = sum.parts.iter().map(part).collect();
        let computed = format!("{}, {}", algorithm(sum.algorithm), parts.join(" .. "));
        let found = self.terms.value(sum.slot);
        let op = self.plan.ops.iter().find(|op| op.kind.slots().contains(&sum.slot))?;
        Some(match &op.kind {
            OpKind::Int { int, .. } => {
                format!("f:sum({computed}, {found}, \"0x%0{}x\")", int.bytes.saturating_mul(2))
            }
            OpKind::Bytes { size: Size::Fixed(size), content: Content::Decimal(_), .. } => {
                let wide = self.terms.form(sum.slot) != Form::Number;
                format!("f:sum({computed}, {found}{}, \"%0{size}d\")", if wide { ":tonumber()" } else { "" })
            }
            OpKind::Bytes { size: Size::Fixed(size), .. } => {
                format!("f:digest({computed}, {}, {size})", self.name(sum.slot))
            }
            _ => return None,
        })
    }

    fn bits(&self, int: IntType, parts: &[BitPart]) -> Vec<String> {
        let part = |part: &BitPart| format!("{{ {}, {}, {} }}", self.name(part.slot), part.shift, part.width);
        let listed: Vec<String> = parts.iter().map(part).collect();
        let little = int.endian == Endian::Little;
        let read = format!("f:bits({}, {little}, {{ {} }})", int.bytes, listed.join(", "));
        let judged = parts.iter().flat_map(|part| self.accept(part.slot, part.accept, part.bounds()));
        std::iter::once(read).chain(judged).collect()
    }

    fn claim(&self, id: RegionId) -> Vec<String> {
        let Some(region) = self.plan.region(id) else { return Vec::new() };
        let mut counted = self.terms.value(region.length);
        if self.terms.form(region.length) != Form::Number {
            counted += ":tonumber()";
        }
        if region.unit != 1 {
            counted += &format!(" * {}", region.unit);
        }
        match region.plus {
            0 => {}
            1.. => counted += &format!(" - {}", region.plus),
            _ => counted += &format!(" + {}", region.plus.unsigned_abs()),
        }
        vec![format!("f:claim({}, {counted})", self.range(Some(id)))]
    }

    fn accept(&self, slot: SlotId, accept: Accept, (low, high): (i128, i128)) -> Vec<String> {
        let (value, form) = (self.terms.value(slot), self.terms.form(slot));
        let (passes, class) = match accept {
            Accept::Any => return Vec::new(),
            Accept::Const(constant) => (format!("{value} == {}", literal(constant, form)), "bad-const"),
            Accept::Range(least, most) => {
                let mut sides = Vec::new();
                if least > low {
                    sides.push(format!("{value} >= {}", literal(least, form)));
                }
                if most < high {
                    sides.push(format!("{value} <= {}", literal(most, form)));
                }
                if sides.is_empty() {
                    return Vec::new();
                }
                (sides.join(" and "), "out-of-range")
            }
            Accept::Enum(id) => {
                let Some(named) = self.plan.enums.get(id.0).filter(|named| named.other.is_none()) else {
                    return Vec::new();
                };
                let one = |(member, _): &(i128, String)| format!("{value} == {}", literal(*member, form));
                let any: Vec<String> = named.members.iter().map(one).collect();
                (any.join(" or "), "bad-enum")
            }
        };
        vec![format!("f:accept({passes}, \"{class}\"{})", self.size_deciding(slot))]
    }

    /// Takes the mask off the field just read.
    fn unmasked(&self, slot: SlotId) -> Option<String> {
        let key = self.plan.slot(slot)?.mask?;
        let op = self.plan.ops.iter().find(|op| op.kind.slots().contains(&key))?;
        let OpKind::Bytes { size: Size::Fixed(size), .. } = &op.kind else { return None };
        Some(format!("f:unmask({}, {size})", self.name(key)))
    }

    /// Digits, and the integer that they make.
    fn decimal(&self, slot: SlotId, decimal: Decimal) -> Vec<String> {
        let zero = literal(0, self.terms.form(slot));
        let Decimal { digits, signed, minimal, accept } = decimal;
        let decides = self.size_deciding(slot);
        let read = format!("f:decimal({}, {digits}, {signed}, {minimal}, {zero}{decides})", self.name(slot));
        let bounds = self.plan.slot(slot).map_or((0, 0), crate::plan::Slot::bounds);
        [vec![read], self.accept(slot, accept, bounds)].concat()
    }

    fn content(&self, content: &Content) -> Vec<String> {
        let passes = match content {
            Content::Always(Codec::Raw) | Content::Decimal(_) => return Vec::new(),
            Content::Always(codec) => function(*codec).to_owned(),
            Content::By(slot, rows) => {
                let (value, form) = (self.terms.value(*slot), self.terms.form(*slot));
                let row = |(key, codec): &(i128, Codec)| {
                    format!("{value} == {} and {} or ", literal(*key, form), function(*codec))
                };
                format!("({}is_raw)", rows.iter().map(row).collect::<String>())
            }
        };
        vec![format!("f:accept({passes}(f:text()), \"bad-body\")")]
    }

    /// The plan never has more than one bound here. Besides what it leaves, the class of a field that wants more.
    fn room(&self, bounds: &[Bound]) -> (String, &'static str) {
        let Some(bound) = bounds.first() else { return ("nil".to_owned(), "frame-too-large") };
        let class = if bound.region.is_some() { "length-too-small" } else { "frame-too-large" };
        (format!("f:room({}, {})", self.range(bound.region), self.size(&bound.tail)), class)
    }

    fn size(&self, size: &SizeExpr) -> String {
        let fixed = (size.fixed > 0 || size.terms.is_empty()).then(|| size.fixed.to_string());
        let terms = size.terms.iter().map(|term| match term {
            SizeTerm::Whole(region) => format!("f:whole({})", self.range(Some(*region))),
            SizeTerm::Rest(region) => format!("f:rest({})", self.range(Some(*region))),
            SizeTerm::If(condition, size) => {
                format!("(({}) and {} or 0)", self.terms.condition(&self.term(condition)), self.size(size))
            }
        });
        fixed.into_iter().chain(terms).collect::<Vec<_>>().join(" + ")
    }

    /// A range is named after its length.
    fn range(&self, region: Option<RegionId>) -> String {
        let length = region.and_then(|region| self.plan.region(region)).map(|region| region.length);
        length.map_or_else(|| "nil".to_owned(), |length| self.name(length))
    }

    fn name(&self, slot: SlotId) -> String {
        string(self.terms.names.get(slot.0).map_or("", String::as_str))
    }

    fn term(&self, expr: &crate::plan::Expr) -> Term {
        Term::new(expr, self.bounds)
    }

    /// An argument where a frame's size follows from this slot, so that a frame that it refuses cannot be skipped: it is a length, or
    /// part of a condition.
    fn size_deciding(&self, slot: SlotId) -> &'static str {
        let guards =
            self.plan.ops.iter().filter(|op| !matches!(op.kind, OpKind::Check(..))).filter_map(|op| op.guard.as_ref());
        let is_length = self.plan.regions.iter().any(|region| region.length == slot);
        if is_length || guards.map(|guard| self.term(guard)).any(|guard| guard.reads(slot)) { ", true" } else { "" }
    }
}

/// The function that computes a checksum.
fn algorithm(algorithm: Algorithm) -> String {
    match algorithm {
        Algorithm::Crc(_) => member("crcs", algorithm.name()),
        Algorithm::Sum8 => "sum8_of".to_owned(),
        Algorithm::Xor8 => "xor8_of".to_owned(),
        Algorithm::Sha256 => "sha256_of".to_owned(),
        Algorithm::Sha256d => "sha256d_of".to_owned(),
    }
}

/// The function that judges a body.
fn function(codec: Codec) -> &'static str {
    match codec {
        Codec::Raw => "is_raw",
        Codec::Utf8 => "is_utf8",
        Codec::Json => "is_json",
        Codec::Msgpack => "is_msgpack",
    }
}

fn integer(int: IntType) -> String {
    format!("{}, {}, {}", int.bytes, int.endian == Endian::Little, int.signed)
}
