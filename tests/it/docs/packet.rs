//! Pictures: well-formed, to scale, and no text without room.

#![expect(clippy::cast_precision_loss, clippy::cast_possible_wrap, reason = "pictures have few pixels")]

use std::collections::BTreeMap;

use framewright::plan::{Endian, OpKind, PadSize, Plan, Size, Source};
use roxmltree::{Document, Node};

use super::Documented;

/// Of one bit, and where the rows begin.
const BIT: i64 = 18;
const LEFT: i64 = 48;
/// Of a character in parts of its height: of DejaVu Sans Mono, than which few fixed-width fonts are wider.
const WIDE: f64 = 0.602;

/// Left, top, right, bottom.
type Area = (f64, f64, f64, f64);

fn number(node: Node<'_, '_>, name: &str) -> i64 {
    node.attribute(name).unwrap().parse().unwrap()
}

fn has(node: Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|all| all.split(' ').any(|each| each == class))
}

/// What a text covers.
fn area(text: Node<'_, '_>) -> Area {
    let height = if has(text, "n") { 13.0 } else { 11.0 };
    let wide = text.text().unwrap_or_default().chars().count() as f64 * height * WIDE;
    let (x, y) = (number(text, "x") as f64, number(text, "y") as f64);
    let left = match (has(text, "m"), has(text, "e")) {
        (true, _) => x - wide / 2.0,
        (_, true) => x - wide,
        _ => x,
    };
    (left, y - height * 0.8, left + wide, y + height * 0.2)
}

fn texts<'a>(node: Node<'a, 'a>) -> Vec<Node<'a, 'a>> {
    node.descendants().filter(|node| node.has_tag_name("text")).collect()
}

/// An XML document with a title and a description, all of whose texts are inside it and apart from each other.
pub(super) fn is_readable(name: &str, source: &str) {
    let document = Document::parse(source).unwrap_or_else(|error| panic!("{name}: {error}\n{source}"));
    let root = document.root_element();
    let children: Vec<&str> = root.children().filter(Node::is_element).map(|node| node.tag_name().name()).collect();
    assert_eq!(children[..3], ["title", "desc", "style"]);
    assert_eq!(root.attribute("role"), Some("img"));
    let (width, height) = (number(root, "width") as f64, number(root, "height") as f64);
    let areas: Vec<(Area, &str)> = texts(root).into_iter().map(|text| (area(text), text.text().unwrap())).collect();
    for (at, ((left, top, right, bottom), words)) in areas.iter().enumerate() {
        assert!(
            *left >= 0.0 && *top >= 0.0 && *right <= width && *bottom <= height,
            "{name}: {words} is cut\n{source}"
        );
        for ((l, t, r, b), other) in &areas[at + 1..] {
            let apart = right <= l || r <= left || bottom <= t || b <= top;
            assert!(apart, "{name}: {words} and {other} overlap\n{source}");
        }
    }
}

/// Name and bits of each cell; no bits where the cell has no scale.
fn cells(plan: &Plan) -> Vec<(String, Option<i64>)> {
    let mut cells = Vec::new();
    for op in &plan.ops {
        let name = |slot: &framewright::plan::Slot| match slot.source {
            Source::Zero => String::new(),
            Source::Piece(_) => format!("{} piece", slot.name),
            Source::Input | Source::Const(_) | Source::Bytes(_) | Source::Length(_) | Source::Sum(_) => {
                slot.name.clone()
            }
        };
        let names: Vec<String> = op.kind.slots().iter().map(|id| name(&plan.slots[id.0])).collect();
        let bytes = match &op.kind {
            OpKind::Int { int, .. } => Some(i64::from(int.bytes)),
            OpKind::Const { bytes, .. } => Some(bytes.len() as i64),
            OpKind::Bits { int, parts } if int.endian == Endian::Little && int.bytes > 1 => {
                let _ = parts;
                cells.push(("bits".to_owned(), Some(i64::from(int.bytes) * 8)));
                continue;
            }
            OpKind::Bits { parts, .. } => {
                let mut parts: Vec<_> = parts.iter().collect();
                parts.sort_by_key(|part| -i64::from(part.shift));
                let cell =
                    |part: &&framewright::plan::BitPart| (name(&plan.slots[part.slot.0]), Some(i64::from(part.width)));
                cells.extend(parts.iter().map(cell));
                continue;
            }
            OpKind::Bytes { size: Size::Fixed(size), .. } | OpKind::Pad { size: PadSize::Fixed(size), .. } => {
                Some(*size as i64)
            }
            OpKind::Bytes { size: Size::Rest(_) | Size::Until { .. }, .. }
            | OpKind::Msgpack { .. }
            | OpKind::Frames { .. }
            | OpKind::Pad { size: PadSize::Align(_), .. } => None,
            OpKind::Carry { .. }
            | OpKind::Mark(_)
            | OpKind::Sum(_)
            | OpKind::Open(_)
            | OpKind::Close(_)
            | OpKind::Claim(_)
            | OpKind::Fit { .. }
            | OpKind::Let { .. }
            | OpKind::Peek { .. }
            | OpKind::Check(..) => continue,
        };
        if bytes != Some(0) {
            cells.push((names[0].clone(), bytes.map(|bytes| bytes * 8).filter(|bits| *bits <= 128)));
        }
    }
    cells
}

