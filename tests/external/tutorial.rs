//! The tutorial and the example of the testee protocol do what their pages say.

use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn framewright(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_framewright")).current_dir(ROOT).args(args).output().unwrap()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{ROOT}/{path}")).unwrap()
}

#[test]
fn the_decoder_of_the_tutorial_fails_as_its_page_says_and_passes_once_mended() {
    let page = read("docs/tutorial.md");
    let command = ["python3", "docs/tutorial/decoder.py"];
    let found = framewright(&[&["test", "docs/tutorial/ping.yaml", "--"], &command[..]].concat());
    assert_eq!(found.status.code(), Some(1));
    let shown = String::from_utf8(found.stdout).unwrap();
    let first = shown.split("\n\n").next().unwrap();
    assert!(page.contains(first), "the page does not show:\n{first}");

    let replay = first.lines().last().unwrap().trim().strip_prefix("replay    framewright ").unwrap();
    let again = framewright(&replay.split(' ').collect::<Vec<_>>());
    assert_eq!(again.status.code(), Some(1), "{replay}");
    let again = String::from_utf8(again.stdout).unwrap();
    assert!(page.contains(again.trim_end()), "the page does not show:\n{again}");

    let (fault, mended) = ("self.rest = buf if len(buf) >= HEADER else b\"\"", "self.rest = buf");
    assert!(page.contains(fault) && page.contains(mended));
    let text = read("docs/tutorial/decoder.py");
    assert!(text.contains(fault));
    let file = std::env::temp_dir().join(format!("framewright-tutorial-{}.py", std::process::id()));
    std::fs::write(&file, text.replace(fault, mended)).unwrap();
    let passed = framewright(&["test", "docs/tutorial/ping.yaml", "--", "python3", file.to_str().unwrap()]);
    assert_eq!(passed.status.code(), Some(0), "{}", String::from_utf8_lossy(&passed.stdout));
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn the_example_of_the_testee_protocol_is_the_file_that_is_run_and_passes() {
    let page = read("conformance/README.md");
    let shown = page.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(shown, read("conformance/testees/example-python/testee.py"));
    let found =
        framewright(&["test", "msgpack-stream", "--", "python3", "conformance/testees/example-python/testee.py"]);
    assert_eq!(found.status.code(), Some(0), "{}", String::from_utf8_lossy(&found.stdout));
}
