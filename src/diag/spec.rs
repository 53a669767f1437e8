//! Mistakes of a spec's meaning: one constructor for each code.

use super::{Code, Diagnostic, Span, did_you_mean, one_line};

fn new(code: Code, span: Span, message: String, label: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    let (message, help) = (one_line(&message), one_line(&help.into()));
    Diagnostic { code, message, span, label: label.into(), second: None, help }
}

fn and(mut diagnostic: Diagnostic, span: Span, label: impl Into<String>) -> Diagnostic {
    diagnostic.second = Some((span, label.into()));
    diagnostic
}

/// Words listed at most.
const MOST_SHOWN: usize = 20;

/// `did you mean` where a word is near, else all that are allowed.
fn suggest(word: &str, allowed: &[&str]) -> String {
    match did_you_mean(word, allowed) {
        Some(near) => format!("did you mean `{near}`?"),
        None if allowed.is_empty() => "remove it".to_owned(),
        None => format!(
            "allowed here: {}",
            allowed.get(..MOST_SHOWN).map_or_else(|| allowed.join(", "), |first| first.join(", ") + ", …")
        ),
    }
}

/// FW009: a second unknown size stops a length equation from being solved.
pub fn two_unknown(span: Span, field: &str, other: Span, other_field: &str, length: &str) -> Diagnostic {
    let message = format!("`{length}` cannot tell the size of `{field}`: `{other_field}` behind it is unknown too");
    let help = format!("give `{other_field}` a length of its own that is read before `{field}`, or a fixed size");
    and(
        new(Code::FW009, span, message, "its size must follow from the length", help),
        other,
        "unknown until it is read",
    )
}

/// FW010: a key is missing.
pub fn missing_key(span: Span, key: &str, example: &str) -> Diagnostic {
    new(Code::FW010, span, format!("the key `{key}` is missing"), "", format!("add `{example}`"))
}

/// FW011: a key is unknown.
pub fn unknown_key(span: Span, key: &str, of: &str, allowed: &[&str]) -> Diagnostic {
    new(Code::FW011, span, format!("{of} has no key `{key}`"), "unknown key", suggest(key, allowed))
}

/// FW012: a value is not what the key takes.
pub fn wrong_kind(span: Span, key: &str, wanted: &str) -> Diagnostic {
    new(Code::FW012, span, format!("`{key}` is not {wanted}"), "", format!("write {wanted}"))
}

/// FW012: the file is a list or a text.
pub fn no_map(span: Span) -> Diagnostic {
    let wanted = "a map with the keys framewright, name and frame";
    new(Code::FW012, span, format!("the file is not {wanted}"), "", format!("write {wanted}"))
}

/// FW013: the version of the language is unknown.
pub fn version(span: Span) -> Diagnostic {
    let message = "this version of the language is unknown".to_owned();
    new(Code::FW013, span, message, "", "write `framewright: 1`")
}

/// FW014: a name is malformed.
pub fn bad_name(span: Span, name: &str, of: &str, shape: &str) -> Diagnostic {
    let message = format!("`{name}` cannot be the name of {of}");
    new(Code::FW014, span, message, "", format!("use {shape}; bits, check and frame are words of the language"))
}

/// FW015: a size is malformed or out of bounds.
pub fn bad_size(span: Span, text: &str, wanted: &str) -> Diagnostic {
    new(Code::FW015, span, format!("`{text}` is not a size that fits here"), "", format!("write {wanted}"))
}

/// FW016: an entry of the frame is not one field.
pub fn entry(span: Span, help: &str) -> Diagnostic {
    new(Code::FW016, span, "the frame is not a list of fields here".to_owned(), "", help)
}

/// FW016: a bit group stands where a field would.
pub fn named_bits(span: Span, name: &str) -> Diagnostic {
    let help = "write `- bits: { order: msb, of: [ … ] }`; its parts have names";
    new(Code::FW016, span, format!("a bit group has no name, and here it is named `{name}`"), "", help)
}

