// Netty's frame decoders behind FWT/1: a fresh decoder for each segmentation, in the pipeline of one EmbeddedChannel.
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.*;
import io.netty.util.Version;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.TreeMap;

public class Adapter extends ChannelInboundHandlerAdapter {
    final EmbeddedChannel channel = new EmbeddedChannel(this);
    final StringBuilder out = new StringBuilder();
    Decoders decoders;
    boolean tooLong, stopped;
    int fed;

    @Override public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf frame = (ByteBuf) msg;
        if (!stopped) out.append(fed).append(':').append(frame.isReadable() ? ByteBufUtil.hexDump(frame) : "_").append('\t');
        tooLong = false;
        frame.release();
    }

    @Override public void exceptionCaught(ChannelHandlerContext ctx, Throwable e) {
        if (stopped) return;
        tooLong = e instanceof TooLongFrameException;
        String name = tooLong ? (decoders.delimited ? "delimiter-too-far" : "frame-too-large")
            : e instanceof CorruptedFrameException ? "length-too-small" : "error";
        out.append(fed).append('!').append(name).append(' ').append(String.valueOf(e.getMessage()).replaceAll("\\s", " "));
        stopped = !(tooLong && decoders.skipsTooLong);
        out.append(stopped ? '\n' : '\t');
    }

    void feed(byte[] stream, int to) {
        ByteBuf chunk = channel.alloc().ioBuffer(2048).writeBytes(stream, fed, to - fed); // as a socket's read would bring it
        fed = to;
        channel.pipeline().fireChannelRead(chunk).fireChannelReadComplete();
    }

    void decode(byte[] stream, String seg) {
        ByteToMessageDecoder decoder = decoders.fresh();
        channel.pipeline().addFirst("decoder", decoder);
        decoders.left = -1;
        fed = 0; tooLong = stopped = false;
        int at = seg.charAt(0) == '~' ? 1 : 0;
        for (int cut = 0; seg.charAt(seg.length() - 1) != '-' && at <= seg.length() && !stopped; at++) {
            char c = at < seg.length() ? seg.charAt(at) : ',';
            if (c != ',') cut = cut * 10 + c - '0';
            else { feed(stream, cut); cut = 0; }
        }
        if (!stopped) feed(stream, stream.length);
        if (!stopped) channel.pipeline().fireChannelInactive();
        if (!stopped) out.append(decoders.left > 0 ? "+\n" : decoders.left < 0 || tooLong ? "?\n" : ".\n"); // it may be discarding a frame too long
        stopped = true; // a decoder that is removed hands on the bytes that it holds
        channel.pipeline().remove(decoder);
    }

    void encode(String json) {
        EmbeddedChannel encoder = new EmbeddedChannel(decoders.prepender);
        try {
            encoder.writeOutbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(json.replaceAll("[\"_]", ""))));
            for (ByteBuf part; (part = encoder.readOutbound()) != null; part.release()) out.append(ByteBufUtil.hexDump(part));
        } catch (RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            out.append(String.valueOf(cause.getMessage()).contains("fit") ? "!frame-too-large " : "!length-too-small ").append(cause.getMessage());
        }
        out.append('\n');
    }

    public static void main(String[] args) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1), 1 << 16);
        var stdout = new FileOutputStream(FileDescriptor.out);
        var adapter = new Adapter();
        var versions = new TreeMap<>(Version.identify());
        var version = versions.getOrDefault("netty-codec-base", versions.get("netty-codec")).artifactVersion();
        long served = 0;
        for (String line; (line = in.readLine()) != null; ) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "fwt" -> {
                    var g = new HashMap<String, String>();
                    for (String word : words) g.put(word.split("=")[0], word.substring(word.indexOf('=') + 1));
                    try {
                        adapter.decoders = new Decoders(g);
                        adapter.out.append("fwt 1 name=netty version=").append(version).append(" language=java emits=frame ops=")
                            .append(adapter.decoders.prepender == null ? "d" : "de").append(" checks=framing\n");
                    } catch (IllegalArgumentException e) {
                        adapter.out.append("skip ").append(e.getMessage()).append('\n');
                    }
                }
                case "d" -> {
                    byte[] stream = ByteBufUtil.decodeHexDump(words[1].equals("_") ? "" : words[1]);
                    for (int i = 2; i < words.length; i++, served++) adapter.decode(stream, words[i]);
                }
                case "e" -> { adapter.encode(words[1]); served++; }
                case "q" -> adapter.out.append("bye ").append(served).append('\n');
                default -> adapter.out.append("!error unknown request\n");
            }
            stdout.write(adapter.out.toString().getBytes(StandardCharsets.ISO_8859_1));
            adapter.out.setLength(0);
            if (words[0].equals("q")) return;
        }
    }
}
