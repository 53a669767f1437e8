<?php

// A client of session-record over TCP: session-client.php HOST PORT SESSION N. Opens a session, sends N frames in pieces
// of odd sizes, checks that every one comes back, and closes.

declare(strict_types=1);

namespace Framewright\Examples;

use Framewright\SessionRecord\Decoder;
use Framewright\SessionRecord\Frame;
use Framewright\SessionRecord\Opcode;
use Framewright\SessionRecord\Serializer;

require __DIR__ . '/../generated/SessionRecord.php';

/**
 * A connection and its decoder. Reads while it writes, so that neither side waits for the other.
 */
final class Connection
{
    private const PIECES = [1, 2, 3, 5, 1460, 65536];

    private readonly Decoder $decoder;

    private int $piece = 0;

    /**
     * @param resource $socket
     */
    public function __construct(private $socket)
    {
        $this->decoder = new Decoder();
        \stream_set_blocking($socket, false);
    }

    /**
     * Sends a frame and gives the next one that comes.
     */
    public function ask(Frame $frame): Frame
    {
        $bytes = $frame->encode();
        $sent = 0;
        while (true) {
            $answer = $this->decoder->next();
            if ($answer !== null) {
                return $answer;
            }
            $left = \strlen($bytes) - $sent;
            if ($left > 0 && $this->waits(false)) {
                $size = \min($left, self::PIECES[$this->piece % \count(self::PIECES)]);
                $taken = \fwrite($this->socket, \substr($bytes, $sent, $size));
                if ($taken === false) {
                    throw new \RuntimeException('the server does not read');
                }
                $sent += $taken;
                $this->piece++;
            }
            if ($left === 0 || $this->waits(true)) {
                $this->decoder->push($this->read() ?? throw new \RuntimeException('the server has closed'));
            }
        }
    }

    /**
     * Sees that the server closes, and that nothing is left.
     */
    public function end(): void
    {
        if ($this->decoder->next() !== null || $this->read() !== null) {
            throw new \RuntimeException('more comes behind the last frame');
        }
        $this->decoder->finish();
    }

    /**
     * What has come, once something has; null at the end.
     */
    private function read(): ?string
    {
        while (true) {
            [$read, $write, $except] = [[$this->socket], null, null];
            if (\stream_select($read, $write, $except, 30) !== 1) {
                throw new \RuntimeException('nothing comes');
            }
            $chunk = \fread($this->socket, 65536);
            if ($chunk !== false && $chunk !== '') {
                return $chunk;
            }
            if (\feof($this->socket)) {
                return null;
            }
        }
    }

    /**
     * Whether it can be read, or written, at once.
     */
    private function waits(bool $toRead): bool
    {
        $read = $toRead ? [$this->socket] : null;
        $write = $toRead ? null : [$this->socket];
        $except = null;
        return \stream_select($read, $write, $except, 0, $toRead ? 0 : 1000) === 1;
    }
}

/**
 * The K-th frame of data.
 */
function data(int $k, int $session): Frame
{
    $serializer = Serializer::from($k % 3);
    $body = match ($serializer) {
        Serializer::Raw => raw($k),
        Serializer::Json => "{\"k\":{$k}}",
        Serializer::Msgpack => \pack('Cn', 0xcd, $k),
    };
    return new Frame(1, $serializer, Opcode::DATA, $session, $body);
}

function raw(int $k): string
{
    $cycle = '';
    for ($i = 0; $i < 251; $i++) {
        $cycle .= \chr(($k + $i) % 251);
    }
    $size = ($k * 7919) % 70001;
    return \substr(\str_repeat($cycle, \intdiv($size, 251) + 1), 0, $size);
}

function expect(Frame $want, Frame $got): void
{
    $fields = static fn (Frame $frame): array => [
        $frame->version, $frame->serializer, $frame->opcode, $frame->session, $frame->body,
    ];
    if ($fields($want) !== $fields($got) || $got->length !== \strlen($got->body)) {
        throw new \RuntimeException('another frame comes back');
    }
}

/**
 * The upper and the lower 32 bits of a number in decimal digits.
 *
 * @return array{int, int}
 */
function halves(string $digits): array
{
    [$high, $low] = [0, 0];
    foreach (\str_split($digits) as $digit) {
        $low = $low * 10 + (int) $digit;
        $high = $high * 10 + ($low >> 32);
        $low &= 0xffffffff;
    }
    return [$high, $low];
}

if ($argc !== 5) {
    \fwrite(\STDERR, "usage: session-client.php HOST PORT SESSION N\n");
    exit(1);
}
[, $host, $port, $digits, $count] = $argv;
// A u64: above 2^63 - 1 an int is negative, where (int) would stop.
[$high, $low] = halves($digits);
$session = ($high << 32) | $low;

try {
    $socket = \stream_socket_client("tcp://{$host}:{$port}", $code, $message, 30.0);
    if ($socket === false) {
        throw new \RuntimeException($message);
    }
    $connection = new Connection($socket);
    $open = new Frame(1, Serializer::Raw, Opcode::OPEN, $session, '');
    expect($open, $connection->ask($open));
    for ($k = 0; $k < (int) $count; $k++) {
        $frame = data($k, $session);
        expect($frame, $connection->ask($frame));
    }
    $close = new Frame(1, Serializer::Raw, Opcode::CLOSE, $session, '');
    expect($close, $connection->ask($close));
    $connection->end();
    echo "ok {$count}\n";
} catch (\Exception $error) {
    \fwrite(\STDERR, "session-client: {$error->getMessage()}\n");
    exit(1);
}
