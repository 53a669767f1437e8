//! From a [`Machine`] to its [`View`](super::View).

mod parts;
mod slots;
mod stages;
mod sums;

use std::collections::BTreeSet;

use crate::backends::machine::{
    Action, ActionKind, AfterValue, Amount, CLAIM_MOST, Judgement, Machine, Part, PartKind, Read, Stage, Summed,
    SummedPart, WordParts, is_named,
};
use crate::backends::syntax::{self, Names, Scope, Syntax};
use crate::backends::term::{Term, TermKind};
use crate::plan::{
    Accept, Ahead, Algorithm, Codec, Content, Crc, Endian, EnumDef, EnumId, IntType, Kind, MarkId, OnReject, OpKind,
    Oversize, PadSize, Plan, RegionId, Size, Slot, SlotId, Source, SumPart, Unary,
};

use super::*;
use parts::runs;
use sums::{algorithm_view, reads_in_sum};

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
        let marks: Vec<String> =
            (0..machine.marks()).map(|mark| unique(syntax.variable(&format!("mark_{mark}")))).collect();
        let most = unique(syntax.variable("most"));
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
        let names = Names { slots: &slots, regions: &regions, marks: &marks, most: &most };
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
            marks: (0..self.machine.marks()).filter_map(|index| self.mark(index)).collect(),
            nested: self.machine.inside.as_ref().map(|inside| NestedView {
                slot: inside.slot.0,
                times: self.amount(&inside.times),
                deep: inside.deep,
                most: self.names.most.to_owned(),
            }),
            sums: (0..plan.sums.len()).filter_map(|index| self.sum(index)).collect(),
            algorithms: self.algorithms.iter().map(algorithm_view).collect(),
            runs: runs(&parts),
            parts,
            refuses: self.machine.inside.is_some()
                || stages.iter().any(|stage| {
                    let judged = !stage.judgements.is_empty() || !matches!(stage.kind, "fixed" | "rest");
                    judged || stage.actions.iter().any(|action| !matches!(action.kind, "open" | "mark" | "key"))
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
            peeks: plan
                .ops
                .iter()
                .filter(|op| matches!(op.kind, OpKind::Peek { .. }))
                .flat_map(|op| op.kind.slots())
                .map(|slot| slot.0)
                .collect(),
            masks: plan.slots.iter().any(|slot| slot.mask.is_some()),
            masks_text: plan.slots.iter().any(|slot| slot.mask.is_some() && slot.kind == Kind::Text),
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

    /// A number as the type of a slot holds it.
    fn stored(&self, term: &Term, slot: SlotId) -> Rendered {
        let (bits, signed) = self.names.slots.get(slot.0).map_or((64, false), |(_, bits, signed)| (*bits, *signed));
        let write = |scope| syntax::stored(self.syntax, &self.names, term, scope, (bits, signed));
        Rendered { held: write(Scope::Held), local: write(Scope::Local) }
    }

    fn delimiters(&self, delimiters: &[Vec<u8>]) -> Vec<DelimiterView> {
        let view = |octets: &Vec<u8>| DelimiterView {
            literal: self.syntax.bytes_literal(octets),
            octets: octets.clone(),
            size: octets.len(),
        };
        delimiters.iter().map(view).collect()
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
