//! No file panics: random bytes, random words, and the specs that ship with mistakes put into them.

use std::fmt;

use framewright::diag::{Code, Colour, Diagnostic, Span, render};
use framewright::plan::lower;
use framewright::{model, yaml};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::diagnostics::files;

/// Parts of specs and of YAML, so that random files get past the first byte.
fn words() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(vec![
        "framewright: 1",
        "name: x",
        "frame:",
        "enums",
        "- ",
        "  ",
        "\n",
        "\r\n",
        ": ",
        ", ",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "\\",
        "#",
        " # c",
        "&a ",
        "*a",
        "!t ",
        "!<",
        ">",
        "|",
        "<<",
        "? ",
        "---",
        "...",
        "%YAML 1.2",
        "%TAG ! x",
        "\t",
        "ö",
        "\u{feff}",
        "\0",
        "u8",
        "u32 counts body",
        "bytes",
        "-",
        ":",
        "\u{85}",
        "\u{2028}",
        "\r",
    ]);
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat().into_bytes())
}

fn any_file() -> impl Strategy<Value = File> {
    prop_oneof![prop::collection::vec(any::<u8>(), 0..200), words()].prop_map(File)
}

fn scalars<'n>(node: &'n yaml::Node, found: &mut Vec<&'n yaml::Node>) {
    match &node.kind {
        yaml::NodeKind::Scalar { .. } => found.push(node),
        yaml::NodeKind::Seq(entries) => entries.iter().for_each(|entry| scalars(entry, found)),
        yaml::NodeKind::Map(pairs) => pairs.iter().for_each(|(key, value)| {
            scalars(key, found);
            scalars(value, found);
        }),
    }
}

/// A file, shown as text.
#[derive(Clone)]
struct File(Vec<u8>);

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}", String::from_utf8_lossy(&self.0))
    }
}

/// One mistake put into a file.
#[derive(Clone, Debug)]
enum Slip {
    Byte(Index, u8),
    Cut(Index, usize),
    DropLine(Index),
    RepeatLine(Index),
    SwapLines(Index, Index),
    SwapTokens(Index, Index),
    Token(Index, &'static str),
}

fn slip() -> impl Strategy<Value = Slip> {
    let words = vec![
        "u8",
        "i64le",
        "b7",
        "bytes",
        "str",
        "bytes[3]",
        "msgpack",
        "pad to 4",
        "counts",
        "frame",
        "body",
        "plus -4",
        "unit 3",
        "when",
        "via",
        "json",
        "as Opcode",
        "in 1..=2",
        "= 5",
        "= \"x\"",
        "\"",
        "-",
        ":",
        "<<",
        "&a",
        "*a",
        "!t",
        "99999999999999999999",
        "-1",
        "0x",
        "~",
        "(",
        "**",
    ];
    let at = any::<Index>;
    prop_oneof![
        1 => (at(), any::<u8>()).prop_map(|(at, byte)| Slip::Byte(at, byte)),
        1 => (at(), 1_usize..20).prop_map(|(at, len)| Slip::Cut(at, len)),
        1 => at().prop_map(Slip::DropLine),
        1 => at().prop_map(Slip::RepeatLine),
        1 => (at(), at()).prop_map(|(a, b)| Slip::SwapLines(a, b)),
        3 => (at(), at()).prop_map(|(a, b)| Slip::SwapTokens(a, b)),
        3 => (at(), prop::sample::select(words)).prop_map(|(at, word)| Slip::Token(at, word)),
    ]
}

/// Where the words of a file stand.
fn tokens(source: &[u8]) -> Vec<(usize, usize)> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, byte) in source.iter().chain(b" ").enumerate() {
        match (byte.is_ascii_whitespace(), start) {
            (true, Some(from)) => {
                tokens.push((from, at));
                start = None;
            }
            (false, None) => start = Some(at),
            (true, None) | (false, Some(_)) => {}
        }
    }
    tokens
}