/// FW016: the frame has no entry, or too many.
pub fn entries(span: Span, most: usize) -> Diagnostic {
    let message = "the frame has no entry, or too many".to_owned();
    new(Code::FW016, span, message, "", format!("a frame has 1 to {most} entries"))
}

/// FW016: a frame can have no byte.
pub fn empty_frame(span: Span) -> Diagnostic {
    let message = "a frame of this protocol can be empty".to_owned();
    new(Code::FW016, span, message, "", "a frame has at least one byte: add a field that is always there")
}

/// FW017: two fields have one name.
pub fn field_twice(span: Span, first: Span, name: &str) -> Diagnostic {
    let message = format!("the field `{name}` occurs twice");
    and(new(Code::FW017, span, message, "again here", "rename one of them"), first, "first here")
}

/// FW018: a word does not belong where it stands.
pub fn unexpected_word(span: Span, word: &str, allowed: &[&str]) -> Diagnostic {
    new(Code::FW018, span, format!("`{word}` does not belong here"), "", suggest(word, allowed))
}

/// FW018: a byte order stands apart from its type.
pub fn loose_order(span: Span, word: &str, joined: &str) -> Diagnostic {
    new(Code::FW018, span, format!("`{word}` does not belong here"), "", format!("did you mean `{joined}`?"))
}

/// FW018: a delimiter is not in quotes.
pub fn bare_delimiter(span: Span, word: &str, example: &str) -> Diagnostic {
    let help = format!("write a delimiter in quotes, such as {example}");
    new(Code::FW018, span, format!("`{word}` is not a delimiter"), "", help)
}

/// FW018: a phrase ends too early.
pub fn unexpected_end(span: Span, wanted: &str) -> Diagnostic {
    new(Code::FW018, span, "the phrase is not complete".to_owned(), "", format!("add {wanted}"))
}

/// FW019: a type is unknown.
pub fn unknown_type(span: Span, word: &str, types: &[&str]) -> Diagnostic {
    let help = match did_you_mean(word, types) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "types are u8 … u64, i8 … i64 (with be or le), bytes, bytes[N], bytes u16, bytes until \"…\", str, msgpack, pad[N], \
                 pad to N; b1 … b63 in a bit group"
            .to_owned(),
    };
    new(Code::FW019, span, format!("`{word}` is not a type"), "", help)
}

/// FW020: a number is malformed.
pub fn bad_number(span: Span, text: &str, wanted: &str) -> Diagnostic {
    new(Code::FW020, span, format!("`{text}` is not {wanted}"), "", "numbers are written 12, -12 or 0x0c")
}

/// FW021: a constant cannot be held by its field.
pub fn constant(span: Span, kind: Span, help: &str) -> Diagnostic {
    let message = "the constant does not fit its type".to_owned();
    and(new(Code::FW021, span, message, "this constant", help), kind, "this type")
}

/// FW022: a range is empty, or says nothing.
pub fn range(span: Span, low: i128, high: i128, least: i128, most: i128) -> Diagnostic {
    let message = format!("no value, or every value, of this field is in {low}..={high}");
    new(Code::FW022, span, message, "", format!("choose bounds within {least}..={most}, the lower first"))
}

/// FW023: an enum is unknown.
pub fn unknown_enum(span: Span, name: &str, enums: &[&str]) -> Diagnostic {
    let help = if enums.is_empty() { "declare it under `enums:`".to_owned() } else { suggest(name, enums) };
    new(Code::FW023, span, format!("there is no enum `{name}`"), "", help)
}

/// FW024: a value or name of an enum occurs twice.
pub fn enum_twice(span: Span, first: Span, what: &str) -> Diagnostic {
    let message = format!("`{what}` occurs twice in the enum");
    and(new(Code::FW024, span, message, "again here", "each value and each name occurs once"), first, "first here")
}

/// FW024: an enum has no members.
pub fn enum_empty(span: Span, name: &str) -> Diagnostic {
    let message = format!("the enum `{name}` has no member");
    new(Code::FW024, span, message, "", "add at least one, such as `1: open`")
}

