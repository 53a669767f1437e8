//! Releases of crates behind FWT/1: `adapter tokio-util`. Each codec reads from the buffer of its time.
use std::io::{BufRead, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};

use libraries::{open, Feed};

mod libraries;

fn value(hello: &str, key: &str) -> String {
    hello.split(' ').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')).unwrap_or_default().to_owned()
}

/// A codec that reports more errors than it was fed bytes would be called for ever.
fn decode(mut feed: Feed, skips: bool, stream: &[u8], seg: &str) -> String {
    let (mut out, mut fed, mut errors, mut ended) = (String::new(), 0, 0, false);
    for cut in seg.split([',', '~', '-']).filter_map(|cut| cut.parse().ok()).chain([stream.len()]) {
        let chunk = &stream[std::mem::replace(&mut fed, cut)..cut];
        let told = catch_unwind(AssertUnwindSafe(|| {
            feed(chunk, &mut |event| {
                let event = match event {
                    Ok(frame) if frame.is_empty() => ":_".to_owned(),
                    Ok(frame) => frame.iter().fold(":".to_owned(), |hex, byte| hex + &format!("{byte:02x}")),
                    Err(text) => {
                        errors += 1;
                        ended = !skips || errors > stream.len();
                        let name = if errors > stream.len() {
                            "hang"
                        } else if text.contains("MaxLineLength") {
                            "delimiter-too-far"
                        } else {
                            "error"
                        };
                        format!("!{name} {text}")
                    }
                };
                out += &format!("{cut}{event}\t");
                !ended
            });
        }));
        if told.is_err() {
            return out + &format!("{cut}!crash a panic");
        } else if ended {
            return out.trim_end().to_owned();
        }
    }
    out + "?"
}

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let library = std::env::args().nth(1).unwrap_or_default();
    let pinned = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .lines()
        .find(|line| line.starts_with(&library));
    let release = pinned.and_then(|line| line.split("\"=").nth(1)?.split('"').next()).unwrap_or("?");
    let (mut hello, mut served, mut out) = (String::new(), 0, std::io::stdout());
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let words: Vec<&str> = line.split(' ').collect();
        let reply = match words[0] {
            "fwt" => {
                hello = line.clone();
                match open(&library, &|key| value(&hello, key)) {
                    Ok(_) => format!(
                        "fwt 1 name={library} version={release} language=rust emits=frame ops=d checks=framing\n"
                    ),
                    Err(why) => format!("skip {why}\n"),
                }
            }
            "d" => {
                let hex = words[1].trim_matches('_').as_bytes();
                let stream: Vec<u8> = hex
                    .chunks(2)
                    .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
                    .collect();
                served += words.len() - 2;
                let skips = value(&hello, "oversize") == "skip";
                let feed = || open(&library, &|key| value(&hello, key)).ok();
                words[2..].iter().filter_map(|seg| Some(decode(feed()?, skips, &stream, seg) + "\n")).collect()
            }
            _ => format!("bye {served}\n"),
        };
        if out.write_all(reply.as_bytes()).and_then(|()| out.flush()).is_err() || words[0] == "q" {
            return;
        }
    }
}
