<?php

// What no vector shows: the page's code, a session to begin with, integers of 64 bits, JSON, and that work and memory are linear.

declare(strict_types=1);

namespace Framewright\Tests;

use Framewright\Phases;
use Framewright\SessionRecord\Decoder;
use Framewright\SessionRecord\Frame;
use Framewright\SessionRecord\Opcode;
use Framewright\SessionRecord\Serializer;

require __DIR__ . '/generated/Phases.php';
require __DIR__ . '/generated/SessionRecord.php';
require __DIR__ . '/../../../src/backends/php/functions.php';

function check(bool $holds, string $what): void
{
    if (!$holds) {
        \fwrite(\STDERR, "test.php: {$what}\n");
        exit(1);
    }
}

// The code of the page.
$page = (string) \file_get_contents(__DIR__ . '/../../../docs/codecs/php.md');
$code = '';
foreach ((array) \glob(__DIR__ . '/examples/*.php') as $example) {
    $code .= \preg_replace('/\s+/', ' ', (string) \file_get_contents((string) $example));
}
$blocks = \preg_match_all('/^```php\n(.*?)^```$/ms', $page, $found);
check($blocks === 4, 'the page has other blocks');
foreach ($found[1] as $block) {
    check(\str_contains($code, \trim((string) \preg_replace('/\s+/', ' ', $block))), "no example has\n{$block}");
}

// Swoole's settings.
check(Decoder::swooleSettings() === [
    'open_length_check' => true,
    'package_length_type' => 'N',
    'package_length_offset' => 15,
    'package_body_offset' => 19,
    'package_max_length' => 16777216,
], 'swooleSettings');

// A session to begin with: `Q` with `odd`, since three frames came before; `X`, behind which the stream closes; `BYE`.
$stream = "Q\0\0\0\x06hi\x07" . "X\0\0\0\x04" . "BYE\x02";
$wanted = [[Phases\Phase::Ready, 3, 0x51, 'hi', 7, null], [Phases\Phase::Ready, 0, 0x58, '', null, null]];
$wanted[] = [Phases\Phase::Closing, 1, null, null, null, 2];
for ($cut = 0; $cut <= \strlen($stream); $cut++) {
    $decoder = new Phases\Decoder(new Phases\Session(Phases\Phase::Ready, 3));
    $told = [];
    foreach ([\substr($stream, 0, $cut), \substr($stream, $cut)] as $chunk) {
        $decoder->push($chunk);
        while ($frame = $decoder->next()) {
            $told[] = [$frame->phase, $frame->frames, $frame->kind, $frame->payload, $frame->odd, $frame->count];
        }
    }
    $decoder->finish();
    check($told === $wanted, "a session, cut at {$cut}");
}
// At the start of a stream the same bytes are the length of a start-up packet.
$decoder = new Phases\Decoder();
$decoder->push($stream);
try {
    $decoder->next();
    check(false, 'taken at the start of a stream');
} catch (Phases\Reject $reject) {
    check($reject->class === Phases\RejectClass::FrameTooLarge && $reject->at === 3, $reject->getMessage());
}

// What was refused behind a frame of the same chunk stays refused.
$decoder = new Phases\Decoder(new Phases\Session(Phases\Phase::Ready, 3));
$decoder->push("X\0\0\0\x04" . "\0\0\0\0\0");
check($decoder->next() !== null, 'no frame in front of the refused one');
$rejects = [];
for ($times = 0; $times < 3; $times++) {
    try {
        $decoder->next();
        check(false, 'a refused stream goes on');
    } catch (Phases\Reject $reject) {
        $rejects[] = [$reject->class, $reject->at];
    }
    $decoder->push('more');
}
check($rejects[0] === $rejects[1] && $rejects[0] === $rejects[2] && $decoder->isClosed(), 'a refusal is told once');

// A u64 keeps its bits.
foreach ([0, 1, \PHP_INT_MAX, \PHP_INT_MIN, -1] as $session) {
    $decoder = new Decoder();
    $decoder->push((new Frame(1, Serializer::Raw, Opcode::DATA, $session, 'x'))->encode());
    check($decoder->next()?->session === $session, "session {$session}");
}
check(\Framewright\SessionRecord\unsignedDigits(-1) === '18446744073709551615', 'unsignedDigits');
check(\Framewright\SessionRecord\compareUnsigned(-1, 1) > 0, 'compareUnsigned');

// Arithmetic of u64: all that PHP's own operators would make floats, or read as negative.
$most = '18446744073709551615';
foreach (
    [
        ['add', \PHP_INT_MAX, \PHP_INT_MAX, '18446744073709551614'],
        ['add', -2, 1, $most],
        ['add', 0xffffffff, 1, '4294967296'],
        ['subtract', -1, \PHP_INT_MAX, '9223372036854775808'],
        ['subtract', \PHP_INT_MIN, 1, '9223372036854775807'],
        ['multiply', 4294967295, 4294967297, $most],
        ['multiply', \PHP_INT_MAX, 2, '18446744073709551614'],
        ['multiply', -1, 1, $most],
        ['divide', -1, 10, '1844674407370955161'],
        ['divide', -1, 1, $most],
        ['divide', -2, -1, '0'],
        ['divide', -1, \PHP_INT_MIN, '1'],
        ['divide', -1, 3, '6148914691236517205'],
        ['remainder', -1, 10, '5'],
        ['remainder', -1, \PHP_INT_MIN, '9223372036854775807'],
        ['shift', -1, 0, $most],
        ['shift', -1, 1, '9223372036854775807'],
        ['shift', -1, 63, '1'],
    ] as [$name, $left, $right, $want]
) {
    $got = \sprintf('%u', "Framewright\\{$name}Unsigned"($left, $right));
    check($got === $want, "{$name}Unsigned({$left}, {$right}) is {$got}, not {$want}");
}

// JSON.
$good = [
    '1', '0', '-0', '1.5e+3', '"a"', '[]', '{}', ' [1 , 2 ] ', '{"a":{"b":[null,true,false]}}', '"\u00ff\n"', '[[],{}]',
    "{\n\"a\" :\t1}", \str_repeat('[', 128) . \str_repeat(']', 128), '"\ud800"', '-1E5', '{"":1}', '{"a":1,"a":2}', '"\""',
    "[\"a\",\n\"b\"]", '123456789012345678901234567890',
];
$bad = [
    '', '01', '-', '1.', '.5', '1e', '+1', '"', '"\x"', '"\u12g4"', "\"a\nb\"", '[1,]', '[,1]', '{"a"}', '{"a":}', '{"a":1,}',
    '{1:2}', '[1 2]', 'tru', 'nulll', '[1]x', '}', ']', '[}', '{]', "\"\xff\"", "\"\0\"", '1 1', "\xef\xbb\xbf1", '[1',
    \str_repeat('[', 129) . \str_repeat(']', 129), '{"a":1', '"\\', '"\u12', '-a', '1.e5', '1e+', "\v1",
];
foreach ($good as $text) {
    check(\Framewright\SessionRecord\isJson($text), "JSON refused: {$text}");
}
foreach ($bad as $text) {
    check(!\Framewright\SessionRecord\isJson($text), "JSON taken: {$text}");
}

$before = \memory_get_usage();
$decoder = new Decoder();
$decoder->push("\xca\xfe\xf0\x0d\x01\0\x02" . \str_repeat("\0", 8) . "\0\xff\0\0");
check($decoder->next() === null && \memory_get_usage() - $before < 10000, 'a claim costs memory');
