//! Fixed bytes in the words of Python's `struct`.

use serde::Serialize;

use crate::backends::machine::{Machine, Part, PartKind, Read, Stage, WordParts};
use crate::plan::{Endian, IntType};

/// What fixed bytes are read with.
#[derive(Debug, Default, Serialize)]
pub(super) struct Layout {
    /// The format, byte order included.
    format: String,
    /// Constant that holds it compiled.
    name: String,
    /// In wire order: what is read.
    targets: Vec<Target>,
    /// Of a single byte: its offset, for it needs no format.
    octet: Option<u64>,
}

/// A variable: that of a slot, or one of this name.
#[derive(Clone, Debug, Serialize)]
struct Target {
    slot: Option<usize>,
    name: String,
}

/// The layouts of a stage.
#[derive(Debug, Serialize)]
pub(super) struct StageLayout {
    /// All that it has.
    all: Layout,
    /// Its words alone.
    words: Layout,
    /// By word.
    makes: Vec<Make>,
}

/// How a word is put together from what `struct` gives.
#[derive(Debug, Serialize)]
struct Make {
    /// Variable of a bit group.
    group: String,
    /// An expression; nothing where `struct` gives the word itself.
    join: Option<String>,
}

/// How `struct` takes a part of the encoder's.
#[derive(Debug, Default, Serialize)]
pub(super) struct Pack {
    codes: String,
    /// Variable of a bit group.
    group: String,
    /// In wire order.
    pieces: Vec<Piece>,
    /// Byte order of a word that is against the format's.
    foreign: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Piece {
    shift: u8,
    /// Nothing where all bits above the shift belong to it.
    mask: Option<u32>,
}

#[derive(Debug, Serialize)]
pub(super) struct Layouts {
    /// The leading bytes that are the same in all frames.
    head: Layout,
    stages: Vec<StageLayout>,
    /// By part.
    packs: Vec<Pack>,
    /// `<` or `>`: the byte order of most words.
    order: char,
}

impl Layouts {
    /// `head`: bytes of the leading stages that are read at once.
    pub(super) fn new(machine: &Machine<'_>, head: u64) -> Self {
        let little = mostly_little(machine);
        let mut number = 0_usize;
        let mut stages = Vec::new();
        let mut first = Format::new(little);
        for stage in &machine.stages {
            let placed = place(stage, little, &mut number);
            if stage.guard.is_none() && stage.at.is_some_and(|at| at < head) {
                for item in &placed.items {
                    first.take(stage.at.unwrap_or(0), item);
                }
            }
            let layout = |with_spans: bool| {
                let mut format = Format::new(little);
                for item in placed.items.iter().filter(|item| with_spans || item.word) {
                    format.take(0, item);
                }
                format.layout()
            };
            stages.push(StageLayout { all: layout(true), words: layout(false), makes: placed.makes });
        }
        let pack = |(index, part): (usize, &Part)| pack(&part.kind, little, index);
        let packs = machine.parts.iter().enumerate().map(pack).collect();
        Self { head: first.layout(), stages, packs, order: order(little) }
    }
}

const fn order(little: bool) -> char {
    if little { '<' } else { '>' }
}

fn mostly_little(machine: &Machine<'_>) -> bool {
    let words = machine.stages.iter().flat_map(|stage| match &stage.read {
        Read::Fixed { words, .. } => words.as_slice(),
        Read::Const { .. }
        | Read::Rest { .. }
        | Read::Until { .. }
        | Read::Msgpack { .. }
        | Read::Align { .. }
        | Read::Peek { .. } => &[],
    });
    let wide: Vec<_> = words.filter(|word| word.int.bytes > 1).collect();
    wide.iter().filter(|word| word.int.endian == Endian::Little).count() > wide.len() / 2
}

/// Something at an offset of a stage.
struct Item {
    offset: u64,
    size: u64,
    codes: String,
    targets: Vec<Target>,
    /// Part of a word, and no span or constant.
    word: bool,
}

struct Placed {
    items: Vec<Item>,
    makes: Vec<Make>,
}

fn place(stage: &Stage, little: bool, number: &mut usize) -> Placed {
    let (mut items, mut makes) = (Vec::new(), Vec::new());
    match &stage.read {
        Read::Const { slot: _, bytes, .. } => {
            *number = number.saturating_add(1);
            let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            let targets = vec![Target { slot: None, name: format!("word_{number}") }];
            items.push(Item { offset: 0, size, codes: format!("{size}s"), targets, word: false });
            makes.push(Make { group: format!("word_{number}"), join: None });
        }
        Read::Fixed { size: _, words, spans } => {
            for word in words {
                *number = number.saturating_add(1);
                let group = format!("group_{number}");
                let pieces = Pieces::new(word.int, little);
                let (join, targets) = match (&word.parts, pieces.names(*number)) {
                    (WordParts::Bits(parts), _) if parts.is_empty() => {
                        makes.push(Make { group, join: None });
                        continue;
                    }
                    (_, names) if names.len() > 1 || pieces.foreign => {
                        let targets = names.iter().map(|name| Target { slot: None, name: name.clone() }).collect();
                        (Some(pieces.join(&names, word.int)), targets)
                    }
                    (WordParts::Whole(slot), _) => (None, vec![Target { slot: Some(slot.0), name: String::new() }]),
                    (WordParts::Bits(_), _) => (None, vec![Target { slot: None, name: group.clone() }]),
                };
                makes.push(Make { group, join });
                let size = u64::from(word.int.bytes);
                items.push(Item { offset: word.offset, size, codes: pieces.codes, targets, word: true });
            }
            items.extend(spans.iter().map(|span| Item {
                offset: span.offset,
                size: span.size,
                codes: format!("{}s", span.size),
                targets: vec![Target { slot: Some(span.slot.0), name: String::new() }],
                word: false,
            }));
        }
        Read::Rest { .. } | Read::Until { .. } | Read::Msgpack { .. } | Read::Align { .. } | Read::Peek { .. } => {}
    }
    items.sort_by_key(|item| item.offset);
    Placed { items, makes }
}

/// An integer as codes of `struct`: of sizes that it does not know, from the most significant bytes down, or up.
struct Pieces {
    codes: String,
    /// Bits below each piece, in wire order.
    shifts: Vec<u8>,
    bits: Vec<u8>,
    /// It is read as bytes.
    foreign: bool,
}

impl Pieces {
    fn new(int: IntType, little: bool) -> Self {
        let is_little = int.endian == Endian::Little;
        if int.bytes > 1 && is_little != little {
            return Self { codes: format!("{}s", int.bytes), shifts: vec![0], bits: vec![0], foreign: true };
        }
        // From the most significant down.
        let sizes: &[u8] = match int.bytes {
            3 => &[1, 2],
            5 => &[1, 4],
            6 => &[2, 4],
            7 => &[1, 2, 4],
            1 => &[1],
            2 => &[2],
            4 => &[4],
            _ => &[8],
        };
        let mut left = int.bytes;
        let mut pieces: Vec<(char, u8, u8)> = Vec::new();
        for (index, size) in sizes.iter().enumerate() {
            left = left.saturating_sub(*size);
            let code = match size {
                1 => 'B',
                2 => 'H',
                4 => 'I',
                _ => 'Q',
            };
            let code = if int.signed && index == 0 { code.to_ascii_lowercase() } else { code };
            pieces.push((code, left.saturating_mul(8), size.saturating_mul(8)));
        }
        if is_little {
            pieces.reverse();
        }
        Self {
            codes: pieces.iter().map(|(code, _, _)| *code).collect(),
            shifts: pieces.iter().map(|(_, shift, _)| *shift).collect(),
            bits: pieces.iter().map(|(_, _, bits)| *bits).collect(),
            foreign: false,
        }
    }