/// FW024: an enum has no such member.
pub fn unknown_member(span: Span, of: &str, member: &str, members: &[&str]) -> Diagnostic {
    new(Code::FW024, span, format!("`{of}` has no member `{member}`"), "", suggest(member, members))
}

/// FW024: a member does not fit the field that uses the enum.
pub fn enum_too_wide(span: Span, used: Span, member: &str) -> Diagnostic {
    let message = format!("`{member}` does not fit the type of a field that uses the enum");
    and(new(Code::FW024, span, message, "this member", "use a wider type, or remove the member"), used, "used here")
}

/// FW025: two words of a phrase exclude each other.
pub fn exclusive(span: Span, word: &str, other: Span, other_word: &str) -> Diagnostic {
    let message = if word == other_word {
        format!("`{word}` occurs twice")
    } else if other_word == "this type" {
        format!("`{word}` does not go with this type")
    } else {
        format!("`{word}` cannot stand with `{other_word}`")
    };
    and(new(Code::FW025, span, message, "", "remove one of them"), other, "because of this")
}

/// FW025: a text has a constant.
pub fn constant_text(span: Span, kind: Span) -> Diagnostic {
    let message = "`=` does not go with `str`".to_owned();
    and(new(Code::FW025, span, message, "", "a constant is bytes: write `bytes = \"…\"`"), kind, "because of this")
}

/// FW026: a field is unknown.
pub fn unknown_field(span: Span, name: &str, fields: &[&str]) -> Diagnostic {
    new(Code::FW026, span, format!("there is no field `{name}`"), "", suggest(name, fields))
}

/// FW027: a field is used before it is read.
pub fn later_field(span: Span, name: &str, place: Span) -> Diagnostic {
    let message = format!("`{name}` is not read yet");
    let help = format!("move `{name}` before the field that needs it");
    and(new(Code::FW027, span, message, "needed here", help), place, "read here")
}

/// FW027: a field's condition uses the field.
pub fn own_field(span: Span, name: &str, place: Span) -> Diagnostic {
    let message = format!("whether `{name}` is there cannot hang on `{name}`");
    let help = "a field cannot use itself: use an earlier one";
    and(new(Code::FW027, span, message, "needed here", help), place, "read here")
}

/// FW028: a range of fields runs backwards.
pub fn backwards(span: Span, first: &str, last: &str) -> Diagnostic {
    let message = format!("`{last}` comes before `{first}`");
    new(Code::FW028, span, message, "", format!("write `{last}..{first}`; both ends are counted"))
}

/// FW029: a length comes too late.
pub fn late_length(span: Span, field: &str, place: Span) -> Diagnostic {
    let message = format!("the length is read too late to tell the size of `{field}`");
    let help = format!("move the length before `{field}`, or give `{field}` a size of its own");
    and(new(Code::FW029, span, message, "this length", help), place, "its size is needed here")
}

/// FW029: a length stands behind what it counts.
pub fn length_behind(span: Span, field: &str, place: Span) -> Diagnostic {
    let message = "the length stands behind what it counts".to_owned();
    let help = format!("move the length before `{field}`");
    and(new(Code::FW029, span, message, "this length", help), place, "the last that it counts")
}

/// FW030: two counted ranges cross.
pub fn crossing(span: Span, other: Span) -> Diagnostic {
    let message = "two counted ranges overlap, but neither holds the other".to_owned();
    let help = "let one range hold the other, or end one before the other begins";
    and(new(Code::FW030, span, message, "this range", help), other, "crosses this one")
}

/// FW031: no value of a length can be right.
pub fn impossible_length(span: Span, what: &str, least: i128, most: i128) -> Diagnostic {
    let message = format!("no value of this length fits what it counts: {what}");
    let least = if most < 0 { least } else { least.max(0) };
    let help =
        format!("the length can stand for {least} to {most} bytes: use a wider type, or correct `plus` or `unit`");
    new(Code::FW031, span, message, "", help)
}

/// FW032: nothing tells the size of a field.
pub fn unknown_size(span: Span, field: &str) -> Diagnostic {
    let message = format!("nothing tells the size of `{field}`");
    let help = format!(
        "let an earlier integer count it (`length: u32 counts {field}`), or write `bytes[N]`, `bytes u16` or `bytes until \"…\"`"
    );
    new(Code::FW032, span, message, "", help)
}

