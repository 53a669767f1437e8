//! What a decoder does, stage by stage.

use super::*;

impl Writer<'_> {
    /// Finds the stages at whose end nothing is decided.
    pub(super) fn join(&self, stages: &mut [StageView]) {
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

    pub(super) fn stage(&self, index: usize, stage: &Stage, taken: &mut BTreeSet<String>) -> StageView {
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
            first: false,
            others: false,
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
                | Read::Msgpack { room: amount, .. }
                | Read::Peek { room: amount, .. } => amount.reads_pos(),
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
            Read::Peek { slot, texts, ahead, others, room, after } => {
                view.kind = "peek";
                view.slot = Some(slot.0);
                view.closes = *after == AfterValue::Close;
                view.delimiters = self.delimiters(texts);
                view.longest = longest(texts);
                if let Ahead::First { max } = ahead {
                    (view.first, view.max) = (true, *max);
                }
                view.others = *others;
                view.amount = Some(self.amount(room));
            }
            Read::Align { to, room, class } => {
                view.kind = "align";
                view.size = Some(*to);
                view.class = Some(class);
                view.amount = Some(self.amount(room));
            }
        }
        view
    }

    pub(super) fn judgement(&self, judgement: &Judgement) -> JudgementView {
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

    pub(super) fn row(&self, by: SlotId, value: i128, codec: Codec) -> RowView {
        let (bits, signed) = self.plan().slot(by).map_or((64, false), |slot| storage(self.syntax, slot.kind));
        RowView { value: self.syntax.int_literal(value, bits, signed), codec: codec_word(codec) }
    }

    /// Which integers pass; nothing where all do.
    pub(super) fn accept(&self, slot: SlotId, accept: Accept) -> Option<JudgementView> {
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

    pub(super) fn action(&self, action: &Action) -> ActionView {
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
}

pub(super) fn bare(kind: &'static str, slot: usize, class: &'static str) -> JudgementView {
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
