//! Streams of TCP out of a capture: pcap or pcapng in, the bytes of each direction of each connection out, in order.
//!
//! Nothing is guessed. What the capture does not hold is told as [`Event::Missing`] and ends its stream; a packet that should have been read and could not be
//! is told as [`Event::Skipped`]. Of bytes that were captured twice the first count. Checksums are not looked at: on most captures the network card had
//! yet to compute them. The memory held is one packet, the bytes behind holes ([`MOST_HELD`]) and an entry a connection ([`MOST_CONNECTIONS`]).
//!
//! ```
//! use framewright::capture::{Capture, Close, Event};
//!
//! // A pcap of one packet: raw IPv4 (link type 101) from 10.0.0.1:9 to 10.0.0.2:7 with the TCP payload "hi".
//! let header = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0];
//! let record = [0, 0, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0, 42, 0, 0, 0];
//! let ip = [0x45, 0, 0, 42, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
//! let tcp = [0, 9, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x18, 0, 0, 0, 0, 0, 0];
//! let file = [&header[..], &record, &ip, &tcp, b"hi"].concat();
//!
//! assert!(Capture::is_one(&file));
//! let (mut capture, mut events) = (Capture::new(), Vec::new());
//! capture.feed(&file, &mut events)?;
//! capture.finish(&mut events)?;
//! let [Event::Midstream { flow, .. }, Event::Bytes { bytes, packet: 1, .. }, Event::End { close: Close::Open, .. }] = events.as_slice() else {
//!     panic!("{events:?}")
//! };
//! assert_eq!((flow.to_string().as_str(), bytes.as_slice()), ("10.0.0.1:9>10.0.0.2:7", &b"hi"[..]));
//! # Ok::<(), framewright::capture::Fault>(())
//! ```

#![deny(clippy::arithmetic_side_effects)]

mod connections;
mod direction;
mod file;
mod packet;

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;

use connections::Connections;
pub use connections::MOST_CONNECTIONS;
use file::File;
pub use file::MOST_BLOCK;
use packet::Read;

/// Bytes behind holes that are held, over all streams; the stream that exceeds it ends at its hole.
pub const MOST_HELD: u64 = 64 << 20;

/// One direction of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flow {
    /// Which connection of the capture, from 1: addresses are used again.
    pub connection: u64,
    /// Who sends.
    pub from: SocketAddr,
    /// Who receives.
    pub to: SocketAddr,
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}>{}", self.from, self.to)
    }
}

/// What a capture holds. Packets are numbered from 1, as Wireshark numbers them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The stream begins with this packet, and its first byte is not known to be the connection's: no SYN was captured.
    Midstream {
        /// Of which stream.
        flow: Flow,
        /// The first packet with data.
        packet: u64,
    },
    /// The next bytes of a stream, those of one segment that were not there before.
    Bytes {
        /// Of which stream.
        flow: Flow,
        /// The packet that held them.
        packet: u64,
        /// At least one.
        bytes: Vec<u8>,
    },
    /// The stream has bytes here that the capture lacks. [`Event::End`] follows.
    Missing {
        /// Of which stream.
        flow: Flow,
        /// Where, and how much.
        hole: Hole,
    },
    /// Nothing of this stream follows.
    End {
        /// Of which stream.
        flow: Flow,
        /// Why.
        close: Close,
    },
    /// A packet whose data is in no stream.
    Skipped {
        /// Its number.
        packet: u64,
        /// Why.
        why: Skip,
    },
}

/// Bytes that a stream has and the capture lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hole {
    /// Offset in the stream of the first of them.
    pub at: u64,
    /// How many.
    pub bytes: u64,
    /// The packet whose data ends in front of them.
    pub after: Option<u64>,
    /// The packet whose data begins behind them; none where only a FIN, an acknowledgement or a packet cut short tells of them.
    pub before: Option<u64>,
    /// Bytes that were captured behind them so far and are in no stream.
    pub behind: u64,
    /// The first packet of the stream of which the capture kept only a part.
    pub cut: Option<u64>,
}

