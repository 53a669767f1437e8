//! Random values for a frame, random bytes for a stream.

#![expect(clippy::cast_sign_loss, reason = "values of unsigned slots")]

use framewright::interp::encode;
use framewright::model::{Accept, Body, Codec, Content, EnumDef, Extent, Kind, Protocol, SlotId, Source};
use framewright::plan::lower;
use framewright::value::{Fields, Value};

use super::tape::Tape;
use crate::naive::{eval, first_delimiter};

/// Values for all that the caller gives to the encoder. They need not fit each other: a length can be out of its range, a
/// check can fail. Those of the session are given.
pub(crate) fn values(protocol: &Protocol, session: &[i128], tape: &mut Tape<'_>) -> Fields {
    values_at(protocol, session, tape, 0)
}

/// Those of a frame inside so many others.
fn values_at(protocol: &Protocol, session: &[i128], tape: &mut Tape<'_>, depth: u8) -> Fields {
    let mut ints = vec![0_i128; protocol.slots.len()];
    let mut fields = Fields::new();
    for item in &protocol.items {
        if item.guard.as_ref().is_some_and(|guard| eval(guard, &|slot| ints[slot]) == 0) {
            continue;
        }
        let mut integer = |slot: SlotId, accept: &Accept, tape: &mut Tape<'_>| {
            let described = &protocol.slots[slot.0];
            match described.source {
                Source::Const(value) => ints[slot.0] = value,
                Source::Input => {
                    let value = accepted(accept, described.kind, &protocol.enums, tape);
                    ints[slot.0] = value;
                    let signed = matches!(described.kind, Kind::Int(int) if int.signed);
                    let value = if signed { Value::Int(value as i64) } else { Value::UInt(value as u64) };
                    fields.push((described.name.clone(), value));
                }
                Source::Length(id) => {
                    if let Some(sentinel) = protocol.counts[id.0].region.sentinel {
                        ints[slot.0] = if tape.once_in(3) { sentinel.value } else { 0 };
                    }
                }
                Source::Bytes(_) | Source::Zero | Source::Piece(_) | Source::Sum(_) => {}
            }
        };
        match &item.body {
            Body::Carry { slot, .. } => {
                let own = protocol.session.iter().position(|carried| carried.slot == *slot).unwrap();
                integer(*slot, &Accept::Const(session[own]), tape);
            }
            Body::Int { slot, accept, .. } | Body::Let { slot, accept, .. } | Body::Peek { slot, accept, .. } => {
                integer(*slot, accept, tape)
            }
            Body::Const { slot, .. } => integer(*slot, &Accept::Any, tape),
            Body::Bits { parts, .. } => parts.iter().for_each(|part| integer(part.slot, &part.accept, tape)),
            Body::Bytes { slot, content: Content::Decimal(decimal), .. } => {
                let (low, high) = decimal.bounds();
                let own = if decimal.accept == Accept::Any { Accept::Range(low, high) } else { decimal.accept };
                integer(*slot, &own, tape);
            }
            Body::Bytes { slot, .. } if protocol.slots[slot.0].source != Source::Input => {}
            Body::Bytes { slot, extent, content } => {
                let codec = match content {
                    Content::Always(codec) => *codec,
                    Content::Decimal(_) => Codec::Raw,
                    Content::By(by, rows) => {
                        rows.iter().find(|(value, _)| *value == ints[by.0]).map_or(Codec::Raw, |(_, codec)| *codec)
                    }
                };
                let bytes = bytes(extent, codec, tape);
                let described = &protocol.slots[slot.0];
                let text = described.kind == Kind::Text;
                let value = if text { Value::Text(String::from_utf8(bytes).unwrap()) } else { Value::Bytes(bytes) };
                fields.push((described.name.clone(), value));
            }
            Body::Msgpack { slot } => {
                fields.push((protocol.slots[slot.0].name.clone(), Value::Bytes(msgpack(tape))));
            }
            Body::Frames { slot, times, .. } => {
                let times = eval(times, &|slot| ints[slot]);
                let times = if depth < 3 { times.clamp(0, 5) } else { 0 };
                let plan = lower(protocol);
                let frames = (0..times).filter_map(|_| encode(&plan, &values_at(protocol, &[], tape, depth + 1)).ok());
                let frames = frames.collect::<Vec<_>>().concat();
                fields.push((protocol.slots[slot.0].name.clone(), Value::Bytes(frames)));
            }
            Body::Pad { .. } | Body::Check(..) => {}
        }
    }
    fields
}

fn accepted(accept: &Accept, kind: Kind, enums: &[EnumDef], tape: &mut Tape<'_>) -> i128 {
    let (low, high) = match kind {
        Kind::Int(int) => int.bounds(),
        Kind::Bits(width) => (0, (1 << width) - 1),
        Kind::Bytes | Kind::Text => (0, 0),
    };
    match accept {
        Accept::Any => tape.within(low, high),
        Accept::Const(value) => *value,
        Accept::Range(low, high) => tape.within(*low, *high),
        Accept::Enum(id) => {
            let def = &enums[id.0];
            if def.other.is_some() && tape.once_in(3) { tape.within(low, high) } else { tape.pick(&def.members).0 }
        }
    }
}

