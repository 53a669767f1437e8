use super::*;
use std::collections::BTreeMap;

fn one(bytes: &[u8], slack: u8, data: &[u8]) -> Result<(), String> {
    let run = || {
        let (text, protocol) = spec(bytes, slack)?;
        holds(&text, &protocol, &mut Tape::new(data))
            .map_err(|fault| format!("{fault}\nmax_frame {}\n{text}", protocol.max_frame))
    };
    std::panic::catch_unwind(run).unwrap_or_else(|e| {
        let m =
            e.downcast_ref::<String>().cloned().or(e.downcast_ref::<&str>().map(|s| s.to_string())).unwrap_or_default();
        Err(format!("PANIC {m}"))
    })
}

fn kind(fault: &str) -> String {
    let line = fault.lines().next().unwrap_or("");
    line.chars().filter(|c| !c.is_ascii_digit()).take(90).collect()
}

#[test]
#[ignore]
fn hunt() {
    std::panic::set_hook(Box::new(|_| {}));
    let n: u64 = std::env::var("HUNT").ok().and_then(|s| s.parse().ok()).unwrap_or(3000);
    let base: u64 = std::env::var("SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let mut kinds: BTreeMap<String, (usize, Vec<u8>, u8, Vec<u8>, String)> = BTreeMap::new();
    let mut state = base.wrapping_mul(0x1234_5678_9abc_def1);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    for _ in 0..n {
        let len = next() % 160;
        let bytes: Vec<u8> = (0..len).map(|_| next() as u8).collect();
        let slack = next() as u8;
        let data: Vec<u8> = (0..600).map(|_| next() as u8).collect();
        if let Err(fault) = one(&bytes, slack, &data) {
            let k = kind(&fault);
            let e = kinds.entry(k).or_insert((0, bytes.clone(), slack, data.clone(), fault.clone()));
            e.0 += 1;
            if fault.len() < e.4.len() {
                *e = (e.0, bytes, slack, data, fault);
            }
        }
    }
    for (k, (count, mut bytes, slack, mut data, mut fault)) in kinds {
        // shrink
        let mut tries = 0;
        let mut progress = true;
        while progress && tries < 6000 {
            progress = false;
            for which in 0..2 {
                let mut i = 0;
                loop {
                    let cur = if which == 0 { &bytes } else { &data };
                    if i >= cur.len() || tries > 6000 {
                        break;
                    }
                    let mut cands = Vec::new();
                    for chunk in [16usize, 4, 1] {
                        if i + chunk <= cur.len() {
                            let mut v = cur.clone();
                            v.drain(i..i + chunk);
                            cands.push(v);
                        }
                    }
                    if cur[i] != 0 {
                        let mut v = cur.clone();
                        v[i] = 0;
                        cands.push(v);
                    }
                    let mut took = false;
                    for c in cands {
                        tries += 1;
                        let r = if which == 0 { one(&c, slack, &data) } else { one(&bytes, slack, &c) };
                        if let Err(f) = r
                            && kind(&f) == k
                        {
                            if which == 0 {
                                bytes = c
                            } else {
                                data = c
                            }
                            fault = f;
                            took = true;
                            progress = true;
                            break;
                        }
                    }
                    if !took {
                        i += 1;
                    }
                }
            }
        }
        println!("=== {count}x {k}\n{fault}\n");
    }
}
