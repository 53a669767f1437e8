//! `match`: entries of which a field's value takes some. What is left of it is a condition on each entry, and which entries exclude
//! each other.

use super::document::{Document, RawArm, RawEntry, RawEnum, RawMatch};
use super::expr::RawExpr;
use super::phrase::{RawField, Spanned};
use super::types::Binary;
use super::words::number;
use crate::diag::{self, Diagnostic, Span};

/// The entries of a frame without its matches.
#[derive(Debug, Default)]
pub(super) struct Flat {
    /// Each with the arms that it stands in, from the outermost in.
    pub(super) entries: Vec<(RawEntry, Vec<(usize, usize)>)>,
    pub(super) groups: Vec<Group>,
    matches: usize,
}

/// The name of a match.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) span: Span,
    /// Index of its first entry, and one past its last.
    pub(super) first: usize,
    pub(super) end: usize,
}

/// What an arm is taken for.
enum Label {
    Value(i128),
    /// A member of the field's enum, as an expression names it, and its value.
    Member(String, i128),
    Others,
}

/// Takes the matches out of a frame.
pub(super) fn flatten(document: &Document, diagnostics: &mut Vec<Diagnostic>) -> Flat {
    let mut flat = Flat::default();
    for field in &document.session {
        flat.entries.push((RawEntry::Carry(Box::new(field.clone())), Vec::new()));
    }
    for entry in &document.frame.value {
        flat.entry(entry, None, &[], document, diagnostics);
    }
    flat
}

impl Flat {
    fn entry(
        &mut self,
        entry: &RawEntry,
        under: Option<&RawExpr>,
        arms: &[(usize, usize)],
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let both = |when: &Option<Spanned<RawExpr>>| match (under, when) {
            (Some(under), Some(own)) => Some(Spanned {
                value: RawExpr::join(Binary::AndAlso, under.clone(), own.value.clone()),
                span: own.span,
            }),
            (Some(under), None) => Some(Spanned { value: under.clone(), span: under.span() }),
            (None, when) => when.clone(),
        };
        let mut entry = entry.clone();
        match &mut entry {
            // None is left: they stand in front of the frame.
            RawEntry::Carry(_) => {}
            RawEntry::Field(field) => field.modifiers.when = both(&field.modifiers.when),
            RawEntry::Bits { when, .. } => *when = both(when),
            RawEntry::Check(check) => {
                if let Some(under) = under {
                    let not = RawExpr::not(under.clone());
                    check.value = RawExpr::join(Binary::OrElse, not, check.value.clone());
                }
            }
            RawEntry::Match(choice) => return self.choice(choice, under, arms, document, diagnostics),
        }
        self.entries.push((entry, arms.to_vec()));
    }

    fn choice(
        &mut self,
        choice: &RawMatch,
        under: Option<&RawExpr>,
        arms: &[(usize, usize)],
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let (id, first) = (self.matches, self.entries.len());
        self.matches = id.saturating_add(1);
        let conditions = self.conditions(choice, document, diagnostics);
        for (index, (arm, own)) in choice.arms.iter().zip(conditions).enumerate() {
            let own = own.map(|own| match under {
                Some(under) => RawExpr::join(Binary::AndAlso, under.clone(), own),
                None => own,
            });
            let arms = [arms, &[(id, index)]].concat();
            for entry in &arm.entries {
                self.entry(entry, own.as_ref(), &arms, document, diagnostics);
            }
        }
        let (name, span) = (choice.name.value.clone(), choice.name.span);
        self.groups.push(Group { name, span, first, end: self.entries.len() });
    }

    /// When each arm is taken; nothing where that cannot be told, which is reported.
    fn conditions(
        &self,
        choice: &RawMatch,
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Option<RawExpr>> {
        let names = self.field(&choice.on.value).and_then(|field| field.modifiers.names.as_ref());
        let named = names.and_then(|names| document.enums.iter().find(|each| each.name.value == names.value));
        let before = diagnostics.len();
        let mut taken: Vec<(Option<i128>, Span)> = Vec::new();
        let mut others = None;
        let mut all: Vec<Option<RawExpr>> = Vec::new();
        for RawArm { label: written, .. } in &choice.arms {
            let span = written.span;
            let mut holds: Option<RawExpr> = None;
            for word in written.value.split('|').map(str::trim) {
                let Some(label) = label(word, named) else {
                    let known = named.iter().flat_map(|named| &named.members);
                    let known: Vec<&str> = known.map(|(_, name)| name.value.as_str()).collect();
                    diagnostics.push(diag::arm_label(span, word, &choice.on.value, &known));
                    continue;
                };
                let value = match &label {
                    Label::Value(value) | Label::Member(_, value) => Some(*value),
                    Label::Others => None,
                };
                if let Some((_, before)) = taken.iter().find(|(each, _)| *each == value) {
                    diagnostics.push(diag::arm_twice(span, *before, word));
                }
                taken.push((value, span));
                let value = match label {
                    Label::Others => {
                        others = Some(all.len());
                        continue;
                    }
                    Label::Value(value) => RawExpr::int(value, span),
                    Label::Member(member, _) => RawExpr::name(member, span),
                };
                let same = RawExpr::join(Binary::Eq, RawExpr::name(choice.on.value.clone(), choice.on.span), value);
                holds = Some(match holds {
                    Some(holds) => RawExpr::join(Binary::OrElse, holds, same),
                    None => same,
                });
            }
            all.push(holds);
        }
        let any = all.iter().flatten().cloned().reduce(|one, other| RawExpr::join(Binary::OrElse, one, other));
        match (others, any) {
            (Some(index), Some(any)) => {
                if let Some(holds) = all.get_mut(index) {
                    // What else the arm is taken for is among all others.
                    let rest = RawExpr::not(any);
                    *holds = Some(match holds.take() {
                        Some(own) => RawExpr::join(Binary::OrElse, own, rest),
                        None => rest,
                    });
                }
            }
            // A slip of an arm's name is one mistake.
            (_, None) | (None, _) if diagnostics.len() > before => {}
            (Some(_), None) => diagnostics.push(diag::arm_alone(choice.name.span)),
            (None, _) => {
                let open = named.filter(|named| named.other.is_none()).map(|named| {
                    let has = |value: i128| taken.iter().any(|(each, _)| *each == Some(value));
                    let missing = named.members.iter().filter(|(value, _)| !has(value.value));
                    missing.map(|(_, name)| name.value.as_str()).collect::<Vec<_>>()
                });
                match open {
                    Some(missing) if missing.is_empty() => {}
                    Some(missing) => diagnostics.push(diag::arms_missing(choice.name.span, &missing)),
                    None => diagnostics.push(diag::arms_missing(choice.name.span, &["_"])),
                }
            }
        }
        all
    }

    /// A field before the match.
    fn field(&self, name: &str) -> Option<&RawField> {
        let fields = self.entries.iter().flat_map(|(entry, _)| match entry {
            RawEntry::Carry(field) | RawEntry::Field(field) => std::slice::from_ref(&**field),
            RawEntry::Bits { parts, .. } => parts.as_slice(),
            RawEntry::Check(_) | RawEntry::Match(_) => &[],
        });
        fields.into_iter().find(|field| field.name.value == name)
    }
}

fn label(word: &str, named: Option<&RawEnum>) -> Option<Label> {
    if word == "_" {
        return Some(Label::Others);
    }
    if let Some((value, _)) = number(word) {
        return Some(Label::Value(value));
    }
    let named = named?;
    let (value, _) = named.members.iter().find(|(_, member)| member.value == word)?;
    Some(Label::Member(format!("{}.{word}", named.name.value), value.value))
}
