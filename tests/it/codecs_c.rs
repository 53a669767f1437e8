//! The page on C codecs shows code that is compiled and run.

use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// What stands between two marks of an example.
fn part(text: &str, name: &str) -> String {
    let (begin, end) = (format!("/* {name}: begin */\n"), format!("/* {name}: end */"));
    let from = text.find(&begin).unwrap() + begin.len();
    let to = from + text[from..].find(&end).unwrap();
    text[from..to].trim_end().to_owned()
}

#[test]
fn the_page_on_c_shows_the_examples() {
    let page = read("docs/codecs/c.md");
    let server = part(&read("conformance/codecs/c/examples/session-server.c"), "decode");
    let client = part(&read("conformance/codecs/c/examples/session-client.c"), "encode");
    let shown: Vec<&str> =
        page.split("```c\n").skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default()).collect();
    assert_eq!(shown, [server, client]);
}
