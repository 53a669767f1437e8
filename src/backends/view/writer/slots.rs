//! The values of frames: enums, slots, what each is made of and who reads it.

use super::*;

impl Writer<'_> {
    pub(super) fn named(&self, index: usize) -> Option<EnumView> {
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
    pub(super) fn enum_storage(&self, id: EnumId) -> (u8, bool) {
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

    pub(super) fn slot(&self, index: usize) -> Option<SlotView> {
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
            sentinel: region.and_then(|region| self.plan().regions.get(region)?.sentinel).map(|sentinel| {
                SentinelView {
                    field: sentinel.field.0,
                    value: literal(sentinel.told(false)),
                    other: literal(sentinel.told(true)),
                }
            }),
            mask: slot.mask.and_then(|key| self.mask(key)),
            pieces: self.pieces(SlotId(index)),
            in_guard: self.machine.guards.iter().flatten().any(|guard| guard.reads(SlotId(index)))
                || self.machine.inside.as_ref().is_some_and(|inside| inside.times.reads(SlotId(index)))
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
    pub(super) fn names_of(&self, slot: &Slot, int: (u8, bool)) -> Option<EnumId> {
        slot.names.filter(|id| self.syntax.holds(self.enum_storage(*id), int))
    }

    pub(super) fn carried(&self, index: usize) -> Option<CarriedView> {
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

    fn mask(&self, key: SlotId) -> Option<MaskView> {
        let op = self.plan().ops.iter().find(|op| op.kind.slots().contains(&key))?;
        let OpKind::Bytes { size: Size::Fixed(size), .. } = &op.kind else { return None };
        let at = self.machine.keys.iter().find(|(each, _)| *each == key).map(|(_, at)| self.amount(at));
        Some(MaskView { key: key.0, size: *size, at })
    }

    /// What an integer is written in.
    pub(super) fn pieces(&self, whole: SlotId) -> Vec<PieceView> {
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
    pub(super) fn growing(&self) -> Vec<GrowingView> {
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

    pub(super) fn is_length(&self, slot: SlotId) -> bool {
        self.plan().slot(slot).is_some_and(|slot| matches!(slot.source, Source::Length(_)))
    }

    /// Whether something before the frame's end hangs on a slot's value.
    pub(super) fn is_read(&self, slot: SlotId) -> bool {
        let reads = |term: &Term| term.reads(slot);
        let action = |action: &Action| {
            action.guard.as_ref().is_some_and(reads)
                || match &action.kind {
                    ActionKind::Open(_) | ActionKind::Claim(_) | ActionKind::Mark(_) => false,
                    ActionKind::Sum(id) => {
                        self.plan().sum(*id).is_some_and(|sum| sum.slot == slot && !sum.algorithm.is_digest())
                            || self.machine.sums.get(id.0).is_some_and(|sum| reads_in_sum(sum, slot))
                    }
                    ActionKind::Fit { need, have, .. } => need.reads(slot) || have.reads(slot),
                    ActionKind::Let { value, .. } => reads(value),
                    ActionKind::Check { holds, .. } => reads(holds),
                }
        };
        self.plan().regions.iter().any(|region| region.length == slot)
            || self.machine.session.iter().flatten().any(reads)
            || self.machine.inside.as_ref().is_some_and(|inside| inside.times.reads(slot))
            || self.machine.stages.iter().any(|stage| {
                stage.guard.as_ref().is_some_and(reads)
                    || stage.actions.iter().any(action)
                    || match &stage.read {
                        Read::Const { .. } | Read::Fixed { .. } => false,
                        Read::Rest { size: room, .. }
                        | Read::Until { room, .. }
                        | Read::Msgpack { room, .. }
                        | Read::Align { room, .. }
                        | Read::Peek { room, .. } => room.reads(slot),
                    }
                    || stage.judgements.iter().any(|judgement| match judgement {
                        Judgement::Accept { .. } | Judgement::Decimal { .. } => false,
                        Judgement::Content { content, .. } => {
                            matches!(content, Content::By(by, _) if *by == slot)
                        }
                    })
            })
    }

    pub(super) fn region(&self, index: usize) -> Option<RegionView> {
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
}
