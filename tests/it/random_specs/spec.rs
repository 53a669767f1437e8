//! Random specs, valid by construction, as the text that a person would write.

use framewright::diag::{Colour, render};
use framewright::model::{self, Protocol};

use super::tape::Tape;

/// A spec in YAML and the protocol that it is: read twice, since what `max_frame` can be follows from the smallest frame.
pub(crate) fn protocol(bytes: &[u8], slack: u8) -> Result<(String, Protocol), String> {
    let load = |text: &str| {
        let refused = |diagnostics: Vec<_>| render("random.yaml", text.as_bytes(), &diagnostics, Colour::Never);
        model::load(text.as_bytes()).map_err(|diagnostics| format!("{}\n{text}", refused(diagnostics)))
    };
    // In a session, a check may be due before there is a byte: such a spec has none.
    let early = load(&text(&mut Tape::new(bytes), "max_frame: 16 MiB\n"));
    let early = early.is_err_and(|refused| refused.contains("due before the frame's first byte"));
    let written = |max_frame: &str| {
        let text = text(&mut Tape::new(bytes), max_frame);
        let lines = text.lines().filter(|line| !early || !line.starts_with("  - check:"));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let largest = written("max_frame: 16 MiB\n");
    let least = load(&largest)?.min_frame;
    let slack = if slack.is_multiple_of(4) { slack / 32 } else { slack };
    // In another session, and behind another text, the smallest frame may be larger.
    let varies = largest.contains("session:") || largest.contains(" as Texts");
    let mut most = least + u64::from(slack);
    loop {
        let text = written(&format!("max_frame: {most}\n"));
        match load(&text) {
            Err(refused) if refused.contains("FW035") && varies && most < 1 << 20 => most *= 2,
            loaded => return Ok((text.clone(), loaded?)),
        }
    }
}

/// The text of a spec; `max_frame` is a whole line.
pub(crate) fn text(tape: &mut Tape<'_>, max_frame: &str) -> String {
    let shape = tape.below(6);
    let little = tape.once_in(3);
    let mut writer = Writer { unaligned: tape.once_in(2), ..Writer::default() };
    let mut policy = ("close", "close");
    let session = writer.session(tape);
    match shape {
        0 | 1 => {
            let marked = tape.once_in(2);
            if marked {
                writer.mark(tape);
                policy.1 = tape.pick(&["resync", "close"]);
            } else if !session.is_empty() && tape.once_in(2) {
                let when = writer.expression(tape, true);
                if tape.once_in(2) {
                    writer.varying(tape, &when);
                } else {
                    writer.fixed(tape, &when);
                }
            }
            if !marked && writer.peeks < PEEKS && tape.once_in(4) {
                writer.peeked(tape);
            } else {
                writer.fixed(tape, "");
            }
            let count = 1 + tape.below(4);
            writer.pieces(tape, count, 2);
        }
        2 => {
            writer.mark(tape);
            writer.fixed(tape, "");
            writer.wide(tape);
            writer.told(tape);
            policy = (tape.pick(&["skip", "close"]), tape.pick(&["skip", "resync", "close"]));
        }
        3 => {
            writer.fixed(tape, "");
            writer.wide(tape);
            writer.told(tape);
            policy = (tape.pick(&["skip", "close"]), tape.pick(&["skip", "close"]));
        }
        4 => {
            let count = 1 + tape.below(4);
            for _ in 0..count {
                writer.fixed(tape, "");
            }
            if tape.once_in(2) {
                writer.until(tape, "");
            }
            policy = (tape.pick(&["skip", "close"]), tape.pick(&["skip", "close"]));
        }
        _ => writer.whole(tape),
    }
    let checks = tape.below(3);
    for _ in 0..checks {
        writer.check(tape);
    }
    let emit = writer.emit(tape);
    let nested = shape != 5 && policy == ("close", "close") && session.is_empty() && tape.once_in(3);
    let sums = writer.sums(tape, nested);
    if nested {
        writer.frames(tape);
    }
    let mut text = String::from("framewright: 1\nname: random\n");
    text += if little { "endian: little\n" } else { "endian: big\n" };
    text += max_frame;
    text += ENUMS;
    if !session.is_empty() {
        text += "session:\n";
        for line in &session {
            let then = if tape.once_in(3) {
                String::new()
            } else if line.contains("0..=2") && tape.once_in(2) {
                format!(" then ({}) + ({})", writer.expression(tape, false), writer.expression(tape, false))
            } else {
                format!(" then {}", writer.expression(tape, false))
            };
            if tape.once_in(3) {
                let (name, rest) = line.split_once(": ").unwrap();
                let (kind, from) = rest.split_once(" from ").unwrap();
                text += &format!("{name}:\n      type: {kind}\n      from: {from}\n");
                text += &then.strip_prefix(" then ").map_or(String::new(), |then| format!("      then: '{then}'\n"));
            } else {
                text += &format!("{line}{then}\n");
            }
        }
    }
    text += "frame:\n";
    for line in &writer.entries {
        text += line;
    }
    for (index, range) in sums.iter().enumerate() {
        text = text.replace(&format!("@SUM{index}@"), range);
    }
    text += &format!("emit: {emit}\npolicy: {{ oversize: {}, on_reject: {} }}\n", policy.0, policy.1);
    text
}

const ENUMS: &str = "enums:
  Few: { 0: zero, 1: one, 2: two, 127: top }
  Open: { 1: alpha, 7: beta, _: other }
  Signed: { -3: low, -1: minus, 4: high }
  Codec: { 0: raw, 1: utf8, 2: json, 3: msgpack }
  Lax: { 3: json, 4: msgpack, _: unknown }
  TextsOf: { \"a\\r\\n\": crlf, \"ab\": ab, \"b\": b, _: rest }
  TextsStrict: { \"ok\": ok, \"oh \": oh }
  TextsEnd: { \";\": semicolon, \"\\r\\n\": crlf, \"--\": dashes }
";

/// Peeks of a spec at most.
const PEEKS: usize = 2;

/// A field that an expression can read.
#[derive(Clone)]
struct Known {
    name: String,
    /// Bits of its type, so that arithmetic is kept from overflowing.
    bits: usize,
    signed: bool,
    /// Not a length: a `when` may read it.
    free: bool,
    /// The same in all frames: no condition may read such alone.
    constant: bool,
}

#[derive(Default)]
struct Writer {
    entries: Vec<String>,
    count: usize,
    known: Vec<Known>,
    /// Fields of whole bytes, in order, that `emit` can name.
    whole: Vec<String>,
    /// Enum fields whose members are codecs.
    codecs: Vec<String>,
    /// Fields with which others can be masked.
    keys: Vec<String>,
    /// Where the checksums stand in `whole`; what they cover is filled in later.
    sums: Vec<usize>,
    peeks: usize,
    /// No padding to a multiple: lengths may be of varying size.
    unaligned: bool,
}

/// What surrounds a length: the field that it is written in.
struct Length {
    entry: usize,
}

impl Writer {
    fn name(&mut self, stem: &str) -> String {
        self.count += 1;
        format!("{stem}{}", self.count)
    }

    /// Values that live from frame to frame, or none; what they become is added when all fields are known.
    fn session(&mut self, tape: &mut Tape<'_>) -> Vec<String> {
        let count = if tape.once_in(3) { 1 + tape.below(2) } else { 0 };
        let value = |index| {
            let name = self.name("phase");
            let few = [("u8 in 0..=2", 8, false), ("u8 as Few", 8, false), ("i16 in -3..=7", 16, true)];
            let many = [few.as_slice(), &[("i8", 8, true), ("u8 as Open", 8, false)]].concat();
            let (kind, bits, signed) = tape.pick(if index == 0 { &many } else { &few });
            let from = tape.pick(&["0", "1", "Few.one"]);
            self.known.push(Known { name: name.clone(), bits, signed, free: true, constant: false });
            format!("  - {name}: {kind} from {from}")
        };
        let session: Vec<String> = (0..count).map(value).collect();
        // All values together are to be few.
        let many = session.iter().any(|line| line.contains(": i8 ") || line.contains(" as Open "));
        self.peeks = if many { PEEKS } else { 0 };
        session
    }

    /// A field in one of the two forms.
    fn field(&mut self, tape: &mut Tape<'_>, name: &str, words: &[(&str, String)]) {
        let words: Vec<_> = words.iter().filter(|(_, value)| !value.is_empty()).collect();
        let line = if tape.once_in(4) {
            let keys = words.iter().map(|(word, value)| {
                let key = if *word == "=" { "const" } else { word };
                format!("      {key}: '{value}'\n")
            });
            format!("  - {name}:\n      doc: What {name} is.\n{}", keys.collect::<String>())
        } else {
            let phrase = words.iter().map(
                |(word, value)| {
                    if *word == "type" { value.clone() } else { format!(" {word} {value}") }
                },
            );
            format!("  - {name}: {}\n", phrase.collect::<String>())
        };
        self.entries.push(line);
    }

    fn int_type(tape: &mut Tape<'_>, most_bytes: usize) -> (usize, bool, String) {
        let bytes = 1 + tape.below(most_bytes);
        let signed = tape.once_in(4);
        let order = tape.pick(&["", "be", "le"]);
        (bytes, signed, format!("{}{}{order}", if signed { "i" } else { "u" }, bytes * 8))
    }

    /// Something of a size that is known beforehand.
    fn fixed(&mut self, tape: &mut Tape<'_>, when: &str) -> String {
        match tape.below(8) {
            0..=2 => self.int(tape, when),
            7 if tape.once_in(3) => {
                let name = self.name("n");
                let digits = 1 + tape.below(4);
                let within = if tape.once_in(2) { "1..=8" } else { "" };
                let words = [("type", format!("ascii[{digits}]")), ("in", within.to_owned()), ("when", when.into())];
                self.field(tape, &name, &words);
                self.known.push(Known { name: name.clone(), bits: 14, signed: false, free: true, constant: false });
                name
            }
            3 => {
                let name = self.name("c");
                let constant = tape.pick(&["\"OK\"", "0x0d0a", "\"\\x00\\xff\\\"\"", "\"GET \"", "0x00"]);
                self.field(tape, &name, &[("type", "bytes".into()), ("=", constant.into()), ("when", when.into())]);
                self.whole.push(name.clone());
                name
            }
            4 => self.few(tape, when),
            5 => {
                let name = self.name("p");
                let size = 1 + tape.below(3);
                self.field(tape, &name, &[("type", format!("pad[{size}]")), ("when", when.into())]);
                name
            }
            6 => self.bits(tape, when, None),
            7 if self.sums.len() < 3 && tape.once_in(2) => self.sum(tape, when),
            7 if self.keys.is_empty() => self.few(tape, when),
            _ => self.int(tape, when),
        }
    }

    /// Some bytes, perhaps masked; others can be masked with those that are not.
    fn few(&mut self, tape: &mut Tape<'_>, when: &str) -> String {
        let name = self.name("x");
        let size = 1 + tape.below(6);
        let via = self.via(tape);
        let xor = self.xor(tape);
        if via != "utf8" && xor.is_empty() {
            self.keys.push(name.clone());
        }
        let kind = format!("bytes[{size}]");
        self.field(tape, &name, &[("type", kind), ("via", via), ("xor", xor), ("when", when.into())]);
        self.whole.push(name.clone());
        name
    }

    /// A checksum of something.
    fn sum(&mut self, tape: &mut Tape<'_>, when: &str) -> String {
        let name = self.name("s");
        let (kind, with) = tape.pick(&[
            ("u8", "xor8"),
            ("u8", "sum8"),
            ("u16", "crc-16/modbus"),
            ("u16le", "crc-16/xmodem"),
            ("u24", "crc-24/openpgp"),
            ("u32", "crc32"),
            ("u32le", "crc-32/bzip2"),
            ("ascii[3]", "sum8"),
            ("ascii[9]", "crc-8/smbus"),
            ("bytes[4]", "sha256d"),
            ("bytes[32]", "sha256"),
            ("u8", "crc-8/autosar"),
            ("u24le", "crc-24/ble"),
        ]);
        let then = if tape.once_in(4) && self.known.iter().any(|each| !each.constant) {
            self.expression(tape, false)
        } else {
            String::new()
        };
        let covered = format!("@SUM{}@", self.sums.len());
        let words = [
            ("type", kind.to_owned()),
            ("checks", covered),
            ("with", with.to_owned()),
            ("then", then),
            ("when", when.to_owned()),
        ];
        self.field(tape, &name, &words);
        self.sums.push(self.whole.len());
        self.whole.push(name.clone());
        name
    }

    /// What each checksum covers: itself, the frame, or a range in which no later one stands.
    fn sums(&self, tape: &mut Tape<'_>, nested: bool) -> Vec<String> {
        let range = |(index, own): (usize, &usize)| {
            let (a, b) = (tape.below(self.whole.len()), tape.below(self.whole.len()));
            let (first, last) = (a.min(b), a.max(b));
            let later =
                |range: std::ops::RangeInclusive<usize>| self.sums[index + 1..].iter().any(|sum| range.contains(sum));
            if tape.once_in(4) && !nested && index + 1 == self.sums.len() {
                return "frame zeroed".to_owned();
            }
            let (first, last) = if later(first..=last) { (*own, *own) } else { (first, last) };
            let zeroed = if (first..=last).contains(own) { " zeroed" } else { "" };
            format!("{}..{}{zeroed}", self.whole[first], self.whole[last])
        };
        self.sums.iter().enumerate().map(range).collect()
    }

    fn int(&mut self, tape: &mut Tape<'_>, when: &str) -> String {
        let (bytes, signed, kind) = Self::int_type(tape, 8);
        let (low, high) = if signed {
            (-(1_i128 << (bytes * 8 - 1)), (1_i128 << (bytes * 8 - 1)) - 1)
        } else {
            (0, (1_i128 << (bytes * 8)) - 1)
        };
        let name = self.name("f");
        let (word, value) = match tape.below(5) {
            0 | 1 => ("=", String::new()),
            2 => ("=", tape.within(low, high).to_string()),
            3 => {
                let (a, b) = (tape.within(low, high), tape.within(low, high));
                let (a, b) = (a.min(b), a.max(b));
                ("in", if (a, b) == (low, high) { String::new() } else { format!("{a}..={b}") })
            }
            _ => {
                let named = if signed { "Signed" } else { tape.pick(&["Few", "Open", "Codec", "Lax"]) };
                if when.is_empty() && ["Codec", "Lax"].contains(&named) {
                    self.codecs.push(name.clone());
                }
                ("as", named.to_owned())
            }
        };
        let constant = when.is_empty() && word == "=" && !value.is_empty();
        self.field(tape, &name, &[("type", kind), (word, value), ("when", when.into())]);
        self.known.push(Known { name: name.clone(), bits: bytes * 8, signed, free: true, constant });
        self.whole.push(name.clone());
        name
    }

    /// A bit group; with `counts`, one of its parts is a length. Gives the name of its first part, or of the length.
    fn bits(&mut self, tape: &mut Tape<'_>, when: &str, counts: Option<&str>) -> String {
        let total = 8 * (1 + tape.below(4)).max(if counts.is_some() { 2 } else { 1 });
        let mut left = total;
        let mut parts = Vec::new();
        let mut first = None;
        if let Some(counts) = counts {
            let name = self.name("l");
            let width = total - 1 - tape.below(4);
            parts.push(format!("{{{name}: b{width} counts {counts}}}"));
            self.known.push(Known { name: name.clone(), bits: width, signed: false, free: false, constant: false });
            left -= width;
            first = Some(name);
        }
        while left > 0 {
            let width = (1 + tape.below(12)).min(left);
            left -= width;
            if first.is_some() && tape.once_in(4) {
                let name = self.name("p");
                parts.push(format!("{{{name}: pad b{width}}}"));
                continue;
            }
            let name = self.name("b");
            let most = (1_i128 << width) - 1;
            let accept = match tape.below(5) {
                0 => format!(" = {}", tape.within(0, most)),
                1 if most > 1 => format!(" in {}..={most}", tape.within(1, most)),
                2 if most >= 127 => " as Few".to_owned(),
                3 if most >= 7 => " as Open".to_owned(),
                _ => String::new(),
            };
            parts.push(format!("{{{name}: b{width}{accept}}}"));
            let constant = when.is_empty() && accept.starts_with(" = ");
            self.known.push(Known { name: name.clone(), bits: width, signed: false, free: true, constant });
            first.get_or_insert(name);
        }
        if counts.is_some() && tape.once_in(2) {
            parts.rotate_left(1);
        }
        let order = tape.pick(&["msb", "lsb"]);
        let endian = tape.pick(&["", ", endian: little", ", endian: big"]);
        let when = if when.is_empty() { String::new() } else { format!(", when: '{when}'") };
        self.entries.push(format!("  - bits: {{ order: {order}{endian}{when}, of: [ {} ] }}\n", parts.join(", ")));
        first.unwrap()
    }

    /// Perhaps something of a fixed size that no frame may have room for, there or not.
    fn wide(&mut self, tape: &mut Tape<'_>) {
        if !tape.once_in(3) {
            return;
        }
        let when = self.expression(tape, true);
        let (stem, kind) = tape.pick(&[("w", "bytes"), ("p", "pad")]);
        let size = tape.pick(&[9, 40, 70, 200]);
        let name = self.name(stem);
        self.field(tape, &name, &[("type", format!("{kind}[{size}]")), ("when", when)]);
    }

    /// Something whose size is known when it has been read.
    fn varying(&mut self, tape: &mut Tape<'_>, when: &str) -> String {
        match tape.below(5) {
            4 => {
                let name = self.name("v");
                let (kind, bits) = self.pieces_type(tape);
                self.field(tape, &name, &[("type", kind), ("when", when.into())]);
                self.known.push(Known { name: name.clone(), bits, signed: false, free: true, constant: false });
                name
            }
            0 => self.prefixed(tape, when),
            1 => self.until(tape, when),
            2 => {
                let name = self.name("m");
                self.field(tape, &name, &[("type", "msgpack".into()), ("when", when.into())]);
                self.whole.push(name.clone());
                name
            }
            _ if self.unaligned => self.until(tape, when),
            _ => {
                let name = self.name("p");
                let to = tape.pick(&[2, 4, 3, 8, 1]);
                self.field(tape, &name, &[("type", format!("pad to {to}")), ("when", when.into())]);
                name
            }
        }
    }

    /// Bytes or text behind their length: of any size from that of the length up.
    fn prefixed(&mut self, tape: &mut Tape<'_>, when: &str) -> String {
        let (_, _, prefix) = Self::int_type(tape, 3);
        let text = tape.once_in(2);
        let via = if text { String::new() } else { self.via(tape) };
        let name = self.name("n");
        let kind = format!("{} {prefix}", if text { "str" } else { "bytes" });
        let sentinel = if prefix.starts_with('i') && tape.once_in(2) { "-1" } else { "" };
        let xor = self.xor(tape);
        let words = [("type", kind), ("sentinel", sentinel.into()), ("via", via), ("xor", xor), ("when", when.into())];
        self.field(tape, &name, &words);
        self.whole.push(name.clone());
        name
    }

    /// An integer in pieces, and its bits.
    fn pieces_type(&self, tape: &mut Tape<'_>) -> (String, usize) {
        let (kind, bits) = tape.pick(&[
            ("leb128", 64),
            ("leb128 max 4", 28),
            ("leb128 max 2", 14),
            ("leb128 max 1", 7),
            ("escape u8 253 u16le or 254 u32le or 255 u64le", 64),
            ("escape u8 13 u8 plus 13 or 14 u16 plus 269", 17),
            ("escape u16 0xffff u32", 32),
            ("ascii until \":\" max 4", 14),
            ("ascii until \"\\r\\n\" or \" \" max 9", 30),
            ("ascii until \";\"", 60),
        ]);
        (format!("{kind}{}", if tape.once_in(2) { " minimal" } else { "" }), bits)
    }

    fn until(&mut self, tape: &mut Tape<'_>, when: &str) -> String {
        let sets: &[&[&str]] = &[
            &["\\n"],
            &["\\r\\n"],
            &["\\n", "\\r\\n"],
            &["\\r\\n\\r\\n"],
            &["aba", "b|"],
            &["aab"],
            &[";", "--", "\\r\\n\\r\\n"],
            &["\\0"],
            &["ab", "bab", "cc"],
            &["\\x00\\x01", "\\x00\\x00\\x01"],
        ];
        let delimiters: Vec<String> = tape.pick(sets).iter().map(|each| format!("\"{each}\"")).collect();
        let text = tape.once_in(2);
        let kept = if tape.once_in(3) { " kept" } else { "" };
        let max = if tape.once_in(2) { format!(" max {}", tape.below(12)) } else { String::new() };
        let via = if text { String::new() } else { self.via(tape) };
        let name = self.name("u");
        let kind = format!("{} until {}{kept}{max}", if text { "str" } else { "bytes" }, delimiters.join(" or "));
        self.field(tape, &name, &[("type", kind), ("via", via), ("when", when.into())]);
        self.whole.push(name.clone());
        name
    }

    fn via(&mut self, tape: &mut Tape<'_>) -> String {
        match tape.below(7) {
            0..=2 => String::new(),
            3 => self.codecs.last().cloned().unwrap_or_default(),
            _ => tape.pick(&["raw", "utf8", "json", "msgpack"]).to_owned(),
        }
    }

    /// Perhaps the key that a field is masked with.
    fn xor(&self, tape: &mut Tape<'_>) -> String {
        if self.keys.is_empty() || tape.once_in(3) { String::new() } else { tape.pick(&self.keys) }
    }

    /// Some entries; gives the names of the first and the last field.
    fn pieces(&mut self, tape: &mut Tape<'_>, count: usize, depth: usize) -> (String, String) {
        let mut ends: Option<(String, String)> = None;
        for _ in 0..count.max(1) {
            let (first, last) = self.piece(tape, depth);
            ends = Some((ends.map_or(first, |(first, _)| first), last));
        }
        ends.unwrap()
    }

    fn piece(&mut self, tape: &mut Tape<'_>, depth: usize) -> (String, String) {
        let both = |name: String| (name.clone(), name);
        match tape.below(8) {
            0 if self.peeks < PEEKS && tape.once_in(2) => both(self.peeked(tape)),
            0 | 1 => both(self.fixed(tape, "")),
            2 | 3 => both(self.varying(tape, "")),
            4 => {
                let when = self.expression(tape, true);
                if tape.once_in(2) { both(self.varying(tape, &when)) } else { both(self.fixed(tape, &when)) }
            }
            5 if depth > 0 => self.optional_group(tape),
            _ if depth > 0 => self.group(tape, depth - 1),
            _ => both(self.int(tape, "")),
        }
    }

    /// A length and what it counts.
    fn group(&mut self, tape: &mut Tape<'_>, depth: usize) -> (String, String) {
        let inside = tape.once_in(3);
        if !inside {
            let (first, length) = self.length(tape, "", true);
            if tape.once_in(3) {
                self.fixed(tape, "");
            }
            let (from, to) = self.counted(tape, depth);
            self.patch(&length, &from, &to);
            return (first, to);
        }
        let before = tape.once_in(2).then(|| self.int(tape, ""));
        let (first, length) = self.length(tape, "", false);
        let (_, to) = self.counted(tape, depth);
        let from = before.unwrap_or(first);
        self.patch(&length, &from, &to);
        (from, to)
    }

    /// What a length counts, the unknown size in it at most.
    fn counted(&mut self, tape: &mut Tape<'_>, depth: usize) -> (String, String) {
        let body_only = tape.once_in(3);
        let mut ends = (!body_only).then(|| {
            let first = self.int(tape, "");
            (first.clone(), first)
        });
        if !body_only {
            let count = tape.below(3);
            if count > 0 {
                let (_, last) = self.pieces(tape, count, depth);
                ends = ends.map(|(first, _)| (first, last));
            }
        }
        if body_only || !tape.once_in(4) {
            let settled = self.known.clone();
            let body = if tape.once_in(5) { self.choice(tape) } else { self.body(tape, "") };
            ends = Some((ends.map_or(body.clone(), |(first, _)| first), body));
            let after = tape.below(3);
            for _ in 0..after {
                // What follows the unknown size is there or not by fields in front of it.
                let when = if tape.once_in(3) { Self::condition(tape, &settled) } else { String::new() };
                let last = self.fixed(tape, &when);
                ends = ends.map(|(first, _)| (first, last));
            }
        } else {
            // A length with `plus` or `unit` asks for sizes that not everything can take.
            let last = self.prefixed(tape, "");
            ends = ends.map(|(first, _)| (first, last));
        }
        ends.unwrap()
    }

    fn body(&mut self, tape: &mut Tape<'_>, when: &str) -> String {
        let name = self.name("body");
        let text = tape.once_in(4);
        let via = if text { String::new() } else { self.via(tape) };
        let when = if when.is_empty() && tape.once_in(6) { self.expression(tape, true) } else { when.to_owned() };
        let kind = if text { "str" } else { "bytes" };
        let xor = self.xor(tape);
        self.field(tape, &name, &[("type", kind.into()), ("via", via), ("xor", xor), ("when", when)]);
        self.whole.push(name.clone());
        name
    }

    /// Arms of which a field's value takes one; each has a body of unknown size, or something else.
    fn choice(&mut self, tape: &mut Tape<'_>) -> String {
        let _ = self.expression(tape, true);
        let free: Vec<Known> = self.known.iter().filter(|known| known.free && !known.constant).cloned().collect();
        let on = tape.pick(&free).name;
        let name = self.name("any");
        let codecs = self.codecs.clone();
        let mut text = format!("  - {name}:\n      match: {on}\n      of:\n");
        for label in ["0", "1 | 2", "_"] {
            let outside = std::mem::take(&mut self.entries);
            let count = tape.below(3);
            for _ in 0..count {
                if tape.once_in(3) {
                    self.varying(tape, "")
                } else {
                    self.fixed(tape, "")
                };
            }
            if label == "1 | 2" || tape.once_in(2) {
                self.body(tape, "");
            }
            let inside = std::mem::replace(&mut self.entries, outside);
            self.codecs.clone_from(&codecs);
            text += &format!("        {label}:{}\n", if inside.is_empty() { " []" } else { "" });
            for line in inside.iter().flat_map(|entry| entry.lines()) {
                text += &format!("        {line}\n");
            }
        }
        self.entries.push(text);
        name
    }

    /// What comes next, or first, and arms for it, each of which has at least what was looked at.
    fn peeked(&mut self, tape: &mut Tape<'_>) -> String {
        self.peeks += 1;
        let (peek, name) = (self.name("peek"), self.name("any"));
        let max = if tape.once_in(2) { format!(" max {}", tape.below(12)) } else { String::new() };
        let any = tape.pick(&["bytes[3]", "bytes = \"ab\"", "u16", "bytes u16"]);
        let (kind, arms): (String, &[(&str, &str)]) = match tape.below(3) {
            0 => ("peek as TextsStrict".into(), &[("ok", "bytes = \"ok\""), ("oh", "bytes[3]")]),
            1 => (
                "peek as TextsOf".into(),
                &[("crlf", "bytes = \"a\\r\\n\""), ("ab", any), ("b", "u8"), ("_", "bytes until \"\\r\\n\"")],
            ),
            _ => (
                format!("peek until{max} as TextsEnd"),
                &[("crlf", "str until \"\\r\\n\" max 9"), ("_", "bytes until \";\" or \"--\" kept")],
            ),
        };
        self.field(tape, &peek, &[("type", kind)]);
        self.known.push(Known { name: peek.clone(), bits: 8, signed: false, free: true, constant: false });
        let codecs = self.codecs.clone();
        let mut text = format!("  - {name}:\n      match: {peek}\n      of:\n");
        for (label, first) in arms {
            let outside = std::mem::take(&mut self.entries);
            let own = self.name("t");
            self.field(tape, &own, &[("type", (*first).into())]);
            self.whole.push(own);
            let count = tape.below(3);
            for _ in 0..count {
                if tape.once_in(3) {
                    self.varying(tape, "")
                } else {
                    self.fixed(tape, "")
                };
            }
            let inside = std::mem::replace(&mut self.entries, outside);
            self.codecs.clone_from(&codecs);
            text += &format!("        {label}:\n");
            for line in inside.iter().flat_map(|entry| entry.lines()) {
                text += &format!("        {line}\n");
            }
        }
        self.entries.push(text);
        name
    }

    /// A length whose range is filled in later. Gives the first field of its entry too.
    fn length(&mut self, tape: &mut Tape<'_>, when: &str, outside: bool) -> (String, Length) {
        let entry = self.entries.len();
        if when.is_empty() && tape.once_in(5) {
            let name = self.bits(tape, "", Some("@RANGE"));
            return (name, Length { entry });
        }
        let mut in_pieces = false;
        let (mut bytes, mut signed, mut kind) = Self::int_type(tape, 8);
        if outside && self.unaligned && tape.once_in(4) {
            let bits;
            (kind, bits) = self.pieces_type(tape);
            (bytes, signed) = (bits.div_ceil(8), false);
            in_pieces = true;
        }
        let name = self.name("l");
        let plus = if tape.once_in(3) { (i32::from(tape.byte() % 9) - 4).to_string() } else { String::new() };
        let unit = if tape.once_in(5) { tape.pick(&["2", "4", "3"]).to_owned() } else { String::new() };
        let within = if bytes > 1 && tape.once_in(6) { "1..=1000" } else { "" };
        let words = [
            ("type", kind),
            ("in", within.to_owned()),
            ("counts", "@RANGE".to_owned()),
            ("plus", plus),
            ("unit", unit),
            ("when", when.to_owned()),
        ];
        self.field(tape, &name, &words);
        self.known.push(Known { name: name.clone(), bits: bytes * 8, signed, free: false, constant: false });
        if !in_pieces {
            self.whole.push(name.clone());
        }
        (name, Length { entry })
    }

    fn patch(&mut self, length: &Length, from: &str, to: &str) {
        let range = if from == to { from.to_owned() } else { format!("{from}..{to}") };
        self.entries[length.entry] = self.entries[length.entry].replace("@RANGE", &range);
    }

    /// A length and its body that are there or not.
    fn optional_group(&mut self, tape: &mut Tape<'_>) -> (String, String) {
        let when = self.expression(tape, true);
        let (first, length) = self.length(tape, &when, true);
        let body = self.body(tape, &when);
        self.patch(&length, &body, &body);
        (first, body)
    }

    /// A frame whose first length tells its whole size.
    fn told(&mut self, tape: &mut Tape<'_>) {
        let (_, length) = self.length(tape, "", true);
        let early = tape.below(2);
        for _ in 0..early {
            self.fixed(tape, "");
        }
        let (from, to) = self.counted(tape, 1);
        self.patch(&length, &from, &to);
        let after = tape.below(2);
        for _ in 0..after {
            self.fixed(tape, "");
        }
    }

    /// A frame whose length counts all of it.
    fn whole(&mut self, tape: &mut Tape<'_>) {
        if tape.once_in(2) {
            self.fixed(tape, "");
        }
        let (_, length) = self.length(tape, "", false);
        if tape.once_in(2) {
            self.fixed(tape, "");
        }
        self.counted(tape, 1);
        self.patch(&length, "frame", "frame");
    }

    /// Frames inside the frame, at its end.
    fn frames(&mut self, tape: &mut Tape<'_>) {
        let when = if tape.once_in(3) { self.expression(tape, true) } else { String::new() };
        let mut known: Vec<Known> = self.known.iter().filter(|each| each.free && each.bits <= 32).cloned().collect();
        if known.iter().all(|each| each.constant) {
            let name = self.name("f");
            self.field(tape, &name, &[("type", "u8".into())]);
            known.push(Known { name, bits: 8, signed: false, free: true, constant: false });
        }
        let other = tape.pick(&known).name;
        known.retain(|each| !each.constant);
        let one = tape.pick(&known).name;
        let times = match tape.below(6) {
            0 => format!("({one} & 3) + ({one} == 9)"),
            1 => format!("({one} % 3 == 1) * 3"),
            2 => format!("({one} == 1) * 2"),
            3 => format!("({one} & 1) + ({other} & 1) + ({one} == 2)"),
            4 => format!("({one} & 3) * 2 - 1 + ({one} == 4) * 2"),
            _ => format!("({one} > 100) + ({other} == 2)"),
        };
        let deep = tape.pick(&["", " deep 1", " deep 2", " deep 3"]);
        let name = self.name("inner");
        self.field(tape, &name, &[("type", format!("frames{deep}")), ("times", times), ("when", when)]);
    }

    /// A constant in front that can be searched for.
    fn mark(&mut self, tape: &mut Tape<'_>) {
        let name = self.name("mark");
        let (kind, constant) =
            tape.pick(&[("bytes", "\"aab\""), ("u16", "0xcafe"), ("bytes", "0x0000"), ("u32le", "0x01020304")]);
        self.field(tape, &name, &[("type", kind.into()), ("=", constant.into())]);
        self.whole.push(name);
    }

    fn check(&mut self, tape: &mut Tape<'_>) {
        if self.known.iter().all(|known| known.constant) {
            return;
        }
        let expression = self.expression(tape, false);
        let at = tape.below(self.entries.len() + 1);
        self.entries.insert(at, format!("  - check: '{expression}'\n"));
    }

    /// An expression over what stands before; of a `when`, without lengths.
    fn expression(&mut self, tape: &mut Tape<'_>, of_when: bool) -> String {
        if of_when {
            if !self.known.iter().any(|each| each.free && !each.constant) {
                let name = self.name("f");
                self.field(tape, &name, &[("type", "u8".into())]);
                self.known.push(Known { name: name.clone(), bits: 8, signed: false, free: true, constant: false });
                self.whole.push(name);
            }
            return Self::condition(tape, &self.known);
        }
        Self::over(tape, &self.known)
    }

    fn condition(tape: &mut Tape<'_>, known: &[Known]) -> String {
        let free: Vec<Known> = known.iter().filter(|each| each.free).cloned().collect();
        if free.iter().all(|each| each.constant) { String::new() } else { Self::over(tape, &free) }
    }

    fn over(tape: &mut Tape<'_>, known: &[Known]) -> String {
        let differing: Vec<Known> = known.iter().filter(|each| !each.constant).cloned().collect();
        let one = Self::term(tape, &differing);
        if !tape.once_in(4) {
            return one;
        }
        let operator = tape.pick(&["&&", "||", "|", "!="]);
        let other = Self::term(tape, known);
        let (one, other) = if tape.once_in(2) { (one, other) } else { (other, one) };
        format!("({one}) {operator} ({other})")
    }

    fn term(tape: &mut Tape<'_>, all: &[Known]) -> String {
        let Known { name, bits, signed, .. } = tape.pick(all);
        let small = bits <= 32;
        match tape.below(12) {
            0 => format!("{name} != 3"),
            1 => format!("{name} & 1 == 0"),
            2 => format!("{name} % 3 != 1"),
            3 => format!("!{name}"),
            4 => format!("{name} < 100"),
            5 => format!("{name} >> 2 ^ 1 != 0"),
            6 if small => format!("{name} * 2 + 1 > {name} - 7"),
            7 if small => format!("~{name} / 2 <= -1 || -{name} >= 5"),
            8 if small => format!("({name} << 3 | 5) != 0x0d"),
            9 if !signed => format!("{name} == Few.one || {name} > Open.beta"),
            10 => format!("{name} >= 0"),
            _ => format!("{name} / 7 != 2"),
        }
    }

    fn emit(&self, tape: &mut Tape<'_>) -> String {
        match tape.below(5) {
            2 if !self.whole.is_empty() => tape.pick(&self.whole),
            3 if !self.whole.is_empty() => {
                let (a, b) = (tape.below(self.whole.len()), tape.below(self.whole.len()));
                if a == b {
                    self.whole[a].clone()
                } else {
                    format!("{}..{}", self.whole[a.min(b)], self.whole[a.max(b)])
                }
            }
            4 => format!("strip {}", tape.below(2)),
            _ => "frame".to_owned(),
        }
    }
}
