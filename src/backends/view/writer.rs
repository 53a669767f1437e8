//! From a [`Machine`] to its [`View`](super::View).

use std::collections::BTreeSet;

use crate::backends::machine::{
    Action, ActionKind, AfterValue, Amount, CLAIM_MOST, Judgement, Machine, Part, PartKind, Read, Stage, Summed,
    SummedPart, WordParts, guards, is_named,
};
use crate::backends::syntax::{self, Names, Scope, Syntax};
use crate::backends::term::{Term, TermKind};
use crate::plan::{
    Accept, Algorithm, Codec, Content, Crc, Endian, EnumDef, EnumId, IntType, Kind, MarkId, OnReject, OpKind, Oversize,
    PadSize, Plan, RegionId, Size, Slot, SlotId, Source, SumPart, Unary, both,
};

use super::*;

/// Bytes of the longest head that is judged again each time that more of it comes.
const LADDER: u64 = 128;

impl StageView {
    /// Where it ends, if that is the same in all frames.
    fn fixed_end(&self) -> Option<u64> {
        let fixed = self.guard.is_none() && matches!(self.kind, "const" | "fixed");
        Some(self.at.filter(|_| fixed)?.saturating_add(self.size?))
    }
}

impl View {
    /// The names of the enums' types, in the order of the spec.
    pub(in crate::backends) fn enum_names(&self) -> impl Iterator<Item = &str> {
        self.enums.iter().map(|named| named.name.as_str())
    }

    pub(in crate::backends) fn new(plan: &Plan, syntax: &dyn Syntax) -> Self {
        let machine = Machine::new(plan);
        let mut taken = BTreeSet::new();
        let mut unique = |name: String| unique_name(name, &mut taken);
        let variables: Vec<String> =
            (0..plan.slots.len()).map(|index| unique(syntax.variable(&own_name(plan, index)))).collect();
        let regions: Vec<(String, String)> = plan
            .regions
            .iter()
            .map(|region| {
                let length = own_name(plan, region.length.0);
                let claim = unique(syntax.variable(&format!("{length}_claim")));
                (claim, unique(syntax.variable(&format!("{length}_begin"))))
            })
            .collect();
        let marks: Vec<String> = (0..plan.marks).map(|mark| unique(syntax.variable(&format!("mark_{mark}")))).collect();
        let mut algorithms: Vec<(Algorithm, String)> = Vec::new();
        for sum in &plan.sums {
            if algorithms.iter().all(|(known, _)| *known != sum.algorithm) {
                let name = sum.algorithm.name().replace(|each: char| !each.is_ascii_alphanumeric(), "_");
                algorithms.push((sum.algorithm, unique(syntax.variable(&format!("sum_of_{name}")))));
            }
        }
        let mut taken = BTreeSet::new();
        let unique_type = |named: &EnumDef| {
            let name = syntax.type_name(&named.name);
            if syntax.type_names_fold() { unique_folded(name, &mut taken) } else { unique_name(name, &mut taken) }
        };
        let enums = plan.enums.iter().map(unique_type).collect();
        // In many languages a constant may not be named as a type is.
        let constants =
            plan.slots.iter().map(|slot| unique_name(syntax.constant(&slot.name), &mut taken)).collect::<Vec<_>>();
        let algorithms: Vec<(Algorithm, String, String)> = algorithms
            .into_iter()
            .map(|(algorithm, name)| {
                let own = algorithm.name().replace(|each: char| !each.is_ascii_alphanumeric(), "_");
                let constant = unique_name(syntax.constant(&format!("table_{own}")), &mut taken);
                (algorithm, name, constant)
            })
            .collect();
        let mut taken = BTreeSet::new();
        let properties = (0..plan.slots.len())
            .map(|index| unique_name(syntax.property(&own_name(plan, index)), &mut taken))
            .collect::<Vec<_>>();
        let slots: Vec<(String, u8, bool)> = plan
            .slots
            .iter()
            .zip(variables)
            .map(|(slot, name)| {
                let (bits, signed) = storage(syntax, slot.kind);
                (name, bits, signed)
            })
            .collect();
        let names = Names { slots: &slots, regions: &regions, marks: &marks };
        let writer = Writer { machine: &machine, syntax, names, properties, constants, enums, algorithms };
        writer.view()
    }
}

/// The spec's name; of the hidden length in front of a field, a name of its own.
fn own_name(plan: &Plan, index: usize) -> String {
    match plan.slots.get(index) {
        Some(slot) if slot.hidden && matches!(slot.source, Source::Length(_)) => format!("{}_prefix", slot.name),
        Some(slot) if matches!(slot.source, Source::Piece(_)) => format!("{}_piece", slot.name),
        Some(slot) if slot.hidden => format!("{}_padding", slot.name),
        Some(slot) => slot.name.clone(),
        None => String::new(),
    }
}

pub(in crate::backends) fn unique_name(name: String, taken: &mut BTreeSet<String>) -> String {
    let mut candidate = name.clone();
    let mut number = 2_u32;
    while !taken.insert(candidate.clone()) {
        let joint =
            if name.starts_with(|first: char| first.is_ascii_uppercase()) && !name.contains('_') { "" } else { "_" };
        candidate = format!("{name}{joint}{number}");
        number = number.saturating_add(1);
    }
    candidate
}

/// The same where names that differ in case alone are one.
fn unique_folded(name: String, taken: &mut BTreeSet<String>) -> String {
    let folded = unique_name(name.to_ascii_lowercase(), taken);
    let suffix = folded.get(name.len()..).unwrap_or_default();
    format!("{name}{suffix}")
}

