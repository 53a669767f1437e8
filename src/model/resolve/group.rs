//! Bit groups.

use super::Resolved;
use super::field::refuse;
use crate::diag::{self, Diagnostic, Span};
use crate::model::Body;
use crate::model::document::Document;
use crate::model::grammar::OF_PART;
use crate::model::phrase::{RawField, RawType};
use crate::model::types::{Accept, BitPart, Endian, IntType, Kind, Slot, Source};

impl Resolved {
    #[expect(clippy::too_many_arguments, reason = "a bit group has so many words of its own")]
    pub(super) fn bits(
        &mut self,
        span: Span,
        lsb: bool,
        endian: Endian,
        fields: &[RawField],
        optional: bool,
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Body {
        let width_of = |field: &RawField| match field.kind.value {
            RawType::Bits(width) | RawType::PadBits(width) => u32::from(width),
            _ => 0,
        };
        let total: u32 = fields.iter().map(width_of).fold(0, u32::saturating_add);
        let mut parts = Vec::new();
        let mut before = 0_u32;
        for field in fields {
            let width = width_of(field);
            if matches!(field.kind.value, RawType::Refused) {
                let slot = Slot {
                    name: field.name.value.clone(),
                    doc: String::new(),
                    kind: Kind::Bits(1),
                    source: Source::Input,
                    names: None,
                    hidden: false,
                    mask: None,
                };
                let slot = self.push_slot(slot, Accept::Any, optional);
                self.look_up(slot, field, diagnostics);
                continue;
            }
            if width == 0 {
                diagnostics
                    .push(diag::bit_part(field.kind.span, "parts of a bit group are `b1` to `b63`, or `pad b1`"));
            }
            refuse(field, OF_PART, diagnostics);
            let most = 1_i128.wrapping_shl(width).wrapping_sub(1);
            let padding = matches!(field.kind.value, RawType::PadBits(_));
            let (accept, names) = self.accept((0, most), field, document, diagnostics);
            let source = match accept {
                Accept::Const(value) => Source::Const(value),
                Accept::Any | Accept::Range(..) | Accept::Enum(_) if padding => Source::Zero,
                Accept::Any | Accept::Range(..) | Accept::Enum(_) => Source::Input,
            };
            let narrow = u8::try_from(width).unwrap_or(0);
            let slot = Slot {
                name: field.name.value.clone(),
                doc: field.doc.clone(),
                kind: Kind::Bits(narrow),
                source,
                names,
                hidden: padding,
                mask: None,
            };
            let slot = self.push_slot(slot, accept, optional);
            if !padding {
                self.length(slot, field, diagnostics);
            }
            let shift = if lsb { before } else { total.saturating_sub(before).saturating_sub(width) };
            parts.push(BitPart { slot, shift: u8::try_from(shift).unwrap_or(0), width: narrow, accept });
            before = before.saturating_add(width);
        }
        let whole = !fields.iter().any(|field| matches!(field.kind.value, RawType::Refused));
        if whole && (total == 0 || !total.is_multiple_of(8) || total > 64) {
            diagnostics.push(diag::ragged_bits(span, total));
        }
        let bytes = u8::try_from(total.div_euclid(8)).unwrap_or(8);
        Body::Bits { int: IntType { bytes, signed: false, endian }, parts }
    }
}
