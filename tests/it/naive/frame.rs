//! One frame, read from its first byte.

use framewright::interp::{Class, Frame};
use framewright::model::{
    Accept, Ahead, Body, Codec, Content, Counted, Decimal, Demand, Emit, Endian, Extent, IntType, Item, Kind, PadSize,
    Protocol, Slot, Source, Summed,
};
use framewright::value::{Fields, Value};

use super::body::passes;
use super::checksum::{Computed, computed};
use super::expr::{eval, reads};
use super::scan::{Object, first_delimiter, object};

/// What some bytes say about the frame at their beginning.
#[derive(Debug, PartialEq)]
pub(crate) enum Judgement {
    /// Nothing yet.
    Short,
    /// A frame ends in them.
    Frame(Frame),
    /// The byte at this offset makes it refused, on account of these slots.
    Reject { class: Class, at: usize, refused: Vec<usize> },
}

/// Reads the frame at the beginning of some bytes; the session then is that behind it.
pub(crate) fn judge(protocol: &Protocol, bytes: &[u8], session: &mut [i128]) -> Judgement {
    let mut reading = Reading::new(protocol, bytes, session, false);
    match reading.items(protocol.items.len()) {
        Ok(()) => {
            for (value, carried) in session.iter_mut().zip(&protocol.session) {
                if let Some(then) = &carried.then {
                    *value = eval(then, &|slot| reading.value_of(slot));
                }
            }
            Judgement::Frame(reading.frame())
        }
        Err(Stop::Short) => Judgement::Short,
        // Whose the bytes are that a peek looks at is known behind them.
        Err(Stop::Reject(class, at, refused)) => {
            Judgement::Reject { class, at: at.max(reading.looked.saturating_sub(1)), refused }
        }
    }
}

/// What a refused frame says about its size.
pub(crate) enum Claimed {
    /// It is this.
    Bytes(i128),
    /// It is this, or not known yet, and more than a frame may have.
    TooLarge(Option<i128>),
    NotYet,
    Never,
}

/// The size of the frame at the beginning of some bytes, whatever its values are: as its first length claims it, or up to its
/// delimiter.
pub(crate) fn claimed_size(protocol: &Protocol, bytes: &[u8], session: &[i128]) -> Claimed {
    let mut reading = Reading::new(protocol, bytes, session, true);
    let bytes = protocol.items.iter().rposition(|item| !matches!(item.body, Body::Check(..))).unwrap();
    let (items, until) = match (protocol.counts.iter().map(|each| each.length).min(), &protocol.items[bytes].body) {
        (Some(length), _) => (length + 1, None),
        (None, Body::Bytes { extent: Extent::Until { delimiters, max, .. }, .. }) => (bytes, Some((delimiters, max))),
        (None, _) => (0, None),
    };
    match reading.items(items) {
        Ok(()) => {}
        Err(Stop::Short) => return Claimed::NotYet,
        Err(Stop::Reject(..)) => return Claimed::Never,
    }
    let Some((delimiters, max)) = until else {
        let size = reading.at as i128 + reading.rest(None).0;
        let large = size > protocol.max_frame.into();
        return if large { Claimed::TooLarge(Some(size)) } else { Claimed::Bytes(size) };
    };
    let left = &reading.bytes[reading.at..];
    let longest = delimiters.iter().map(Vec::len).max().unwrap();
    let room = protocol.max_frame as usize - reading.at;
    let most = max.map_or(room, |max| room.min(max as usize + longest));
    match first_delimiter(left, delimiters) {
        Some((content, end)) => {
            let size = (reading.at + end) as i128;
            let large = end > most || max.is_some_and(|max| content > max as usize);
            if large { Claimed::TooLarge(Some(size)) } else { Claimed::Bytes(size) }
        }
        None if left.len() >= most => Claimed::TooLarge(None),
        None => Claimed::NotYet,
    }
}