/// Why a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// The sender said so.
    Fin,
    /// One of the two ended the connection with RST.
    Reset,
    /// More than [`MOST_HELD`] bytes came behind a hole.
    Full,
    /// The same addresses began a new connection.
    Reused,
    /// [`MOST_CONNECTIONS`] newer ones are open.
    Dropped,
    /// The capture ends first.
    Open,
}

impl Close {
    /// The word for it in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Fin => "fin",
            Self::Reset => "reset",
            Self::Full => "full",
            Self::Reused => "reused",
            Self::Dropped => "dropped",
            Self::Open => "open",
        }
    }
}

/// Why a packet's data is in no stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skip {
    /// It is a fragment of an IP packet.
    Fragment,
    /// The capture kept too little to hold its headers.
    Cut,
    /// A header contradicts itself.
    Header(String),
    /// The link layer is not known, of this packet and all that follow with it.
    Link(u32),
    /// It has data behind the end of its stream.
    Behind(Flow),
    /// It has data in front of the first byte that was captured of its stream.
    Before(Flow),
    /// Its sequence number is farther ahead than any window of TCP.
    Outside(Flow),
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fragment => {
                write!(f, "an IP fragment of TCP, and fragments are not put together; capture where packets are whole")
            }
            Self::Cut => write!(f, "the capture kept too little of it to hold its headers; capture with `-s 0`"),
            Self::Header(why) => write!(f, "{why}"),
            Self::Link(link) => write!(
                f,
                "link type {link} is not read, here and in what follows; capture Ethernet, raw IP, Linux cooked or loopback"
            ),
            Self::Behind(flow) => write!(f, "data behind the end of {flow}"),
            Self::Before(flow) => {
                write!(f, "data in front of the first byte captured of {flow}; capture from the connection's start")
            }
            Self::Outside(flow) => write!(f, "a sequence number outside every window of {flow}"),
        }
    }
}

/// Why a capture cannot be read on. What was told before stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The packet at hand, from 1: it or what stands in front of it is wrong.
    pub packet: u64,
    /// Offset in the file of the block or record that is wrong.
    pub at: u64,
    /// The cause, and the way out.
    pub why: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "packet {}, at byte {}: {}", self.packet, self.at, self.why)
    }
}

impl std::error::Error for Fault {}

/// Reads a capture, bytes of the file in and [`Event`]s out. How the file is cut into feeds changes nothing.
#[derive(Debug, Default)]
pub struct Capture {
    file: File,
    connections: Connections,
    /// Link types that were told already.
    links: BTreeSet<u32>,
    packets: u64,
}

impl Capture {
    /// How many bytes of a file [`Capture::is_one`] wants.
    pub const MAGIC: usize = 12;

    /// Of no bytes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a file that begins with these bytes is a capture. It looks at [`Capture::MAGIC`] of them at most.
    #[must_use]
    pub fn is_one(first: &[u8]) -> bool {
        file::is_capture(first)
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// The first thing that is wrong with the file; then every call says the same.
    pub fn feed(&mut self, bytes: &[u8], events: &mut Vec<Event>) -> Result<(), Fault> {
        self.file.push(bytes);
        while let Some(packet) = self.file.next()? {
            self.packets = packet.number;
            match packet::read(&packet) {
                Read::Tcp { from, to, segment } => self.connections.take(from, to, &segment, events),
                Read::Other => {}
                Read::Skip(Skip::Link(link)) if !self.links.insert(link) => {}
                Read::Skip(why) => events.push(Event::Skipped { packet: packet.number, why }),
            }
        }
        Ok(())
    }

    /// Says that the file ends here: every stream ends.
    ///
    /// # Errors
    /// The file ends inside of a packet, or what [`Capture::feed`] said. The events are complete all the same.
    pub fn finish(&mut self, events: &mut Vec<Event>) -> Result<(), Fault> {
        self.connections.finish(events);
        self.file.finish()
    }

    /// Bytes that are held: the packet at hand, and those behind holes.
    #[must_use]
    pub fn buffered(&self) -> u64 {
        self.file.buffered().saturating_add(self.connections.held())
    }

    /// How many packets were read.
    #[must_use]
    pub fn packets(&self) -> u64 {
        self.packets
    }
}