/// Bits and sign of the type that holds a value.
fn storage(syntax: &dyn Syntax, kind: Kind) -> (u8, bool) {
    match kind {
        Kind::Int(int) => (syntax.held_bits(int.bytes.saturating_mul(8)), int.signed),
        Kind::Bits(bits) => (syntax.held_bits(bits), false),
        Kind::Bytes | Kind::Text => (0, false),
    }
}

fn held_bits(bits: u8) -> u8 {
    match bits {
        0..=8 => 8,
        9..=16 => 16,
        17..=32 => 32,
        _ => 64,
    }
}

fn type_bounds(bits: u8, signed: bool) -> (i128, i128) {
    IntType { bytes: bits.div_ceil(8), signed, endian: Endian::Big }.bounds()
}

fn mask(width: u8) -> u64 {
    1_u64.checked_shl(u32::from(width)).map_or(u64::MAX, |above| above.wrapping_sub(1))
}

fn codec_word(codec: Codec) -> &'static str {
    match codec {
        Codec::Raw => "raw",
        Codec::Utf8 => "utf8",
        Codec::Json => "json",
        Codec::Msgpack => "msgpack",
    }
}

struct Writer<'a> {
    machine: &'a Machine<'a>,
    syntax: &'a dyn Syntax,
    names: Names<'a>,
    /// By slot.
    properties: Vec<String>,
    constants: Vec<String>,
    /// By enum.
    enums: Vec<String>,
    /// The algorithms of checksums, and the names of function and constant.
    algorithms: Vec<(Algorithm, String, String)>,
}

