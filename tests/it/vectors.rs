//! Derived vectors agree with the reference codec, and the files are fresh.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use framewright::interp::{self, Event};
use framewright::model;
use framewright::plan::{
    ALGORITHMS, Accept, Algorithm, Binary, Codec, Content, Demand, Endian, EnumId, Expr, OnReject, OpKind, Plan, Size,
    lower,
};
use framewright::value::to_hex;
use framewright::vector::{self, Expected, Vectors};
use serde_json::Value as Json;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn plan(source: &[u8]) -> Plan {
    lower(&model::load(source).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}")))
}

/// The plans of all specs that ship, by name.
fn plans() -> BTreeMap<String, Plan> {
    let folders = [root().join("spec"), root().join("spec/lfbfd")];
    let paths = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let specs = paths.filter(|path| path.extension().is_some_and(|it| it == "yaml"));
    let plans: BTreeMap<String, Plan> =
        specs.map(|path| plan(&std::fs::read(path).unwrap())).map(|plan| (plan.name.clone(), plan)).collect();
    assert!(plans.len() > 30, "found only {:?}", plans.keys());
    plans
}

fn all(plan: &Plan) -> Vectors {
    let path = root().join(format!("conformance/handwritten/{}.yaml", plan.name));
    let text = path.exists().then(|| std::fs::read_to_string(&path).unwrap());
    vector::build(plan, text.as_deref()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Fields that a vector does not tell are not compared.
fn same_event(found: &Expected, expected: &Expected) -> bool {
    match (found, expected) {
        (Expected::Frame { end, emitted, .. }, Expected::Frame { end: wanted_end, emitted: wanted, fields: None }) => {
            (end, emitted) == (wanted_end, wanted)
        }
        _ => found == expected,
    }
}

/// How the reference codec deviates from the vectors.
fn deviations(plan: &Plan, vectors: &Vectors) -> String {
    let mut found = String::new();
    let shared = Arc::new(plan.clone());
    for test in &vectors.tests {
        let outcome = interp::decode(&shared, &test.stream);
        let events: Vec<Expected> = outcome
            .events
            .into_iter()
            .map(|event| match event {
                Event::Frame(frame) => {
                    Expected::Frame { end: frame.end as usize, emitted: frame.emitted, fields: Some(frame.fields) }
                }
                Event::Reject { class, at } => Expected::Reject { class, at: at as usize },
            })
            .collect();
        let same = events.len() == test.expect.events.len()
            && events.iter().zip(&test.expect.events).all(|(found, expected)| same_event(found, expected));
        if !same || outcome.end != test.expect.end {
            let hex = to_hex(&test.stream);
            writeln!(
                found,
                "{} {}: {}\n  stream {}\n  expected {:?} {:?}\n  decoded  {:?} {:?}",
                plan.name,
                test.id,
                test.name,
                &hex[..hex.len().min(200)],
                test.expect.events,
                test.expect.end,
                events,
                outcome.end
            )
            .unwrap();
        }
    }
    for vector in &vectors.encode {
        let encoded = interp::encode(plan, &vector.value);
        if encoded.as_ref().map_err(|error| error.class) != vector.expect.as_ref().map_err(|class| *class) {
            writeln!(
                found,
                "{} {}: encode {}\n  value {:?}\n  expected {:?}\n  encoded  {:?}",
                plan.name, vector.id, vector.name, vector.value, vector.expect, encoded
            )
            .unwrap();
        }
    }
    found
}

#[test]
fn the_reference_codec_agrees_with_every_vector_of_every_spec() {
    let found: String = plans().values().map(|plan| deviations(plan, &all(plan))).collect();
    assert!(found.is_empty(), "{found}");
}

#[test]
fn every_spec_has_vectors_for_decoders_and_encoders() {
    for (name, plan) in plans() {
        let vectors = all(&plan);
        assert!(vectors.tests.len() >= 20, "{name} has {} tests", vectors.tests.len());
        assert!(vectors.encode.len() >= 4, "{name} has {} for encoders", vectors.encode.len());
    }
}

#[test]
fn ids_are_unique_over_all_protocols_and_streams_within_each() {
    let mut ids = BTreeMap::new();
    for (name, plan) in plans() {
        let vectors = all(&plan);
        let mut streams = BTreeMap::new();
        for test in &vectors.tests {
            if let Some(other) = streams.insert(test.stream.clone(), &test.id) {
                panic!("{name}: {} and {other} have the same stream", test.id);
            }
        }
        let of_tests = vectors.tests.iter().map(|test| &test.id);
        for id in of_tests.chain(vectors.encode.iter().map(|vector| &vector.id)) {
            if let Some(other) = ids.insert(id.clone(), name.clone()) {
                panic!("{id} is in {other} and in {name}");
            }
        }
    }
}

#[test]
fn every_flag_has_a_note_and_every_mark_lies_in_its_stream() {
    for (name, plan) in plans() {
        let vectors = all(&plan);
        for test in &vectors.tests {
            for flag in &test.flags {
                assert!(vectors.notes.contains_key(flag), "{name}: {}: {flag} has no note", test.id);
            }
            for mark in &test.marks {
                assert!(
                    mark.length > 0 && mark.offset + mark.length <= test.stream.len(),
                    "{name}: {}: {mark:?}",
                    test.id
                );
            }
        }
    }
}

#[test]
fn a_file_reads_as_what_was_written() {
    for (name, plan) in plans() {
        let vectors = all(&plan);
        let text = vector::to_json(&plan, &vectors);
        assert_eq!(vector::from_json(&plan, &text), Ok(vectors), "{name}");
    }
}

/// Constructs that few specs have, under every policy.
const BODIES: &[&str] = &[
    "
max_frame: 64
frame:
  - magic: u16 = 0xABCD
  - kind: u8 in 1..=3
  - extra: u16le when kind == 2
  - length: u8 counts body plus 1
  - body: bytes
",
    "
max_frame: 200
enums: { Kind: { 1: json, 2: utf8, 3: msgpack } }
frame:
  - magic: bytes = \"FW\"
  - total: i16 counts frame
  - codec: u8 as Kind
  - name: str u8
  - body: bytes via codec
  - tail: u8 = 7
",
    "
max_frame: 96
frame:
  - magic: u24 = 0x010203
  - bits: { order: msb, of: [ {version: b2 = 2}, {flag: b1}, {reserved: pad b1}, {words: b4 counts id..body unit 4} ] }
  - id: u16
  - check: id != 7 || words > 1
  - body: bytes
",
    "
max_frame: 80
frame:
  - magic: bytes = \"M>\"
  - object: msgpack
  - pad: pad to 4
  - sum: u8 in 1..=9
",
    "
max_frame: 120
frame:
  - magic: bytes = \"\\r\\n\"
  - length: u16 counts head..note
  - head: str until \";;\" or \"=\" max 9
  - inner_length: u8 counts inner
  - inner: bytes
  - note: str until \"\\0\" kept
",
    "
max_frame: 50
frame:
  - magic: bytes = \"aba\"
  - present: u8 in 0..=1
  - line: str until \"\\r\\n\" or \"\\n\" max 20
",
    "
max_frame: 60
frame:
  - start: u16 = 0x7e7e
  - outer: u16 counts outer..rest
  - count: u8 counts items unit 3
  - items: bytes
  - flag: u8
  - optional: bytes u8 when flag & 1
  - check: flag < 128
  - rest: bytes
",
];

const POLICIES: &[&str] = &[
    "",
    "policy: { on_reject: skip }",
    "policy: { on_reject: resync }",
    "policy: { oversize: skip }",
    "policy: { oversize: skip, on_reject: resync }",
];

/// Each construct under each policy that it can have.
fn constructs() -> Vec<Plan> {
    let mut plans = Vec::new();
    for (number, body) in BODIES.iter().enumerate() {
        for (policy, words) in POLICIES.iter().enumerate() {
            let source = format!("framewright: 1\nname: construct-{number}-{policy}{body}{words}\n");
            match model::load(source.as_bytes()) {
                Ok(protocol) => plans.push(lower(&protocol)),
                Err(_) if policy > 0 => {}
                Err(diagnostics) => panic!("{source}{diagnostics:#?}"),
            }
        }
    }
    plans
}

#[test]
fn the_reference_codec_agrees_with_the_vectors_of_rare_constructs_under_every_policy() {
    let plans = constructs();
    assert!(plans.len() >= 20, "only {} of the policies apply", plans.len());
    let mut found = String::new();
    for plan in &plans {
        let vectors = vector::derive(plan);
        assert!(vectors.tests.len() > 24, "{} has {} tests", plan.name, vectors.tests.len());
        found.push_str(&deviations(plan, &vectors));
    }
    assert!(found.is_empty(), "{found}");
}

/// What keeps a value from being one that the schema describes; the keywords that the schema has, and no others.
fn unlike(schema: &Json, root: &Json, value: &Json, path: &str) -> Option<String> {
    let object = schema.as_object().unwrap();
    let wrong = |what: &str| Some(format!("{path}: {what}: {value}"));
    for (keyword, rule) in object {
        let found = match keyword.as_str() {
            "$schema" | "title" | "description" | "$defs" => None,
            "$ref" => {
                let place = rule.as_str().unwrap().strip_prefix('#').unwrap();
                unlike(root.pointer(place).unwrap(), root, value, path)
            }
            "type" => {
                let is = |name: &Json| match name.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "boolean" => value.is_boolean(),
                    other => panic!("{other} is no type of the schema"),
                };
                let right = rule.as_array().map_or_else(|| is(rule), |names| names.iter().any(is));
                if right { None } else { wrong("wrong type") }
            }
            "enum" => {
                if rule.as_array().unwrap().contains(value) {
                    None
                } else {
                    wrong("none of the words")
                }
            }
            "pattern" => {
                assert_eq!(rule, "^([0-9a-f]{2})*$");
                let text = value.as_str().unwrap_or("x");
                let hex =
                    text.len().is_multiple_of(2) && text.bytes().all(|each| matches!(each, b'0'..=b'9' | b'a'..=b'f'));
                if hex { None } else { wrong("no hex") }
            }
            "required" => {
                let lacks = |key: &&Json| value.get(key.as_str().unwrap()).is_none();
                rule.as_array().unwrap().iter().find(lacks).and_then(|key| wrong(&format!("lacks {key}")))
            }
            "minProperties" | "minItems" => {
                let count = value.as_object().map_or_else(|| value.as_array().unwrap().len(), serde_json::Map::len);
                if (count as u64) < rule.as_u64().unwrap() { wrong("too few") } else { None }
            }
            "maxProperties" | "maxItems" => {
                let count = value.as_object().map_or_else(|| value.as_array().unwrap().len(), serde_json::Map::len);
                if (count as u64) > rule.as_u64().unwrap() { wrong("too many") } else { None }
            }
            "properties" | "additionalProperties" => value.as_object().unwrap().iter().find_map(|(key, inner)| {
                let path = format!("{path}/{key}");
                let named = object.get("properties").and_then(|named| named.get(key));
                match (keyword.as_str(), named) {
                    ("properties", Some(schema)) => unlike(schema, root, inner, &path),
                    ("additionalProperties", None) if *rule == false => wrong(&format!("unknown key {key}")),
                    ("additionalProperties", None) => unlike(rule, root, inner, &path),
                    _ => None,
                }
            }),
            "items" => value
                .as_array()
                .unwrap()
                .iter()
                .enumerate()
                .find_map(|(index, inner)| unlike(rule, root, inner, &format!("{path}/{index}"))),
            "prefixItems" => {
                let pairs = rule.as_array().unwrap().iter().zip(value.as_array().unwrap());
                pairs.into_iter().find_map(|(schema, inner)| unlike(schema, root, inner, path))
            }
            "oneOf" => {
                let fits = rule.as_array().unwrap().iter().filter(|each| unlike(each, root, value, path).is_none());
                if fits.count() == 1 { None } else { wrong("not just one of the forms") }
            }
            other => panic!("{other} is no keyword of the schema"),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

#[test]
fn files_are_what_the_schema_describes() {
    let schema = std::fs::read_to_string(root().join("conformance/vectors.schema.json")).unwrap();
    let schema: Json = serde_json::from_str(&schema).unwrap();
    for (name, plan) in plans() {
        let file: Json = serde_json::from_str(&vector::to_json(&plan, &all(&plan))).unwrap();
        assert_eq!(unlike(&schema, &schema, &file, &name), None);
    }
}

/// The plan with one rule changed in every way that bytes can show.
fn mutants(plan: &Plan) -> Vec<(String, Plan)> {
    let mut mutants = Vec::new();
    let mut add = |name: String, change: &dyn Fn(&mut Plan)| {
        let mut mutant = plan.clone();
        change(&mut mutant);
        mutants.push((name, mutant));
    };
    for (index, region) in plan.regions.iter().enumerate() {
        add(format!("{} plus 1", region.what), &|plan| plan.regions[index].plus += 1);
        add(format!("{} minus 1", region.what), &|plan| plan.regions[index].plus -= 1);
    }
    for (index, carried) in plan.session.iter().enumerate() {
        add(format!("session {index}: from another value"), &|plan| plan.session[index].from ^= 1);
        if carried.then.is_some() {
            add(format!("session {index}: it stays"), &|plan| plan.session[index].then = None);
        }
    }
    for (index, op) in plan.ops.iter().enumerate() {
        match &op.kind {
            OpKind::Const { bytes, .. } => {
                for byte in 0..bytes.len() {
                    add(format!("op {index}: constant byte {byte}"), &|plan| {
                        if let OpKind::Const { bytes, .. } = &mut plan.ops[index].kind {
                            bytes[byte] ^= 1;
                        }
                    });
                }
            }
            OpKind::Int { int, accept, .. } => {
                if int.bytes > 1 {
                    add(format!("op {index}: byte order"), &|plan| {
                        if let OpKind::Int { int, .. } = &mut plan.ops[index].kind {
                            int.endian = match int.endian {
                                Endian::Big => Endian::Little,
                                Endian::Little => Endian::Big,
                            };
                        }
                    });
                }
                if let Accept::Range(low, high) = accept {
                    for (low, high) in [(low - 1, *high), (low + 1, *high), (*low, high - 1), (*low, high + 1)] {
                        let (min, max) = int.bounds();
                        if low < min || high > max {
                            continue;
                        }
                        add(format!("op {index}: {low}..={high}"), &|plan| {
                            if let OpKind::Int { accept, .. } = &mut plan.ops[index].kind {
                                *accept = Accept::Range(low, high);
                            }
                        });
                    }
                }
            }
            OpKind::Bytes { content, size, .. } => {
                if *content != Content::Always(Codec::Raw) {
                    add(format!("op {index}: any content"), &|plan| {
                        if let OpKind::Bytes { content, .. } = &mut plan.ops[index].kind {
                            *content = Content::Always(Codec::Raw);
                        }
                    });
                }
                if let Size::Until { delimiters, max, .. } = size {
                    for delimiter in 0..delimiters.len() {
                        add(format!("op {index}: delimiter {delimiter} is another"), &|plan| {
                            if let OpKind::Bytes { size: Size::Until { delimiters, .. }, .. } =
                                &mut plan.ops[index].kind
                            {
                                *delimiters[delimiter].last_mut().unwrap() = b'~';
                            }
                        });
                    }
                    for change in [-1, 1] {
                        if max.is_some_and(|max| max <= 8192) {
                            add(format!("op {index}: most content {change:+}"), &|plan| {
                                if let OpKind::Bytes { size: Size::Until { max, .. }, .. } = &mut plan.ops[index].kind {
                                    *max = max.map(|max| max.checked_add_signed(change).unwrap());
                                }
                                plan.max_frame = plan.max_frame.checked_add_signed(change.max(0)).unwrap();
                            });
                        }
                    }
                }
            }
            // The language does not say whether a frame refused by a check of its sizes can be skipped.
            OpKind::Check(..) if plan.policy.on_reject == OnReject::Skip => {}
            OpKind::Check(..) => add(format!("op {index}: no check"), &|plan| {
                plan.ops[index].kind = OpKind::Check(Expr::Int(1), Demand::Check);
            }),
            OpKind::Peek { texts, .. } if texts.len() > 1 => add(format!("op {index}: texts changed about"), &|plan| {
                if let OpKind::Peek { texts, .. } = &mut plan.ops[index].kind {
                    texts.reverse();
                }
            }),
            OpKind::Peek { .. } => {}
            OpKind::Let { accept, .. } => {
                add(format!("op {index}: another value"), &|plan| {
                    if let OpKind::Let { value, .. } = &mut plan.ops[index].kind {
                        let other = Box::new(Expr::Int(1));
                        *value = Expr::Binary(Binary::Xor, Box::new(value.clone()), other);
                    }
                });
                if *accept != Accept::Any {
                    add(format!("op {index}: any value"), &|plan| {
                        if let OpKind::Let { accept, .. } = &mut plan.ops[index].kind {
                            *accept = Accept::Any;
                        }
                    });
                }
            }
            OpKind::Sum(sum) => {
                add(format!("op {index}: no checksum"), &|plan| {
                    plan.ops[index].kind = OpKind::Check(Expr::Int(1), Demand::Check);
                });
                let own = plan.sums[sum.0].algorithm;
                let like = |other: &Algorithm| other.bits() == own.bits() && *other != own;
                for (_, other) in ALGORITHMS.iter().filter(|(_, other)| like(other)).take(2) {
                    add(format!("op {index}: {}", other.name()), &|plan| plan.sums[sum.0].algorithm = *other);
                }
                for part in 0..plan.sums[sum.0].parts.len() {
                    add(format!("op {index}: without its part {part}"), &|plan| {
                        plan.sums[sum.0].parts.remove(part);
                    });
                }
            }
            OpKind::Frames { .. } => {
                for change in [-1, 1] {
                    add(format!("op {index}: {change:+} levels"), &|plan| {
                        if let OpKind::Frames { deep, .. } = &mut plan.ops[index].kind {
                            *deep = deep.checked_add_signed(change).unwrap();
                        }
                    });
                    add(format!("op {index}: {change:+} frames"), &|plan| {
                        if let OpKind::Frames { times, .. } = &mut plan.ops[index].kind {
                            let more = Box::new(Expr::Int(change.into()));
                            *times = Expr::Binary(Binary::Add, Box::new(times.clone()), more);
                        }
                    });
                }
            }
            OpKind::Carry { .. }
            | OpKind::Bits { .. }
            | OpKind::Msgpack { .. }
            | OpKind::Pad { .. }
            | OpKind::Mark(_)
            | OpKind::Open(_)
            | OpKind::Close(_)
            | OpKind::Claim(_)
            | OpKind::Fit { .. } => {}
        }
    }
    // A session never has a value that its enum does not take, which the spec proves; and a peek finds its members alone.
    let told = plan.ops.iter().filter(|op| !matches!(op.kind, OpKind::Carry { .. } | OpKind::Peek { .. }));
    let told: Vec<Accept> = told.flat_map(|op| op.kind.integers()).map(|integer| integer.accept).collect();
    for (index, known) in plan.enums.iter().enumerate() {
        let judged = known.other.is_none() && told.contains(&Accept::Enum(EnumId(index)));
        for member in 0..known.members.len() {
            if judged {
                add(format!("{}: no member {member}", known.name), &|plan| {
                    plan.enums[index].members.remove(member);
                });
            }
        }
        if judged {
            add(format!("{}: any value", known.name), &|plan| plan.enums[index].other = Some("any".to_owned()));
        }
    }
    mutants
}

/// What no vector shows: what stands behind a server's protocol header (`connections` does), and the last bytes of long lengths, whose
/// frames would have more bytes than derivation makes.
const UNSHOWN: &[&str] = &[
    "amqp-connection: op 25: no check",
    "coap-tcp: op 4: byte order",
    "coap-tcp: op 6: any value",
    "minecraft: op 4: 1..=127",
    "minecraft: op 22: 1..=127",
    "minecraft: op 22: 0..=126",
    "mqtt: op 11: no check",
    "mqtt: op 12: 1..=127",
    "mqtt: op 13: no check",
];

/// Where streams begin too: what the other side sends, and what was agreed on before.
const STARTS: &[(&str, &str)] = &[
    ("amqp-connection", "phase=answer"),
    ("iscsi", "header_digest=crc32c"),
    ("mysql", "continued=1,due=1"),
    ("postgres-connection", "phase=answer"),
];

/// Whether no stream that begins elsewhere shows the change.
fn is_unseen_from_elsewhere(plan: &Plan, mutant: &Plan) -> bool {
    let starts = STARTS.iter().filter(|(name, _)| *name == plan.name);
    let mut begun = starts.map(|(_, start)| plan.starting_with(start).unwrap());
    begun.all(|begun| {
        let mut mutant = mutant.clone();
        for (carried, from) in mutant.session.iter_mut().zip(&begun.session) {
            carried.from = from.from;
        }
        let mut vectors = vector::derive(&begun);
        vectors.encode.clear();
        deviations(&mutant, &vectors).is_empty()
    })
}

#[test]
fn a_codec_with_one_rule_changed_deviates_from_some_vector() {
    let (mut count, mut survivors) = (0, Vec::new());
    let shipped = plans().into_values().map(|plan| (all(&plan), plan));
    for (whole, plan) in shipped.chain(constructs().into_iter().map(|plan| (vector::derive(&plan), plan))) {
        let mut derived = vector::derive(&plan);
        derived.encode.clear();
        let mut whole = whole;
        whole.encode.clear();
        for (name, mutant) in mutants(&plan) {
            count += 1;
            // What derivation does not reach, the hand-written vectors must.
            let unseen = deviations(&mutant, &derived).is_empty() && deviations(&mutant, &whole).is_empty();
            if unseen && is_unseen_from_elsewhere(&plan, &mutant) {
                survivors.push(format!("{}: {name}", plan.name));
            }
        }
    }
    assert!(count > 300, "only {count} mutants");
    assert_eq!(survivors, UNSHOWN);
}

#[test]
fn the_files_are_fresh() {
    let folder = root().join("conformance/vectors");
    let mut stale = Vec::new();
    let mut wanted = std::collections::BTreeSet::new();
    for (name, plan) in plans() {
        let path = folder.join(format!("{name}.json"));
        if std::fs::read_to_string(&path).unwrap_or_default() != vector::to_json(&plan, &all(&plan)) {
            stale.push(format!("{name}.json"));
        }
        wanted.insert(path);
    }
    let found = std::fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    stale.extend(found.filter(|path| !wanted.contains(path)).map(|path| format!("{} has no spec", path.display())));
    let fix = "cargo run -- vectors spec/*.yaml spec/lfbfd/*.yaml -o conformance/vectors";
    assert!(stale.is_empty(), "not fresh: {}; run: {fix}", stale.join(", "));
}

#[test]
fn enums_of_many_members_cost_no_time() {
    let members: String = (0..4000).map(|member| format!("{}: m{member}, ", member * 3)).collect();
    let source = format!(
        "framewright: 1\nname: many\nenums:\n  One: {{ {members} }}\n  Two: {{ {members} }}\nframe:\n  - one: u16 as One\n  - two: u16 as Two\n  - check: one != 11997 || two == 0\n"
    );
    let plan = plan(source.as_bytes());
    let began = std::time::Instant::now();
    let vectors = vector::derive(&plan);
    assert!(began.elapsed().as_secs() < 2, "{:?}", began.elapsed());
    assert!(vectors.tests.len() > 50, "{} tests", vectors.tests.len());
    assert_eq!(deviations(&plan, &vectors), "");
}

#[test]
fn no_vector_is_larger_than_can_be_handled() {
    let spec = |fields: &str| {
        plan(format!("framewright: 1\nname: huge\nmax_frame: 200 MiB\nframe:\n  - k: u8 in 1..=9\n{fields}").as_bytes())
    };
    for fields in ["  - blob: bytes[104857600]\n", "  - gap: pad[104857600]\n"] {
        let vectors = vector::derive(&spec(fields));
        assert_eq!((vectors.tests.len(), vectors.encode.len()), (0, 0));
    }
    let optional = spec("  - blob: bytes[104857600] when k == 1\n  - length: u32 counts body\n  - body: bytes\n");
    let vectors = vector::derive(&optional);
    assert!(vectors.tests.len() > 24, "{} tests", vectors.tests.len());
    assert_eq!(deviations(&optional, &vectors), "");
    let many: String = (0..200).map(|field| format!("  - f{field}: u8 in 1..=9\n")).collect();
    let long = spec(&format!("{many}  - blob: bytes[200000]\n"));
    let vectors = vector::derive(&long);
    assert_eq!(deviations(&long, &vectors), "");
    let bytes: usize = vectors.tests.iter().map(|test| test.stream.len()).sum();
    assert!((4 << 20..17 << 20).contains(&bytes), "{bytes} bytes");
}

#[test]
fn a_mistake_in_a_file_by_hand_is_told_with_its_id_and_key() {
    let plan = plan(b"framewright: 1\nname: toy\nframe:\n  - length: u8 counts body\n  - body: bytes\n");
    let test = |text: &str| {
        let file = format!("protocol: toy\nvectors:\n  - {{ id: hw1, name: n, source: s, {text} }}\n");
        vector::build(&plan, Some(&file)).map(|vectors| vectors.tests[0].clone()).map_err(|error| error.to_string())
    };
    let wrong = |text: &str, message: &str| assert_eq!(test(text), Err(message.to_owned()), "{text}");
    wrong("stream: \"0\", end: clean", "hw1: stream: \"0\" is no hex of whole bytes");
    wrong("stream: \"00\", end: over", "hw1: end: there is no \"over\"");
    wrong("stream: \"00\", reject: { class: bad, at: 0 }, end: rejected", "hw1: class: there is no \"bad\"");
    wrong("stream: \"00\", flags: [odd], end: clean", "hw1: flags: \"odd\" has no note");
    let error = vector::build(&plan, Some("protocol: other")).unwrap_err();
    assert_eq!(error.to_string(), "protocol: it is other, where the spec's name is toy");
    let read = test("stream: \"01 61\", frames: [{ end: 2, emit: \"0161\" }], end: clean").unwrap();
    let mark = |offset, path: &str| vector::Mark { offset, length: 1, path: path.to_owned() };
    assert_eq!(read.marks, [mark(0, "0.length"), mark(1, "0.body")]);
    assert_eq!((read.stream, read.derived, read.flags), (b"\x01a".to_vec(), false, vec!["documented".to_owned()]));
}