/// FW033: two lengths count the same.
pub fn counted_twice(span: Span, first: Span) -> Diagnostic {
    let message = "two lengths count the same range".to_owned();
    let help = "keep one; write the other as a plain integer with a `check:`";
    and(new(Code::FW033, span, message, "again here", help), first, "already counted here")
}

/// FW034: the largest frame must be said.
pub fn max_frame_required(span: Span) -> Diagnostic {
    let message = "a frame of this protocol could exceed 16 MiB, and `max_frame` does not bound it".to_owned();
    new(Code::FW034, span, message, "", "add `max_frame: 1 MiB`, or what the protocol allows")
}

/// FW035: the largest frame is smaller than the smallest.
pub fn no_room(span: Span, max: u64, least: u64, session: &str) -> Diagnostic {
    let place = if session.is_empty() { String::new() } else { format!(", where {session}") };
    let message = format!("no frame fits into {max} bytes: the smallest has {least}{place}");
    new(Code::FW035, span, message, "", format!("raise `max_frame` to {least} or more"))
}

/// FW036: an expression is malformed.
pub fn expression(span: Span, wanted: &str) -> Diagnostic {
    let message = "the expression is not complete or has something that does not belong".to_owned();
    new(Code::FW036, span, message, "", format!("expected here: {wanted}"))
}

/// FW037: an expression can overflow.
pub fn overflow(span: Span, why: &str) -> Diagnostic {
    let message = format!("the expression can overflow: {why}");
    new(Code::FW037, span, message, "", "bound the fields that it uses (`in a..=b`), or compare without arithmetic")
}

/// FW038: a field in an expression is no integer.
pub fn no_integer(span: Span, name: &str, place: Span) -> Diagnostic {
    let message = format!("`{name}` is no integer");
    let help = "expressions use integer fields, enum members and numbers";
    and(new(Code::FW038, span, message, "used here", help), place, "it is this")
}

/// FW039: a condition hangs on what the encoder computes from sizes.
pub fn computed(span: Span, name: &str, place: Span) -> Diagnostic {
    let message = format!("`when` cannot use `{name}`: the encoder computes it from sizes that hang on this condition");
    let help = "use a field that the caller gives; a `check:` may use a length";
    and(new(Code::FW039, span, message, "used here", help), place, "computed here")
}

/// FW040: a delimiter can never be found.
pub fn hidden_delimiter(span: Span, by: Option<Span>) -> Diagnostic {
    match by {
        None => {
            new(Code::FW040, span, "a delimiter is empty".to_owned(), "", "write at least one byte, such as \"\\n\"")
        }
        Some(by) => {
            let message = "this delimiter can never be found: another inside it ends earlier".to_owned();
            let help = "remove one of them; only the end of a delimiter may be a delimiter too";
            and(new(Code::FW040, span, message, "never found", help), by, "found before it")
        }
    }
}

/// FW040: too many delimiters.
pub fn many_delimiters(span: Span, most: usize) -> Diagnostic {
    let message = format!("an `until` has more than {most} delimiters");
    new(Code::FW040, span, message, "", format!("remove this one and those behind it: {most} at most"))
}

/// FW041: a codec is unknown.
pub fn unknown_codec(span: Span, name: &str, candidates: &[&str]) -> Diagnostic {
    let message = format!("`{name}` is no codec, and no enum field that selects one");
    new(Code::FW041, span, message, "", suggest(name, candidates))
}

/// FW041: an enum that selects a codec has a member that is none.
pub fn member_no_codec(span: Span, member: &str, via: Span) -> Diagnostic {
    let message = format!("`{member}` is no codec");
    let help = "members of an enum that selects a codec are raw, utf8, json or msgpack; `_` stands for raw";
    and(new(Code::FW041, span, message, "this member", help), via, "the codec is selected here")
}

