//! The command line: one file a subcommand. Only this module reads files and writes to stdout.

mod capture;
mod check;
mod decode;
mod encode;
mod explain;
mod files;
mod fuzz;
mod generate;
mod import;
mod new;
mod replay;
mod schema;
mod show;
mod test;
mod testees;
mod vectors;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::runner::Status as Exit;

/// Why the job could not be done: one line that names place, cause and fix.
#[derive(Debug)]
struct Failure(String);

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(format!("cannot write the output: {error}"))
    }
}

type Outcome = Result<Exit, Failure>;

/// One YAML file describes a wire protocol; every way of splitting its bytes is run through any decoder.
#[derive(Debug, Parser)]
#[command(
    name = "framewright",
    version,
    after_help = "SPEC is a file, or the name of a protocol that ships with framewright (`framewright list`).\n\n\
                  Exit status: 0 clean, 1 findings, 2 the job could not be done, 4 nothing was selected.\n\
                  Findings go to stdout, progress to stderr."
)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a commented starter spec
    New(new::Args),
    /// Report every mistake of specs
    Check(check::Args),
    /// Explain a code of a diagnostic
    Explain(explain::Args),
    /// List the protocols that ship with framewright
    List,
    /// Show the packet diagram, the sizes and each peer's configuration
    Show(show::Args),
    /// Print the JSON Schema of specs, for editors
    Schema,
    /// Write a spec from a peer's settings
    Import(import::Args),
    /// Write an encoder and a streaming decoder in another language
    Generate(generate::Args),
    /// Write conformance vectors as JSON
    Vectors(vectors::Args),
    /// Run a decoder through every segmentation of every vector
    Test(test::Args),
    /// Run one case of a report again
    Replay(replay::Args),
    /// Run a decoder through streams and cuts that are made by mutation, and keep what is wrong as vectors
    Fuzz(fuzz::Args),
    /// Encode JSON lines to bytes
    Encode(encode::Args),
    /// Decode bytes, or the streams of a capture, to JSON lines
    Decode(decode::Args),
}

/// Runs the command that the arguments name.
#[must_use]
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let failed = error.use_stderr();
            // A closed terminal leaves nobody to tell.
            let _ = error.print();
            return ExitCode::from(if failed { Exit::Failed } else { Exit::Clean }.code());
        }
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let outcome = run(args.command, &mut out).and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    match outcome {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(Failure(message)) => {
            drop(out);
            // As above.
            let _ = writeln!(io::stderr(), "framewright: {message}");
            ExitCode::from(Exit::Failed.code())
        }
    }
}

fn run(command: Command, out: &mut dyn Write) -> Outcome {
    match command {
        Command::New(args) => new::run(&args, out),
        Command::Check(args) => check::run(&args, out),
        Command::Explain(args) => explain::run(&args, out),
        Command::List => {
            for (name, _) in crate::catalogue::specs() {
                writeln!(out, "{name}")?;
            }
            Ok(Exit::Clean)
        }
        Command::Show(args) => show::run(&args, out),
        Command::Schema => schema::run(out),
        Command::Import(args) => import::run(&args, out),
        Command::Generate(args) => generate::run(&args, out),
        Command::Vectors(args) => vectors::run(&args, out),
        Command::Test(args) => test::run(&args, out),
        Command::Replay(args) => replay::run(&args, out),
        Command::Fuzz(args) => fuzz::run(&args, out),
        Command::Encode(args) => encode::run(&args, out),
        Command::Decode(args) => decode::run(&args, out),
    }
}
