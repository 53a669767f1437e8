//! A capture file of TCP segments over IPv4, without a link layer.

/// Link type: raw IP.
const RAW: u32 = 101;
/// TCP flags.
const SYN: u8 = 0x02;
const ACK: u8 = 0x10;
const PUSH: u8 = 0x08;

/// What is written so far. Frames are numbered from 1, as Wireshark does.
pub(super) struct Capture {
    pub(super) bytes: Vec<u8>,
    pub(super) packets: usize,
}

/// One side of a connection.
#[derive(Clone, Copy)]
pub(super) struct Peer {
    pub(super) address: u32,
    pub(super) port: u16,
}

/// A connection, with what either side has sent so far.
pub(super) struct Connection {
    /// Client and server.
    pub(super) peers: [Peer; 2],
    sent: [u32; 2],
}

impl Connection {
    /// The number-th connection to a port. Its first packet is the client's SYN.
    pub(super) fn open(capture: &mut Capture, number: u32, port: u16) -> Self {
        let client = Peer { address: 0x0a01_0000 + number, port: 50_000 };
        Self { peers: [client, Peer { address: 0x0a00_0001, port }], sent: [0, 0] }.begun(capture)
    }

    /// Another one between the same ports, whose bytes are counted from elsewhere.
    pub(super) fn open_anew(&self, capture: &mut Capture) -> Self {
        Self { peers: self.peers, sent: self.sent.map(|sent| sent + 100_000) }.begun(capture)
    }

    fn begun(mut self, capture: &mut Capture) -> Self {
        capture.packet(&self, 0, SYN, &[]);
        self.sent[0] += 1;
        capture.packet(&self, 1, SYN | ACK, &[]);
        self.sent[1] += 1;
        self
    }

    /// The segment that this side sent last, once more.
    pub(super) fn again(&self, capture: &mut Capture, from: usize, payload: &[u8]) {
        let mut before = Self { peers: self.peers, sent: self.sent };
        before.sent[from] -= payload.len() as u32;
        before.segment(capture, from, payload);
    }

    /// A segment from one of the two sides.
    pub(super) fn segment(&mut self, capture: &mut Capture, from: usize, payload: &[u8]) {
        capture.packet(self, from, ACK | PUSH, payload);
        self.sent[from] += payload.len() as u32;
    }
}

impl Capture {
    pub(super) fn new() -> Self {
        let mut bytes = Vec::new();
        bytes.extend(0xa1b2_c3d4_u32.to_le_bytes());
        for half in [2_u16, 4] {
            bytes.extend(half.to_le_bytes());
        }
        for word in [0, 0, 262_144, RAW] {
            bytes.extend(u32::to_le_bytes(word));
        }
        Self { bytes, packets: 0 }
    }

    fn packet(&mut self, connection: &Connection, from: usize, flags: u8, payload: &[u8]) {
        let (source, target) = (connection.peers[from], connection.peers[1 - from]);
        let length = 40 + payload.len() as u32;
        self.packets += 1;
        for word in [self.packets as u32, 0, length, length] {
            self.bytes.extend(word.to_le_bytes());
        }
        self.bytes.extend([0x45, 0]);
        self.bytes.extend((length as u16).to_be_bytes());
        self.bytes.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
        self.bytes.extend(source.address.to_be_bytes());
        self.bytes.extend(target.address.to_be_bytes());
        self.bytes.extend(source.port.to_be_bytes());
        self.bytes.extend(target.port.to_be_bytes());
        self.bytes.extend(connection.sent[from].to_be_bytes());
        self.bytes.extend(connection.sent[1 - from].to_be_bytes());
        self.bytes.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        self.bytes.extend(payload);
    }
}