/// FW042: a bit group does not fill whole bytes.
pub fn ragged_bits(span: Span, bits: u32) -> Diagnostic {
    let missing = 8_u32.saturating_sub(bits % 8);
    let help = if bits > 64 {
        "split the group: 64 bits at most".to_owned()
    } else if bits == 0 {
        "a group has 8 to 64 bits: add a part, such as `{flags: b8}`".to_owned()
    } else {
        format!("add `_: pad b{missing}`, or remove {} bits", bits % 8)
    };
    new(Code::FW042, span, format!("the widths of the bit group add up to {bits}"), "", help)
}

/// FW043: a field stands on the wrong side of a bit group.
pub fn bit_part(span: Span, help: &str) -> Diagnostic {
    new(Code::FW043, span, "bits and whole bytes are mixed here".to_owned(), "", help)
}

/// FW044: what is to be emitted cannot be.
pub fn emit(span: Span, why: &str, help: &str) -> Diagnostic {
    new(Code::FW044, span, format!("`emit` cannot be followed: {why}"), "", help)
}

/// FW045: a policy cannot be followed.
pub fn policy(span: Span, why: &str, help: &str) -> Diagnostic {
    new(Code::FW045, span, format!("the policy cannot be followed: {why}"), "", help)
}

/// FW046: a length is optional, what it counts is not.
pub fn optional_length(span: Span, counted: Span) -> Diagnostic {
    let message = "the length can be absent while what it counts is there".to_owned();
    let help = "give both the same `when`";
    and(new(Code::FW046, span, message, "this length has a `when`", help), counted, "this has not the same one")
}

/// FW047: padding whose size hangs on an unknown size.
pub fn late_padding(span: Span, field: &str, place: Span) -> Diagnostic {
    let message = format!("the size of `{field}` cannot be told: `pad to` in the same length hangs on it");
    let help = "end the counted range before the padding";
    and(new(Code::FW047, span, message, "this padding", help), place, "this size must be known first")
}

/// FW048: a peer's setting is not what the frame is.
pub fn peer(span: Span, setting: &str) -> Diagnostic {
    let message = format!("no length field of this frame has Swoole's type `{setting}`");
    new(Code::FW048, span, message, "", "remove the setting, or name the type of the length field")
}

/// FW049: `plus` or `unit` is out of place or out of bounds.
pub fn arithmetic(span: Span, word: &str) -> Diagnostic {
    let message = format!("`{word}` is out of place or out of bounds");
    let help = "both stand behind `counts`; `plus` has 32 bits with a sign, `unit` is 1 to 65536";
    new(Code::FW049, span, message, "", help)
}

/// FW050: a check or a condition reads no field, or constants alone.
pub fn idle_check(span: Span) -> Diagnostic {
    let message = "it reads no field that is not constant: it holds always or never".to_owned();
    new(Code::FW050, span, message, "", "compare a field, such as `flags & 1 == 0`")
}

/// FW051: values of the field are left for which no arm is taken.
pub fn arms_missing(span: Span, missing: &[&str]) -> Diagnostic {
    let message = "the match leaves values for which it does not say what follows".to_owned();
    let help = format!(
        "add an arm for {}; `_: []` stands for all others",
        missing.iter().map(|each| format!("`{each}`")).collect::<Vec<_>>().join(", ")
    );
    new(Code::FW051, span, message, "", help)
}

/// FW051: there is nothing besides `_`.
pub fn arm_alone(span: Span) -> Diagnostic {
    let message = "the match has no arm but `_`, which is then always taken".to_owned();
    new(Code::FW051, span, message, "", "add an arm for a value, or write its fields without a match")
}

/// FW052: an arm's value occurs twice.
pub fn arm_twice(span: Span, before: Span, word: &str) -> Diagnostic {
    let message = format!("`{word}` has two arms");
    and(new(Code::FW052, span, message, "the second", "remove it here or there"), before, "the first")
}

/// FW052: an arm is for nothing that the field can be.
pub fn arm_label(span: Span, word: &str, on: &str, members: &[&str]) -> Diagnostic {
    let message = format!("`{word}` is no value of `{on}`");
    let help = if members.is_empty() {
        "write a number, or give the field an enum with `as` and name its members".to_owned()
    } else {
        suggest(word, members)
    };
    new(Code::FW052, span, message, "", help)
}

