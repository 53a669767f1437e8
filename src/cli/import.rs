//! `framewright import`

use std::io::Write;

use clap::{Subcommand, ValueEnum};

use super::{Exit, Failure, Outcome};
use crate::plan::Endian;
use crate::plan::import;
use crate::plan::peers::{netty, swoole, tokio};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name of the protocol
    #[arg(long, default_value = "imported", global = true)]
    name: String,
    #[command(subcommand)]
    peer: Peer,
}

/// Each option has the name that the peer gives it.
#[derive(Debug, Subcommand)]
enum Peer {
    /// From the arguments of one of Netty's frame decoders
    #[command(subcommand)]
    Netty(Netty),
    /// From the settings of one of tokio-util's codecs
    #[command(subcommand)]
    Tokio(Tokio),
    /// From Swoole's protocol settings
    #[command(subcommand)]
    Swoole(Swoole),
}

#[derive(Debug, Subcommand)]
enum Netty {
    /// LengthFieldBasedFrameDecoder
    LengthField {
        #[arg(long)]
        max_frame_length: u64,
        #[arg(long, default_value_t = 0)]
        length_field_offset: u64,
        #[arg(long)]
        length_field_length: u8,
        #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
        length_adjustment: i64,
        #[arg(long, default_value_t = 0)]
        initial_bytes_to_strip: u64,
        #[arg(long, value_enum, default_value_t = Order::Big)]
        byte_order: Order,
    },
    /// FixedLengthFrameDecoder
    Fixed {
        #[arg(long)]
        frame_length: u64,
    },
    /// LineBasedFrameDecoder
    Line {
        #[arg(long)]
        max_length: u64,
        /// stripDelimiter = false
        #[arg(long)]
        keep_delimiter: bool,
    },
    /// DelimiterBasedFrameDecoder
    Delimiter {
        #[arg(long)]
        max_frame_length: u64,
        /// stripDelimiter = false
        #[arg(long)]
        keep_delimiter: bool,
        /// In the order in which Netty gets them; escapes such as \r \n \x00
        #[arg(long = "delimiter", required = true, value_parser = delimiter)]
        delimiters: Vec<Delimiter>,
    },
}

#[derive(Debug, Subcommand)]
enum Tokio {
    /// LengthDelimitedCodec
    LengthDelimited {
        #[arg(long, default_value_t = 0)]
        length_field_offset: u64,
        #[arg(long, default_value_t = 4)]
        length_field_length: u8,
        #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
        length_adjustment: i64,
        /// [default: length_field_offset + length_field_length]
        #[arg(long)]
        num_skip: Option<u64>,
        #[arg(long, default_value_t = 8 * 1024 * 1024)]
        max_frame_length: u64,
        #[arg(long, value_enum, default_value_t = Order::Big)]
        byte_order: Order,
    },
    /// LinesCodec
    Lines {
        #[arg(long)]
        max_length: u64,
    },
    /// AnyDelimiterCodec
    AnyDelimiter {
        /// The bytes of seek_delimiters; escapes such as \r \n \x00
        #[arg(long, value_parser = delimiter)]
        seek_delimiters: Delimiter,
        /// The byte of sequence_writer; escapes as above
        #[arg(long, value_parser = delimiter)]
        sequence_writer: Delimiter,
        #[arg(long)]
        max_length: u64,
    },
}

#[derive(Debug, Subcommand)]
enum Swoole {
    /// open_length_check
    Length {
        #[arg(long)]
        package_length_type: char,
        #[arg(long, default_value_t = 0)]
        package_length_offset: u64,
        #[arg(long)]
        package_body_offset: u64,
        #[arg(long, default_value_t = 2 * 1024 * 1024)]
        package_max_length: u64,
    },
    /// open_eof_split
    Eof {
        /// Escapes such as \r \n \x00
        #[arg(long, value_parser = delimiter)]
        package_eof: Delimiter,
        #[arg(long, default_value_t = 2 * 1024 * 1024)]
        package_max_length: u64,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Order {
    Big,
    Little,
}

impl From<Order> for Endian {
    fn from(order: Order) -> Self {
        match order {
            Order::Big => Self::Big,
            Order::Little => Self::Little,
        }
    }
}

#[derive(Clone, Debug)]
struct Delimiter(Vec<u8>);

fn delimiter(text: &str) -> Result<Delimiter, String> {
    let fault = || "escapes are \\r \\n \\t \\0 \\\\ \\\" \\xNN".to_owned();
    crate::model::unescape(text).map(Delimiter).ok_or_else(fault)
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    let name = &args.name;
    let text = match &args.peer {
        Peer::Netty(decoder) => import::netty(name, &netty_settings(decoder)),
        Peer::Tokio(codec) => tokio_settings(codec).and_then(|settings| import::tokio(name, &settings)),
        Peer::Swoole(option) => import::swoole(name, &swoole_settings(option)),
    };
    let text = text.map_err(|why| Failure(format!("no spec says this: {why}")))?;
    out.write_all(text.as_bytes())?;
    Ok(Exit::Clean)
}

fn netty_settings(decoder: &Netty) -> netty::Settings {
    match decoder {
        Netty::LengthField {
            max_frame_length,
            length_field_offset,
            length_field_length,
            length_adjustment,
            initial_bytes_to_strip,
            byte_order,
        } => netty::Settings::LengthField {
            max: *max_frame_length,
            offset: *length_field_offset,
            length: *length_field_length,
            adjustment: *length_adjustment,
            strip: *initial_bytes_to_strip,
            order: (*byte_order).into(),
        },
        Netty::Fixed { frame_length } => netty::Settings::Fixed { size: *frame_length },
        Netty::Line { max_length, keep_delimiter } => {
            netty::Settings::Line { max: *max_length, strip: !keep_delimiter }
        }
        Netty::Delimiter { max_frame_length, keep_delimiter, delimiters } => netty::Settings::Delimiter {
            max: *max_frame_length,
            strip: !keep_delimiter,
            delimiters: delimiters.iter().map(|delimiter| delimiter.0.clone()).collect(),
        },
    }
}

fn tokio_settings(codec: &Tokio) -> Result<tokio::Settings, String> {
    Ok(match codec {
        Tokio::LengthDelimited {
            length_field_offset,
            length_field_length,
            length_adjustment,
            num_skip,
            max_frame_length,
            byte_order,
        } => tokio::Settings::LengthDelimited {
            offset: *length_field_offset,
            length: *length_field_length,
            adjustment: *length_adjustment,
            num_skip: num_skip.unwrap_or(length_field_offset.saturating_add(u64::from(*length_field_length))),
            max: *max_frame_length,
            order: (*byte_order).into(),
        },
        Tokio::Lines { max_length } => tokio::Settings::Lines { max: *max_length },
        Tokio::AnyDelimiter { seek_delimiters, sequence_writer, max_length } => {
            let [writer] = sequence_writer.0.as_slice() else {
                return Err("--sequence-writer takes exactly one byte".to_owned());
            };
            tokio::Settings::AnyDelimiter { delimiters: seek_delimiters.0.clone(), writer: *writer, max: *max_length }
        }
    })
}

fn swoole_settings(option: &Swoole) -> swoole::Settings {
    match option {
        Swoole::Length { package_length_type, package_length_offset, package_body_offset, package_max_length } => {
            swoole::Settings::Length {
                pack: *package_length_type,
                length_offset: *package_length_offset,
                body_offset: *package_body_offset,
                max: *package_max_length,
            }
        }
        Swoole::Eof { package_eof, package_max_length } => {
            swoole::Settings::Eof { eof: package_eof.0.clone(), max: *package_max_length }
        }
    }
}
