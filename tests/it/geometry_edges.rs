//! Where geometries, specs made of them and diagrams turn from one form to the other.

use framewright::model;
use framewright::plan::geometry::{Geometry, LengthField, geometry, unchecked};
use framewright::plan::{Endian, Plan, diagram, import, lower};

fn plan(max_frame: &str, fields: &[&str], more: &str) -> Plan {
    let fields = fields.join("\n  - ");
    let text = format!("framewright: 1\nname: t\nmax_frame: {max_frame}\nframe:\n  - {fields}\n{more}");
    lower(&model::load(text.as_bytes()).unwrap_or_else(|errors| panic!("{text}{errors:?}")))
}

/// The lines of a spec behind its name.
fn imported(geometry: &Geometry) -> Result<String, String> {
    let text = import::spec("t", "", geometry, None)?;
    Ok(text.strip_prefix("framewright: 1\nname: t\n").unwrap_or(&text).to_owned())
}

fn length(adjust: i64, strip: u64, max_frame: u64) -> Geometry {
    let field = LengthField { offset: 0, width: 2, endian: Endian::Big, signed: false, adjust, strip, max_frame };
    Geometry::LengthField(field)
}

#[test]
fn a_spec_is_made_of_every_length_field() {
    let body = "  - body: bytes\n";
    let table = [
        (
            length(0, 5, 100),
            format!("100\nframe:\n  - length: u16 counts extra..body\n  - extra: bytes[3]\n{body}emit: body\n"),
        ),
        (
            length(1, 2, 100),
            format!("100\nframe:\n  - length: u16 counts body\n  - header: bytes[1]\n{body}emit: header..body\n"),
        ),
        (
            length(1, 1, 100),
            format!("100\nframe:\n  - length: u16 counts body\n  - header: bytes[1]\n{body}emit: strip 1\n"),
        ),
        // The header alone.
        (length(0, 0, 2), format!("2\nframe:\n  - length: u16 counts body\n{body}")),
    ];
    for (geometry, text) in table {
        assert_eq!(imported(&geometry), Ok(format!("max_frame: {text}")));
    }
    assert_eq!(imported(&length(0, 0, 1)), Err("the largest frame has 1 bytes, and the header takes 2".to_owned()));
}

#[test]
fn a_spec_is_made_of_every_fixed_size() {
    let fixed = |size, strip| imported(&Geometry::Fixed { size, strip });
    assert_eq!(fixed(4, 0), Ok("frame:\n  - record: bytes[4]\n".to_owned()));
    assert_eq!(fixed(4, 4), Ok("frame:\n  - record: bytes[4]\nemit: strip 4\n".to_owned()));
    assert_eq!(fixed(4, 5), Err("frames of 4 bytes cannot be stripped of 5".to_owned()));
    // Up to 16 MiB nothing has to be said of the largest frame.
    assert_eq!(fixed(1 << 24, 0), Ok("frame:\n  - record: bytes[16777216]\n".to_owned()));
    assert_eq!(fixed(1 << 25, 0), Ok("max_frame: 32 MiB\nframe:\n  - record: bytes[33554432]\n".to_owned()));
    assert_eq!(fixed((1 << 24) + 1, 0), Ok("max_frame: 16777217\nframe:\n  - record: bytes[16777217]\n".to_owned()));
}