/// FW051: a length counts a match without any field.
pub fn empty_match(span: Span, name: &str) -> Diagnostic {
    let message = format!("`{name}` has no field in any arm, so there is nothing to count");
    new(Code::FW051, span, message, "", "give an arm a field, or remove the length")
}

/// FW053: the values behind which a longer integer stands are out of order, or leave a gap.
pub fn escape(span: Span, marker: i128, base: i128, told: i128) -> Diagnostic {
    let message = format!("`{marker}` cannot escape to this integer");
    let help = format!(
        "name the marks in rising order, up to {base}; the integer behind must hold more than {told}, `plus` no more than {}",
        told.saturating_add(1)
    );
    new(Code::FW053, span, message, "", help)
}

/// FW053: the short integer of an escape is not free for it.
pub fn escape_base(span: Span, name: &str, place: Span) -> Diagnostic {
    let message = format!("`{name}` cannot hold an escaped integer");
    let help = "it must be an unsigned integer without `=`, `in`, `as` and `counts`, under the same condition, that no condition uses";
    and(new(Code::FW053, span, message, "", help), place, "the short integer")
}

/// FW054: half of a checksum's words.
pub fn checksum_words(span: Span) -> Diagnostic {
    let message = "a checksum needs both what it covers and how".to_owned();
    new(Code::FW054, span, message, "", "write `checks a..b with crc32`")
}

/// FW054: no such algorithm.
pub fn unknown_algorithm(span: Span, name: &str, names: &[&str]) -> Diagnostic {
    new(Code::FW054, span, format!("there is no checksum `{name}`"), "", suggest(name, names))
}

/// FW054: the field cannot hold it.
pub fn checksum_type(span: Span, with: Span, name: &str, fit: &str) -> Diagnostic {
    let message = format!("this type does not hold a `{name}`");
    and(new(Code::FW054, span, message, "", format!("use {fit}")), with, "the checksum")
}

/// FW054: `zeroed` is missing, or stands where it means nothing.
pub fn checksum_zeroed(span: Span, own: bool) -> Diagnostic {
    let (message, help) = if own {
        (
            "the checksum covers its own bytes",
            "write `zeroed` behind the range where they count as zeros, or leave them out",
        )
    } else {
        ("nothing is zeroed: the checksum does not cover its own bytes", "remove `zeroed`")
    };
    new(Code::FW054, span, message.to_owned(), "", help)
}

/// FW054: an expression reads a checksum.
pub fn checksum_read(span: Span, name: &str, place: Span) -> Diagnostic {
    let message = format!("an expression cannot use `{name}`: it is computed last");
    and(new(Code::FW054, span, message, "used here", "use another field"), place, "computed here")
}

/// FW054: checksums that depend on each other.
pub fn checksum_circle(span: Span) -> Diagnostic {
    let message = "this checksum depends on one that depends on it".to_owned();
    new(Code::FW054, span, message, "", "let one of them leave out the other")
}

/// FW056: a sentinel means nothing here.
pub fn sentinel(span: Span, why: &str, help: &str) -> Diagnostic {
    new(Code::FW056, span, why.to_owned(), "", help)
}

/// FW058: texts of an enum, or a peek, that cannot be.
pub fn texts(span: Span, why: &str, help: &str) -> Diagnostic {
    new(Code::FW058, span, why.to_owned(), "", help)
}

/// FW058: of two texts one begins with the other.
pub fn text_begins(span: Span, other: Span) -> Diagnostic {
    let message = "this text begins with another, so both may be meant".to_owned();
    let help = "add to the shorter what always follows it, such as a space";
    and(new(Code::FW058, span, message, "", help), other, "which is this")
}

/// FW059: bytes behind the frame would be looked at.
pub fn peek_beyond(span: Span, what: &str, bytes: usize) -> Diagnostic {
    let message = format!("where {what}, a frame can end before the {bytes} bytes that are looked at");
    let help =
        "let the text be part of what follows: a constant with it, or a field up to a delimiter that is not inside it";
    new(Code::FW059, span, message, "", help)
}

