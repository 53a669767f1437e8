//! Where nodes stand: each is shown with the text at its span, and with the text that `part` finds inside it.

use framewright::yaml::{Node, NodeKind, parse};

/// One line a node: its kind, the text at its span, `=` where the scalar's text stands in the file as it is.
fn show(source: &str, node: &Node, out: &mut Vec<String>) {
    let at = source[node.span.start..node.span.end].replace('\n', "⏎").replace('\r', "␍");
    match &node.kind {
        NodeKind::Scalar { text, text_start, .. } => {
            let verbatim = if text_start.is_some() { "=" } else { "" };
            out.push(format!("scalar{verbatim} {text:?} at {at}"));
            if text_start.is_some() {
                let part = node.part(0, text.len());
                assert_eq!(&source[part.start..part.end], text);
            }
        }
        NodeKind::Seq(entries) => {
            out.push(format!("list at {at}"));
            entries.iter().for_each(|entry| show(source, entry, out));
        }
        NodeKind::Map(pairs) => {
            out.push(format!("map at {at}"));
            for (key, value) in pairs {
                show(source, key, out);
                show(source, value, out);
            }
        }
    }
}

#[track_caller]
fn check(source: &str, expected: &[&str]) {
    let (root, diagnostics) = parse(source.as_bytes());
    assert_eq!(diagnostics, []);
    let mut found = Vec::new();
    show(source, &root.unwrap(), &mut found);
    assert_eq!(found, expected);
}

#[test]
fn plain_and_quoted_scalars() {
    check(
        "a: u8 = 1 # one\nb: \"x y\" # two\nc: 'it''s'\nd: \"\\r\"\ne: 'q'\n",
        &[
            r#"map at a: u8 = 1 # one⏎b: "x y" # two⏎c: 'it''s'⏎d: "\r"⏎e: 'q'"#,
            r#"scalar= "a" at a"#,
            r#"scalar= "u8 = 1" at u8 = 1"#,
            r#"scalar= "b" at b"#,
            r#"scalar= "x y" at "x y""#,
            r#"scalar= "c" at c"#,
            r#"scalar "it's" at 'it''s'"#,
            r#"scalar= "d" at d"#,
            r#"scalar "\r" at "\r""#,
            r#"scalar= "e" at e"#,
            r#"scalar= "q" at 'q'"#,
        ],
    );
}

#[test]
fn a_value_that_is_missing_stands_at_its_colon() {
    check(
        "a:\nb: {c}\n",
        &[
            "map at a:⏎b: {c}",
            r#"scalar= "a" at a"#,
            r#"scalar "" at :"#,
            r#"scalar= "b" at b"#,
            "map at {c}",
            r#"scalar= "c" at c"#,
            r#"scalar "" at "#,
        ],
    );
}

#[test]
fn text_of_several_lines_is_not_verbatim() {
    check(
        "a: one\n  two\nb: |\n  x\n  y\n\nc: d\n",
        &[
            "map at a: one⏎  two⏎b: |⏎  x⏎  y⏎⏎c: d",
            r#"scalar= "a" at a"#,
            r#"scalar "one two" at one⏎  two"#,
            r#"scalar= "b" at b"#,
            r#"scalar "x\ny\n" at x⏎  y"#,
            r#"scalar= "c" at c"#,
            r#"scalar= "d" at d"#,
        ],
    );
}

#[test]
fn lists_begin_at_their_first_dash_or_bracket() {
    check(
        "a:\n- b\n- - c\nd: [ e , {f: g} ] # h\n",
        &[
            "map at a:⏎- b⏎- - c⏎d: [ e , {f: g} ]",
            r#"scalar= "a" at a"#,
            "list at - b⏎- - c",
            r#"scalar= "b" at b"#,
            "list at - c",
            r#"scalar= "c" at c"#,
            r#"scalar= "d" at d"#,
            "list at [ e , {f: g} ]",
            r#"scalar= "e" at e"#,
            "map at {f: g}",
            r#"scalar= "f" at f"#,
            r#"scalar= "g" at g"#,
        ],
    );
}

#[test]
fn bytes_are_counted_behind_a_mark_wide_characters_and_crlf() {
    check(
        "\u{feff}doc: größe → x # é\r\nname: 'ü'\r\nframe: [ä: \"ö\"]\r\n",
        &[
            "map at doc: größe → x # é␍⏎name: 'ü'␍⏎frame: [ä: \"ö\"]",
            r#"scalar= "doc" at doc"#,
            r#"scalar= "größe → x" at größe → x"#,
            r#"scalar= "name" at name"#,
            r#"scalar= "ü" at 'ü'"#,
            r#"scalar= "frame" at frame"#,
            r#"list at [ä: "ö"]"#,
            r#"map at ä: "ö""#,
            r#"scalar= "ä" at ä"#,
            r#"scalar= "ö" at "ö""#,
        ],
    );
}
