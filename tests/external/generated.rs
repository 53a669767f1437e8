//! Generated codecs, compiled and run by the tools of their languages.
//!
//! `FRAMEWRIGHT_RANDOM_SPECS` says how many random specs (80), `FRAMEWRIGHT_SEED` which.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use framewright::backends::{File, LANGUAGES, generate};
use framewright::interp::{Decoder, End, Event, encode, fields_to_json, inputs};
use framewright::model::{self, Protocol};
use framewright::plan::{Plan, lower};
use framewright::segment::Rng;
use framewright::value::to_hex;
use serde_json::Value as Json;

use crate::naive::{first_session, judge};
use crate::random_specs::{frames, spec, tape::Tape};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What random specs have found, as plain specs.
const FOUND: &str = "tests/external/found";

/// Generates codecs and their testee, and builds it. Gives the program.
fn build(language: &str, what: &str, plans: &[Plan]) -> PathBuf {
    let folder = Path::new(ROOT).join("target/generated").join(format!("{language}-{what}"));
    let _ = fs::remove_dir_all(&folder);
    for File { path, bytes, .. } in generate(language, plans, &["testee"]).unwrap() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let script = Path::new(ROOT).join("conformance/codecs").join(language).join("build.sh");
    let output =
        Command::new(&script).arg(&folder).output().unwrap_or_else(|error| panic!("{}: {error}", script.display()));
    assert!(
        output.status.success(),
        "{language}, {what}:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    folder.join("testee")
}

fn yaml(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(ROOT).join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|it| it == "yaml")).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{folder}");
    paths
}

/// `framewright test` over a testee: everything passes, nothing is skipped.
fn passes(language: &str, testee: &Path, specs: &[PathBuf], cuts: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_framewright"))
        .arg("test")
        .args(specs)
        .args(["--strict", "--cuts", cuts, "--"])
        .arg(testee)
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && stdout.contains(" 0 failed, 0 known, 0 not applicable"),
        "{language}: {}\n{stdout}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{language}: {}", stdout.lines().last().unwrap());
}

/// Languages whose testee takes several times the processor time of the others.
const SLOW: [&str; 3] = ["php", "python", "typescript"];

/// Every vector of every spec, under `square`. The slow languages take the catalogue under `random`, a sixth of the cases, which finds each fault
/// that `docs/mutants.md` plants, too; what their decoders are made of is in the specs that use every construct, which they take under `square`.
fn every_spec(language: &str) {
    let catalogue = [yaml("spec"), yaml("spec/lfbfd")].concat();
    let constructs = [yaml("conformance/codecs/specs"), yaml(FOUND)].concat();
    let specs = catalogue.iter().chain(&constructs);
    let plans: Vec<Plan> = specs.map(|path| lower(&model::load(&fs::read(path).unwrap()).unwrap())).collect();
    let testee = build(language, "specs", &plans);
    passes(language, &testee, &constructs, "square");
    passes(language, &testee, &catalogue, if SLOW.contains(&language) { "random" } else { "square" });
}

struct Random {
    name: String,
    protocol: Protocol,
    plan: Arc<Plan>,
}

fn tape_of(rng: &mut Rng, len: usize) -> Vec<u8> {
    (0..len).map(|_| (rng.bits() >> 56) as u8).collect()
}

/// So many random specs, and those of [`FOUND`].
fn random(folder: &Path, rng: &mut Rng, count: usize) -> (Vec<Random>, Vec<PathBuf>) {
    fs::create_dir_all(folder).unwrap();
    let mut paths = Vec::new();
    let mut all = Vec::new();
    for index in 0..count {
        let len = 20 + rng.below(140);
        let choices = tape_of(rng, len);
        let (text, _) = spec::protocol(&choices, (rng.bits() >> 56) as u8).unwrap();
        let name = format!("random-{index}");
        let text = text.replace("name: random\n", &format!("name: {name}\n"));
        let protocol = model::load(text.as_bytes()).unwrap();
        let plan = Arc::new(lower(&protocol));
        let path = folder.join(format!("{name}.yaml"));
        fs::write(&path, text).unwrap();
        paths.push(path);
        all.push(Random { name, protocol, plan });
    }
    for path in yaml(FOUND) {
        let protocol = model::load(&fs::read(&path).unwrap()).unwrap();
        let plan = Arc::new(lower(&protocol));
        paths.push(path);
        all.push(Random { name: protocol.name.clone(), protocol, plan });
    }
    (all, paths)
}

/// What a testee has to reply for a segmentation; no line ends.
fn expected(plan: &Arc<Plan>, stream: &[u8], cuts: &[usize]) -> Vec<String> {
    let mut decoder = Decoder::new(Arc::clone(plan));
    let (mut fields, mut fed) = (Vec::new(), 0);
    for end in cuts.iter().copied().chain([stream.len()]) {
        let mut events = Vec::new();
        decoder.feed(&stream[fed..end], &mut events);
        fed = end;
        fields.extend(events.iter().map(|event| match event {
            Event::Frame(frame) => format!("{fed}={}", fields_to_json(plan, &frame.fields)),
            Event::Reject { class, .. } => format!("{fed}!{}", class.word()),
        }));
    }
    match decoder.finish() {
        End::Clean => fields.push(".".to_owned()),
        End::Incomplete => fields.push("+".to_owned()),
        End::Rejected => {}
    }
    fields
}

