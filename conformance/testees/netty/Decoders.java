// Chooses Netty's decoder for a geometry. Each is subclassed only to see what it still holds at the end.
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.*;
import java.nio.ByteOrder;
import java.util.*;
import java.util.function.Supplier;

class Decoders {
    static final Set<String> LINE_ENDS = Set.of("0d0a", "0a");
    final Supplier<ByteToMessageDecoder> decoder;
    final boolean skipsTooLong, delimited;
    LengthFieldPrepender prepender;
    int left; // bytes unread when the stream had ended, -1 before that

    Decoders(Map<String, String> g) {
        String framing = g.get("framing");
        int max = Integer.parseInt(g.getOrDefault("max", "0")), strip = Integer.parseInt(g.getOrDefault("strip", "0"));
        skipsTooLong = "skip".equals(g.get("oversize"));
        delimited = "delimiter".equals(framing);
        if ("length-field".equals(framing)) {
            int offset = Integer.parseInt(g.get("offset")), width = Integer.parseInt(g.get("width"));
            int adjust = Integer.parseInt(g.get("adjust"));
            ByteOrder order = "little".equals(g.get("endian")) ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            if (width > 4 && width < 8) throw new IllegalArgumentException("length fields of 5, 6 and 7 bytes are not read");
            if ("1".equals(g.get("signed")) && width < 8) throw new IllegalArgumentException("length fields are read unsigned");
            if (!"close".equals(g.getOrDefault("reject", "close"))) throw new IllegalArgumentException("no setting for reject=" + g.get("reject"));
            decoder = () -> new LengthFieldBasedFrameDecoder(order, max, offset, width, adjust, strip, true) {
                @Override protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
                    super.decodeLast(ctx, in, out);
                    left = in.readableBytes();
                }
            };
            if (offset == 0) prepender = new LengthFieldPrepender(order, width, -adjust, false);
        } else if ("fixed".equals(framing) && strip == 0) {
            int size = Integer.parseInt(g.get("size"));
            decoder = () -> new FixedLengthFrameDecoder(size) {
                @Override protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
                    super.decodeLast(ctx, in, out);
                    left = in.readableBytes();
                }
            };
        } else if (delimited && LINE_ENDS.equals(new HashSet<>(List.of(g.get("delimiters").split(","))))) {
            decoder = () -> new LineBasedFrameDecoder(max, strip == 1, true) {
                @Override protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
                    super.decodeLast(ctx, in, out);
                    left = in.readableBytes();
                }
            };
        } else if (delimited) {
            ByteBuf[] ends = Arrays.stream(g.get("delimiters").split(","))
                .map(hex -> Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex))).toArray(ByteBuf[]::new);
            decoder = () -> new DelimiterBasedFrameDecoder(max, strip == 1, true, ends) {
                @Override protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
                    super.decodeLast(ctx, in, out);
                    left = in.readableBytes();
                }
            };
        } else throw new IllegalArgumentException("no decoder for framing=" + framing + " strip=" + strip);
        decoder.get(); // its constructor refuses what it cannot serve
    }

    ByteToMessageDecoder fresh() { return decoder.get(); }
}
