import com.sun.management.OperatingSystemMXBean;
import framewright.generated.Record;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Nanoseconds of processor time a frame of the generated decoder and of Netty's LengthFieldBasedFrameDecoder, which is called directly and whose frames'
 * headers are parsed by hand. Neither copies the stream before it is decoded. Payloads are not read but for their ends.
 */
public final class Bench {
  private static final int[] PAYLOADS = {16, 64, 256, 1024, 16384, 65536};
  private static final int[] CHUNKS = {1, 7, 64, 1460, 65536};
  private static final int CYCLES = 5;
  /** Of all threads of the process, so that garbage is paid for and a busy machine does not count. */
  private static final OperatingSystemMXBean CLOCK =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final long SLICE = 60_000_000;

  private Bench() {}

  private interface Run {
    /** What is read of the frames of a stream. */
    long sum(byte[] stream, int chunk) throws Exception;
  }

  private static long generated(byte[] stream, int chunk) throws IOException {
    Record.Decoder decoder = new Record.Decoder();
    long sum = 0;
    for (int at = 0; at < stream.length; at += chunk) {
      decoder.push(stream, at, Math.min(chunk, stream.length - at));
      for (Record.Frame frame = decoder.next(); frame != null; frame = decoder.next()) {
        Record.Bytes payload = frame.payload();
        sum += frame.session() + frame.opcode() + payload.get(0) + payload.get(payload.length() - 1);
      }
    }
    decoder.finish();
    return sum;
  }

  private static final class Direct extends LengthFieldBasedFrameDecoder {
    Direct() {
      super(Record.MAX_FRAME, 0, 4, 9, 0);
    }

    ByteBuf next(ByteBuf in) throws Exception {
      return (ByteBuf) decode((ChannelHandlerContext) null, in);
    }
  }

  private static long netty(byte[] stream, int chunk) throws Exception {
    Direct decoder = new Direct();
    ByteBuf cumulation = Unpooled.EMPTY_BUFFER;
    long sum = 0;
    for (int at = 0; at < stream.length; at += chunk) {
      ByteBuf in = Unpooled.wrappedBuffer(stream, at, Math.min(chunk, stream.length - at));
      cumulation = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ByteBufAllocator.DEFAULT, cumulation, in);
      for (ByteBuf frame = decoder.next(cumulation); frame != null; frame = decoder.next(cumulation)) {
        int start = frame.readerIndex();
        sum += frame.getLong(start + 4) + frame.getUnsignedByte(start + 12) + frame.getByte(start + 13)
            + frame.getByte(frame.writerIndex() - 1);
        frame.release();
      }
    }
    cumulation.release();
    return sum;
  }

  private static byte[] stream(int payload, int frames) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] body = new byte[payload];
    for (int i = 0; i < frames; i++) {
      Arrays.fill(body, (byte) i);
      out.write(new Record.Frame().session(i * 0x9e3779b97f4a7c15L).opcode(i & 0xff).payload(body).encode());
    }
    return out.toByteArray();
  }

  private static long wanted(int frames) {
    long sum = 0;
    for (int i = 0; i < frames; i++) {
      sum += i * 0x9e3779b97f4a7c15L + (i & 0xff) + 2 * (byte) i;
    }
    return sum;
  }

  /** Nanoseconds a frame over at least {@code slice} nanoseconds. */
  private static double measure(Run run, byte[] stream, int chunk, int frames, long slice) throws Exception {
    long wanted = wanted(frames);
    long rounds = 0;
    long begun = CLOCK.getProcessCpuTime();
    long taken;
    do {
      if (run.sum(stream, chunk) != wanted) {
        throw new AssertionError("a wrong answer");
      }
      rounds++;
      taken = CLOCK.getProcessCpuTime() - begun;
    } while (taken < slice);
    return (double) taken / (rounds * frames);
  }

  private static double median(double[] of) {
    Arrays.sort(of);
    return of[of.length / 2];
  }

  /** Prints the table. */
  public static void main(String[] args) throws Exception {
    System.out.printf("%-16s %12s %12s %8s%n", "payload / chunk", "netty ns", "generated ns", "ratio");
    for (int pass = 0; pass < 2; pass++) {
      for (int payload : PAYLOADS) {
        for (int chunk : CHUNKS) {
          int frames = Math.max(4, Math.min(4096, (chunk < 64 ? 1 << 18 : 1 << 20) / (payload + 13)));
          byte[] stream = stream(payload, frames);
          double[] netty = new double[CYCLES];
          double[] ours = new double[CYCLES];
          for (int cycle = 0; cycle < CYCLES; cycle++) {
            netty[cycle] = measure(Bench::netty, stream, chunk, frames, pass == 0 ? SLICE / 8 : SLICE);
            ours[cycle] = measure(Bench::generated, stream, chunk, frames, pass == 0 ? SLICE / 8 : SLICE);
          }
          if (pass > 0) {
            double theirs = median(netty);
            double mine = median(ours);
            System.out.printf("%-16s %12.1f %12.1f %8.2f%n", payload + " / " + chunk, theirs, mine, theirs / mine);
          }
        }
      }
    }
  }
}