/// The fields of a reply as `expected` gives them: JSON in one form, errors without their text but for the offset.
fn normal(reply: &str) -> Vec<String> {
    let field = |field: &str| match field.split_once('=') {
        Some((fed, json)) if json.starts_with('{') => match serde_json::from_str::<Json>(json) {
            Ok(json) => format!("{fed}={json}"),
            Err(error) => format!("{field}: {error}"),
        },
        _ => field.split(' ').next().unwrap_or_default().to_owned(),
    };
    reply.split('\t').map(field).collect()
}

/// Values, good streams, changed streams and noise of a protocol: what is asked, and what has to come.
fn questions(random: &Random, data: &[u8], asked: &mut String, wanted: &mut Vec<Vec<String>>) {
    let tape = &mut Tape::new(data);
    let plan = &random.plan;
    let _ = writeln!(asked, "fwt 1 protocol={}", random.name);
    wanted.push(vec!["fwt".to_owned()]);
    let (mut stream, mut session) = (Vec::new(), first_session(&random.protocol));
    for _ in 0..8 {
        let values = frames::values(&random.protocol, &session, tape);
        let encoded = encode(plan, &values);
        judge(&random.protocol, encoded.as_deref().unwrap_or_default(), &mut session);
        let _ = writeln!(asked, "e {}", fields_to_json(plan, &inputs(plan, &values)));
        wanted.push(vec![match &encoded {
            Ok(bytes) => to_hex(bytes),
            Err(refusal) => format!("!{}", refusal.class.word()),
        }]);
        if stream.len() < 200 {
            stream.extend(encoded.unwrap_or_default());
        }
    }
    let mut streams = vec![stream.clone()];
    streams.extend((0..8).map(|_| frames::mutated(&stream, tape)));
    streams.extend((0..2).map(|_| frames::noise(tape)));
    for stream in streams {
        let all: Vec<usize> = (0..stream.len()).collect();
        let segmentations = [vec![], all, frames::cuts(stream.len(), tape), frames::cuts(stream.len(), tape)];
        let hex = if stream.is_empty() { "_".to_owned() } else { to_hex(&stream) };
        let _ = write!(asked, "d {hex}");
        for cuts in segmentations {
            let words: Vec<String> = cuts.iter().map(usize::to_string).collect();
            let _ = write!(asked, " {}", if words.is_empty() { "-".to_owned() } else { words.join(",") });
            wanted.push(expected(plan, &stream, &cuts));
        }
        asked.push('\n');
    }
}

/// Random values and streams, right and wrong: every language does what the reference codec does.
fn random_specs(language: &str) {
    let count = std::env::var("FRAMEWRIGHT_RANDOM_SPECS").map_or(80, |count| count.parse().unwrap());
    let folder = Path::new(ROOT).join("target/generated").join(format!("random-{language}"));
    let mut rng = Rng::new(std::env::var("FRAMEWRIGHT_SEED").map_or(1, |seed| seed.parse().unwrap()), "random specs");
    let _ = fs::remove_dir_all(&folder);
    let (all, paths) = random(&folder, &mut rng, count);
    let plans: Vec<Plan> = all.iter().map(|random| Plan::clone(&random.plan)).collect();
    let (mut asked, mut wanted) = (String::new(), Vec::new());
    for random in &all {
        questions(random, &tape_of(&mut rng, 3000), &mut asked, &mut wanted);
    }
    asked.push_str("q\n");
    let questions = folder.join("questions.txt");
    fs::write(&questions, &asked).unwrap();
    let testee = build(language, "random", &plans);
    passes(language, &testee, &paths, "one-cut");
    let output =
        Command::new(&testee).stdin(fs::File::open(&questions).unwrap()).stderr(Stdio::inherit()).output().unwrap();
    let replies = String::from_utf8_lossy(&output.stdout);
    let replies: Vec<&str> = replies.lines().collect();
    let mut protocol = "";
    let mut requests = asked.lines().flat_map(|line| {
        let times = if line.starts_with("d ") { line.split(' ').count() - 2 } else { 1 };
        std::iter::repeat_n(line, times)
    });
    for (reply, wanted) in replies.iter().zip(&wanted) {
        let request = requests.next().unwrap();
        protocol = request.strip_prefix("fwt 1 protocol=").unwrap_or(protocol);
        assert_eq!(&normal(reply), wanted, "{language}, {protocol}\n{request}\n{reply}");
    }
    assert_eq!(replies.len(), wanted.len() + 1, "{language}: {:?}", replies.last());
    println!("{language}: {} random specs, {} replies", all.len(), wanted.len());
}

macro_rules! languages {
    ($($language:ident)*) => {
        $(mod $language {
            #[test]
            fn every_spec_passes_every_vector() {
                super::every_spec(stringify!($language));
            }

            #[test]
            fn random_specs_mean_what_they_do_to_the_reference_codec() {
                super::random_specs(stringify!($language));
            }
        })*

        #[test]
        fn every_language_is_tested() {
            let all: Vec<&str> = LANGUAGES.iter().map(|language| language.name).collect();
            assert_eq!(all, [$(stringify!($language)),*]);
        }
    };
}

languages! { c go java php python rust typescript }
