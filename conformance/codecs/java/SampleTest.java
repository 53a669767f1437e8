import framewright.generated.Phases;
import framewright.generated.PhasesNettyDecoder;
import framewright.generated.SessionRecord;
import framewright.generated.SessionRecord.Frame;
import framewright.generated.SessionRecord.Opcode;
import framewright.generated.SessionRecord.Serializer;
import framewright.generated.SessionRecordNettyDecoder;
import framewright.generated.SessionRecordNettyEncoder;
import framewright.generated.Skip;
import framewright.generated.SkipNettyDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.EncoderException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Run by test.sh with assertions on. */
public final class SampleTest {
  private SampleTest() {}

  private static Frame frame(int size) {
    return new Frame().version(2).opcode(Opcode.DATA).session(-1L).body(new byte[size]);
  }

  /** What comes out of a decoder: frames as their bytes, refusals as their words. */
  private static final class Seen extends ChannelInboundHandlerAdapter {
    final List<String> events = new ArrayList<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
      byte[] bytes = message instanceof Skip.Frame skip ? skip.encode() : ((Frame) message).encode();
      events.add(ByteBufUtil.hexDump(bytes));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
      assert thrown instanceof DecoderException : thrown;
      events.add(thrown.getCause().getMessage());
    }
  }

  private static void framesAreTheSameThroughEveryCutOfAChannel() throws IOException {
    byte[] first = frame(3).encode();
    byte[] second = frame(0).encode();
    byte[] stream = Unpooled.wrappedBuffer(first, second).copy().array();
    List<String> wanted = List.of(ByteBufUtil.hexDump(first), ByteBufUtil.hexDump(second));
    for (int cut = 0; cut <= stream.length; cut++) {
      for (boolean direct : new boolean[] {false, true}) {
        Seen seen = new Seen();
        EmbeddedChannel channel = new EmbeddedChannel(new SessionRecordNettyDecoder(), seen);
        channel.writeInbound(buffer(stream, 0, cut, direct));
        channel.writeInbound(buffer(stream, cut, stream.length, direct));
        channel.finish();
        assert seen.events.equals(wanted) : cut + ": " + seen.events;
      }
    }
  }

  private static ByteBuf buffer(byte[] bytes, int from, int to, boolean direct) {
    ByteBuf buffer = direct ? Unpooled.directBuffer() : Unpooled.buffer();
    return buffer.writeBytes(bytes, from, to - from);
  }

  private static void aRefusalComesAfterTheFramesBeforeItAndOnce() throws IOException {
    byte[] good = frame(1).encode();
    Seen seen = new Seen();
    EmbeddedChannel channel = new EmbeddedChannel(new SessionRecordNettyDecoder(), seen);
    channel.writeInbound(Unpooled.wrappedBuffer(good, new byte[] {(byte) 0xca, 0}, good));
    channel.writeInbound(Unpooled.wrappedBuffer(good));
    channel.finish();
    int at = good.length + 1;
    List<String> wanted = List.of(ByteBufUtil.hexDump(good), "bad-const at byte " + at);
    assert seen.events.equals(wanted) : seen.events;
  }

  private static void aDecoderThatGoesOnDoesSoInTheSameRead() throws IOException {
    byte[] good = new Skip.Frame().kind(Skip.Kind.ASK).content("{}".getBytes()).encode();
    byte[] bad = good.clone();
    bad[7] = 9;
    Seen seen = new Seen();
    EmbeddedChannel channel = new EmbeddedChannel(new SkipNettyDecoder(), seen);
    channel.writeInbound(Unpooled.wrappedBuffer(good, bad, good));
    channel.finish();
    String hex = ByteBufUtil.hexDump(good);
    List<String> wanted = List.of(hex, "out-of-range at byte " + (good.length + 7), hex);
    assert seen.events.equals(wanted) : seen.events;
  }

  private static void theEndOfAChannelInsideAFrameIsRefused() throws IOException {
    byte[] frame = frame(9).encode();
    Seen seen = new Seen();
    EmbeddedChannel channel = new EmbeddedChannel(new SessionRecordNettyDecoder(), seen);
    channel.writeInbound(Unpooled.wrappedBuffer(frame, 0, 10));
    channel.finish();
    assert seen.events.equals(List.of("incomplete at byte 10")) : seen.events;
  }

  private static void framesAreWrittenToAChannelOrTheirWriteFails() throws IOException {
    EmbeddedChannel channel = new EmbeddedChannel(new SessionRecordNettyEncoder());
    Frame frame = frame(5);
    channel.writeOutbound(frame);
    ByteBuf written = channel.readOutbound();
    assert ByteBufUtil.hexDump(written).equals(ByteBufUtil.hexDump(frame.encode()));
    written.release();
    try {
      channel.writeOutbound(frame(5).version(3));
      assert false;
    } catch (EncoderException refused) {
      assert refused.getCause().getMessage().equals("out-of-range version") : refused.getCause();
    }
    assert channel.readOutbound() == null;
  }

  private static void bytesOfAFrameLieInTheChunkWhereTheyCan() throws IOException {
    byte[] chunk = frame(4).encode();
    SessionRecord.Decoder decoder = new SessionRecord.Decoder();
    decoder.push(chunk);
    Frame whole = decoder.next();
    assert whole.body().array() == chunk && whole.body().offset() == chunk.length - 4;
    assert decoder.next() == null;
    decoder.push(ByteBuffer.wrap(chunk, 0, chunk.length - 1));
    assert decoder.next() == null;
    decoder.push(ByteBuffer.wrap(chunk, chunk.length - 1, 1).asReadOnlyBuffer());
    Frame cut = decoder.next();
    assert cut.body().array() != chunk;
    assert cut.equals(whole) && cut.hashCode() == whole.hashCode() && whole.length() == 4;
  }

  private static void unsigned64BitsAreExact() throws IOException {
    SessionRecord.Decoder decoder = new SessionRecord.Decoder();
    decoder.push(frame(0).session(Long.parseUnsignedLong("18446744073709551615")).encode());
    Frame frame = decoder.next();
    assert Long.toUnsignedString(frame.session()).equals("18446744073709551615");
    assert frame.toString().contains("session=18446744073709551615") : frame;
  }

  private static void otherValuesOfAnOpenEnumSurvive() throws IOException {
    SessionRecord.Decoder decoder = new SessionRecord.Decoder();
    decoder.push(frame(0).opcodeValue(200).encode());
    Frame frame = decoder.next();
    assert frame.opcode() == Opcode.OTHER && frame.opcodeValue() == 200;
    assert frame.serializer() == Serializer.RAW;
  }

  private static void aPushBeforeTheLastIsUsedUpIsAMistake() throws IOException {
    SessionRecord.Decoder decoder = new SessionRecord.Decoder();
    decoder.push(new byte[1]);
    try {
      decoder.push(new byte[1]);
      assert false;
    } catch (IllegalStateException mistake) {
      assert mistake.getMessage().equals("what was pushed before is not used up");
    }
  }

  private static void aChunkOfAPieceIsKeptWithoutRoomForWhatIsClaimed() throws IOException {
    byte[] frame = frame(1 << 20).encode();
    long before = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    List<SessionRecord.Decoder> decoders = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      SessionRecord.Decoder decoder = new SessionRecord.Decoder();
      decoder.push(frame, 0, 24);
      assert decoder.next() == null;
      decoders.add(decoder);
    }
    long after = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    assert after - before < 200L << 20 : after - before;
    assert decoders.size() == 1000;
  }

  /** {@code Q} with {@code odd}, since three frames came before; {@code X}, behind which the stream closes; {@code BYE}. */
  private static void aDecoderBeginsWithTheSessionThatItIsGiven() throws IOException {
    byte[] stream = {'Q', 0, 0, 0, 6, 'h', 'i', 7, 'X', 0, 0, 0, 4, 'B', 'Y', 'E', 2};
    Phases.Session session = new Phases.Session(Phases.Phase.READY, 3);
    String wanted = "[READY 3 81 2 7 -1, READY 0 88 0 -1 -1, CLOSING 1 -1 -1 -1 2]";
    for (int cut = 0; cut <= stream.length; cut++) {
      Phases.Decoder decoder = new Phases.Decoder(session);
      List<String> told = new ArrayList<>();
      for (int half = 0; half < 2; half++) {
        decoder.push(stream, half * cut, half == 0 ? cut : stream.length - cut);
        for (Phases.Frame frame = decoder.next(); frame != null; frame = decoder.next()) {
          told.add(phased(frame));
        }
      }
      decoder.finish();
      assert told.toString().equals(wanted) : cut + ": " + told;
      List<String> read = new ArrayList<>();
      EmbeddedChannel channel =
          new EmbeddedChannel(
              new PhasesNettyDecoder(session),
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                  read.add(phased((Phases.Frame) message));
                }
              });
      channel.writeInbound(buffer(stream, 0, cut, false));
      channel.writeInbound(buffer(stream, cut, stream.length, false));
      channel.finish();
      assert read.toString().equals(wanted) : cut + ": " + read;
    }
    Phases.Decoder atTheStart = new Phases.Decoder();
    atTheStart.push(stream);
    try {
      atTheStart.next();
      assert false;
    } catch (Phases.Reject reject) { // The same bytes are the length of a start-up packet.
      assert reject.rejectClass() == Phases.RejectClass.FRAME_TOO_LARGE && reject.at() == 3 : reject;
    }
  }

  private static String phased(Phases.Frame frame) {
    return String.format(
        "%s %d %d %d %d %d",
        frame.phase(),
        frame.frames(),
        frame.kind().orElse(-1),
        frame.payload().map(Phases.Bytes::length).orElse(-1),
        frame.odd().orElse(-1),
        frame.count().orElse(-1));
  }

  /** Each block of Java stands in an example, indentation aside. */
  private static void theDocumentationShowsCodeThatRuns(Path examples, Path page) throws IOException {
    String sources;
    try (Stream<Path> files = Files.list(examples)) {
      sources = files.sorted().map(SampleTest::flat).collect(Collectors.joining("\n"));
    }
    int blocks = 0;
    for (String part : Files.readString(page).split("```java\n")) {
      if (blocks++ > 0) {
        String block = flat(part.substring(0, part.indexOf("```")));
        assert sources.contains(block) : "no example has\n" + block;
      }
    }
    assert blocks > 2 : page;
  }

  private static String flat(Path file) {
    try {
      return flat(Files.readString(file));
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }

  private static String flat(String code) {
    return code.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  /** Arguments: the folder of examples, the page of documentation. */
  public static void main(String[] args) throws IOException {
    framesAreTheSameThroughEveryCutOfAChannel();
    aRefusalComesAfterTheFramesBeforeItAndOnce();
    aDecoderThatGoesOnDoesSoInTheSameRead();
    theEndOfAChannelInsideAFrameIsRefused();
    framesAreWrittenToAChannelOrTheirWriteFails();
    bytesOfAFrameLieInTheChunkWhereTheyCan();
    unsigned64BitsAreExact();
    otherValuesOfAnOpenEnumSurvive();
    aPushBeforeTheLastIsUsedUpIsAMistake();
    aChunkOfAPieceIsKeptWithoutRoomForWhatIsClaimed();
    aDecoderBeginsWithTheSessionThatItIsGiven();
    theDocumentationShowsCodeThatRuns(Path.of(args[0]), Path.of(args[1]));
    System.out.println("ok");
  }
}
