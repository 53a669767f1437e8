import framewright.generated.SessionRecord.Frame;
import framewright.generated.SessionRecordNettyDecoder;
import framewright.generated.SessionRecordNettyEncoder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Serves session records on a port of the loopback interface, through Netty, until it is killed. */
public final class SessionServer {
  private SessionServer() {}

  /** Answers what opens and closes a session, and sends back all data. */
  static final class Session extends SimpleChannelInboundHandler<Frame> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, Frame frame) {
      switch (frame.opcode()) {
        case OPEN -> context.writeAndFlush(answer(frame));
        case CLOSE -> context.writeAndFlush(answer(frame)).addListener(ChannelFutureListener.CLOSE);
        case DATA -> context.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        case OTHER -> {}
      }
    }

    /** Of a refused stream. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** The same record with an empty body. */
  static Frame answer(Frame frame) {
    byte[] empty =
        switch (frame.serializer()) {
          case RAW -> new byte[0];
          case JSON -> "null".getBytes(StandardCharsets.US_ASCII);
          case MSGPACK -> new byte[] {(byte) 0xc0};
        };
    return new Frame()
        .version(frame.version())
        .serializer(frame.serializer())
        .opcode(frame.opcode())
        .session(frame.session())
        .body(empty);
  }

  /** What a connection's bytes go through. */
  static final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline()
          .addLast(new SessionRecordNettyDecoder())
          .addLast(new SessionRecordNettyEncoder())
          .addLast(new Session());
    }
  }

  /** Prints {@code listening PORT}. */
  public static void main(String[] args) throws InterruptedException {
    NioEventLoopGroup loops = new NioEventLoopGroup(1);
    Channel server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Pipeline())
            .bind(new InetSocketAddress("127.0.0.1", 0))
            .sync()
            .channel();
    System.out.println("listening " + ((InetSocketAddress) server.localAddress()).getPort());
    System.out.flush();
    server.closeFuture().sync();
  }
}