    fn names(&self, number: usize) -> Vec<String> {
        match self.shifts.len() {
            1 => vec![format!("word_{number}")],
            several => (0..several).map(|index| format!("word_{number}_{index}")).collect(),
        }
    }

    fn join(&self, names: &[String], int: IntType) -> String {
        if self.foreign {
            let order = if int.endian == Endian::Little { "little" } else { "big" };
            let signed = if int.signed { ", signed=True" } else { "" };
            let name = names.first().map_or("", String::as_str);
            return format!("int.from_bytes({name}, \"{order}\"{signed})");
        }
        let shifted = names.iter().zip(&self.shifts).map(|(name, shift)| match shift {
            0 => name.clone(),
            shift => format!("{name} << {shift}"),
        });
        shifted.collect::<Vec<_>>().join(" | ")
    }
}

fn pack(kind: &PartKind, little: bool, index: usize) -> Pack {
    let int = match kind {
        PartKind::Int { int, .. } | PartKind::Bits { int, .. } => *int,
        PartKind::Const { bytes, .. } => {
            return Pack { codes: format!("{}s", bytes.len()), ..Pack::default() };
        }
        PartKind::Fixed { .. }
        | PartKind::Rest { .. }
        | PartKind::Until { .. }
        | PartKind::Msgpack { .. }
        | PartKind::Frames { .. }
        | PartKind::Let { .. }
        | PartKind::Decimal { .. }
        | PartKind::Pad(_)
        | PartKind::Mark(_) => return Pack::default(),
    };
    let pieces = Pieces::new(int, little);
    let top = int.bytes.saturating_mul(8);
    let piece = |(shift, bits): (&u8, &u8)| Piece {
        shift: *shift,
        mask: (shift.saturating_add(*bits) < top)
            .then(|| 1_u64.checked_shl(u32::from(*bits)).unwrap_or(0).saturating_sub(1))
            .and_then(|mask| u32::try_from(mask).ok()),
    };
    Pack {
        group: format!("group_{index}"),
        pieces: if pieces.foreign { Vec::new() } else { pieces.shifts.iter().zip(&pieces.bits).map(piece).collect() },
        foreign: pieces.foreign.then_some(if int.endian == Endian::Little { "little" } else { "big" }),
        codes: pieces.codes,
    }
}

/// A format in the making.
struct Format {
    little: bool,
    codes: String,
    end: u64,
    targets: Vec<Target>,
    octet: Option<u64>,
}

impl Format {
    const fn new(little: bool) -> Self {
        Self { little, codes: String::new(), end: 0, targets: Vec::new(), octet: None }
    }

    /// Puts an item behind those before it; `base`: offset of its stage.
    fn take(&mut self, base: u64, item: &Item) {
        let at = base.saturating_add(item.offset);
        if at > self.end {
            self.codes.push_str(&format!("{}x", at.saturating_sub(self.end)));
        }
        self.octet = (item.codes == "B" && self.targets.is_empty()).then_some(at);
        self.codes.push_str(&item.codes);
        self.targets.extend(item.targets.iter().cloned());
        self.end = at.saturating_add(item.size);
    }

    fn layout(self) -> Layout {
        let little = if self.little { "LE" } else { "BE" };
        Layout {
            name: format!("_{little}_{}", self.codes),
            format: format!("{}{}", order(self.little), self.codes),
            targets: self.targets,
            octet: self.octet,
        }
    }
}