impl Writer<'_> {
    fn plan(&self) -> &Plan {
        self.machine.plan
    }

    fn view(&self) -> View {
        let plan = self.plan();
        let mut taken = BTreeSet::new();
        let stages = self.machine.stages.iter().enumerate();
        let mut stages: Vec<StageView> = stages.map(|(index, stage)| self.stage(index, stage, &mut taken)).collect();
        self.join(&mut stages);
        let parts: Vec<PartView> = self.machine.parts.iter().map(|part| self.part(part)).collect();
        let decimals = || {
            plan.ops.iter().filter_map(|op| match &op.kind {
                OpKind::Bytes { content: Content::Decimal(decimal), .. } => Some(*decimal),
                _ => None,
            })
        };
        let codecs: BTreeSet<&str> = self.machine.codecs().into_iter().map(codec_word).collect();
        View {
            name: plan.name.clone(),
            doc: plan.doc.clone(),
            type_name: self.syntax.type_name(&plan.name),
            variable: self.syntax.variable(&plan.name.replace('-', "_")),
            max_frame: plan.max_frame,
            min_frame: plan.min_frame,
            enums: (0..plan.enums.len()).filter_map(|index| self.named(index)).collect(),
            slots: (0..plan.slots.len()).filter_map(|index| self.slot(index)).collect(),
            session: (0..plan.session.len()).filter_map(|index| self.carried(index)).collect(),
            regions: (0..plan.regions.len()).filter_map(|index| self.region(index)).collect(),
            kinds: stages.iter().map(|stage| stage.kind).collect(),
            head_read: stages.iter().filter(|stage| stage.in_head).any(|stage| {
                let named = |word: &WordView| word.slot.is_some() || !word.parts.is_empty();
                stage.kind == "const" || stage.words.iter().any(named) || !stage.spans.is_empty()
            }),
            ladder: stages.iter().map_while(StageView::fixed_end).last().is_some_and(|head| head <= LADDER)
                && !stages
                    .iter()
                    .filter(|stage| stage.in_head)
                    .flat_map(|stage| &stage.judgements)
                    .any(|judgement| matches!(judgement.kind, "content" | "decimal")),
            head: stages.iter().map_while(StageView::fixed_end).last().unwrap_or(0),
            growing: self.growing(),
            marks: (0..plan.marks).filter_map(|index| self.mark(index)).collect(),
            sums: (0..plan.sums.len()).filter_map(|index| self.sum(index)).collect(),
            algorithms: self.algorithms.iter().map(algorithm_view).collect(),
            runs: runs(&parts),
            parts,
            refuses: stages.iter().any(|stage| {
                let judged = !stage.judgements.is_empty() || !matches!(stage.kind, "fixed" | "rest");
                judged || stage.actions.iter().any(|action| !matches!(action.kind, "open" | "mark"))
            }),
            judges: !plan.sums.is_empty()
                || stages.iter().flat_map(|stage| &stage.judgements).any(|judgement| {
                    let slot = plan.slots.get(judgement.slot).map(|slot| slot.kind);
                    judgement.kind == "content" && slot != Some(Kind::Text)
                }),
            policy: self.policy(),
            codecs: codecs.into_iter().collect(),
            decimals: decimals().next().is_some(),
            signed_decimals: decimals().any(|decimal| decimal.signed),
            rechecks: self.machine.rechecks(),
            has_bytes: plan.slots.iter().any(|slot| {
                !slot.hidden
                    && matches!(slot.source, Source::Input | Source::Sum(_))
                    && matches!(slot.kind, Kind::Bytes | Kind::Text)
            }),
            stages,
        }
    }

    fn number(&self, term: &Term, scope: Scope) -> String {
        syntax::condition(self.syntax, &self.names, term, scope)
    }

    fn condition(&self, term: &Term) -> Rendered {
        Rendered { held: self.number(term, Scope::Held), local: self.number(term, Scope::Local) }
    }

    fn amount(&self, amount: &Amount) -> Rendered {
        let write = |scope| syntax::amount(self.syntax, &self.names, amount, scope);
        Rendered { held: write(Scope::Held), local: write(Scope::Local) }
    }

    fn named(&self, index: usize) -> Option<EnumView> {
        let named = self.plan().enums.get(index)?;
        let (bits, signed) = self.enum_storage(EnumId(index));
        let mut taken = BTreeSet::new();
        let members = named.members.iter().map(|(value, name)| MemberView {
            raw: name.clone(),
            name: unique_name(self.syntax.member(name), &mut taken),
            value: value.to_string(),
            literal: self.syntax.int_literal(*value, bits, signed),
        });
        let members = members.collect();
        Some(EnumView {
            raw: named.name.clone(),
            name: self.enums.get(index)?.clone(),
            members,
            other_raw: named.other.clone(),
            other: named.other.as_ref().map(|other| unique_name(self.syntax.member(other), &mut taken)),
            int_type: self.syntax.int_type(bits, signed),
            bits,
            signed,
            used: self.plan().slots.iter().zip(self.names.slots).any(|(slot, (_, held, sign))| {
                slot.names == Some(EnumId(index)) && self.syntax.holds((bits, signed), (*held, *sign))
            }),
        })
    }

    /// Bits and sign of the type that holds the values of all fields that an enum names. Where one of them is signed and another
    /// unsigned of 64 bits there is none: the latter is a plain integer then.
    fn enum_storage(&self, id: EnumId) -> (u8, bool) {
        let users =
            self.plan().slots.iter().filter(|slot| slot.names == Some(id)).map(|slot| storage(self.syntax, slot.kind));
        let widest = |sign| users.clone().filter(|(_, signed)| *signed == sign).map(|(bits, _)| bits).max();
        match (widest(true), widest(false)) {
            (None, None) => (64, true),
            (None, Some(bits)) => (bits, false),
            (Some(bits), None) => (bits, true),
            (Some(signed), Some(unsigned)) => (signed.max(self.syntax.held_bits(unsigned.saturating_add(1))), true),
        }
    }

    fn slot(&self, index: usize) -> Option<SlotView> {
        let slot = self.plan().slots.get(index)?;
        let (name, bits, signed) = self.names.slots.get(index)?;
        let own = self.plan().ops.iter().flat_map(|op| op.kind.integers()).find(|integer| integer.slot.0 == index);
        let (wire_bits, of_type) = match slot.kind {
            Kind::Int(int) => (int.bytes.saturating_mul(8), int.bounds()),
            Kind::Bits(width) => (width, (0, i128::from(mask(width)))),
            Kind::Bytes | Kind::Text => (0, (0, 0)),
        };
        let (low, high) = own.map_or(of_type, |own| own.bounds);
        let integer = wire_bits > 0;
        let literal = |value| if integer { self.syntax.int_literal(value, *bits, *signed) } else { String::new() };
        let (type_low, type_high) = type_bounds(*bits, *signed);
        let (role, value, digits) = match &slot.source {
            Source::Input => ("input", None, None),
            Source::Const(value) => ("const", Some(literal(*value)), Some(value.to_string())),
            Source::Bytes(bytes) => {
                ("const", Some(self.syntax.bytes_literal(bytes)), Some(crate::value::to_hex(bytes)))
            }
            Source::Length(_) => ("length", None, None),
            Source::Zero => ("pad", None, None),
            Source::Piece(_) => ("piece", None, None),
            Source::Sum(_) => ("sum", None, None),
        };
        let region = match slot.source {
            Source::Length(region) => Some(region.0),
            Source::Input | Source::Const(_) | Source::Bytes(_) | Source::Zero | Source::Piece(_) | Source::Sum(_) => {
                None
            }
        };
        Some(SlotView {
            id: index,
            raw: slot.name.clone(),
            name: name.clone(),
            property: self.properties.get(index)?.clone(),
            constant: self.constants.get(index)?.clone(),
            doc: slot.doc.clone(),
            visible: !slot.hidden,
            kind: match slot.kind {
                Kind::Int(_) | Kind::Bits(_) => "int",
                Kind::Bytes => "bytes",
                Kind::Text => "text",
            },
            role,
            carried: self.plan().session.iter().any(|carried| carried.slot.0 == index),
            wire_bits,
            bits: *bits,
            signed: *signed,
            int_type: if integer { self.syntax.int_type(*bits, *signed) } else { String::new() },
            wide: wire_bits > 53,
            low: low.to_string(),
            high: high.to_string(),
            low_literal: literal(low),
            high_literal: literal(high),
            roomy_low: integer && type_low < low,
            roomy_high: integer && type_high > high,
            named: self.names_of(slot, (*bits, *signed)).map(|id| id.0),
            guard: self.machine.guards.get(index)?.as_ref().map(|guard| self.condition(guard)),
            value,
            digits,
            passes: own.and_then(|integer| self.accept(integer.slot, integer.accept)),
            region,
            sentinel: region.and_then(|region| self.plan().regions.get(region)).and_then(|region| {
                let sentinel = region.sentinel?;
                let guard = guards(self.plan()).get(index).copied().flatten();
                let counts = both(guard.cloned(), region.counts())?;
                Some(SentinelView {
                    field: sentinel.field.0,
                    value: literal(sentinel.told(false)),
                    other: literal(sentinel.told(true)),
                    counts: self.condition(&Term::new(&counts, &self.machine.bounds)),
                })
            }),
            pieces: self.pieces(SlotId(index)),
            in_guard: self.machine.guards.iter().flatten().any(|guard| guard.reads(SlotId(index)))
                || self.machine.sums.iter().any(|sum| reads_in_sum(sum, SlotId(index))),
            in_const_guard: self
                .machine
                .guards
                .iter()
                .zip(&self.plan().slots)
                .filter(|(_, slot)| matches!(slot.source, Source::Const(_) | Source::Bytes(_)) && !slot.hidden)
                .filter_map(|(guard, _)| guard.as_ref())
                .any(|guard| guard.reads(SlotId(index))),
            read: self.is_read(SlotId(index)),
        })
    }

    /// The enum of a slot, where its type holds what the slot's type does.
    fn names_of(&self, slot: &Slot, int: (u8, bool)) -> Option<EnumId> {
        slot.names.filter(|id| self.syntax.holds(self.enum_storage(*id), int))
    }

    fn carried(&self, index: usize) -> Option<CarriedView> {
        let carried = self.plan().session.get(index)?;
        let (_, bits, signed) = self.names.slots.get(carried.slot.0)?;
        let then = self.machine.session.get(index)?.as_ref();
        let names = self.names_of(self.plan().slot(carried.slot)?, (*bits, *signed));
        let named = names.and_then(|id| self.named(id.0));
        let value = carried.from.to_string();
        let member = named.and_then(|named| named.members.into_iter().find(|member| member.value == value));
        Some(CarriedView {
            slot: carried.slot.0,
            from: self.syntax.int_literal(carried.from, *bits, *signed),
            digits: value,
            member: member.map(|member| member.name),
            then: then.map(|then| self.stored(then, carried.slot)),
        })
    }

    /// What an integer is written in.
    fn pieces(&self, whole: SlotId) -> Vec<PieceView> {
        let mut pieces = Vec::new();
        for (index, slot) in self.plan().slots.iter().enumerate() {
            let Source::Piece(value) = &slot.source else { continue };
            let bounds: Vec<(i128, i128)> = self.plan().slots.iter().map(crate::plan::Slot::bounds).collect();
            let value = Term::new(value, &bounds);
            if !value.reads(whole) {
                continue;
            }
            let part = self.machine.parts.iter().find_map(|part| match &part.kind {
                PartKind::Int { slot, int } if slot.0 == index => Some((part, u64::from(int.bytes))),
                _ => None,
            });
            pieces.push(PieceView {
                slot: index,
                value: self.stored(&value, SlotId(index)).local,
                guard: part.and_then(|(part, _)| part.guard.as_ref()).map(|guard| self.condition(guard).local),
                size: part.map_or(0, |(_, size)| size),
            });
        }
        pieces
    }

    /// Lengths in pieces, and the ranges around them.
    fn growing(&self) -> Vec<GrowingView> {
        let mut open: Vec<usize> = Vec::new();
        let mut all = Vec::new();
        for op in &self.plan().ops {
            match &op.kind {
                OpKind::Open(region) => open.push(region.0),
                OpKind::Close(region) => open.retain(|each| *each != region.0),
                OpKind::Let { slot, .. } if self.is_length(*slot) => {
                    all.push(GrowingView { slot: slot.0, delimiter: None, around: open.clone() });
                }
                OpKind::Bytes { slot, size: Size::Until { delimiters, .. }, content: Content::Decimal(_) }
                    if self.is_length(*slot) =>
                {
                    let delimiter = delimiters.first().map(Vec::len);
                    all.push(GrowingView { slot: slot.0, delimiter, around: open.clone() });
                }
                _ => {}
            }
        }
        all.reverse();
        all
    }

    fn is_length(&self, slot: SlotId) -> bool {
        self.plan().slot(slot).is_some_and(|slot| matches!(slot.source, Source::Length(_)))
    }

    /// A number as the type of a slot holds it.
    fn stored(&self, term: &Term, slot: SlotId) -> Rendered {
        let (bits, signed) = self.names.slots.get(slot.0).map_or((64, false), |(_, bits, signed)| (*bits, *signed));
        let write = |scope| syntax::stored(self.syntax, &self.names, term, scope, (bits, signed));
        Rendered { held: write(Scope::Held), local: write(Scope::Local) }
    }

    /// Whether something before the frame's end hangs on a slot's value.
    fn is_read(&self, slot: SlotId) -> bool {
        let reads = |term: &Term| term.reads(slot);
        fn in_amount(amount: &Amount, reads: &dyn Fn(&Term) -> bool) -> bool {
            match amount {
                Amount::Bytes(_) | Amount::Claimed(_) | Amount::Pos | Amount::Begin(_) | Amount::Mark(_) => false,
                Amount::Sum(terms) => terms.iter().any(|term| in_amount(term, reads)),
                Amount::Less(have, less) => in_amount(have, reads) || in_amount(less, reads),
                Amount::AtLeast0(inner) => in_amount(inner, reads),
                Amount::If(guard, inner) => reads(guard) || in_amount(inner, reads),
            }
        }
        let action = |action: &Action| {
            action.guard.as_ref().is_some_and(reads)
                || match &action.kind {
                    ActionKind::Open(_) | ActionKind::Claim(_) | ActionKind::Mark(_) => false,
                    ActionKind::Sum(id) => {
                        self.plan().sum(*id).is_some_and(|sum| sum.slot == slot && !sum.algorithm.is_digest())
                            || self.machine.sums.get(id.0).is_some_and(|sum| reads_in_sum(sum, slot))
                    }
                    ActionKind::Fit { need, have, .. } => in_amount(need, &reads) || in_amount(have, &reads),
                    ActionKind::Let { value, .. } => reads(value),
                    ActionKind::Check { holds, .. } => reads(holds),
                }
        };
        self.plan().regions.iter().any(|region| region.length == slot)
            || self.machine.session.iter().flatten().any(reads)
            || self.machine.stages.iter().any(|stage| {
                stage.guard.as_ref().is_some_and(reads)
                    || stage.actions.iter().any(action)
                    || match &stage.read {
                        Read::Const { .. } | Read::Fixed { .. } => false,
                        Read::Rest { size: room, .. }
                        | Read::Until { room, .. }
                        | Read::Msgpack { room, .. }
                        | Read::Align { room, .. } => in_amount(room, &reads),
                    }
                    || stage.judgements.iter().any(|judgement| match judgement {
                        Judgement::Accept { .. } | Judgement::Decimal { .. } => false,
                        Judgement::Content { content, .. } => {
                            matches!(content, Content::By(by, _) if *by == slot)
                        }
                    })
            })
    }

    fn region(&self, index: usize) -> Option<RegionView> {
        let region = self.plan().regions.get(index)?;
        let (claim, begin) = self.names.regions.get(index)?;
        let (low, high) = self.machine.bounds.get(region.length.0).copied()?;
        let unit = i128::from(region.unit);
        let threshold = CLAIM_MOST.checked_div(unit).unwrap_or(CLAIM_MOST);
        let beyond = high > threshold || low < threshold.saturating_neg();
        let kept = |action: &Action| matches!(action.kind, ActionKind::Open(RegionId(id)) if id == index);
        let mut actions = self.machine.stages.iter().flat_map(|stage| &stage.actions);
        Some(RegionView {
            length: region.length.0,
            what: region.what.clone(),
            claim: claim.clone(),
            begin: begin.clone(),
            plus: region.plus,
            unit: region.unit,
            threshold: if beyond { u64::try_from(threshold).ok() } else { None },
            can_be_negative: low.saturating_mul(unit) < i128::from(region.plus),
            kept: actions.any(kept),
        })
    }

    fn mark(&self, index: usize) -> Option<MarkView> {
        let kept = |action: &Action| matches!(action.kind, ActionKind::Mark(MarkId(id)) if id == index);
        let mut actions = self.machine.stages.iter().flat_map(|stage| &stage.actions);
        Some(MarkView { name: self.names.marks.get(index)?.clone(), kept: actions.any(kept) })
    }

    fn sum(&self, index: usize) -> Option<SumView> {
        let (sum, placed) = (self.plan().sums.get(index)?, self.machine.sums.get(index)?);
        let op = self.plan().ops.iter().find(|op| op.kind.slots().contains(&sum.slot))?;
        let (kind, size, little) = match &op.kind {
            OpKind::Int { int, .. } => ("int", u64::from(int.bytes), int.endian == Endian::Little),
            OpKind::Bytes { size: Size::Fixed(size), content: Content::Decimal(_), .. } => ("decimal", *size, false),
            OpKind::Bytes { size: Size::Fixed(size), .. } => ("bytes", *size, false),
            _ => return None,
        };
        let part = |(part, placed): (&SumPart, &SummedPart)| {
            let mut view =
                SumPartView { kind: "zeros", from: None, to: None, from_mark: 0, to_mark: 0, count: 0, value: None };
            match part {
                SumPart::Bytes(from, to) => (view.kind, view.from_mark, view.to_mark) = ("bytes", from.0, to.0),
                SumPart::Zeros(count) => view.count = *count,
                SumPart::Byte(_) => view.kind = "byte",
            }
            match placed {
                SummedPart::Bytes(from, to) => {
                    (view.from, view.to) = (Some(self.amount(from)), Some(self.amount(to)));
                }
                SummedPart::Zeros => {}
                SummedPart::Byte(value) => {
                    let write = |scope| {
                        let own = self.syntax.own_low_byte(&self.names, value, scope);
                        own.unwrap_or_else(|| syntax::number(self.syntax, &self.names, value, scope, value.num()))
                    };
                    view.value = Some(Rendered { held: write(Scope::Held), local: write(Scope::Local) });
                }
            }
            view
        };
        Some(SumView {
            slot: sum.slot.0,
            algorithm: self.algorithms.iter().position(|(algorithm, ..)| *algorithm == sum.algorithm)?,
            kind,
            size,
            little,
            at: self.amount(&placed.at),
            at_mark: sum.at.0,
            parts: sum.parts.iter().zip(&placed.parts).map(part).collect(),
        })
    }

    fn delimiters(&self, delimiters: &[Vec<u8>]) -> Vec<DelimiterView> {
        let view = |octets: &Vec<u8>| DelimiterView {
            literal: self.syntax.bytes_literal(octets),
            octets: octets.clone(),
            size: octets.len(),
        };
        delimiters.iter().map(view).collect()
    }

    /// Finds the stages at whose end nothing is decided.
    fn join(&self, stages: &mut [StageView]) {
        let read = |slot: &usize| self.is_read(SlotId(*slot));
        let mut lead = 0_u64;
        for index in 0..stages.len() {
            let next = stages.get(index.saturating_add(1));
            let next_takes = next.is_some_and(|next| {
                next.guard.is_none() && matches!(next.kind, "fixed" | "rest") && !next.amount_reads_pos
            });
            let Some(stage) = stages.get_mut(index) else { continue };
            stage.lead = lead;
            let slots = stage
                .words
                .iter()
                .flat_map(|word| word.slot.into_iter().chain(word.parts.iter().map(|part| part.slot)));
            let decides =
                slots.collect::<Vec<_>>().iter().any(read) || !stage.judgements.is_empty() || !stage.actions.is_empty();
            stage.joins = stage.kind == "fixed" && stage.guard.is_none() && !decides && next_takes;
            lead = if stage.joins { lead.saturating_add(stage.size.unwrap_or(0)) } else { 0 };
        }
    }

    fn stage(&self, index: usize, stage: &Stage, taken: &mut BTreeSet<String>) -> StageView {
        let raw = stage.last_slot().and_then(|slot| self.plan().slot(slot)).map_or("padding", |slot| &slot.name);
        let mut view = StageView {
            index,
            name: unique_name(self.syntax.type_name(raw), taken),
            raw: raw.to_owned(),
            guard: stage.guard.as_ref().map(|guard| self.condition(guard)),
            kind: "fixed",
            slot: None,
            size: None,
            bytes: None,
            closes: false,
            octets: Vec::new(),
            words: Vec::new(),
            spans: Vec::new(),
            amount: None,
            class: None,
            delimiters: Vec::new(),
            kept: false,
            max: None,
            longest: 0,
            judgements: stage.judgements.iter().map(|judgement| self.judgement(judgement)).collect(),
            actions: stage.actions.iter().map(|action| self.action(action)).collect(),
            amount_reads_pos: match &stage.read {
                Read::Const { .. } | Read::Fixed { .. } => false,
                Read::Rest { size: amount, .. }
                | Read::Until { room: amount, .. }
                | Read::Msgpack { room: amount, .. } => amount.reads_pos(),
                Read::Align { .. } => true,
            },
            actions_read_pos: stage.actions.iter().any(|action| match &action.kind {
                ActionKind::Open(_) | ActionKind::Mark(_) => true,
                ActionKind::Fit { need, have, .. } => need.reads_pos() || have.reads_pos(),
                ActionKind::Claim(_) | ActionKind::Let { .. } | ActionKind::Check { .. } | ActionKind::Sum(_) => false,
            }),
            at: stage.at,
            last: self.machine.stages.len() == index.saturating_add(1),
            in_head: false,
            joins: false,
            lead: 0,
        };
        match &stage.read {
            Read::Const { slot, bytes, after } => {
                view.kind = "const";
                view.closes = *after == AfterValue::Close;
                view.slot = Some(slot.0);
                view.size = u64::try_from(bytes.len()).ok();
                view.bytes = Some(self.syntax.bytes_literal(bytes));
                view.octets.clone_from(bytes);
            }
            Read::Fixed { size, words, spans } => {
                view.size = Some(*size);
                view.words = words
                    .iter()
                    .map(|word| {
                        let (slot, parts) = match &word.parts {
                            WordParts::Whole(slot) => (Some(slot.0), Vec::new()),
                            WordParts::Bits(parts) => (None, parts.iter().map(|part| bit_view(*part)).collect()),
                        };
                        WordView {
                            offset: word.offset,
                            bytes: word.int.bytes,
                            signed: word.int.signed,
                            little: word.int.endian == Endian::Little,
                            slot,
                            parts,
                            bits: held_bits(word.int.bytes.saturating_mul(8)),
                        }
                    })
                    .collect();
                let span = |span: &crate::backends::machine::Span| SpanView {
                    slot: span.slot.0,
                    offset: span.offset,
                    size: span.size,
                };
                view.spans = spans.iter().map(span).collect();
            }
            Read::Rest { slot, size } => {
                view.kind = "rest";
                view.slot = Some(slot.0);
                view.amount = Some(self.amount(size));
            }
            Read::Until { slot, delimiters, kept, max, room } => {
                view.kind = "until";
                view.slot = Some(slot.0);
                view.delimiters = self.delimiters(delimiters);
                view.longest = longest(delimiters);
                view.kept = *kept;
                view.max = *max;
                view.amount = Some(self.amount(room));
            }
            Read::Msgpack { slot, room, class } => {
                view.kind = "msgpack";
                view.slot = Some(slot.0);
                view.class = Some(class);
                view.amount = Some(self.amount(room));
            }
            Read::Align { to, room, class } => {
                view.kind = "align";
                view.size = Some(*to);
                view.class = Some(class);
                view.amount = Some(self.amount(room));
            }
        }
        view.in_head = view.fixed_end().is_some();
        view
    }

    fn judgement(&self, judgement: &Judgement) -> JudgementView {
        match judgement {
            Judgement::Accept { slot, accept, class, after } => JudgementView {
                closes: *after == AfterValue::Close,
                class,
                ..self.accept(*slot, *accept).unwrap_or_else(|| bare("value", slot.0, class))
            },
            Judgement::Decimal { slot, decimal, after } => JudgementView {
                closes: *after == AfterValue::Close,
                digits: decimal.digits,
                signed: decimal.signed,
                minimal: decimal.minimal,
                ..bare("decimal", slot.0, "bad-body")
            },
            Judgement::Content { slot, content } => {
                let mut view = bare("content", slot.0, "bad-body");
                match content {
                    Content::Decimal(_) => {}
                    Content::Always(codec) => view.codec = Some(codec_word(*codec)),
                    Content::By(by, rows) => {
                        view.by = Some(by.0);
                        view.rows = rows.iter().map(|(value, codec)| self.row(*by, *value, *codec)).collect();
                    }
                }
                view
            }
        }
    }

    fn row(&self, by: SlotId, value: i128, codec: Codec) -> RowView {
        let (bits, signed) = self.plan().slot(by).map_or((64, false), |slot| storage(self.syntax, slot.kind));
        RowView { value: self.syntax.int_literal(value, bits, signed), codec: codec_word(codec) }
    }

    /// Which integers pass; nothing where all do.
    fn accept(&self, slot: SlotId, accept: Accept) -> Option<JudgementView> {
        let kind = self.plan().slot(slot)?.kind;
        let (bits, signed) = storage(self.syntax, kind);
        let (low, high) = type_bounds(bits, signed);
        let literal = |value| self.syntax.int_literal(value, bits, signed);
        Some(match accept {
            Accept::Any => return None,
            Accept::Const(value) => JudgementView { value: Some(literal(value)), ..bare("value", slot.0, "bad-const") },
            Accept::Range(least, most) => JudgementView {
                low: (least > low).then(|| literal(least)),
                high: (most < high).then(|| literal(most)),
                ..bare("range", slot.0, "out-of-range")
            },
            Accept::Enum(id) => {
                let named = self.plan().enums.get(id.0)?;
                if named.other.is_some() {
                    return None;
                }
                let held = named.members.iter().filter(|(value, _)| (low..=high).contains(value));
                JudgementView {
                    members: held.map(|(value, _)| literal(*value)).collect(),
                    named: Some(id.0),
                    ..bare("enum", slot.0, "bad-enum")
                }
            }
        })
    }

    fn action(&self, action: &Action) -> ActionView {
        let mut view = ActionView {
            guard: action.guard.as_ref().map(|guard| self.condition(guard)),
            kind: "check",
            mark: None,
            sum: None,
            region: None,
            need: None,
            have: None,
            class: None,
            exact: false,
            whole: false,
            slot: None,
            value: None,
            condition: None,
            fails: None,
            closes: false,
        };
        match &action.kind {
            ActionKind::Open(region) => {
                view.kind = "open";
                view.region = Some(region.0);
            }
            ActionKind::Claim(region) => {
                view.kind = "claim";
                view.region = Some(region.0);
            }
            ActionKind::Fit { need, have, class, exact, whole } => {
                view.kind = "fit";
                view.need = Some(self.amount(need));
                view.have = Some(self.amount(have));
                view.class = Some(class);
                view.exact = *exact;
                view.whole = *whole;
            }
            ActionKind::Let { slot, value } => {
                view.kind = "let";
                view.slot = Some(slot.0);
                view.value = Some(self.stored(value, *slot));
            }
            ActionKind::Mark(mark) => {
                view.kind = "mark";
                view.mark = Some(mark.0);
            }
            ActionKind::Sum(sum) => {
                view.kind = "sum";
                view.sum = Some(sum.0);
                view.class = Some("bad-checksum");
            }
            ActionKind::Check { holds, class, after } => {
                view.condition = Some(self.condition(holds));
                view.fails = match &holds.kind {
                    TermKind::Unary(Unary::Not, fails) => Some(self.condition(fails)),
                    TermKind::Int(_) | TermKind::Slot(_) | TermKind::Unary(..) | TermKind::Binary(..) => None,
                };
                view.class = Some(class);
                view.closes = *after == AfterValue::Close;
            }
        }
        view
    }

    fn part(&self, part: &Part) -> PartView {
        let plan = self.plan();
        let ids = |regions: &[RegionId]| regions.iter().map(|region| region.0).collect();
        let mut view = PartView {
            guard: part.guard.as_ref().map(|guard| self.condition(guard).local),
            opens: ids(&part.opens),
            closes: ids(&part.closes),
            kind: "int",
            mark: None,
            slot: None,
            late: false,
            width: None,
            size: 0,
            little: false,
            signed: false,
            bits: 0,
            bytes: None,
            octets: Vec::new(),
            delimiters: Vec::new(),
            kept: false,
            max: None,
            parts: Vec::new(),
        };
        let mut word = |int: &IntType| {
            view.size = u64::from(int.bytes);
            view.little = int.endian == Endian::Little;
            view.signed = int.signed;
            view.bits = held_bits(int.bytes.saturating_mul(8));
        };
        match &part.kind {
            PartKind::Int { slot, int } => {
                word(int);
                view.slot = Some(slot.0);
                let bounds: Vec<(i128, i128)> = plan.slots.iter().map(crate::plan::Slot::bounds).collect();
                let whole = plan.slot(*slot).and_then(|slot| match &slot.source {
                    Source::Piece(value) => Some(Term::new(value, &bounds)),
                    _ => None,
                });
                let reads = |length: usize| whole.as_ref().is_some_and(|whole| whole.reads(SlotId(length)));
                view.late = (0..plan.slots.len()).any(|length| self.is_length(SlotId(length)) && reads(length));
            }
            PartKind::Let { slot } => {
                view.kind = "let";
                view.slot = Some(slot.0);
            }
            PartKind::Const { slot, bytes } => {
                view.kind = "const";
                view.slot = Some(slot.0);
                view.size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                view.bytes = Some(self.syntax.bytes_literal(bytes));
                view.octets.clone_from(bytes);
            }
            PartKind::Bits { int, parts } => {
                word(int);
                view.kind = "bits";
                let visible = parts.iter().filter(|part| plan.slot(part.slot).is_some_and(is_named));
                view.parts = visible.map(|part| bit_view((part.slot, part.shift, part.width))).collect();
            }
            PartKind::Fixed { slot, size } => {
                view.kind = "fixed";
                view.slot = Some(slot.0);
                view.size = *size;
            }
            PartKind::Rest { slot } => {
                view.kind = "rest";
                view.slot = Some(slot.0);
            }
            PartKind::Until { slot, delimiters, kept, max } => {
                view.kind = "until";
                view.slot = Some(slot.0);
                view.delimiters = self.delimiters(delimiters);
                view.kept = *kept;
                view.max = *max;
            }
            PartKind::Decimal { slot, width, delimiter } => {
                view.kind = "decimal";
                view.slot = Some(slot.0);
                view.width = *width;
                view.size = width.map_or(0, u64::from);
                view.delimiters = self.delimiters(std::slice::from_ref(delimiter));
                view.late = width.is_none() && self.is_length(*slot);
            }
            PartKind::Msgpack { slot } => {
                view.kind = "msgpack";
                view.slot = Some(slot.0);
            }
            PartKind::Pad(PadSize::Fixed(size)) => {
                view.kind = "pad";
                view.size = *size;
            }
            PartKind::Pad(PadSize::Align(to)) => {
                view.kind = "align";
                view.size = *to;
            }
            PartKind::Mark(mark) => {
                view.kind = "mark";
                view.mark = Some(mark.0);
            }
        }
        view
    }

    fn policy(&self) -> PolicyView {
        let policy = self.plan().policy;
        let resync = self.machine.resync();
        let delimiters = self.machine.last_delimiters().unwrap_or_default();
        PolicyView {
            skip_oversize: policy.oversize == Oversize::Skip,
            on_reject: match policy.on_reject {
                OnReject::Close => "close",
                OnReject::Skip => "skip",
                OnReject::Resync => "resync",
            },
            mutes: self.machine.mutes(),
            resync: resync.map(<[u8]>::to_vec),
            resync_literal: resync.map(|bytes| self.syntax.bytes_literal(bytes)),
            borders: resync.map(borders).unwrap_or_default(),
            delimiters: self.delimiters(delimiters),
            longest: longest(delimiters),
        }
    }
}

