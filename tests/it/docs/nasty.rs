//! Names and sentences that would be markup.

use framewright::plan::{Plan, lower};
use framewright::{catalogue, model};

use super::markdown::{Read, is_sound};
use super::{Documented, packet};

const NASTY: &[&str] = &[
    "a|b",
    "`code`",
    "``",
    "<script>alert(1)</script>",
    "&lt;&amp;&#124;",
    "]]> --> <!-- ",
    "*bold* _it_ __x__ ~~gone~~",
    "[link](javascript:alert(1)) ![image](x.png)",
    "\\| \\",
    "two\n\n# lines\n- item",
    "1. one",
    "- item",
    "=====",
    "\u{0}\u{1}\u{1f}\u{7f}\u{fffe}\u{ffff}",
    "\u{202e}desrever\u{2066}",
    "日本語の名前",
    "e\u{301}\u{1f600}",
    "a name of more characters than any box in a diagram can hold, however it may be laid out by whoever draws it",
    "https://example.org/a_b*c_d|e and http://<b>",
    "{{ 7 * 7 }} {% raw %}",
    "$x$ \"quoted\" 'single'",
];

/// What is left of a text that is shown: one line without what cannot be seen.
fn visible(words: &str) -> String {
    let turns = |each: char| matches!(each, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String =
        words.chars().filter(|each| !turns(*each)).map(|each| if each.is_control() { ' ' } else { each }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn with(plan: &Plan, words: &str) -> Plan {
    let mut plan = plan.clone();
    plan.doc = words.to_owned();
    let number = |at: usize| format!("{words}{at}");
    for (at, slot) in plan.slots.iter_mut().enumerate() {
        slot.name = number(at);
        slot.doc = words.to_owned();
    }
    for (at, region) in plan.regions.iter_mut().enumerate() {
        region.what = number(at);
    }
    for (at, sum) in plan.sums.iter_mut().enumerate() {
        sum.what = number(at);
    }
    for (at, known) in plan.enums.iter_mut().enumerate() {
        known.name = number(at);
        for (at, (_, name)) in known.members.iter_mut().enumerate() {
            *name = number(at);
        }
        known.other = known.other.as_ref().map(|_| words.to_owned());
    }
    plan
}

pub(super) fn stays_text() {
    let shipped = ["msgpack-rpc-lite", "dns-tcp", "line", "amqp"].map(|name| catalogue::spec(name).unwrap());
    for text in shipped.into_iter().chain([super::SUMS]) {
        let plan = lower(&model::load(text.as_bytes()).unwrap());
        for words in NASTY {
            let documented = Documented::new(with(&plan, words), None);
            is_sound(&documented);
            for file in documented.files.iter().filter(|file| file.path.ends_with(".svg")) {
                packet::is_readable(&file.path, std::str::from_utf8(&file.bytes).unwrap());
            }
            let read = Read::new(documented.page());
            for at in 0..plan.slots.len() {
                let shown = visible(&format!("{words}{at}"));
                assert!(read.text.contains(&shown), "{shown:?} is not in\n{}", read.text);
            }
            assert!(read.text.contains(&visible(words)), "{words:?} is not in\n{}", documented.page());
            let safe = |link: &String| link.starts_with('#') || link.starts_with("https://example.org/a_b");
            assert!(read.links.iter().all(safe), "{:?}", read.links);
            assert!(read.headings.iter().all(|heading| !heading.contains("lines\n")), "{:?}", read.headings);
        }
    }
}