fn apply(source: Vec<u8>, slip: &Slip) -> Vec<u8> {
    if source.is_empty() {
        return source;
    }
    let mut lines: Vec<Vec<u8>> = source.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let tokens = tokens(&source);
    let mut source = source;
    match slip {
        Slip::Byte(at, byte) => *at.get_mut(&mut source) = *byte,
        Slip::Cut(at, len) => {
            let at = at.index(source.len());
            let end = source.len().min(at + len);
            source.drain(at..end);
        }
        Slip::DropLine(at) => {
            lines.remove(at.index(lines.len()));
            source = lines.concat();
        }
        Slip::RepeatLine(at) => {
            let at = at.index(lines.len());
            lines.insert(at, lines[at].clone());
            source = lines.concat();
        }
        Slip::SwapLines(a, b) => {
            let (a, b) = (a.index(lines.len()), b.index(lines.len()));
            lines.swap(a, b);
            source = lines.concat();
        }
        Slip::SwapTokens(a, b) if !tokens.is_empty() => {
            let (a, b) = (*a.get(&tokens), *b.get(&tokens));
            let (a, b) = (a.min(b), a.max(b));
            if a != b {
                let parts = [&source[..a.0], &source[b.0..b.1], &source[a.1..b.0], &source[a.0..a.1], &source[b.1..]];
                source = parts.concat();
            }
        }
        Slip::Token(at, word) if !tokens.is_empty() => {
            let (start, end) = *at.get(&tokens);
            source.splice(start..end, word.bytes());
        }
        Slip::SwapTokens(..) | Slip::Token(..) => {}
    }
    source
}

fn spec_with_slips() -> impl Strategy<Value = File> {
    let specs: Vec<Vec<u8>> =
        ["spec", "spec/lfbfd"].iter().flat_map(|folder| files(folder, "yaml")).map(|(_, source)| source).collect();
    (prop::sample::select(specs), prop::collection::vec(slip(), 1..5))
        .prop_map(|(source, slips)| File(slips.iter().fold(source, apply)))
}

/// What holds for the diagnostics of every file.
fn judge(source: &[u8], diagnostics: &[Diagnostic]) -> Result<(), TestCaseError> {
    prop_assert!(diagnostics.is_sorted_by_key(|d| (d.span, d.code)));
    for d in diagnostics {
        let inside = |span: Span| span.start <= span.end && span.end <= source.len();
        prop_assert!(inside(d.span) && d.second.as_ref().is_none_or(|(second, _)| inside(*second)), "{:?}", d);
        prop_assert!(!d.message.is_empty() && !d.help.is_empty() && !d.message.contains('\n'), "{:?}", d);
    }
    prop_assert_eq!(render("x.yaml", source, diagnostics, Colour::Always).is_empty(), diagnostics.is_empty());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_bytes_give_a_tree_or_a_diagnostic_and_spans_inside_the_file(File(source) in any_file()) {
        let (root, diagnostics) = yaml::parse(&source);
        prop_assert!(root.is_some() || !diagnostics.is_empty());
        judge(&source, &diagnostics)?;
        let mut found = Vec::new();
        root.iter().for_each(|root| scalars(root, &mut found));
        for node in found {
            prop_assert!(node.span.start <= node.span.end && node.span.end <= source.len(), "{:?}", node);
            if let yaml::NodeKind::Scalar { text, text_start: Some(start), .. } = &node.kind {
                prop_assert_eq!(&source[*start..*start + text.len()], text.as_bytes());
            }
        }
    }

    #[test]
    fn any_bytes_and_any_slips_give_a_plan_or_diagnostics(File(source) in prop_oneof![1 => any_file(), 4 => spec_with_slips()]) {
        match model::load(&source) {
            Ok(protocol) => {
                let plan = lower(&protocol);
                prop_assert!(1 <= plan.min_frame && plan.min_frame <= plan.max_frame);
            }
            Err(diagnostics) => {
                prop_assert!(!diagnostics.is_empty());
                judge(&source, &diagnostics)?;
            }
        }
    }

    #[test]
    fn any_spans_of_any_bytes_are_rendered(
        File(source) in any_file(),
        spans in prop::collection::vec((0_usize..300, 0_usize..300, prop::option::of((0_usize..300, 0_usize..300))), 1..4),
    ) {
        let diagnostics: Vec<Diagnostic> = spans.into_iter().map(|(start, end, second)| Diagnostic {
            code: Code::FW001,
            message: "m".to_owned(),
            span: Span { start, end },
            label: String::new(),
            second: second.map(|(start, end)| (Span { start, end }, "s".to_owned())),
            help: "h".to_owned(),
        }).collect();
        let text = render("x.yaml", &source, &diagnostics, Colour::Never);
        prop_assert_eq!(text.matches("error[FW001]: m").count(), diagnostics.len());
    }
}
