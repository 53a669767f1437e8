//! Whether every size can be told when it is needed, and whether the frame can follow what is asked of it.

use super::document::Document;
use super::layout::{Layout, implies, slots_of};
use super::resolve::Resolved;
use super::types::{Accept, Ahead, Demand, IntType, Kind, OnReject, Oversize, PadSize, SWOOLE_PACKS, SlotId, Source};
use super::{Body, Counted, Extent, Item, Summed};
use crate::diag::{self, Diagnostic, Span};

/// Sizes of whole frames, in bytes.
pub(super) struct Sizes {
    pub(super) min_frame: u64,
    pub(super) max_frame: u64,
    pub(super) largest: u64,
}

/// Without `max_frame`, no frame may exceed this.
const DEFAULT_MOST: u64 = 16 << 20;

/// Reports every size that cannot be told.
pub(super) fn verify(
    resolved: &Resolved,
    sums: &[Summed],
    document: &Document,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Sizes> {
    let before = diagnostics.len();
    let verifier = Verifier {
        resolved,
        layout: Layout { items: &resolved.items, counts: &resolved.counts, slots: &resolved.slots },
    };
    verifier.ranges(diagnostics);
    verifier.varying(diagnostics);
    let max_frame = document.max_frame.as_ref().map_or(DEFAULT_MOST, |max| max.value);
    if diagnostics.len() == before {
        verifier.lengths(max_frame, diagnostics);
        verifier.unknown_sizes(diagnostics);
    }
    let frame_span = Span { start: document.frame.span.start, end: document.frame.span.start };
    let smallest = verifier.layout.smallest(&resolved.enums);
    let sizes = smallest.iter().map(|(_, size)| *size);
    let (min_frame, most_needed) = (sizes.clone().min().unwrap_or(0), sizes.max().unwrap_or(0));
    let told = diagnostics.len();
    verifier.session(&smallest, diagnostics);
    if diagnostics.len() == told {
        verifier.peeks(&smallest, max_frame, diagnostics);
    }
    if min_frame == 0 && diagnostics.len() == before {
        diagnostics.push(diag::empty_frame(frame_span));
    }
    let most = verifier.layout.most();
    let max_frame = match (&document.max_frame, most) {
        (Some(max), _) => {
            if max.value < most_needed {
                let session = smallest.iter().find(|(_, size)| *size == most_needed);
                let session = session.map_or(String::new(), |(session, _)| verifier.session_words(session));
                diagnostics.push(diag::no_room(max.span, max.value, most_needed, &session));
            }
            max.value
        }
        (None, Some(most)) if most <= DEFAULT_MOST => most,
        (None, Some(_) | None) => {
            if diagnostics.len() == before {
                diagnostics.push(diag::max_frame_required(verifier.first_unbounded(frame_span)));
            }
            DEFAULT_MOST
        }
    };
    if diagnostics.len() == before {
        verifier.emit(document, min_frame, diagnostics);
        verifier.policy(document, diagnostics);
        verifier.frames(sums, document, diagnostics);
        verifier.peers(document, diagnostics);
    }
    (diagnostics.len() == before).then_some(Sizes {
        min_frame,
        max_frame,
        largest: most.map_or(max_frame, |most| most.min(max_frame)),
    })
}

struct Verifier<'a> {
    resolved: &'a Resolved,
    layout: Layout<'a>,
}

