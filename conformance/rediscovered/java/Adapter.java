// Releases of Java libraries behind FWT/1: `Adapter Netty`, with Netty.class and the release on the class path.
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

public class Adapter {
    /** Takes chunks and tells a sink what comes out. */
    interface Decoder {
        void feed(byte[] chunk) throws Exception;
        default void end() throws Exception { }
    }

    /** Opens a decoder for a geometry, or says with an IllegalArgumentException why not; names its artifact. */
    interface Library {
        Decoder open(Map<String, String> g, Sink sink) throws Exception;
        String artifact();
    }

    /** What one segmentation brought. */
    static class Sink {
        final StringBuilder out = new StringBuilder();
        int fed;
        boolean stopped;

        void emit(byte[] frame) {
            if (stopped) return;
            out.append(fed).append(':').append(frame.length == 0 ? "_" : "");
            for (byte b : frame) out.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
            out.append('\t');
        }

        void fail(String name, Throwable e, boolean goesOn) {
            if (stopped) return;
            out.append(fed).append('!').append(name).append(' ').append(String.valueOf(e).replaceAll("\\s", " ")).append(goesOn ? '\t' : '\n');
            stopped = !goesOn;
        }
    }

    /** The release of a library, which is in its jar's name. */
    static String release(String artifact) {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String name = new File(entry).getName();
            if (name.startsWith(artifact + "-") && name.endsWith(".jar")) return name.substring(artifact.length() + 1, name.length() - ".jar".length());
        }
        throw new IllegalStateException("no jar of " + artifact);
    }

    static byte[] unhex(String hex) {
        byte[] bytes = new byte[hex.equals("_") ? 0 : hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        return bytes;
    }

    static String decode(Library library, Map<String, String> g, byte[] stream, String seg) {
        Sink sink = new Sink();
        try {
            Decoder decoder = library.open(g, sink);
            for (String cut : (seg.replaceAll("[~-]", "") + "," + stream.length).split(",")) {
                if (cut.isEmpty() || sink.stopped) continue;
                int from = sink.fed;
                sink.fed = Integer.parseInt(cut);
                decoder.feed(java.util.Arrays.copyOfRange(stream, from, sink.fed));
            }
            if (!sink.stopped) decoder.end();
        } catch (Exception e) {
            sink.fail("error", e.getCause() == null ? e : e.getCause(), false);
        }
        return sink.stopped ? sink.out.toString() : sink.out + "?\n";
    }

    public static void main(String[] args) throws Exception {
        Library library = (Library) Class.forName(args[0]).getDeclaredConstructor().newInstance();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1), 1 << 16);
        var stdout = new FileOutputStream(FileDescriptor.out);
        Map<String, String> g = new HashMap<>();
        long served = 0;
        for (String line; (line = in.readLine()) != null; ) {
            String[] words = line.split(" ");
            StringBuilder reply = new StringBuilder();
            if (words[0].equals("fwt")) {
                g = new HashMap<>();
                for (String word : words) g.put(word.split("=")[0], word.substring(word.indexOf('=') + 1));
                try {
                    library.open(g, new Sink());
                    reply.append("fwt 1 name=").append(args[0].toLowerCase()).append(" version=").append(release(library.artifact()))
                        .append(" language=java emits=frame ops=d checks=framing\n");
                } catch (IllegalArgumentException e) {
                    reply.append("skip ").append(e.getMessage()).append('\n');
                }
            } else if (words[0].equals("d")) {
                for (int i = 2; i < words.length; i++, served++) reply.append(decode(library, g, unhex(words[1]), words[i]));
            } else {
                reply.append("bye ").append(served).append('\n');
            }
            stdout.write(reply.toString().getBytes(StandardCharsets.ISO_8859_1));
            if (words[0].equals("q")) return;
        }
    }
}
