//! Runs of tshark, and what it prints.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::pcap::Capture;

/// A protocol's layer in a packet, or a field in a layer, or a field in a field.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) name: String,
    /// The value as a display filter would compare it.
    pub(super) show: String,
    /// The bytes, in hex; of a part of them, all the same.
    pub(super) value: String,
    /// Bytes that it covers.
    pub(super) size: usize,
    pub(super) fields: Vec<Node>,
}

impl Node {
    /// Itself and all in it, in their order.
    pub(super) fn collect<'a>(&'a self, all: &mut Vec<&'a Self>) {
        all.push(self);
        self.fields.iter().for_each(|field| field.collect(all));
    }
}

/// A packet of which something was printed.
#[derive(Debug)]
pub(super) struct Packet {
    /// From 1.
    pub(super) number: usize,
    /// The layers that were asked for, in their order.
    pub(super) layers: Vec<Node>,
}

/// Names of the protocols that Wireshark has itself, as display filters write them.
pub(super) fn known() -> &'static BTreeSet<String> {
    static KNOWN: OnceLock<BTreeSet<String>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let output = Command::new("tshark").args(["-G", "protocols"]).output();
        let output = output.unwrap_or_else(|error| panic!("tshark is needed (tests/external/setup.sh): {error}"));
        let text = String::from_utf8(output.stdout).unwrap();
        let known: BTreeSet<String> =
            text.lines().filter_map(|line| line.split('\t').nth(2)).map(str::to_owned).collect();
        assert!(known.contains("tcp"), "{known:?}");
        known
    })
}

/// What tshark makes of a capture: the packets with their layers of these protocols, in one pass only those that have such layers.
pub(super) fn dissect(
    folder: &Path,
    name: &str,
    capture: &Capture,
    arguments: &[String],
    layers: &[String],
) -> Vec<Packet> {
    let file = folder.join(format!("{name}.pcap"));
    fs::write(&file, &capture.bytes).unwrap();
    // With a filter the first pass builds trees, which Wireshark does not do as it opens a file.
    let passes = arguments.iter().any(|argument| argument == "-2");
    let filter = if passes { Vec::new() } else { vec!["-Y".to_owned(), layers.join(" || ")] };
    let output = Command::new("tshark")
        .args(["-n", "-T", "pdml", "-r"])
        .arg(&file)
        .args(arguments)
        .args(["-J", &layers.join(" ")])
        .args(filter)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("tshark is needed (tests/external/setup.sh): {error}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    let complaints: Vec<&str> = stderr.lines().filter(|line| !line.starts_with("Running as user")).collect();
    assert!(output.status.success() && complaints.is_empty(), "{name}: {}\n{stderr}", output.status);
    packets(&String::from_utf8(output.stdout).unwrap())
}

/// The packets of PDML, in whose attributes neither `<` nor `>` stands.
fn packets(pdml: &str) -> Vec<Packet> {
    let mut packets = Vec::new();
    // The layers and fields that are open; below them the packet's own.
    let mut open: Vec<Node> = Vec::new();
    for tag in pdml.split('<').filter_map(|tag| Some(tag.rsplit_once('>')?.0)) {
        if tag == "packet" {
            open = vec![Node::default()];
        } else if tag == "/packet" {
            let layers = open.pop().unwrap().fields;
            let info = layers.iter().find(|layer| layer.name == "geninfo").unwrap();
            let number = info.fields.iter().find(|field| field.name == "num").unwrap().show.parse().unwrap();
            packets.push(Packet { number, layers });
        } else if tag.starts_with("proto ") || tag.starts_with("field ") {
            let node = Node {
                name: attribute(tag, "name"),
                show: attribute(tag, "show"),
                value: Some(attribute(tag, "unmaskedvalue"))
                    .filter(|bytes| !bytes.is_empty())
                    .unwrap_or(attribute(tag, "value")),
                size: attribute(tag, "size").parse().unwrap_or(0),
                fields: Vec::new(),
            };
            if tag.ends_with('/') {
                open.last_mut().unwrap().fields.push(node);
            } else {
                open.push(node);
            }
        } else if tag == "/proto" || tag == "/field" {
            let node = open.pop().unwrap();
            open.last_mut().unwrap().fields.push(node);
        }
    }
    packets
}

fn attribute(tag: &str, name: &str) -> String {
    let begin = format!(" {name}=\"");
    let Some((_, rest)) = tag.split_once(&begin) else { return String::new() };
    let value = rest.split_once('"').map_or(rest, |(value, _)| value);
    let value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    value.replace("&apos;", "'").replace("&#x27;", "'").replace("&amp;", "&")
}