impl Verifier<'_> {
    fn count_span(&self, id: usize) -> Span {
        self.resolved.count_spans.get(id).copied().unwrap_or_default()
    }

    fn item_span(&self, item: usize) -> Span {
        self.resolved.spans.get(item).copied().unwrap_or_default()
    }

    fn item(&self, item: usize) -> Option<&Item> {
        self.resolved.items.get(item)
    }

    fn item_name(&self, item: usize) -> &str {
        let slot = self.item(item).and_then(|item| item.body.slots().first().copied());
        slot.and_then(|slot| self.resolved.slots.get(slot.0)).map_or("?", |slot| slot.name.as_str())
    }

    fn length_name(&self, counted: &Counted) -> &str {
        self.resolved.slots.get(counted.region.length.0).map_or("?", |slot| slot.name.as_str())
    }

    /// What is there is decided by values of the session, and by peeks, that can have few values together; and no check is due before there is a byte.
    fn session(&self, sessions: &[(Vec<(SlotId, i128)>, u64)], diagnostics: &mut Vec<Diagnostic>) {
        let known = sessions.first().map_or(&[][..], |(session, _)| session);
        let has_session = self.resolved.items.iter().any(|item| matches!(item.body, Body::Carry { .. }));
        for (at, item) in self.resolved.items.iter().enumerate().filter(|_| has_session) {
            if let Body::Check(check, Demand::Check) = &item.body
                && self.layout.is_early(check, sessions)
            {
                diagnostics.push(diag::session_check(self.item_span(at)));
            }
        }
        for (at, item) in self.resolved.items.iter().enumerate() {
            let (Body::Carry { slot, .. } | Body::Peek { slot, .. }) = item.body else { continue };
            let guards = self.resolved.items.iter().filter_map(|item| item.guard.as_ref());
            let decides = guards.flat_map(slots_of).any(|read| read == slot);
            if decides && !known.iter().any(|(known, _)| *known == slot) {
                diagnostics.push(diag::session_many(self.item_span(at), self.item_name(at)));
            }
        }
    }

    /// What is looked at is part of the frame.
    fn peeks(&self, sessions: &[(Vec<(SlotId, i128)>, u64)], max_frame: u64, diagnostics: &mut Vec<Diagnostic>) {
        for (at, item) in self.resolved.items.iter().enumerate() {
            let Body::Peek { accept, ahead, .. } = &item.body else { continue };
            let Some((value, bytes)) = self.layout.looks_beyond(at, sessions, max_frame) else { continue };
            let Accept::Enum(id) = accept else { continue };
            let members = self.resolved.enums.get(id.0).map_or(&[][..], |named| &named.members);
            let member = members.iter().find(|(member, _)| *member == value).map_or("?", |(_, name)| name);
            let what = format!("`{}` is {member}", self.item_name(at));
            diagnostics.push(match ahead {
                Ahead::Next => diag::peek_beyond(self.item_span(at), &what, bytes),
                Ahead::First { .. } => diag::peek_passes(self.item_span(at), &what),
            });
        }
    }

    /// Values of the session in words; nothing where there are none.
    fn session_words(&self, session: &[(SlotId, i128)]) -> String {
        let name = |slot: SlotId| self.resolved.slots.get(slot.0).map_or("?", |slot| slot.name.as_str());
        let words: Vec<String> = session.iter().map(|(slot, value)| format!("{} is {value}", name(*slot))).collect();
        words.join(" and ")
    }

    /// Ranges are nested or apart, no two are the same, and an optional length has optional contents.
    fn ranges(&self, diagnostics: &mut Vec<Diagnostic>) {
        for (id, each) in self.resolved.counts.iter().enumerate() {
            for (other_id, other) in self.resolved.counts.iter().enumerate().take(id) {
                if (each.first, each.last) == (other.first, other.last) {
                    diagnostics.push(diag::counted_twice(self.count_span(id), self.count_span(other_id)));
                } else if each.first.max(other.first) <= each.last.min(other.last)
                    && !(each.first <= other.first && each.last >= other.last)
                    && !(other.first <= each.first && other.last >= each.last)
                {
                    diagnostics.push(diag::crossing(self.count_span(id), self.count_span(other_id)));
                }
            }
            let Some(guard) = self.item(each.length).and_then(|item| item.guard.as_ref()) else { continue };
            let bare = (each.first..=each.last).find(|item| {
                let present = self.item(*item).filter(|item| !matches!(item.body, Body::Check(..)));
                present.is_some_and(|item| !item.guard.as_ref().is_some_and(|own| implies(own, guard)))
            });
            if let Some(bare) = bare {
                diagnostics.push(diag::optional_length(self.count_span(id), self.item_span(bare)));
            }
        }
    }

    /// The size of a length of varying size does not depend on itself.
    fn varying(&self, diagnostics: &mut Vec<Diagnostic>) {
        for (id, each) in self.resolved.counts.iter().enumerate() {
            let varies = |item: &Item| matches!(item.body, Body::Let { .. }) || super::layout::varies(item);
            if !self.item(each.length).is_some_and(varies) {
                continue;
            }
            let aligns = |at: &usize| {
                let pad = self.item(*at).map(|item| &item.body);
                matches!(pad, Some(Body::Pad { size: PadSize::Align(_), .. }))
            };
            if (each.first..=each.last).contains(&each.length) {
                diagnostics.push(diag::varying_length(self.count_span(id), self.item_span(each.length)));
            } else if let Some(padding) = (each.length..self.resolved.items.len()).find(aligns) {
                diagnostics.push(diag::varying_length(self.count_span(id), self.item_span(padding)));
            }
        }
    }

    /// Every length stands before the last that it counts, and has a value that is right.
    fn lengths(&self, max_frame: u64, diagnostics: &mut Vec<Diagnostic>) {
        for (id, each) in self.resolved.counts.iter().enumerate() {
            if each.length > each.last {
                let (name, place) = (self.item_name(each.last), self.item_span(each.last));
                diagnostics.push(diag::length_behind(self.count_span(id), name, place));
                continue;
            }
            if let Some(sentinel) = each.region.sentinel {
                let claim = sentinel.value.saturating_mul(i128::from(each.region.unit));
                let claim = claim.saturating_sub(i128::from(each.region.plus));
                if (0..=i128::from(max_frame)).contains(&claim) {
                    let why = format!("as a length, {} counts {claim} bytes", sentinel.value);
                    let help = "use a value that is no length: negative, or beyond `max_frame`";
                    diagnostics.push(diag::sentinel(self.count_span(id), &why, help));
                }
            }
            let content = self.layout.rest(each.first, 0, Some(id));
            let most = self.layout.most_claimed(each);
            let (low, high) = self.layout.length_bounds(each);
            let (plus, unit) = (i128::from(each.region.plus), i128::from(each.region.unit));
            let least = low.saturating_mul(unit).saturating_sub(plus);
            let size = i128::from(self.layout.least_of(id).max(content.size.fixed));
            let fixed = content.unknown.is_empty() && content.size.terms.is_empty();
            let needed = size.saturating_add(plus);
            let value = needed.div_euclid(unit);
            let exact = needed.rem_euclid(unit) == 0 && (low..=high).contains(&value);
            if size > most || (fixed && !exact) {
                let what = format!("`{}` has {}{size} bytes", each.region.what, if fixed { "" } else { "at least " });
                diagnostics.push(diag::impossible_length(self.count_span(id), &what, least, most));
            }
        }
    }

    /// Every `bytes` without a size of its own gets it from a length.
    fn unknown_sizes(&self, diagnostics: &mut Vec<Diagnostic>) {
        for (at, item) in self.resolved.items.iter().enumerate() {
            let Body::Bytes { extent: Extent::Counted, .. } = item.body else { continue };
            let Some(range) = self.layout.innermost(at) else {
                let late = self.resolved.counts.iter().position(|each| (each.first..=each.last).contains(&at));
                let behind = |id: usize| self.resolved.counts.get(id).is_some_and(|each| each.length > each.last);
                diagnostics.extend(match late {
                    Some(id) if behind(id) => None,
                    Some(id) => Some(diag::late_length(self.count_span(id), self.item_name(at), self.item_span(at))),
                    None => Some(diag::unknown_size(self.item_span(at), self.item_name(at))),
                });
                continue;
            };
            let next = at.saturating_add(1);
            let rest = self.layout.rest_beside(Some(at), next, next, Some(range));
            let Some(unknown) = rest.unknown.first().copied() else { continue };
            let (span, name) = (self.item_span(at), self.item_name(at));
            let other = self.item_span(unknown);
            let padding =
                self.item(unknown).is_some_and(|item| matches!(item.body, Body::Pad { size: PadSize::Align(_), .. }));
            if padding {
                diagnostics.push(diag::late_padding(other, name, span));
            } else {
                let length = self.resolved.counts.get(range).map_or("?", |range| self.length_name(range));
                diagnostics.push(diag::two_unknown(span, name, other, self.item_name(unknown), length));
            }
        }
    }

    /// The first place that lets a frame grow beyond bounds.
    fn first_unbounded(&self, otherwise: Span) -> Span {
        let unbounded = self.resolved.items.iter().position(|item| {
            matches!(
                item.body,
                Body::Msgpack { .. }
                    | Body::Frames { .. }
                    | Body::Bytes { extent: Extent::Until { max: None, .. }, .. }
            )
        });
        let widest = self.resolved.counts.iter().enumerate().max_by_key(|(_, each)| self.layout.most_claimed(each));
        match (unbounded, widest) {
            (Some(item), _) => self.item_span(item),
            (None, Some((id, _))) => self.count_span(id),
            (None, None) => otherwise,
        }
    }

    fn emit(&self, document: &Document, min_frame: u64, diagnostics: &mut Vec<Diagnostic>) {
        let Some(emit) = &document.emit else { return };
        let strip = emit.value.trim().strip_prefix("strip ").and_then(|count| super::words::number(count.trim()));
        let Some((count, _)) = strip else { return };
        if count > i128::from(min_frame) {
            let why = format!("a frame can have only {min_frame} bytes");
            diagnostics.push(diag::emit(emit.span, &why, &format!("strip {min_frame} bytes at most")));
        }
    }

    fn policy(&self, document: &Document, diagnostics: &mut Vec<Diagnostic>) {
        let skip = "let the frame's first length tell its whole size, or end the frame with its only delimiter";
        let told = self.is_told();
        if document.policy.oversize == Oversize::Skip && !told {
            let why = "the size of a frame to skip is not known";
            diagnostics.push(diag::policy(document.policy_spans.oversize, why, skip));
        }
        if document.policy.on_reject == OnReject::Skip && !told {
            let why = "the size of a frame to skip is not known";
            diagnostics.push(diag::policy(document.policy_spans.on_reject, why, skip));
        }
        let first = self.resolved.items.iter().find(|item| !matches!(item.body, Body::Carry { .. } | Body::Check(..)));
        let constant = |body: &Body| matches!(body, Body::Const { bytes, .. } if bytes.len() >= 2);
        let marked = first.is_some_and(|item| item.guard.is_none() && constant(&item.body));
        if document.policy.on_reject == OnReject::Resync && !marked {
            let why = "there is no constant of two bytes or more at the frame's start to search for";
            diagnostics.push(diag::policy(document.policy_spans.on_reject, why, "start the frame with a constant"));
        }
    }

    /// The first length tells the whole size, or only fixed bytes stand before a delimiter that ends the frame.
    pub(crate) fn is_told(&self) -> bool {
        let last = self.resolved.items.iter().rposition(|item| !matches!(item.body, Body::Check(..))).unwrap_or(0);
        // How far a peek looks is told by the bytes.
        let varies = |item: &Item| matches!(item.body, Body::Peek { .. }) || super::layout::varies(item);
        if let Some(length) = self.resolved.counts.iter().map(|each| each.length).min() {
            let known = length.saturating_add(1);
            let before = self.resolved.items.iter().take(length).any(varies);
            return !before && self.layout.rest(known, known, None).unknown.is_empty();
        }
        let varying: Vec<usize> = (0..=last).filter(|item| self.item(*item).is_some_and(varies)).collect();
        let until =
            self.item(last).is_some_and(|item| matches!(item.body, Body::Bytes { extent: Extent::Until { .. }, .. }));
        let fixed = self.resolved.items.iter().all(|item| item.guard.is_none());
        varying.is_empty() && fixed || varying == [last] && until && fixed
    }

    /// Frames in a frame are its end, and nothing but it knows of them.
    fn frames(&self, sums: &[Summed], document: &Document, diagnostics: &mut Vec<Diagnostic>) {
        let nested = |item: &Item| matches!(item.body, Body::Frames { .. });
        let Some(at) = self.resolved.items.iter().position(nested) else { return };
        let span = self.item_span(at);
        if at.saturating_add(1) < self.resolved.items.len() {
            let behind = self.item_span(at.saturating_add(1));
            let help = "let them be the last entry of `frame`, behind the `match` if there is one";
            diagnostics.push(diag::frames_with(span, "frames in a frame are its end, and more follows", help, behind));
        }
        let covered = |first: usize, last: usize| (first..=last).contains(&at);
        if let Some(id) = self.resolved.counts.iter().position(|each| covered(each.first, each.last)) {
            let help =
                "let the length count what stands before them; what it counts is `bytes`, which may hold frames too";
            diagnostics.push(diag::frames_with(span, "a length counts these frames", help, self.count_span(id)));
        }
        if let Some(sum) = sums.iter().find(|sum| covered(sum.first, sum.last)) {
            let help = "let the checksum cover what stands before them";
            diagnostics.push(diag::frames_with(span, "a checksum covers these frames", help, self.item_span(sum.item)));
        }
        if let Some(carried) = self.resolved.items.iter().position(|item| matches!(item.body, Body::Carry { .. })) {
            let help = "remove `session`, or describe the frames one by one";
            let why = "what a session is between frames in a frame is not told";
            diagnostics.push(diag::frames_with(span, why, help, self.item_span(carried)));
        }
        let (policy, spans) = (document.policy, &document.policy_spans);
        let skips = policy.oversize != Oversize::Close;
        if skips || policy.on_reject != OnReject::Close {
            let why = "behind a refused frame in a frame decoding cannot go on";
            let other = if skips { spans.oversize } else { spans.on_reject };
            diagnostics.push(diag::frames_with(span, why, "let `oversize` and `on_reject` be close", other));
        }
    }

    fn peers(&self, document: &Document, diagnostics: &mut Vec<Diagnostic>) {
        let Some(letter) = &document.swoole else { return };
        let pack = SWOOLE_PACKS.iter().find(|(each, ..)| *each == letter.value);
        let matches = |int: IntType| {
            pack.is_some_and(|(_, bytes, signed, endian)| {
                int.bytes == *bytes && int.signed == *signed && (*bytes == 1 || int.endian == *endian)
            })
        };
        let found = self
            .resolved
            .slots
            .iter()
            .any(|slot| matches!((&slot.source, slot.kind), (Source::Length(_), Kind::Int(int)) if matches(int)));
        if !found {
            diagnostics.push(diag::peer(letter.span, &letter.value.to_string()));
        }
    }
}
