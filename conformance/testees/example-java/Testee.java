// Any length-field geometry in Java, by hand: the decoder, then the FWT/1 loop around it.
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.function.Consumer;

public class Testee {
    record Geometry(int offset, int width, boolean little, int adjust, int strip, int max) {}

    static class DecodeException extends Exception {
        DecodeException(String message) { super(message); }
    }

    static class Decoder {
        final Geometry g;
        byte[] buf = new byte[64];
        int start, end;

        Decoder(Geometry g) { this.g = g; }

        /** Buffers the chunk and hands every frame that it completes to {@code frames}. */
        void feed(byte[] chunk, int from, int to, Consumer<byte[]> frames) throws DecodeException {
            int held = end - start, need = held + to - from, header = g.offset + g.width;
            byte[] into = need > buf.length ? new byte[2 * need] : buf;
            if (into != buf || start > 0) System.arraycopy(buf, start, into, 0, held);
            System.arraycopy(chunk, from, into, held, to - from);
            buf = into; start = 0; end = need;
            while (end - start >= header) {
                long value = 0;
                for (int i = 0; i < g.width; i++)
                    value = value << 8 | buf[start + g.offset + (g.little ? g.width - 1 - i : i)] & 0xff;
                if (value < 0 || value > Integer.MAX_VALUE) throw new DecodeException("frame-too-large");
                long size = header + value + g.adjust;
                if (size < header || size < g.strip) throw new DecodeException("length-too-small");
                if (size > g.max) throw new DecodeException("frame-too-large");
                if (end - start < size) return;
                frames.accept(Arrays.copyOfRange(buf, start + g.strip, start + (int) size));
                start += (int) size;
            }
        }
    }

    static Geometry configure(String[] words) {
        Map<String, String> g = new HashMap<>();
        for (String word : words) if (word.contains("=")) g.put(word.split("=")[0], word.split("=")[1]);
        if (!"length-field".equals(g.get("framing"))) throw new IllegalArgumentException("framing is not length-field");
        if ("1".equals(g.get("signed"))) throw new IllegalArgumentException("signed length fields are not read");
        if (!"close".equals(g.get("oversize")) || !"close".equals(g.get("reject")))
            throw new IllegalArgumentException("it closes on every error");
        return new Geometry(Integer.parseInt(g.get("offset")), Integer.parseInt(g.get("width")),
            "little".equals(g.get("endian")), Integer.parseInt(g.get("adjust")),
            Integer.parseInt(g.get("strip")), Integer.parseInt(g.get("max")));
    }

    static int[] cuts(String seg, int length) {
        int[] cuts = new int[seg.length() / 2 + 2];
        int n = 0, at = seg.startsWith("~") ? 1 : 0;
        for (int cut = 0; !seg.endsWith("-") && at <= seg.length(); at++) {
            char c = at < seg.length() ? seg.charAt(at) : ',';
            if (c != ',') cut = cut * 10 + c - '0';
            else { cuts[n++] = cut; cut = 0; }
        }
        cuts[n++] = length;
        return Arrays.copyOf(cuts, n);
    }

    static void decode(Geometry g, byte[] stream, String seg, StringBuilder out) {
        Decoder decoder = new Decoder(g);
        int from = 0;
        for (int to : cuts(seg, stream.length)) {
            try {
                decoder.feed(stream, from, to, frame ->
                    out.append(to).append(':').append(frame.length == 0 ? "_" : HEX.formatHex(frame)).append('\t'));
            } catch (DecodeException e) {
                out.append(to).append('!').append(e.getMessage()).append('\n');
                return;
            }
            from = to;
        }
        out.append(decoder.end > decoder.start ? "+\n" : ".\n");
    }

    static final HexFormat HEX = HexFormat.of();

    public static void main(String[] args) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1), 1 << 16);
        var stdout = new FileOutputStream(FileDescriptor.out);
        var out = new StringBuilder();
        Geometry geometry = null;
        long served = 0;
        for (String line; (line = in.readLine()) != null; ) {
            String[] words = line.split(" ");
            if (words[0].equals("fwt")) {
                try {
                    geometry = configure(words);
                    out.append("fwt 1 name=example-java version=").append(Runtime.version().feature())
                        .append(" language=java emits=frame ops=d checks=framing\n");
                } catch (IllegalArgumentException e) {
                    out.append("skip ").append(e.getMessage()).append('\n');
                }
            } else if (words[0].equals("d")) {
                byte[] stream = HEX.parseHex(words[1].equals("_") ? "" : words[1]);
                for (int i = 2; i < words.length; i++, served++) decode(geometry, stream, words[i], out);
            } else if (words[0].equals("q")) {
                out.append("bye ").append(served).append('\n');
            }
            stdout.write(out.toString().getBytes(StandardCharsets.ISO_8859_1));
            out.setLength(0);
            if (words[0].equals("q")) return;
        }
    }
}