fn reads_in_sum(sum: &Summed, slot: SlotId) -> bool {
    sum.parts.iter().any(|part| matches!(part, SummedPart::Byte(value) if value.reads(slot)))
}

fn algorithm_view((algorithm, name, constant): &(Algorithm, String, String)) -> AlgorithmView {
    let (kind, crc) = match algorithm {
        Algorithm::Crc(crc) => ("crc", Some(*crc)),
        Algorithm::Sum8 => ("sum8", None),
        Algorithm::Xor8 => ("xor8", None),
        Algorithm::Sha256 => ("sha256", None),
        Algorithm::Sha256d => ("sha256d", None),
    };
    AlgorithmView {
        raw: algorithm.name(),
        name: name.clone(),
        constant: constant.clone(),
        kind,
        bits: algorithm.bits(),
        reflected: crc.is_some_and(|crc| crc.reflected),
        table: crc.map(Crc::table).unwrap_or_default(),
        start: crc.map_or(0, Crc::start),
        xorout: crc.map_or(0, |crc| crc.xorout),
        spare: crc.map_or(0, Crc::spare),
    }
}

fn runs(parts: &[PartView]) -> Vec<RunView> {
    let mut runs: Vec<RunView> = Vec::new();
    for (index, part) in parts.iter().enumerate().filter(|(_, part)| part.kind != "let") {
        let fixed = part.guard.is_none() && matches!(part.kind, "int" | "const" | "bits");
        match runs.last_mut() {
            Some(RunView { size: Some(size), parts }) if fixed => {
                parts.push(PlacedView { part: index, offset: *size });
                *size = size.saturating_add(part.size);
            }
            Some(_) | None => runs
                .push(RunView { size: fixed.then_some(part.size), parts: vec![PlacedView { part: index, offset: 0 }] }),
        }
    }
    runs
}

