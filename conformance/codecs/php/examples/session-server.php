<?php

// A server of session-record over TCP, for one connection after another: answers `open` and `close`, sends `data` back.

declare(strict_types=1);

namespace Framewright\Examples;

use Framewright\SessionRecord\Decoder;
use Framewright\SessionRecord\Frame;
use Framewright\SessionRecord\Opcode;
use Framewright\SessionRecord\Reject;
use Framewright\SessionRecord\Serializer;

require __DIR__ . '/../generated/SessionRecord.php';

/**
 * What is sent back for a frame; null for one that this server does not know.
 */
function answer(Frame $frame): ?Frame
{
    $body = match ($frame->opcode) {
        Opcode::DATA => $frame->body,
        Opcode::OPEN, Opcode::CLOSE => match ($frame->serializer) {
            Serializer::Raw => '',
            Serializer::Json => 'null',
            Serializer::Msgpack => "\xc0",
        },
        default => null,
    };
    if ($body === null) {
        return null;
    }
    return new Frame($frame->version, $frame->serializer, $frame->opcode, $frame->session, $body);
}

/**
 * Writes all of it: fwrite() may take a part only.
 *
 * @param resource $connection
 */
function send($connection, string $bytes): bool
{
    for ($sent = 0; $sent < \strlen($bytes); $sent += $taken) {
        $taken = @\fwrite($connection, $sent === 0 ? $bytes : \substr($bytes, $sent));
        if ($taken === false || $taken === 0) {
            return false;
        }
    }
    return true;
}

/**
 * Until the other side has closed the session or broken the protocol.
 *
 * @param resource $connection
 */
function serve($connection): void
{
    $decoder = new Decoder();
    while (true) {
        $chunk = @\fread($connection, 65536);
        if ($chunk === false || $chunk === '') {
            return;
        }
        $decoder->push($chunk);
        try {
            while (($frame = $decoder->next()) !== null) {
                $answer = answer($frame);
                if ($answer !== null && !send($connection, $answer->encode())) {
                    return;
                }
                if ($frame->opcode === Opcode::CLOSE) {
                    return;
                }
            }
        } catch (Reject $reject) {
            \fwrite(\STDERR, "session-server: {$reject->getMessage()}\n");
            return;
        }
    }
}

$server = \stream_socket_server('tcp://127.0.0.1:0', $code, $message);
if ($server === false) {
    \fwrite(\STDERR, "session-server: {$message}\n");
    exit(1);
}
$name = (string) \stream_socket_get_name($server, false);
echo 'listening ', \substr($name, (int) \strrpos($name, ':') + 1), "\n";
\flush();
while (true) {
    $connection = @\stream_socket_accept($server, 3600.0);
    if ($connection !== false) {
        \stream_set_timeout($connection, 3600);
        serve($connection);
        \fclose($connection);
    }
}