/// Whether a frame's size hangs on one of these slots: a length, a field that decides what is there, or a piece of an integer.
pub(crate) fn size_depends_on(protocol: &Protocol, refused: &[usize]) -> bool {
    let pieces = protocol.slots.iter().enumerate().filter(|(_, slot)| matches!(slot.source, Source::Piece(_)));
    if pieces.into_iter().any(|(slot, _)| refused.contains(&slot)) {
        return true;
    }
    let lengths = protocol.counts.iter().map(|each| each.region.length.0);
    let guards = protocol.items.iter().filter_map(|item| item.guard.as_ref()).flat_map(reads);
    lengths.chain(guards).any(|slot| refused.contains(&slot))
}

enum Stop {
    Short,
    Reject(Class, usize, Vec<usize>),
}

struct Reading<'a> {
    protocol: &'a Protocol,
    bytes: &'a [u8],
    /// Only the frame's size is wanted: values and limits do not matter.
    lenient: bool,
    /// Of a frame inside others: where it begins, how many these are, and how many more frames come behind it inside them.
    begin: usize,
    depth: u8,
    behind: i128,
    /// Bytes read.
    at: usize,
    /// Bytes that a peek has looked at.
    looked: usize,
    /// Items read, the one at hand among them.
    next: usize,
    /// The one at hand.
    reading: Option<usize>,
    /// Where each item read begins.
    starts: Vec<usize>,
    /// Value of each integer slot that is there.
    ints: Vec<Option<i128>>,
    /// Bytes of the value of each other slot that is there.
    contents: Vec<Option<(usize, usize)>>,
}

impl<'a> Reading<'a> {
    fn new(protocol: &'a Protocol, bytes: &'a [u8], session: &[i128], lenient: bool) -> Self {
        let slots = protocol.slots.len();
        let (mut ints, contents) = (vec![None; slots], vec![None; slots]);
        for (carried, value) in protocol.session.iter().zip(session) {
            ints[carried.slot.0] = Some(*value);
        }
        Self {
            protocol,
            bytes,
            lenient,
            begin: 0,
            depth: 0,
            behind: 0,
            at: 0,
            looked: 0,
            next: 0,
            reading: None,
            starts: Vec::new(),
            ints,
            contents,
        }
    }

    /// The offset behind which no byte of the frame may be: those behind need some for themselves.
    fn most(&self) -> i128 {
        i128::from(self.protocol.max_frame) - self.behind * i128::from(self.protocol.min_frame)
    }

    /// Reads so many frames, each with those inside it.
    fn inside(&mut self, times: i128, deep: u8) -> Result<(), Stop> {
        let protocol = self.protocol;
        let reject = |at: usize, class| Err(Stop::Reject(class, at - 1, Vec::new()));
        if times > 0 && self.depth >= deep {
            return reject(self.at, Class::BadBody);
        }
        if self.at as i128 + times.max(0) * i128::from(protocol.min_frame) > self.most() {
            return reject(self.at, Class::FrameTooLarge);
        }
        for left in (0..times).rev() {
            let mut frame = Reading::new(protocol, self.bytes, &[], false);
            (frame.begin, frame.at, frame.depth) = (self.at, self.at, self.depth + 1);
            frame.behind = self.behind + left;
            match frame.items(protocol.items.len()) {
                Err(Stop::Reject(class, at, _)) => {
                    return Err(Stop::Reject(class, at.max(frame.looked.saturating_sub(1)), Vec::new()));
                }
                read => read?,
            }
            if frame.at as i128 > frame.most() {
                return reject(frame.at, Class::FrameTooLarge);
            }
            self.at = frame.at;
        }
        Ok(())
    }

    fn items(&mut self, count: usize) -> Result<(), Stop> {
        let protocol = self.protocol;
        for (index, item) in protocol.items.iter().enumerate().take(count) {
            self.starts.push(self.at);
            self.next = index + 1;
            if self.present(item) {
                self.reading = Some(index);
                self.item(index, item)?;
                self.reading = None;
            }
            self.due(index)?;
        }
        Ok(())
    }

    fn value_of(&self, slot: usize) -> i128 {
        self.ints[slot].unwrap_or(0)
    }

    fn present(&self, item: &Item) -> bool {
        item.guard.as_ref().is_none_or(|guard| eval(guard, &|slot| self.value_of(slot)) != 0)
    }