fn bare(kind: &'static str, slot: usize, class: &'static str) -> JudgementView {
    JudgementView {
        kind,
        slot,
        class,
        low: None,
        high: None,
        value: None,
        members: Vec::new(),
        named: None,
        codec: None,
        by: None,
        rows: Vec::new(),
        closes: false,
        digits: 0,
        signed: false,
        minimal: false,
    }
}

fn bit_view((slot, shift, width): (SlotId, u8, u8)) -> BitView {
    BitView { slot: slot.0, shift, width, mask: mask(width) }
}

fn longest(delimiters: &[Vec<u8>]) -> u64 {
    let longest = delimiters.iter().map(Vec::len).max().unwrap_or(0);
    u64::try_from(longest).unwrap_or(u64::MAX)
}

/// For the first byte, first two, …: how many of the first bytes those end with, themselves left aside (Knuth, Morris, Pratt).
fn borders(constant: &[u8]) -> Vec<usize> {
    let mut borders: Vec<usize> = Vec::with_capacity(constant.len());
    let mut border = 0;
    for (index, byte) in constant.iter().enumerate() {
        while index > 0 && border > 0 && constant.get(border) != Some(byte) {
            border = borders.get(border.saturating_sub(1)).copied().unwrap_or(0);
        }
        if index > 0 && constant.get(border) == Some(byte) {
            border = border.saturating_add(1);
        }
        borders.push(border);
    }
    borders
}