#[test]
fn a_spec_is_made_of_every_delimiter() {
    let of = |delimiter: &[u8], max_content| {
        imported(&Geometry::Delimiter { delimiters: vec![delimiter.to_vec()], emit_stripped: false, max_content })
    };
    let record = |delimiter: &str, max: u64| format!("frame:\n  - record: bytes until \"{delimiter}\" max {max}\n");
    assert_eq!(of(b"\r\n", (1 << 24) - 2), Ok(record(r"\r\n", (1 << 24) - 2)));
    assert_eq!(of(b"\r\n", (1 << 24) - 1), Ok(format!("max_frame: 16777217\n{}", record(r"\r\n", (1 << 24) - 1))));
    assert_eq!(of(b"\t\0\"\\a ~\x7f", 9), Ok(record(r#"\t\0\"\\a\x20~\x7f"#, 9)));
}

#[test]
fn the_content_of_a_delimited_frame_has_a_bound() {
    let most = |field: &str| match geometry(&plan("50", &[field], "")) {
        Ok(Geometry::Delimiter { max_content, .. }) => max_content,
        other => panic!("{other:?}"),
    };
    assert_eq!(most(r#"line: bytes until "\n" max 20"#), 20);
    assert_eq!(most(r#"line: bytes until "\n" max 49"#), 49);
    // With its delimiter it would have 61 bytes.
    assert_eq!(most(r#"line: bytes until "\n" max 60"#), 49);
    assert_eq!(most(r#"line: bytes until "\n" or "\0""#), 49);
}

#[test]
fn bits_in_front_of_a_length_leave_it_a_length() {
    let bits = plan(
        "100",
        &["bits: { order: msb, of: [ { a: b4 }, { b: b4 } ] }", "length: u16 counts body", "body: bytes"],
        "",
    );
    let expected =
        LengthField { offset: 1, width: 2, endian: Endian::Big, signed: false, adjust: 0, strip: 0, max_frame: 100 };
    assert_eq!(geometry(&bits), Ok(Geometry::LengthField(expected)));
}

/// `pad to 4` reaches up to the next multiple of 4 from the frame's start.
#[test]
fn padding_behind_fixed_fields_has_a_fixed_size() {
    for (fields, size) in [
        (&["a: u8", "gap: pad to 4"][..], 4),
        (&["a: u32", "gap: pad to 4"], 4),
        (&["a: u8", "gap: pad to 4", "b: u16", "more: pad to 4", "c: u8"], 9),
    ] {
        assert_eq!(geometry(&plan("100", fields, "")), Ok(Geometry::Fixed { size, strip: 0 }));
    }
    // Behind four bytes there is nothing to pad, whether the condition holds or not.
    let nothing = plan("100", &["kind: u32", "gap: { type: pad to 4, when: kind == 1 }"], "");
    assert_eq!(geometry(&nothing), Ok(Geometry::Fixed { size: 4, strip: 0 }));
    let padded = plan("100", &["kind: u8", "gap: pad to 4", "length: u16 counts body", "body: bytes"], "");
    let expected =
        LengthField { offset: 4, width: 2, endian: Endian::Big, signed: false, adjust: 0, strip: 0, max_frame: 100 };
    assert_eq!(geometry(&padded), Ok(Geometry::LengthField(expected)));
}

#[test]
fn what_has_a_size_of_its_own_is_the_reason() {
    let reason = |fields: &[&str], more| geometry(&plan("100", fields, more)).unwrap_err();
    let table: [(&[&str], &str, &str); 8] = [
        (
            &["kind: u8", "length: u8 counts x..body", "x: u8 when kind == 1", "body: bytes", "y: u8 when kind == 2"],
            "",
            "`y` is optional, and no length counts it",
        ),
        (
            &["kind: u8", "length: u8 counts x..body", "x: u8 when kind == 1", "body: bytes", "y: u8 when kind == 1"],
            "",
            "`y` is optional, and no length counts it",
        ),
        (
            &["kind: u8", "length: u8 counts x..body", "x: u8 when kind == 1", "body: bytes"],
            "emit: x..body\n",
            "`emit` hands out `x`, which is optional",
        ),
        (
            &["kind: u8", "length: u8 counts body..x", "body: bytes", "x: u8 when kind == 1"],
            "emit: body..x\n",
            "`emit` hands out `x`, which is optional",
        ),
        (
            &["kind: u8", r#"extra: bytes until "\0" max 9 when kind == 1"#, "end: u8"],
            "",
            "`extra` is optional, and no length counts it",
        ),
        (
            &["object: msgpack", "end: u8"],
            "",
            "`object` finds its own end, but is not the whole frame, and no length counts it",
        ),
        (&["name: bytes u8", "gap: pad to 4"], "", "the padding depends on sizes before it, and no length counts it"),
        (
            &["a: u16", "gap: pad[2]"],
            "emit: a\n",
            "`emit` hands out `a` and not what follows it, padding; framing decoders strip the front only",
        ),
    ];
    for (fields, more, text) in table {
        assert_eq!(reason(fields, more), text);
    }
}

#[test]
fn a_framer_does_not_check_a_length_inside_the_frame() {
    let nested =
        plan("100", &["length: u16 counts inner..rest", "inner: u8 counts name", "name: bytes", "rest: bytes"], "");
    assert_eq!(unchecked(&nested), ["`inner`"]);
}

/// The rows of a packet diagram that are not rules or bits' numbers, without spaces at their ends.
fn rows(fields: &[&str], more: &str) -> Vec<String> {
    let text = diagram::diagram(&plan("5000", fields, more));
    let rows = text.lines().filter(|line| line.starts_with(['|', '/']));
    rows.map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn bits_have_cells_of_their_own_where_they_stand_side_by_side() {
    let group = |more: &str| format!("bits: {{ order: msb{more}, of: [ {{ a: b4 }}, {{ b: b4 }}, {{ c: b8 }} ] }}");
    let first = |fields: &[&str], more: &str| {
        let text = diagram::diagram(&plan("5000", fields, more));
        text.lines().find(|line| line.starts_with('|')).unwrap_or_default().to_owned()
    };
    assert_eq!(first(&[&group("")], ""), "|   a   |   b   |       c       |");
    assert_eq!(first(&[&group("")], "endian: little\n"), "|           a | b | c           |");
    let byte = "bits: { order: msb, of: [ { a: b4 }, { b: b4 } ] }";
    assert_eq!(first(&[byte], "endian: little\n"), "|   a   |   b   |");
    assert_eq!(rows(&["kind: u8", &group(", when: kind == 1")], "")[1], "/ a | b | c (2 bytes) if kind == 1 /");
    assert_eq!(rows(&["large: bytes[4000]"], ""), ["/ large (4000 bytes) /"]);
}

/// Row by row; the rules between are left out.
#[test]
fn the_wider_part_of_a_cell_has_its_label_and_of_two_equal_ones_the_upper() {
    assert_eq!(rows(&["a: u16", "b: u32"], ""), ["| a | b |", "| |"]);
    assert_eq!(rows(&["a: u24", "b: u16"], ""), ["| a | b |", "| |"]);
    assert_eq!(rows(&["a: u24", "b: u24"], ""), ["| a | |", "| b |"]);
}

#[test]
fn constants_and_lengths_have_their_labels() {
    let constants = ["a: u8 = 9", "b: u8 = 10", "c: i8 = -20", "d: u8 = 0"];
    assert_eq!(rows(&constants, ""), ["| a = 9 | b = 0xA | c = -20 | d = 0 |"]);
    for (bytes, label) in [
        ("\"AB~!\"", "\"AB~!\""),
        ("0x4122", "0x4122"),
        ("0x415c", "0x415c"),
        ("0x4120", "0x4120"),
        ("0xff41", "0xff41"),
    ] {
        assert_eq!(
            rows(&[&format!("a: bytes = {bytes}"), "b: u64"], "")[0].split(" |").next(),
            Some(&*format!("| a = {label}"))
        );
    }
    for (condition, label) in
        [("-kind == -1", "(-kind) == (-1)"), ("!kind", "!kind"), ("~kind == -1", "(~kind) == (-1)")]
    {
        let extra = format!("x: u8 when {condition}");
        assert_eq!(rows(&["kind: u8", &extra], "")[1], format!("/ x (1 byte) if {label} /"));
    }
    assert_eq!(rows(&["name: bytes u32"], "")[0], "| name length |");
}

#[test]
fn delimiters_are_escaped_for_each_peer() {
    let shown = |field: &str, emit: &str| diagram::show(&plan("5000", &[field], emit));
    let rust = shown(r#"x: bytes until "\t" or "\"" or "\\" or "$" or "\r" or "\n" max 9"#, "emit: x\n");
    assert!(rust.contains(r#"b"\t\"\\$\r\n".to_vec()"#), "{rust}");
    let php = shown(r#"x: bytes until "$\t\"\\\r\n" max 9"#, "");
    assert!(php.contains(r#""\$\t\"\\\r\n""#), "{php}");
}