    fn take(&mut self, count: i128) -> Result<&'a [u8], Stop> {
        let left = &self.bytes[self.at..];
        if count > left.len() as i128 {
            return Err(Stop::Short);
        }
        self.at += count as usize;
        Ok(&left[..count as usize])
    }

    /// A value is refused by the last byte read.
    fn refuse(&self, class: Class, refused: &[usize]) -> Result<(), Stop> {
        if self.lenient { Ok(()) } else { Err(Stop::Reject(class, self.at.saturating_sub(1), refused.to_vec())) }
    }

    fn item(&mut self, index: usize, item: &Item) -> Result<(), Stop> {
        let begin = self.at;
        match &item.body {
            Body::Carry { .. } => Ok(()),
            Body::Int { slot, int, accept } => {
                let value = integer(self.take(int.bytes.into())?, *int);
                self.ints[slot.0] = Some(value);
                self.accept(*accept, value, slot.0)
            }
            Body::Const { slot, bytes } => {
                for byte in bytes {
                    if self.take(1)? != [*byte] {
                        self.refuse(Class::BadConst, &[slot.0])?;
                    }
                }
                self.contents[slot.0] = Some((begin, self.at));
                if let Kind::Int(int) = self.protocol.slots[slot.0].kind {
                    self.ints[slot.0] = Some(integer(bytes, int));
                }
                Ok(())
            }
            Body::Bits { int, parts } => {
                let group = integer(self.take(int.bytes.into())?, *int);
                for part in parts {
                    let value = group / 2_i128.pow(part.shift.into()) % 2_i128.pow(part.width.into());
                    self.ints[part.slot.0] = Some(value);
                }
                for part in parts {
                    self.accept(part.accept, self.value_of(part.slot.0), part.slot.0)?;
                }
                Ok(())
            }
            Body::Bytes { slot, extent, content } => {
                match extent {
                    Extent::Fixed(size) => drop(self.take((*size).into())?),
                    Extent::Counted => {
                        let room = self.room(index);
                        assert!(room >= 0, "a length that is too small was let pass: {room}");
                        self.take(room)?;
                    }
                    Extent::Until { delimiters, kept, max } => {
                        let content = self.until(index, delimiters, *max)?;
                        if !kept {
                            self.contents[slot.0] = Some((begin, begin + content));
                        }
                    }
                }
                let (from, to) = *self.contents[slot.0].get_or_insert((begin, self.at));
                if let Content::Decimal(decimal) = content {
                    return self.decimal(slot.0, *decimal, from, to);
                }
                if !passes(self.codec(content), &self.unmasked(slot.0)) {
                    self.refuse(Class::BadBody, &[slot.0])?;
                }
                Ok(())
            }
            Body::Msgpack { slot } => {
                let size = self.object(index)?;
                self.contents[slot.0] = Some((begin, begin + size));
                self.take(size as i128).map(drop)
            }
            Body::Frames { slot, times, deep } => {
                let times = eval(times, &|slot| self.value_of(slot));
                self.inside(times, *deep)?;
                self.contents[slot.0] = Some((begin, self.at));
                Ok(())
            }
            Body::Pad { size: PadSize::Fixed(size), .. } => self.take((*size).into()).map(drop),
            Body::Pad { size: PadSize::Align(to), .. } => {
                let to = i128::from(*to);
                let size = (to - (begin - self.begin) as i128 % to) % to;
                if size > self.room(index) {
                    let class =
                        if self.innermost(index).is_some() { Class::LengthTooSmall } else { Class::FrameTooLarge };
                    return Err(Stop::Reject(class, begin.saturating_sub(1), Vec::new()));
                }
                self.take(size).map(drop)
            }
            Body::Let { slot, value, accept, .. } => {
                let value = eval(value, &|slot| self.value_of(slot));
                self.ints[slot.0] = Some(value);
                self.accept(*accept, value, slot.0)
            }
            Body::Peek { slot, texts, ahead, others, .. } => {
                let value = match ahead {
                    Ahead::Next => self.next_text(index, slot.0, texts, *others)?,
                    Ahead::First { max } => {
                        let content = self.until_within(self.left(index), texts, *max)?;
                        let found = &self.bytes[begin + content..self.at];
                        self.looked = self.looked.max(std::mem::replace(&mut self.at, begin));
                        texts.iter().position(|text| text == found).unwrap()
                    }
                };
                self.ints[slot.0] = Some(value as i128);
                Ok(())
            }
            Body::Check(..) => Ok(()),
        }
    }

    /// The one text that the bytes begin with, if it has not too many bytes.
    fn next_text(&mut self, index: usize, slot: usize, texts: &[Vec<u8>], others: bool) -> Result<usize, Stop> {
        let left = self.left(index);
        let come = &self.bytes[self.at..];
        let common = |text: &Vec<u8>| text.iter().zip(come).take_while(|(one, other)| one == other).count();
        let short: Vec<(usize, &Vec<u8>)> = (0..).zip(texts).filter(|(_, text)| text.len() as i128 <= left).collect();
        let most = short.iter().map(|(_, text)| common(text)).max();
        let found = short.iter().find(|(_, text)| come.starts_with(text));
        let looked = match (found, most) {
            (Some((_, text)), _) => text.len(),
            (None, None) => 0,
            // All that has come may be the beginning of one.
            (None, Some(most)) if most == come.len() => return Err(Stop::Short),
            (None, Some(most)) => most + 1,
        };
        self.looked = self.looked.max(self.at + looked);
        match found {
            Some((value, _)) => Ok(*value),
            None if others || self.lenient => Ok(texts.len()),
            None => Err(Stop::Reject(Class::BadEnum, self.at.saturating_sub(1), vec![slot])),
        }
    }

    /// What is left of the innermost range, or of the frame.
    fn left(&self, index: usize) -> i128 {
        match self.innermost(index) {
            Some(id) => self.starts[self.protocol.counts[id].first] as i128 + self.claim(id).unwrap() - self.at as i128,
            None => self.most() - self.at as i128,
        }
    }

    fn accept(&self, accept: Accept, value: i128, slot: usize) -> Result<(), Stop> {
        let class = match accept {
            Accept::Any => return Ok(()),
            Accept::Const(constant) if value == constant => return Ok(()),
            Accept::Range(low, high) if low <= value && value <= high => return Ok(()),
            Accept::Enum(id) => {
                let names = &self.protocol.enums[id.0];
                if names.other.is_some() || names.members.iter().any(|(member, _)| *member == value) {
                    return Ok(());
                }
                Class::BadEnum
            }
            Accept::Const(_) => Class::BadConst,
            Accept::Range(..) => Class::OutOfRange,
        };
        self.refuse(class, &[slot])
    }

    /// Digits that were just read.
    fn decimal(&mut self, slot: usize, decimal: Decimal, from: usize, to: usize) -> Result<(), Stop> {
        let text = String::from_utf8_lossy(&self.bytes[from..to]).into_owned();
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) if decimal.signed => (-1, digits),
            _ => (1, text.as_str()),
        };
        let plain = digits.chars().all(|each| each.is_ascii_digit()) && digits.len() <= decimal.digits.into();
        let Some(value) = digits.parse::<i128>().ok().filter(|_| plain) else {
            self.ints[slot] = Some(0);
            let needed = self.lenient && size_depends_on(self.protocol, &[slot]);
            let refused = Err(Stop::Reject(Class::BadBody, self.at - 1, vec![slot]));
            return if needed { refused } else { self.refuse(Class::BadBody, &[slot]) };
        };
        self.ints[slot] = Some(sign * value);
        if decimal.minimal && text != (sign * value).to_string() {
            self.refuse(Class::NonMinimal, &[slot])?;
        }
        self.accept(decimal.accept, sign * value, slot)
    }

    /// The value of a slot that is there: without the key that it is combined with, if that is there.
    fn unmasked(&self, slot: usize) -> Vec<u8> {
        let (from, to) = self.contents[slot].unwrap();
        let mut value = self.bytes[from..to].to_vec();
        let key = self.protocol.slots[slot].mask.and_then(|key| self.contents[key.0]);
        if let Some((key, key_end)) = key {
            for (index, byte) in value.iter_mut().enumerate() {
                *byte ^= self.bytes[key + index % (key_end - key)];
            }
        }
        value
    }

    fn codec(&self, content: &Content) -> Codec {
        match content {
            Content::Decimal(_) => Codec::Raw,
            Content::Always(codec) => *codec,
            Content::By(slot, rows) => {
                let value = self.value_of(slot.0);
                rows.iter().find(|(member, _)| *member == value).map_or(Codec::Raw, |(_, codec)| *codec)
            }
        }
    }

    /// Takes content and delimiter; gives the bytes of the content.
    fn until(&mut self, index: usize, delimiters: &[Vec<u8>], max: Option<u64>) -> Result<usize, Stop> {
        self.until_within(self.room(index), delimiters, max)
    }

    fn until_within(&mut self, room: i128, delimiters: &[Vec<u8>], max: Option<u64>) -> Result<usize, Stop> {
        let left = &self.bytes[self.at..];
        let longest = delimiters.iter().map(Vec::len).max().unwrap_or(0) as i128;
        let room = room.max(0);
        let most = max.map_or(room, |max| room.min(i128::from(max) + longest));
        let seen = &left[..left.len().min(most as usize)];
        match first_delimiter(seen, delimiters) {
            Some((content, end)) if max.is_none_or(|max| content as u64 <= max) => {
                self.at += end;
                Ok(content)
            }
            Some((_, end)) => Err(Stop::Reject(Class::DelimiterTooFar, self.at + end - 1, Vec::new())),
            None if left.len() as i128 >= most => {
                Err(Stop::Reject(Class::DelimiterTooFar, (self.at + most as usize).saturating_sub(1), Vec::new()))
            }
            None => Err(Stop::Short),
        }
    }

    /// The size of a MessagePack object: refused at the first byte that makes it impossible.
    fn object(&self, index: usize) -> Result<usize, Stop> {
        let left = &self.bytes[self.at..];
        let room = self.room(index);
        for len in 0..=left.len() {
            let reject = |class| Err(Stop::Reject(class, self.at + len - 1, Vec::new()));
            match object(&left[..len]) {
                Object::Bad(_) => return reject(Class::BadBody),
                Object::Done(size) => return Ok(size),
                Object::AtLeast(least) if least > room && len > 0 => {
                    let counted = self.innermost(index).is_some();
                    return reject(if counted { Class::LengthTooSmall } else { Class::FrameTooLarge });
                }
                Object::AtLeast(_) => {}
            }
        }
        Err(Stop::Short)
    }

    /// What must hold once an item has been read.
    fn due(&mut self, index: usize) -> Result<(), Stop> {
        let reject = |reading: &Self, class, refused| Err(Stop::Reject(class, reading.at.saturating_sub(1), refused));
        let own: Vec<usize> = self.ranges(|_, each| each.length == index);
        for id in &own {
            if self.claim(*id).is_some_and(|claim| claim < 0) {
                return reject(self, Class::LengthTooSmall, vec![self.length(*id)]);
            }
        }
        for id in &own {
            self.fit(*id)?;
        }
        if !self.lenient && self.at as i128 + self.rest(None).0 > self.most() {
            return reject(self, Class::FrameTooLarge, Vec::new());
        }
        let mut others = self.ranges(|_, each| each.length < index && each.last >= index);
        others.sort_by_key(|id| self.protocol.counts[*id].last - self.protocol.counts[*id].first);
        for id in others {
            self.fit(id)?;
        }
        for sum in &self.protocol.sums {
            let read = sum.then.iter().flat_map(reads).map(|slot| self.item_of(slot));
            let last = read.chain([sum.last, sum.item]).max();
            if last == Some(index) && self.present(&self.protocol.items[sum.item]) && !self.is_sum(sum) {
                self.refuse(Class::BadChecksum, &[])?;
            }
        }
        for item in &self.protocol.items {
            let Body::Check(expr, demand) = &item.body else { continue };
            let last = reads(expr).into_iter().map(|slot| self.item_of(slot)).max();
            if last == Some(index) && eval(expr, &|slot| self.value_of(slot)) == 0 {
                match demand {
                    Demand::Check => self.refuse(Class::BadCheck, &[])?,
                    Demand::Minimal => self.refuse(Class::NonMinimal, &reads(expr))?,
                }
            }
        }
        Ok(())
    }

    /// Whether a checksum is that of the bytes that it covers.
    fn is_sum(&self, sum: &Summed) -> bool {
        let end = |item: usize| self.starts.get(item + 1).copied().unwrap_or(self.at);
        let own = self.starts[sum.item]..end(sum.item);
        let covered = self.starts[sum.first]..end(sum.last);
        let bytes = covered.map(|at| if own.contains(&at) { 0 } else { self.bytes[at] });
        let then = sum.then.iter().map(|value| eval(value, &|slot| self.value_of(slot)).rem_euclid(256) as u8);
        match computed(sum.algorithm, &bytes.chain(then).collect::<Vec<u8>>()) {
            Computed::Number(number) => self.value_of(sum.slot.0) == number,
            Computed::Digest(digest) => digest.starts_with(&self.bytes[own]),
        }
    }

    /// A claimed range must hold what it counts, and no more where all of that is known.
    fn fit(&self, id: usize) -> Result<(), Stop> {
        let Some(claim) = self.claim(id) else { return Ok(()) };
        let range = &self.protocol.counts[id];
        let begun = if range.first < self.next { self.at - self.starts[range.first] } else { 0 };
        let left = claim - begun as i128;
        let (least, exact) = self.rest(Some(id));
        let reject = |class| Err(Stop::Reject(class, self.at.saturating_sub(1), vec![self.length(id)]));
        if least > left {
            reject(Class::LengthTooSmall)
        } else if exact && least < left {
            reject(Class::OutOfRange)
        } else {
            Ok(())
        }
    }

    fn length(&self, id: usize) -> usize {
        self.protocol.counts[id].region.length.0
    }

    fn ranges(&self, wanted: impl Fn(usize, &Counted) -> bool) -> Vec<usize> {
        (0..self.protocol.counts.len()).filter(|id| wanted(*id, &self.protocol.counts[*id])).collect()
    }

    /// The bytes that a range has, if its length has been read.
    fn claim(&self, id: usize) -> Option<i128> {
        let range = &self.protocol.counts[id];
        let value = self.ints[range.region.length.0].filter(|_| range.length < self.next)?;
        if range.region.sentinel.is_some_and(|sentinel| sentinel.value == value) {
            return None;
        }
        Some(value * i128::from(range.region.unit) - i128::from(range.region.plus))
    }

    /// The innermost range around an item that has been claimed before it.
    fn innermost(&self, index: usize) -> Option<usize> {
        let around = |id, each: &Counted| {
            each.first <= index && index <= each.last && each.length < index && self.claim(id).is_some()
        };
        let around = self.ranges(around);
        around.into_iter().min_by_key(|id| self.protocol.counts[*id].last - self.protocol.counts[*id].first)
    }

    /// The most bytes that an item can have, which has just begun.
    fn room(&self, index: usize) -> i128 {
        let range = self.innermost(index);
        let all = match range {
            Some(id) => self.starts[self.protocol.counts[id].first] as i128 + self.claim(id).unwrap(),
            None => self.most(),
        };
        all - self.at as i128 - self.rest(range).0
    }

    /// The bytes that must still follow in a range or in the frame, and whether it is known to be just these.
    fn rest(&self, within: Option<usize>) -> (i128, bool) {
        let (first, last) = within.map_or((0, self.protocol.items.len() - 1), |id| {
            (self.protocol.counts[id].first, self.protocol.counts[id].last)
        });
        let (mut least, mut exact) = (0, true);
        let mut index = first.max(self.next);
        while index <= last {
            let holds = |id, each: &Counted| {
                let begins = each.first == index || (index == self.next && each.first < index);
                Some(id) != within
                    && begins
                    && each.first >= first
                    && (index..=last).contains(&each.last)
                    && self.claim(id).is_some()
            };
            let widest = self.ranges(holds).into_iter().max_by_key(|id| {
                let range = &self.protocol.counts[*id];
                range.last - range.first
            });
            if let Some(id) = widest {
                let range = &self.protocol.counts[id];
                let begun = if range.first < self.next { self.at - self.starts[range.first] } else { 0 };
                least += self.claim(id).unwrap() - begun as i128;
                index = range.last + 1;
            } else {
                let (more, sure) = self.foreseen(&self.protocol.items[index]);
                least += more;
                exact = exact && sure;
                index += 1;
            }
        }
        (least, exact)
    }

    /// The least bytes of an item to come, and whether it has just these.
    fn foreseen(&self, item: &Item) -> (i128, bool) {
        if let Some(guard) = &item.guard {
            let later = |item: usize| item >= self.next || self.reading == Some(item);
            if reads(guard).into_iter().any(|slot| later(self.item_of(slot))) {
                return (0, false);
            }
            if !self.present(item) {
                return (0, true);
            }
        }
        match &item.body {
            Body::Int { int, .. } | Body::Bits { int, .. } => (int.bytes.into(), true),
            Body::Const { bytes, .. } => (bytes.len() as i128, true),
            Body::Bytes { extent: Extent::Fixed(size), .. } | Body::Pad { size: PadSize::Fixed(size), .. } => {
                ((*size).into(), true)
            }
            Body::Bytes { extent: Extent::Counted, .. } | Body::Pad { size: PadSize::Align(_), .. } => (0, false),
            Body::Bytes { extent: Extent::Until { delimiters, .. }, .. } => {
                (delimiters.iter().map(Vec::len).min().unwrap_or(0) as i128, false)
            }
            Body::Msgpack { .. } => (1, false),
            Body::Frames { .. } => (0, false),
            Body::Carry { .. } | Body::Let { .. } | Body::Peek { .. } | Body::Check(..) => (0, true),
        }
    }

    fn item_of(&self, slot: usize) -> usize {
        let holds = |item: &Item| match &item.body {
            Body::Carry { slot: id, .. }
            | Body::Int { slot: id, .. }
            | Body::Const { slot: id, .. }
            | Body::Bytes { slot: id, .. }
            | Body::Msgpack { slot: id }
            | Body::Frames { slot: id, .. }
            | Body::Pad { slot: id, .. }
            | Body::Let { slot: id, .. }
            | Body::Peek { slot: id, .. } => id.0 == slot,
            Body::Bits { parts, .. } => parts.iter().any(|part| part.slot.0 == slot),
            Body::Check(..) => false,
        };
        self.protocol.items.iter().position(holds).unwrap()
    }

    fn frame(&self) -> Frame {
        let fields = self.protocol.slots.iter().enumerate().filter(|(_, slot)| !slot.hidden);
        let fields: Fields = fields.filter_map(|(id, slot)| Some((slot.name.clone(), self.value(id, slot)?))).collect();
        let wire = |slot: usize| {
            let item = self.item_of(slot);
            (self.starts[item], self.starts.get(item + 1).copied().unwrap_or(self.at))
        };
        let (from, to) = match self.protocol.emit {
            Emit::Frame => (0, self.at),
            Emit::Value(slot) if self.contents[slot.0].is_some() => {
                return Frame { start: 0, end: self.at as u64, emitted: self.unmasked(slot.0), fields };
            }
            Emit::Value(slot) => wire(slot.0),
            Emit::Span(first, last) => (wire(first.0).0, wire(last.0).1),
            Emit::Strip(count) => (count as usize, self.at),
        };
        Frame { start: 0, end: self.at as u64, emitted: self.bytes[from..to].to_vec(), fields }
    }

    fn value(&self, id: usize, slot: &Slot) -> Option<Value> {
        let bytes = || self.contents[id].map(|_| self.unmasked(id));
        Some(match slot.kind {
            Kind::Int(int) if int.signed => Value::Int(self.ints[id]? as i64),
            Kind::Int(_) | Kind::Bits(_) => Value::UInt(self.ints[id]? as u64),
            Kind::Bytes => Value::Bytes(bytes()?),
            Kind::Text => Value::Text(String::from_utf8(bytes()?).unwrap()),
        })
    }
}

fn integer(bytes: &[u8], int: IntType) -> i128 {
    let mut bytes = bytes.to_vec();
    if int.endian == Endian::Little {
        bytes.reverse();
    }
    let value = bytes.iter().fold(0, |value, byte| value * 256 + i128::from(*byte));
    let span = 256_i128.pow(int.bytes.into());
    if int.signed && value >= span / 2 { value - span } else { value }
}
