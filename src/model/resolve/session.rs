//! The session: values that live from frame to frame.

use super::Resolved;
use super::field::{int_type, refuse};
use crate::diag::{self, Diagnostic};
use crate::model::Body;
use crate::model::document::Document;
use crate::model::expr::RawExpr;
use crate::model::grammar::OF_SESSION;
use crate::model::phrase::{RawField, RawType, Spanned};
use crate::model::types::{Accept, Carried, IntType, Kind, PadSize, Slot, SlotId, Source};

/// A value of the session whose expressions are given a meaning once all fields are known.
#[derive(Clone, Debug)]
pub(super) struct Carrying {
    slot: SlotId,
    name: Spanned<String>,
    int: IntType,
    accept: Accept,
    from: Spanned<RawExpr>,
    then: Option<Spanned<RawExpr>>,
}

impl Resolved {
    pub(super) fn carry(&mut self, field: &RawField, document: &Document, diagnostics: &mut Vec<Diagnostic>) {
        let before = diagnostics.len();
        let mut slot = Slot {
            name: field.name.value.clone(),
            doc: field.doc.clone(),
            kind: Kind::Bytes,
            source: Source::Input,
            names: None,
            hidden: false,
            mask: None,
        };
        let span = field.name.span;
        let RawType::Int(raw) = field.kind.value else {
            if !matches!(field.kind.value, RawType::Refused) {
                diagnostics.push(diag::session_type(field.kind.span));
            }
            self.refused.add(&field.name.value);
            let slot = self.push_slot(slot, Accept::Any, false);
            return self.push_item(None, Body::Pad { slot, size: PadSize::Fixed(1) }, span);
        };
        refuse(field, OF_SESSION, diagnostics);
        if raw.endian.is_some() {
            diagnostics.push(diag::session_type(field.kind.span));
        }
        let int = int_type(raw, document.endian);
        let (accept, names) = self.accept(int.bounds(), field, document, diagnostics);
        (slot.kind, slot.names) = (Kind::Int(int), names);
        let slot = self.push_slot(slot, accept, false);
        self.push_item(None, Body::Carry { slot, int, accept }, span);
        match &field.modifiers.from {
            Some(from) => self.carrying.push(Carrying {
                slot,
                name: field.name.clone(),
                int,
                accept,
                from: from.clone(),
                then: field.modifiers.then.clone(),
            }),
            None => diagnostics.push(diag::session_start(span, &field.name.value)),
        }
        if diagnostics.len() > before {
            self.refused.add(&field.name.value);
        }
    }

    /// Gives the values of the session their expressions.
    pub(super) fn session(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Carried> {
        let carrying = std::mem::take(&mut self.carrying);
        carrying.iter().filter_map(|each| self.carried(each, diagnostics)).collect()
    }

    fn carried(&self, carrying: &Carrying, diagnostics: &mut Vec<Diagnostic>) -> Option<Carried> {
        let Carrying { slot, name, int, accept, from, then } = carrying;
        let start = self.expression(&from.value, Some(0), diagnostics)?;
        // Nothing stands in front of the session, so it reads no field.
        let (start, _) = start.bounds(&|_| (0, 0));
        let fits = |low: i128, high: i128| {
            let (least, most) = int.bounds();
            least <= low && high <= most && accept.takes(&self.enums, low, high)
        };
        if !fits(start, start) {
            diagnostics.push(diag::session_value(from.span, &name.value, start, start));
        }
        let then = match then {
            None => None,
            Some(then) => {
                let expr = self.expression(&then.value, None, diagnostics)?;
                let (low, high) = expr.bounds(&|slot| self.bounds(slot));
                if !fits(low, high) {
                    diagnostics.push(diag::session_value(then.span, &name.value, low, high));
                }
                Some(expr)
            }
        };
        Some(Carried { slot: *slot, from: start, then })
    }
}
