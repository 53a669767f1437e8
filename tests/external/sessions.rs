//! A client and a server of session records in every language, over TCP on loopback: each client talks to each server.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use framewright::backends::LANGUAGES;

fn script(language: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/codecs").join(language).join("session.sh")
}

/// A server in a process group of its own, killed in the end.
struct Server {
    child: Child,
    port: String,
}

impl Server {
    fn start(language: &str) -> Self {
        let mut child = Command::new(script(language))
            .arg("server")
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{language}: {error}"));
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim_end().strip_prefix("listening ").map(str::to_owned);
        Self { port: port.unwrap_or_else(|| panic!("{language}: the server said {line:?}")), child }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
    }
}

#[test]
fn every_client_talks_to_every_server() {
    let mut failures = Vec::new();
    for served in LANGUAGES {
        let server = Server::start(served.name);
        for (index, asking) in LANGUAGES.iter().enumerate() {
            let session = (u64::MAX - index as u64).to_string();
            let output = Command::new(script(asking.name))
                .args(["client", "127.0.0.1", &server.port, &session, "12"])
                .output()
                .unwrap();
            if !output.status.success() || output.stdout != b"ok 12\n" {
                failures.push(format!(
                    "{} client, {} server: {}\n{}{}",
                    asking.name,
                    served.name,
                    output.status,
                    String::from_utf8_lossy(&output.stdout),
                    String::from_utf8_lossy(&output.stderr)
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
