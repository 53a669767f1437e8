//! Frames with frames inside.

use super::compose::{Cause, Fault};
use super::draft::{Choice, Laid};
use super::faults::Planted;
use super::good::Good;
use super::samples::integers;
use super::search::Space;
use crate::interp::Class;
use crate::plan::{Integer, Plan, SlotId};
use crate::value::{Fields, Value};

/// Frames that are put into others have so many bytes at most.
const SHORT: usize = 64;
/// So many unlike ones are put into one frame at most.
const KINDS: usize = 6;

/// Frames with one inside, with several kinds, and with one inside another, as deep as may be.
pub(super) fn good(space: &Space, slot: SlotId, found: &[Good]) -> Vec<(String, String, Laid)> {
    let name = space.plan.slot(slot).map_or("", |slot| slot.name.as_str());
    let mut all = Vec::new();
    let mut add = |what: &str, laid: Option<Laid>| {
        all.extend(laid.map(|laid| (format!("{name}/{what}"), format!("{name}: {what}"), laid)));
    };
    let plain = |frame: &&Good| frame.laid.bytes.len() <= SHORT && inside(space.plan, &frame.laid) == 0;
    let kinds: Vec<Vec<u8>> = found.iter().filter(plain).map(|frame| frame.laid.bytes.clone()).take(KINDS).collect();
    add("as few as can be", around(space, slot, Vec::new()));
    add(
        "of several kinds",
        (2..=KINDS).rev().find_map(|count| holding(space, slot, &Choice::Frames(kinds.clone()), count)),
    );
    let chain = chain(space, slot);
    let deep = deepest(space.plan);
    for level in [2, deep].into_iter().filter(|level| *level <= deep) {
        add(&format!("{level} deep"), chain.get(level.saturating_sub(1)).cloned());
    }
    add("largest", full(space, slot, 0));
    all
}

/// Frames nested too deep, too many of them, and refused ones inside.
pub(super) fn faults(space: &Space, slot: SlotId, found: &[Planted]) -> Vec<Fault> {
    let plan = space.plan;
    let name = plan.slot(slot).map_or("", |slot| slot.name.as_str());
    let mut faults = Vec::new();
    let mut add = |what: &str, laid: Laid, class: Class, at: usize, flag: &'static str| {
        let (key, name) = (format!("{name}/{what}"), format!("{name}: {what}"));
        let bytes = laid.bytes.clone();
        faults.push(Fault { key, name, flags: vec![flag], laid, bytes, class, at, cause: Cause::Size });
    };
    let chain = chain(space, slot);
    let deep = deepest(plan);
    if let (Some(deepest), Some(heads)) = (chain.get(deep), heads(space, slot, chain.get(..=deep).unwrap_or_default()))
    {
        add("too deep", deepest.clone(), Class::BadBody, heads.saturating_sub(1), "frames");
    }
    if let Some(laid) = full(space, slot, 1) {
        let at = laid.bytes.len().saturating_sub(1);
        add("more than there can be", laid, Class::FrameTooLarge, at, "oversize");
    }
    let mut classes = Vec::new();
    for planted in found {
        let Planted::Fault(fault) = planted else { continue };
        let sized = matches!(fault.class, Class::FrameTooLarge | Class::DelimiterTooFar);
        if sized || classes.contains(&fault.class) || fault.bytes.len() > SHORT {
            continue;
        }
        let Some(laid) = around(space, slot, vec![fault.bytes.clone()]) else { continue };
        let Some(head) = head(space, slot, &laid) else { continue };
        classes.push(fault.class);
        add(&format!("one with {}", fault.name), laid, fault.class, head + fault.at, "frames");
    }
    faults
}

/// Values that the encoder refuses: one frame too many, and one that is cut off.
pub(super) fn refused(space: &Space, slot: SlotId) -> Vec<(String, Fields)> {
    let Some(name) = space.plan.slot(slot).map(|slot| slot.name.clone()) else { return Vec::new() };
    let Some(laid) = around(space, slot, Vec::new()).filter(|laid| laid.canonical) else { return Vec::new() };
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut fields = laid.inputs.clone();
        for (_, value) in fields.iter_mut().filter(|(given, _)| *given == name) {
            if let Value::Bytes(bytes) = value {
                change(bytes);
            }
        }
        fields
    };
    let another = with(&|bytes| bytes.extend(bytes.clone()));
    let cut = with(&|bytes| bytes.truncate(bytes.len().saturating_sub(1)));
    let none = with(&|bytes| bytes.clear());
    vec![
        (format!("{name}: twice as many"), another),
        (format!("{name}: the last one without its last byte"), cut),
        (format!("{name}: none at all"), none),
    ]
}

