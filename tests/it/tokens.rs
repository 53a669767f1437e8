//! What a fuzzer is told of a protocol.

use framewright::plan::{dictionary, tokens};

use crate::geometry::plan;

#[test]
fn tokens_are_what_stands_on_the_wire() {
    let of = |fields: &str| -> Vec<(String, Vec<u8>)> {
        let head = "framewright: 1\nname: t\nmax_frame: 1000\nenums: { Kind: { 1: open, 2: data } }\nframe:\n";
        tokens(&plan(&format!("{head}{fields}"))).into_iter().map(|token| (token.field, token.bytes)).collect()
    };
    let token = |field: &str, bytes: &[u8]| (field.to_owned(), bytes.to_vec());
    // The first member of the enum is already there as an edge of the range; any byte will do for the flags.
    assert_eq!(
        of("  - magic: u16 = 0xCAFE\n  - version: u8 in 1..=3\n  - kind: u8 as Kind\n  - flags: u8\n  \
            - length: u16le counts body\n  - body: bytes\n"),
        [
            token("magic", &[0xca, 0xfe]),
            token("version", &[1]),
            token("version", &[3]),
            token("kind", &[2]),
            token("length", &[0xe8, 0x03]),
        ]
    );
    // A byte holds less than 1000.
    assert_eq!(of("  - length: u8 counts body\n  - body: bytes\n"), [token("length", &[0xff])]);
    assert_eq!(of("  - line: bytes until \"\\r\\n\" or \";\" max 80\n"), [token("line", b"\r\n"), token("line", b";")]);
}

/// libFuzzer's format: a name, and bytes in hexadecimal escapes between quotes.
#[test]
fn a_dictionary_has_a_line_for_each_token() {
    let text = "framewright: 1\nname: t\nframe:\n  - magic: u16 = 0xCAFE\n  - version: u8 in 1..=2\n";
    assert_eq!(dictionary(&plan(text)), "magic_0=\"\\xCA\\xFE\"\nversion_1=\"\\x01\"\nversion_2=\"\\x02\"\n");
}
