// MINA's TextLineDecoder. Its session and its output are stand-ins made by reflection: their packages moved with the releases.
import java.lang.reflect.*;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

public class Mina implements Adapter.Library {
    static Class<?> named(String... names) throws ClassNotFoundException {
        for (String name : names) {
            try { return Class.forName("org.apache.mina." + name); } catch (ClassNotFoundException absent) { continue; }
        }
        throw new ClassNotFoundException(String.join(" ", names));
    }

    /** Keeps attributes, and answers nothing else. */
    static Object session(Class<?> type) {
        Map<Object, Object> attributes = new HashMap<>();
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> switch (method.getName()) {
            case "getAttribute" -> attributes.get(args[0]);
            case "setAttribute" -> attributes.put(args[0], args.length > 1 ? args[1] : Boolean.TRUE);
            case "removeAttribute" -> attributes.remove(args[0]);
            case "containsAttribute" -> attributes.containsKey(args[0]);
            default -> null;
        });
    }

    @Override public Adapter.Decoder open(Map<String, String> g, Adapter.Sink sink) throws Exception {
        if (!g.get("framing").equals("delimiter") || g.get("delimiters").contains(",") || "skip".equals(g.get("oversize")))
            throw new IllegalArgumentException("one delimiter, and a line too long ends the stream");
        String end = new String(Adapter.unhex(g.get("delimiters")), StandardCharsets.ISO_8859_1), kept = g.get("strip").equals("1") ? "" : end;
        Class<?> buffer = named("common.ByteBuffer", "common.IoBuffer", "core.buffer.IoBuffer");
        Class<?> session = named("common.IoSession", "core.session.IoSession"), output = named("filter.codec.ProtocolDecoderOutput");
        Class<?> delimiter = named("filter.codec.textline.LineDelimiter"), type = named("filter.codec.textline.TextLineDecoder");
        Object decoder = type.getConstructor(Charset.class, delimiter).newInstance(StandardCharsets.ISO_8859_1, delimiter.getConstructor(String.class).newInstance(end));
        type.getMethod("setMaxLineLength", int.class).invoke(decoder, Integer.parseInt(g.get("max")) + end.length());
        Object lines = Proxy.newProxyInstance(output.getClassLoader(), new Class<?>[] {output}, (self, method, args) -> {
            if (method.getName().equals("write")) sink.emit((args[0] + kept).getBytes(StandardCharsets.ISO_8859_1));
            return null;
        });
        Object peer = session(session);
        Method decode = type.getMethod("decode", session, buffer, output), wrap = buffer.getMethod("wrap", byte[].class);
        return chunk -> decode.invoke(decoder, peer, wrap.invoke(null, (Object) chunk), lines);
    }

    @Override public String artifact() { return "mina-core"; }
}
