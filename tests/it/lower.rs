//! Where a plan looks at what must fit.

use framewright::plan::{OpKind, Plan, RegionId, Size};

use crate::geometry::{plan, spec};

fn of(fields: &[&str]) -> Plan {
    plan(&format!("framewright: 1\nname: t\nmax_frame: 100\nframe:\n  - {}\n", fields.join("\n  - ")))
}

/// Of each op that has bytes, how often the frame and how often a range is looked at behind it.
fn fits(plan: &Plan) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    for op in &plan.ops {
        match (&op.kind, all.last_mut()) {
            (OpKind::Fit { bound, .. }, Some((frame, ranges))) => {
                *(if bound.region.is_none() { frame } else { ranges }) += 1;
            }
            (kind, _) if kind.has_bytes() => all.push((0, 0)),
            _ => {}
        }
    }
    all
}

/// Nothing is looked at twice between two bytes that tell something about a size.
#[test]
fn what_must_fit_is_looked_at_where_something_is_told() {
    // A length alone bounds what it leaves to the body; the frame has to have room for it.
    assert_eq!(fits(&of(&["length: u8 counts body", "body: bytes"])), [(1, 0), (0, 0)]);
    // A range of known size must agree with its length. The fixed fields in it tell nothing new.
    assert_eq!(fits(&of(&["length: u8 counts a..b", "a: u16", "b: u16"])), [(1, 1), (0, 0), (0, 0)]);
    // A delimiter tells how long the name was.
    let named = of(&["length: u8 counts name..end", r#"name: bytes until "\0""#, "end: u16"]);
    assert_eq!(fits(&named), [(1, 1), (1, 1), (0, 0)]);
}

/// The regions that a plan refers to by their claims, in front of which nothing is known of them.
fn unclaimed(plan: &Plan) -> Vec<RegionId> {
    let mut claimed = Vec::new();
    let mut early = Vec::new();
    for op in &plan.ops {
        let region = match &op.kind {
            OpKind::Claim(region) => {
                claimed.push(*region);
                None
            }
            OpKind::Fit { bound, .. } | OpKind::Bytes { size: Size::Rest(bound), .. } => bound.region,
            _ => None,
        };
        early.extend(region.filter(|region| !claimed.contains(region)));
    }
    early
}

#[test]
fn nothing_must_fit_a_length_that_has_not_been_read() {
    // What the kind decides is counted by a length behind it.
    let late = of(&["kind: u8", "extra: u8 when kind == 1", "length: u16 counts frame", "body: bytes"]);
    assert_eq!(unclaimed(&late), []);
    assert_eq!(fits(&late), [(1, 0), (0, 0), (1, 1), (0, 0)]);
    for name in ["amqp", "bgp", "mongodb", "postgres", "rocketmq", "tpkt"] {
        assert_eq!(unclaimed(&spec(name)), [], "{name}");
    }
}