/// How many frames stand in one.
fn inside(plan: &Plan, laid: &Laid) -> usize {
    let value = |slot: SlotId| laid.ints.get(slot.0).copied().unwrap_or(0);
    usize::try_from(plan.frames_inside(&value)).unwrap_or(usize::MAX)
}

/// How deep they are nested at most.
fn deepest(plan: &Plan) -> usize {
    plan.nested().map_or(0, |nested| nested.deep.into())
}

/// The frame around these, and around as few others as can be.
fn around(space: &Space, slot: SlotId, frames: Vec<Vec<u8>>) -> Option<Laid> {
    let Some(Some(Choice::Frames(plain))) = space.base.values.get(slot.0) else { return None };
    let frames = Choice::Frames([frames, plain.clone()].concat());
    (1..=3).find_map(|count| holding(space, slot, &frames, count))
}

/// The frame around so many of these. An integer that their number is read from may have to be that number.
fn holding(space: &Space, slot: SlotId, frames: &Choice, count: usize) -> Option<Laid> {
    let number = Choice::Int(i128::try_from(count).ok()?);
    let counting = counts(space.plan).map(|integer| vec![(integer.slot, number.clone())]);
    let mut pins = std::iter::once(Vec::new()).chain(counting);
    pins.find_map(|mut pinned| {
        pinned.push((slot, frames.clone()));
        space.find(&pinned, |laid| laid.is_good() && inside(space.plan, laid) == count)
    })
    .map(|(_, laid)| laid)
}

/// The integers from which the number of frames inside is read.
fn counts(plan: &Plan) -> impl Iterator<Item = Integer> {
    let times = plan.nested().map(|nested| nested.times);
    let reads = move |slot: SlotId| times.is_some_and(|times| crate::interp::reads(times, slot));
    plan.ops.iter().flat_map(move |op| integers(plan, &op.kind)).filter(move |integer| reads(integer.slot))
}

/// Each frame but the first around the one before, one deeper than may be.
fn chain(space: &Space, slot: SlotId) -> Vec<Laid> {
    let mut chain: Vec<Laid> = Vec::new();
    for _ in 0..=deepest(space.plan) {
        let last = chain.last().map(|laid| laid.bytes.clone());
        let Some(laid) = around(space, slot, last.into_iter().collect()) else { break };
        chain.push(laid);
    }
    chain
}

/// Bytes in front of the frames inside.
fn head(space: &Space, slot: SlotId, laid: &Laid) -> Option<usize> {
    let index = space.plan.ops.iter().position(|op| op.kind.slots().contains(&slot))?;
    laid.piece(index).map(|piece| piece.start)
}

fn heads(space: &Space, slot: SlotId, chain: &[Laid]) -> Option<usize> {
    chain.iter().map(|laid| head(space, slot, laid)).sum()
}

/// A frame with as many inside as the largest has room for, if each of them had the fewest bytes; with `more` than these, and then none of
/// them is there. Nothing where their number cannot be given.
fn full(space: &Space, slot: SlotId, more: u64) -> Option<Laid> {
    let plan = space.plan;
    let none = Choice::Bytes(Vec::new(), 0);
    let frames = if more > 0 { none.clone() } else { space.base.values.get(slot.0)?.clone()? };
    let room = |laid: &Laid| {
        let head = head(space, slot, laid).and_then(|head| u64::try_from(head).ok()).unwrap_or(0);
        plan.max_frame.saturating_sub(head) / plan.min_frame
    };
    let wanted = |laid: &Laid| {
        let count = u64::try_from(inside(plan, laid)).unwrap_or(u64::MAX);
        laid.is_good() && if more > 0 { count > room(laid) } else { count == room(laid) }
    };
    let begun = holding(space, slot, &none, 1).or_else(|| holding(space, slot, &none, 2))?;
    let most = i128::from(room(&begun).saturating_add(more));
    counts(plan).find_map(|integer| {
        let counts = [most, most / 2 + 1].into_iter().chain(integer.taken(plan));
        let mut pinned = counts.map(|count| [(slot, frames.clone()), (integer.slot, Choice::Int(count))]);
        pinned.find_map(|pinned| space.find(&pinned, wanted)).map(|(_, laid)| laid)
    })
}
