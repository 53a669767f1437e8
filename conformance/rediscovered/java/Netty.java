// Netty's decoders, one alone in an EmbeddedChannel. -DfailFast=false is their failFast setting.
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.*;
import java.util.Map;
import java.util.Set;

public class Netty implements Adapter.Library {
    final boolean failFast = !"false".equals(System.getProperty("failFast"));

    ByteToMessageDecoder decoder(Map<String, String> g) {
        int max = Integer.parseInt(g.get("max")), strip = Integer.parseInt(g.get("strip"));
        if (!"close".equals(g.getOrDefault("reject", "close"))) throw new IllegalArgumentException("an error but too long ends the stream");
        if (g.get("framing").equals("length-field") && g.get("endian").equals("big") && g.get("signed").equals("0")) {
            int offset = Integer.parseInt(g.get("offset")), width = Integer.parseInt(g.get("width"));
            return new LengthFieldBasedFrameDecoder(max, offset, width, Integer.parseInt(g.get("adjust")), strip, failFast);
        }
        if (g.get("framing").equals("delimiter") && Set.of(g.get("delimiters").split(",")).equals(Set.of("0a", "0d0a")))
            return new LineBasedFrameDecoder(max, strip == 1, failFast);
        throw new IllegalArgumentException("no decoder for this geometry");
    }

    @Override public Adapter.Decoder open(Map<String, String> g, Adapter.Sink sink) {
        boolean skips = "skip".equals(g.get("oversize")), delimited = g.get("framing").equals("delimiter");
        EmbeddedChannel channel = new EmbeddedChannel(decoder(g), new ChannelInboundHandlerAdapter() {
            @Override public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ByteBuf frame = (ByteBuf) msg;
                byte[] bytes = new byte[frame.readableBytes()];
                frame.readBytes(bytes);
                frame.release();
                sink.emit(bytes);
            }

            @Override public void exceptionCaught(ChannelHandlerContext ctx, Throwable e) {
                boolean tooLong = e instanceof TooLongFrameException;
                sink.fail(tooLong ? delimited ? "delimiter-too-far" : "frame-too-large" : "error", e, tooLong && skips);
            }
        });
        return new Adapter.Decoder() {
            @Override public void feed(byte[] chunk) { channel.writeInbound(Unpooled.wrappedBuffer(chunk)); }
            @Override public void end() { channel.pipeline().fireChannelInactive(); }
        };
    }

    @Override public String artifact() { return "netty-codec"; }
}
