//! Old releases of real libraries, each with a bug that its maintainers know of: an ordinary run of the protocol's vectors finds it,
//! and the release that is rid of it passes the vector that did. `conformance/rediscovered/README.md` shows them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;
use serde_json::Value;

const FOLDER: &str = "conformance/rediscovered";
/// Runs at a time.
const WORKERS: usize = 2;

#[derive(Deserialize)]
struct Listing {
    bugs: Vec<Bug>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bug {
    release: String,
    mended: String,
    spec: String,
    catches: Catches,
    fault: String,
    link: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catches {
    vector: String,
    class: String,
}

/// The only run's report. The name of a release ends with what the library says of itself.
fn report(release: &str, spec: &str, filter: &[&str]) -> Value {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{release}-{}.json", filter.len()));
    let spec = if spec.contains('.') { format!("{FOLDER}/spec/{spec}") } else { spec.to_owned() };
    let output = Command::new(env!("CARGO_BIN_EXE_framewright"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["test", &spec, "--testees-file", &format!("{FOLDER}/testees.yaml"), "--testee", release])
        .arg(format!("--report=json={}", path.display()))
        .args(filter)
        .output()
        .unwrap();
    let text = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{release}: {output:?}"));
    let run = serde_json::from_str::<Value>(&text).unwrap()["runs"][0].take();
    let version = run["version"].as_str().unwrap();
    assert!(release.ends_with(version) && !version.is_empty(), "{release} is {version:?}: {run:#}");
    run
}

fn vector<'a>(run: &'a Value, id: &str) -> &'a Value {
    let mut vectors = run["vectors"].as_array().unwrap().iter();
    vectors.find(|vector| vector["id"] == id).unwrap_or_else(|| panic!("no vector {id} of {}", run["protocol"]))
}

/// Bytes with a mark at each cut; of a long run of equal bytes, how many.
fn marked(stream: &str, cuts: &str) -> String {
    let bytes: Vec<&str> = (0..stream.len()).step_by(2).map(|at| &stream[at..at + 2]).collect();
    let cuts: Vec<usize> = cuts.split(',').filter_map(|cut| cut.parse().ok()).collect();
    let (mut text, mut at) = (Vec::new(), 0);
    loop {
        text.extend(cuts.iter().filter(|cut| **cut == at).map(|_| "‖".to_owned()));
        let Some(byte) = bytes.get(at) else { break };
        let alike = |end: &usize| bytes[*end] == *byte && (*end == at || !cuts.contains(end));
        let run = (at..bytes.len()).take_while(alike).count();
        if run > 8 {
            text.push(format!("{byte}×{run}"));
            at += run;
        } else {
            text.push((*byte).to_owned());
            at += 1;
        }
    }
    text.join(" ")
}

/// The bug's row of the table, once the old release has it and the mended one is rid of it.
fn row(bug: &Bug) -> Result<String, String> {
    let Catches { vector: id, class } = &bug.catches;
    let old = report(&bug.release, &bug.spec, &[]);
    let caught = vector(&old, id);
    let finding = caught["findings"].as_array().unwrap().iter().find(|finding| finding["kind"] == class.as_str());
    let finding = finding.ok_or_else(|| format!("{}: no {class} in {id}, but {caught:#}", bug.release))?;
    if finding["level"] != "must" {
        return Err(format!("{}: {class} in {id} is advice only", bug.release));
    }
    let new = report(&bug.mended, &bug.spec, &["--filter", id]);
    let passed = vector(&new, id);
    if !["pass", "should", "may"].contains(&passed["verdict"].as_str().unwrap()) || passed["cases"] == 0 {
        return Err(format!("{}: {id} fails still: {passed:#}", bug.mended));
    }
    Ok(format!(
        "| {} | {} | [{}]({}) | `{}/{id}`: {} | {class} | `{}` |\n",
        bug.release,
        new["version"].as_str().unwrap(),
        bug.fault.trim_end_matches('.'),
        bug.link,
        old["protocol"].as_str().unwrap(),
        caught["name"].as_str().unwrap().replace('|', "\\|"),
        marked(finding["stream"].as_str().unwrap(), finding["cuts"].as_str().unwrap()),
    ))
}

#[test]
fn known_bugs_are_found_in_the_releases_that_had_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(root.join(FOLDER).join(file)).unwrap();
    let Listing { bugs } = serde_yaml::from_str(&read("bugs.yaml")).unwrap();
    let (next, rows) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some((at, bug)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, bugs.get(at)?)))
                {
                    let row = row(bug);
                    rows.lock().unwrap().insert(at, row);
                }
            });
        }
    });
    let rows = rows.into_inner().unwrap().into_values();
    let (rows, faults): (Vec<_>, Vec<_>) = rows.partition(Result::is_ok);
    assert!(faults.is_empty(), "{}", faults.into_iter().filter_map(Result::err).collect::<Vec<_>>().join("\n"));

    let table: String = rows.into_iter().flatten().collect();
    let page = read("README.md");
    let head = page
        .split_inclusive('\n')
        .take_while(|line| !line.starts_with("| ") || line.starts_with("| release"))
        .collect::<String>();
    let fresh = root.join("target/rediscovered.md");
    if page != format!("{head}{table}") {
        std::fs::write(&fresh, format!("{head}{table}")).unwrap();
        panic!("{FOLDER}/README.md is not fresh: cp target/rediscovered.md {FOLDER}/README.md");
    }
}