fn bytes(extent: &Extent, codec: Codec, tape: &mut Tape<'_>) -> Vec<u8> {
    match extent {
        Extent::Fixed(size) => sized(codec, *size as usize, tape),
        Extent::Counted => {
            let least = usize::from(matches!(codec, Codec::Json | Codec::Msgpack));
            let size = least + tape.below(9);
            sized(codec, size, tape)
        }
        Extent::Until { delimiters, kept, max } => {
            let least = usize::from(matches!(codec, Codec::Json | Codec::Msgpack));
            let most = max.map_or(9, |max| max.min(9) as usize).max(least);
            let size = least + tape.below(most + 1 - least);
            let content = sized(codec, size, tape);
            let delimiter = tape.pick(delimiters);
            let hidden = |content: &[u8]| {
                first_delimiter(&[content, &delimiter].concat(), delimiters).unwrap().0 != content.len()
            };
            let content = if hidden(&content) { plain(codec, least) } else { content };
            if *kept { [content, delimiter].concat() } else { content }
        }
    }
}

fn plain(codec: Codec, size: usize) -> Vec<u8> {
    match codec {
        Codec::Raw | Codec::Utf8 | Codec::Json => vec![b'1'; size],
        Codec::Msgpack => vec![1; size],
    }
}

/// Content of just this size that the codec takes, where there is one.
fn sized(codec: Codec, size: usize, tape: &mut Tape<'_>) -> Vec<u8> {
    match codec {
        Codec::Raw => (0..size).map(|_| tape.pick(b"a\0b\x01\r\n|;-c\xff\xc0")).collect(),
        Codec::Utf8 => {
            let mut text = String::new();
            while text.len() < size {
                let next = tape.pick(&['a', 'b', '\n', 'é', '\0', '—']);
                text.push(if next.len_utf8() > size - text.len() { 'z' } else { next });
            }
            text.into_bytes()
        }
        Codec::Json => {
            let texts: [&[u8]; 6] = [b"1", b"[]", b"{}", b"null", b"[1,\"\\n\"]", b"-0.5e1"];
            let text = tape.pick(&texts);
            let text = if text.len() > size { &b"7"[..size.min(1)] } else { text };
            [text, &vec![b' '; size - text.len()]].concat()
        }
        Codec::Msgpack => match size {
            0 => Vec::new(),
            1 => vec![tape.pick(&[0xc0, 0x05, 0x90, 0x80, 0xa0, 0xff])],
            2 => vec![0x91, 0xc3],
            _ => [&[0xc4, (size - 2) as u8], &vec![b'q'; size - 2][..]].concat(),
        },
    }
}

fn msgpack(tape: &mut Tape<'_>) -> Vec<u8> {
    let objects: [&[u8]; 8] = [
        b"\x01",
        b"\xc0",
        b"\x92\x01\xa2hi",
        b"\x82\xa1a\x91\xc2\x05\xcd\x01\x00",
        b"\xd4\x01\x02",
        b"\xdc\x00\x02\xc0\xc3",
        b"\xc7\x02\x05ab",
        b"\xca\x00\x00\x80\x3f",
    ];
    tape.pick(&objects).to_vec()
}

/// A stream much like a good one, with some bytes changed, put in, taken out or cut off.
pub(crate) fn mutated(stream: &[u8], tape: &mut Tape<'_>) -> Vec<u8> {
    let mut bytes = stream.to_vec();
    let changes = 1 + tape.below(3);
    for _ in 0..changes {
        let at = tape.below(bytes.len() + 1);
        let byte = tape.pick(&[0, 1, 2, 5, 10, 0x7f, 0x80, 0xc1, 0xff, b'\n', b'a', b'b', 0xdd, 0xdb]);
        match tape.below(5) {
            0 | 1 if at < bytes.len() => bytes[at] = byte,
            2 if at < bytes.len() => bytes[at] = bytes[at].wrapping_add(byte | 1),
            3 if at < bytes.len() => drop(bytes.remove(at)),
            4 => bytes.truncate(at),
            _ => bytes.insert(at, byte),
        }
    }
    bytes
}

/// Bytes from a small alphabet.
pub(crate) fn noise(tape: &mut Tape<'_>) -> Vec<u8> {
    let len = tape.below(40);
    (0..len)
        .map(|_| match tape.below(3) {
            0 => tape.byte(),
            _ => tape.pick(b"\0\x01\x02\x03\x04\x08\r\nab|;-\xff\xca\xfe\x7f"),
        })
        .collect()
}

/// Cuts of a stream, which never fall.
pub(crate) fn cuts(len: usize, tape: &mut Tape<'_>) -> Vec<usize> {
    let count = tape.below(6);
    let mut cuts: Vec<usize> = (0..count).map(|_| tape.below(len + 1)).collect();
    cuts.sort_unstable();
    cuts
}
