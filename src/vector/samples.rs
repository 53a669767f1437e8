//! Values of integers worth trying: at the edges of what is taken, and beyond them.

use std::collections::BTreeSet;

use super::draft::refusal;
use super::search::usual;
use crate::plan::{Accept, Integer, OpKind, Plan, Source};

/// Members of an enum that are tried at most.
const MEMBERS: usize = 40;

/// Some members of an enum: the first ones, and the last.
pub(super) fn members(plan: &Plan, accept: Accept) -> Vec<i128> {
    let Accept::Enum(id) = accept else { return Vec::new() };
    let members = plan.enums.get(id.0).map_or(&[] as &[_], |known| &known.members);
    let first = members.iter().take(MEMBERS);
    first.chain(members.iter().skip(MEMBERS).last()).map(|(value, _)| *value).collect()
}

/// The integers of an op that the caller gives.
pub(super) fn integers(plan: &Plan, kind: &OpKind) -> Vec<Integer> {
    let given = |integer: &Integer| plan.slot(integer.slot).is_some_and(|slot| slot.source == Source::Input);
    kind.integers().into_iter().filter(given).collect()
}

impl Integer {
    /// Values that pass, the usual one not among them.
    pub(super) fn taken(&self, plan: &Plan) -> Vec<i128> {
        let (min, max) = self.bounds;
        let values = match self.accept {
            Accept::Any => vec![0, max, min, -1, (max >> 1) + 1],
            Accept::Const(_) => Vec::new(),
            Accept::Range(low, high) => vec![low, high],
            Accept::Enum(id) => {
                let Some(known) = plan.enums.get(id.0) else { return Vec::new() };
                let mut values: Vec<i128> = known.members.iter().map(|(value, _)| *value).take(MEMBERS).collect();
                if known.other.is_some() {
                    values.extend(around(&values));
                    values.push(max);
                }
                values
            }
        };
        let usual = usual(plan, self.accept, self.bounds);
        self.distinct(values, |value| value != usual && refusal(plan, self.accept, value).is_none())
    }

    /// Values of the type that are refused, next to those that pass and far from them.
    pub(super) fn refused(&self, plan: &Plan) -> Vec<i128> {
        let (min, max) = self.bounds;
        let edges = match self.accept {
            Accept::Any | Accept::Const(_) => return Vec::new(),
            Accept::Range(low, high) => vec![low - 1, high + 1],
            Accept::Enum(id) => {
                let members: Vec<i128> = plan
                    .enums
                    .get(id.0)
                    .map(|known| known.members.iter().map(|(value, _)| *value).collect())
                    .unwrap_or_default();
                around(&members)
            }
        };
        let values = edges.into_iter().chain([max, min]).collect();
        self.distinct(values, |value| refusal(plan, self.accept, value).is_some())
    }

    fn distinct(&self, values: Vec<i128>, wanted: impl Fn(i128) -> bool) -> Vec<i128> {
        let (min, max) = self.bounds;
        let mut distinct = Vec::new();
        for value in values {
            if (min..=max).contains(&value) && wanted(value) && !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        distinct
    }
}

/// Below, above and, where there is a gap, between some values.
fn around(members: &[i128]) -> Vec<i128> {
    let (Some(low), Some(high)) = (members.iter().min(), members.iter().max()) else { return Vec::new() };
    let known: BTreeSet<i128> = members.iter().copied().collect();
    let gap = (*low..=*high).find(|value| !known.contains(value));
    [low - 1, high + 1].into_iter().chain(gap).collect()
}