/// FW059: a field can end before what is looked for.
pub fn peek_passes(span: Span, what: &str) -> Diagnostic {
    let message = format!("where {what}, the next field can end before what is looked for");
    let help = "let a field up to one or several of these texts follow, whatever is found";
    new(Code::FW059, span, message, "", help)
}

/// FW060: frames in a frame that cannot be.
pub fn frames(span: Span, why: &str, help: &str) -> Diagnostic {
    new(Code::FW060, span, why.to_owned(), "", help)
}

/// FW060: the same, for something that stands elsewhere.
pub fn frames_with(span: Span, why: &str, help: &str, other: Span) -> Diagnostic {
    and(frames(span, why, help), other, "here")
}

/// FW057: a field that no other can be masked with.
pub fn mask_key(span: Span, name: &str, place: Span) -> Diagnostic {
    let message = format!("`{name}` is no key");
    let help = "name a field `bytes[N]` that is given: no text, constant, checksum or masked field";
    and(new(Code::FW057, span, message, "", help), place, "its type")
}

/// FW055: no value of a session, or too many.
pub fn session_values(span: Span, most: usize) -> Diagnostic {
    let message = format!("a session has 1 to {most} values");
    new(Code::FW055, span, message, "", "write `- phase: u8 from 0 then 1`, or remove `session`")
}

/// FW055: a value of a session is no plain integer.
pub fn session_type(span: Span) -> Diagnostic {
    let message = "a value of the session has no bytes, and so no such type".to_owned();
    new(Code::FW055, span, message, "", "use an integer type without byte order: u8 to u64, i8 to i64")
}

/// FW055: a session's value for the first frame is missing.
pub fn session_start(span: Span, name: &str) -> Diagnostic {
    let message = format!("`{name}` has no value for the first frame");
    new(Code::FW055, span, message, "", "add `from` and a constant, such as `from 0` or `from Phase.startup`")
}

/// FW055: a value that the type of a session's value does not take.
pub fn session_value(span: Span, name: &str, low: i128, high: i128) -> Diagnostic {
    let value = if low == high { low.to_string() } else { format!("{low} to {high}") };
    let message = format!("this can be {value}, which `{name}` does not take");
    let help =
        "keep it within the type, the range and the members of the enum: `x & 1`, `x != 0` and the like are bounded";
    new(Code::FW055, span, message, "", help)
}

/// FW055: a condition reads a value of the session that can be too many.
pub fn session_many(span: Span, name: &str) -> Diagnostic {
    let message = format!("a condition reads `{name}`, which can have too many values to look at each");
    new(
        Code::FW055,
        span,
        message,
        "",
        "give it a range or a closed enum: 256 values at most, 4096 together with the other values of the session and of peeks",
    )
}

/// FW055: a check refuses a frame of which there is no byte.
pub fn session_check(span: Span) -> Diagnostic {
    let message = "this check can be due before the frame's first byte".to_owned();
    new(Code::FW055, span, message, "", "let it read a field that every frame has")
}

/// FW055: a range begins or ends with a value that has no bytes.
pub fn session_bytes(span: Span, name: &str, place: Span) -> Diagnostic {
    let message = format!("`{name}` has no bytes");
    and(new(Code::FW055, span, message, "", "name a field of the frame"), place, "a value of the session")
}

/// FW053: a length of varying size stands where sizes would go round in a circle.
pub fn varying_length(span: Span, other: Span) -> Diagnostic {
    let message = "the length's own size depends on what it counts, which cannot be told here".to_owned();
    let help = "let it count what stands behind it alone, and put no `pad to` behind it";
    and(new(Code::FW053, span, message, "counts", help), other, "this depends on the length's size")
}

/// FW040: digits end with a digit.
pub fn digit_delimiter(span: Span) -> Diagnostic {
    let message = "a delimiter of a decimal has a digit or `-` in it".to_owned();
    new(Code::FW040, span, message, "", "end the digits with another byte, such as \":\" or \"\\r\\n\"")
}
