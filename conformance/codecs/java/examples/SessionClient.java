import framewright.generated.SessionRecord.Decoder;
import framewright.generated.SessionRecord.EncodeException;
import framewright.generated.SessionRecord.Frame;
import framewright.generated.SessionRecord.Opcode;
import framewright.generated.SessionRecord.Reject;
import framewright.generated.SessionRecord.Serializer;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Opens a session, sends records of many sizes in pieces of odd sizes, and checks each echo. */
public final class SessionClient {
  private static final int[] PIECES = {1, 2, 3, 5, 1460, 65536};

  private final long session;
  private final int count;

  private SessionClient(long session, int count) {
    this.session = session;
    this.count = count;
  }

  /** Frames of a socket, one by one. */
  static final class FrameReader {
    private final InputStream in;
    private final byte[] chunk = new byte[4096];
    private final Decoder decoder = new Decoder();

    FrameReader(InputStream in) {
      this.in = in;
    }

    /** The next frame, valid until the next call; null at the end of the stream. */
    Frame next() throws IOException {
      while (true) {
        Frame frame = decoder.next();
        if (frame != null) {
          return frame;
        }
        int read = in.read(chunk);
        if (read < 0) {
          decoder.finish();
          return null;
        }
        decoder.push(chunk, 0, read);
      }
    }
  }

  private Frame frame(Opcode opcode, Serializer serializer, byte[] body) {
    return new Frame()
        .version(1)
        .serializer(serializer)
        .opcode(opcode)
        .session(session)
        .body(body);
  }

  /** The k-th record of data. */
  private Frame data(int k) {
    switch (k % 3) {
      case 0 -> {
        byte[] body = new byte[(int) (k * 7919L % 70001)];
        for (int i = 0; i < body.length; i++) {
          body[i] = (byte) ((k + i) % 251);
        }
        return frame(Opcode.DATA, Serializer.RAW, body);
      }
      case 1 -> {
        byte[] body = ("{\"k\":" + k + "}").getBytes(StandardCharsets.US_ASCII);
        return frame(Opcode.DATA, Serializer.JSON, body);
      }
      default -> {
        byte[] body = {(byte) 0xcd, (byte) (k >> 8), (byte) k};
        return frame(Opcode.DATA, Serializer.MSGPACK, body);
      }
    }
  }

  private void write(OutputStream out) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(frame(Opcode.OPEN, Serializer.RAW, new byte[0]).encode());
    for (int k = 0; k < count; k++) {
      all.write(data(k).encode());
    }
    all.write(frame(Opcode.CLOSE, Serializer.RAW, new byte[0]).encode());
    byte[] bytes = all.toByteArray();
    for (int at = 0, piece = 0; at < bytes.length; piece++) {
      int size = Math.min(PIECES[piece % PIECES.length], bytes.length - at);
      out.write(bytes, at, size);
      at += size;
    }
  }

  private static void expect(Frame wanted, Frame got) throws IOException {
    if (got == null) {
      throw new EOFException("the server closed the connection before " + wanted);
    }
    if (!got.equals(wanted)) {
      throw new IOException("got " + got + ", not " + wanted);
    }
  }

  private void read(FrameReader frames) throws IOException {
    expect(frame(Opcode.OPEN, Serializer.RAW, new byte[0]), frames.next());
    for (int k = 0; k < count; k++) {
      expect(data(k), frames.next());
    }
    expect(frame(Opcode.CLOSE, Serializer.RAW, new byte[0]), frames.next());
    Frame more = frames.next();
    if (more != null) {
      throw new IOException("got " + more + " after the end of the session");
    }
  }

  private void run(String host, int port) throws IOException {
    try (Socket socket = new Socket(host, port)) {
      socket.setTcpNoDelay(true);
      Thread writer =
          new Thread(
              () -> {
                try {
                  write(socket.getOutputStream());
                } catch (EncodeException refused) {
                  throw new IllegalStateException(refused);
                } catch (IOException closed) {
                  // The reader finds out.
                }
              });
      writer.setDaemon(true);
      writer.start();
      read(new FrameReader(socket.getInputStream()));
    }
  }

  /** Arguments: host, port, session, number of records. */
  public static void main(String[] args) {
    try {
      long session = Long.parseUnsignedLong(args[2]);
      new SessionClient(session, Integer.parseInt(args[3])).run(args[0], Integer.parseInt(args[1]));
      System.out.println("ok " + args[3]);
    } catch (Reject reject) {
      System.err.println("the server's stream is refused: " + reject.getMessage());
      System.exit(1);
    } catch (IOException failure) {
      System.err.println(failure.getMessage());
      System.exit(1);
    }
  }
}