pub(super) fn is_to_scale(documented: &Documented) {
    for file in documented.files.iter().filter(|file| file.path.ends_with(".svg")) {
        is_readable(&file.path, std::str::from_utf8(&file.bytes).unwrap());
    }
    let source = documented.diagram();
    let document = Document::parse(source).unwrap();
    let drawn: Vec<Node<'_, '_>> = document.descendants().filter(|node| has(*node, "cell")).collect();
    let wanted = cells(&documented.plan);
    assert_eq!(drawn.len(), wanted.len(), "{source}");
    // Of each row, by its top: where its next piece has to begin.
    let mut rows: BTreeMap<i64, i64> = BTreeMap::new();
    let all: String = texts(document.root_element()).iter().map(|text| format!("{}\n", text.text().unwrap())).collect();
    for (cell, (name, bits)) in drawn.iter().zip(wanted) {
        let rects: Vec<Node<'_, '_>> = cell.children().filter(|node| node.has_tag_name("rect")).collect();
        let mut inside = Vec::new();
        let mut before = None;
        for rect in &rects {
            let (x, y, w, h) =
                (number(*rect, "x"), number(*rect, "y"), number(*rect, "width"), number(*rect, "height"));
            assert!(before.is_none_or(|before| (before) < (y, x)), "wire order\n{source}");
            before = Some((y, x));
            let row = rows.entry(y).or_insert(LEFT);
            assert_eq!(*row, x, "{name} begins where the piece before it ends\n{source}");
            *row += w;
            assert!(*row <= LEFT + 32 * BIT);
            inside.push((x, y, w, h));
        }
        let sum: i64 = inside.iter().map(|(_, _, w, _)| w).sum();
        match bits {
            Some(bits) => assert_eq!(sum, bits * BIT, "{name}\n{source}"),
            None => {
                assert!(rects.is_empty());
                let path = cell.children().find(|node| node.has_tag_name("path")).unwrap().attribute("d").unwrap();
                let (x, rest) = path.strip_prefix('M').unwrap().split_once(' ').unwrap();
                let (y, rest) = rest.split_once('h').unwrap();
                let (w, _) = rest.split_once('v').unwrap();
                let (x, y, w) = (x.parse().unwrap(), y.parse().unwrap(), w.parse().unwrap());
                assert!(rows.insert(y, LEFT + w).is_none());
                assert_eq!((x, w), (LEFT, 32 * BIT));
                inside.push((x, y, w, 52));
            }
        }
        let bottom = inside.iter().map(|(_, y, _, h)| (y + h) as f64).fold(0.0, f64::max);
        for text in texts(*cell) {
            let (left, top, right, low) = area(text);
            let fits = inside
                .iter()
                .any(|(x, y, w, _)| left >= *x as f64 && right <= (x + w) as f64 && top >= *y as f64 && low <= bottom);
            assert!(fits, "{name}: {:?} has no room\n{source}", text.text());
        }
        assert!(all.contains(&name) || name.is_empty(), "{name} is nowhere\n{source}");
    }
}
