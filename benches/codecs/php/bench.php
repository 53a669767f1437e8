<?php

// The generated decoder against the loop that is usually written by hand, in one run. Frame: u32 BE length of the payload,
// u64 session, u8 opcode, payload.

declare(strict_types=1);

namespace Framewright\Bench;

use Framewright\Record;

require $argv[1] . '/Record.php';
require __DIR__ . '/ByHand.php';

const CYCLES = 5;

/**
 * Chunks of a stream of so many frames, and the sums that a decoder must find.
 *
 * @return array{list<string>, int, int, int}
 */
function stream(int $payload, int $chunk, int $frames): array
{
    $stream = '';
    $sum = 0;
    for ($i = 0; $i < $frames; $i++) {
        $body = \str_repeat(\chr($i % 256), $payload);
        $opcode = $i % 3;
        $stream .= \pack('NJC', $payload, $i, $opcode) . $body;
        $sum += $i + $opcode + \ord($body[0]) + \ord($body[$payload - 1]);
    }
    return [\str_split($stream, $chunk), $frames, $frames * $payload, $sum];
}

/**
 * @param list<string> $chunks
 *
 * @return array{int, int, int}
 */
function generated(array $chunks): array
{
    [$frames, $bytes, $sum] = [0, 0, 0];
    $decoder = new Record\Decoder();
    foreach ($chunks as $chunk) {
        $decoder->push($chunk);
        while (($frame = $decoder->next()) !== null) {
            $frames++;
            $bytes += $frame->length;
            $sum += $frame->session + $frame->opcode + \ord($frame->payload[0]) + \ord($frame->payload[-1]);
        }
    }
    $decoder->finish();
    return [$frames, $bytes, $sum];
}

/**
 * @param list<string> $chunks
 *
 * @return array{int, int, int}
 */
function byHand(array $chunks): array
{
    [$frames, $bytes, $sum] = [0, 0, 0];
    $decoder = new ByHand();
    foreach ($chunks as $chunk) {
        foreach ($decoder->feed($chunk) as $record) {
            $frames++;
            $bytes += $record->length;
            $sum += $record->session + $record->opcode + \ord($record->payload[0]) + \ord($record->payload[-1]);
        }
    }
    return [$frames, $bytes, $sum];
}

/**
 * Nanoseconds of this process, those that it waited for a processor left out.
 */
function spent(): int
{
    $usage = (array) \getrusage();
    $microseconds = 1000000 * ($usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec']);
    return 1000 * ($microseconds + $usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']);
}

/**
 * Nanoseconds a frame; the answer is checked.
 *
 * @param callable(list<string>): array{int, int, int} $decode
 * @param array{list<string>, int, int, int} $case
 */
function timed(callable $decode, array $case): float
{
    [$chunks, $frames, $bytes, $sum] = $case;
    $start = spent();
    $found = $decode($chunks);
    $spent = spent() - $start;
    if ($found !== [$frames, $bytes, $sum]) {
        throw new \RuntimeException('a wrong answer');
    }
    return $spent / $frames;
}

/**
 * @param list<float> $values
 */
function median(array $values): float
{
    \sort($values);
    return $values[\intdiv(\count($values), 2)];
}

\printf("%-16s %12s %12s %8s\n", 'payload/chunk', 'by hand ns', 'generated ns', 'ratio');
foreach ([16, 64, 256, 1024, 16384, 65536] as $payload) {
    foreach ([1, 7, 64, 1460, 65536] as $chunk) {
        // The usual loop is quadratic where a chunk holds many frames, or a frame many chunks: fewer frames then.
        $frames = \max(4, \intdiv($chunk < 64 ? 400000 : 8000000, $payload + 13));
        $case = stream($payload, $chunk, \min($frames, 20000));
        $times = [[], []];
        for ($cycle = 0; $cycle < CYCLES; $cycle++) {
            $times[0][] = timed(byHand(...), $case);
            $times[1][] = timed(generated(...), $case);
        }
        [$hand, $ours] = [median($times[0]), median($times[1])];
        \printf("%-16s %12.1f %12.1f %7.2fx\n", "{$payload}/{$chunk}", $hand, $ours, $hand / $ours);
    }
}
