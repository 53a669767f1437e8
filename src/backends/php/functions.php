<?php

declare(strict_types=1);

namespace Framewright;

/**
 * A u64 in decimal digits: those above 2^63 - 1 are negative as an int.
 */
function unsignedDigits(int $value): string
{
    return \sprintf('%u', $value);
}

/**
 * Below 0, 0 or above it, as the u64 in $left is less than, equal to or greater than that in $right.
 */
function compareUnsigned(int $left, int $right): int
{
    return ($left ^ \PHP_INT_MIN) <=> ($right ^ \PHP_INT_MIN);
}

/**
 * The sum of two u64, which is one. Halves, for an int that overflows becomes a float.
 */
function addUnsigned(int $left, int $right): int
{
    $low = ($left & 0xffffffff) + ($right & 0xffffffff);
    $high = ($left >> 32) + ($right >> 32) + ($low >> 32);
    return ($high << 32) | ($low & 0xffffffff);
}

/**
 * The difference of two u64, which is one.
 */
function subtractUnsigned(int $left, int $right): int
{
    $low = ($left & 0xffffffff) - ($right & 0xffffffff);
    $high = ($left >> 32) - ($right >> 32) + ($low >> 32);
    return ($high << 32) | ($low & 0xffffffff);
}

/**
 * The product of two u64, which is one: 16 bits of $right after the other.
 */
function multiplyUnsigned(int $left, int $right): int
{
    $low = $left & 0xffffffff;
    $high = ($left >> 32) & 0xffffffff;
    $product = 0;
    for ($shift = 0; $shift < 64; $shift += 16) {
        $digit = ($right >> $shift) & 0xffff;
        $part = addUnsigned($low * $digit, (($high * $digit) & 0xffffffff) << 32);
        $product = addUnsigned($product, $part << $shift);
    }
    return $product;
}

/**
 * The quotient of two u64.
 */
function divideUnsigned(int $left, int $right): int
{
    if ($right < 0) {
        return compareUnsigned($left, $right) >= 0 ? 1 : 0;
    }
    if ($left >= 0) {
        return \intdiv($left, $right);
    }
    $quotient = \intdiv(shiftUnsigned($left, 1), $right) << 1;
    $rest = subtractUnsigned($left, multiplyUnsigned($quotient, $right));
    return compareUnsigned($rest, $right) >= 0 ? $quotient + 1 : $quotient;
}

/**
 * The remainder of two u64.
 */
function remainderUnsigned(int $left, int $right): int
{
    return subtractUnsigned($left, multiplyUnsigned(divideUnsigned($left, $right), $right));
}

/**
 * A u64 shifted to the right: zeros come in from the left.
 */
function shiftUnsigned(int $value, int $bits): int
{
    return $bits === 0 ? $value : ($value >> $bits) & (\PHP_INT_MAX >> ($bits - 1));
}

/**
 * The integer that decimal digits make; null where they make none, or are more than $most.
 */
function decimal(string $digits, int $most, bool $signed): ?int
{
    $sign = $signed && \str_starts_with($digits, '-') ? 1 : 0;
    $count = \strlen($digits) - $sign;
    return $count > 0 && $count <= $most && \strspn($digits, '0123456789', $sign) === $count ? (int) $digits : null;
}

/**
 * Which of the texts these bytes begin with, of which no more than $room count; their number where it is none of them,
 * and null where more bytes tell.
 *
 * @param list<string> $texts
 */
function told(string $come, int $room, array $texts): ?int
{
    $begun = false;
    foreach ($texts as $value => $text) {
        if (\strlen($text) <= $room) {
            if (\str_starts_with($come, $text)) {
                return $value;
            }
            $begun = $begun || \str_starts_with($text, $come);
        }
    }
    return $begun ? null : \count($texts);
}

/**
 * One past the first delimiter that ends behind $at, and its size. It lies within $from and $limit.
 *
 * @param list<string> $delimiters
 * @param string $lasts the bytes with which one can end
 *
 * @return array{int, int}|null
 */
function findDelimiter(string $bytes, array $delimiters, string $lasts, int $from, int $at, int $limit): ?array
{
    while ($at < $limit) {
        if (\strlen($lasts) === 1) {
            $found = \strpos($bytes, $lasts, $at);
            $at = $found === false ? $limit : $found;
        } else {
            $at += \strcspn($bytes, $lasts, $at, $limit - $at);
        }
        if ($at >= $limit) {
            return null;
        }
        $at++;
        $size = delimiterSize($bytes, $delimiters, $from, $at);
        if ($size > 0) {
            return [$at, $size];
        }
    }
    return null;
}

/**
 * The size of the longest delimiter that stands between $from and $end, at its end; 0 where none does.
 *
 * @param list<string> $delimiters
 */
function delimiterSize(string $bytes, array $delimiters, int $from, int $end): int
{
    $longest = 0;
    foreach ($delimiters as $delimiter) {
        $size = \strlen($delimiter);
        if ($size > $longest && $size <= $end - $from && \substr_compare($bytes, $delimiter, $end - $size, $size) === 0) {
            $longest = $size;
        }
    }
    return $longest;
}

/**
 * Why content cannot be written in front of a delimiter: the first delimiter to be found must be the one at the end.
 *
 * @param string $wire the content and its delimiter
 * @param list<string> $delimiters
 * @param string $lasts the bytes with which one can end
 * @param int $size of the content; of kept delimiters: theirs included
 */
function undelimited(string $wire, array $delimiters, string $lasts, int $size, int $max): ?EncodeClass
{
    $found = findDelimiter($wire, $delimiters, $lasts, 0, 0, \strlen($wire));
    if ($found === null) {
        return EncodeClass::WrongSize;
    }
    $content = $found[0] - $found[1];
    if ($found[0] < \strlen($wire) || ($size < \strlen($wire) && $content < $size)) {
        return EncodeClass::ContainsDelimiter;
    }
    return $content > $max ? EncodeClass::WrongSize : null;
}

/**
 * Bytes up to the next multiple of $to.
 */
function padding(int $pos, int $to): int
{
    return ($to - $pos % $to) % $to;
}

/**
 * How many objects and bytes the first byte of a MessagePack object announces: bytes of the size that follows it, bytes
 * after those whatever the size says, objects inside for each unit of the size, and the size where the first byte
 * holds it. Nothing for 0xc1, which begins no object (the MessagePack specification, "Formats").
 *
 * @return array{int, int, int, int}|null
 */
function msgpackHead(int $byte): ?array
{
    if ($byte < 0x80 || $byte >= 0xe0) {
        return [0, 0, 0, 0];
    }
    if ($byte < 0xc0) {
        return match ($byte >> 4) {
            0x8 => [0, 0, 2, $byte & 0x0f],
            0x9 => [0, 0, 1, $byte & 0x0f],
            default => [0, 0, 0, $byte & 0x1f],
        };
    }
    return match ($byte) {
        0xc1 => null,
        0xc4, 0xd9 => [1, 0, 0, 0],
        0xc5, 0xda => [2, 0, 0, 0],
        0xc6, 0xdb => [4, 0, 0, 0],
        0xc7 => [1, 1, 0, 0],
        0xc8 => [2, 1, 0, 0],
        0xc9 => [4, 1, 0, 0],
        0xcc, 0xd0 => [0, 1, 0, 0],
        0xcd, 0xd1, 0xd4 => [0, 2, 0, 0],
        0xd5 => [0, 3, 0, 0],
        0xca, 0xce, 0xd2 => [0, 4, 0, 0],
        0xd6 => [0, 5, 0, 0],
        0xcb, 0xcf, 0xd3 => [0, 8, 0, 0],
        0xd7 => [0, 9, 0, 0],
        0xd8 => [0, 17, 0, 0],
        0xdc => [2, 0, 1, 0],
        0xdd => [4, 0, 1, 0],
        0xde => [2, 0, 2, 0],
        0xdf => [4, 0, 2, 0],
        default => [0, 0, 0, 0],
    };
}

/**
 * The bytes that follow a MessagePack object's size, and the objects inside.
 *
 * @param array{int, int, int, int} $head
 * @param int $at where the size begins
 *
 * @return array{int, int}
 */
function msgpackClaims(string $bytes, array $head, int $at): array
{
    [$sizeBytes, $fixed, $perUnit, $size] = $head;
    for ($end = $at + $sizeBytes; $at < $end; $at++) {
        $size = ($size << 8) | \ord($bytes[$at]);
    }
    return $perUnit === 0 ? [$fixed + $size, 0] : [$fixed, $size * $perUnit];
}

/**
 * Where the MessagePack object at $from ends; 0 where it is not all there, or needs more than $room.
 */
function msgpackEnd(string $bytes, int $from, int $room): int
{
    $limit = \strlen($bytes);
    $at = $from;
    for ($pending = 1; $pending > 0; $pending--) {
        if ($at >= $limit) {
            return 0;
        }
        $head = msgpackHead(\ord($bytes[$at++]));
        if ($head === null || $at + $head[0] > $limit) {
            return 0;
        }
        [$payload, $inside] = msgpackClaims($bytes, $head, $at);
        $at += $head[0] + $payload;
        $pending += $inside;
        if ($at - $from + $pending - 1 > $room) {
            return 0;
        }
    }
    return $at <= $limit ? $at : 0;
}

/**
 * Exactly one MessagePack object.
 */
function isMsgpack(string $bytes): bool
{
    $size = \strlen($bytes);
    return $size > 0 && msgpackEnd($bytes, 0, $size) === $size;
}

/**
 * Bytes combined with those of a key in turn, by exclusive or: done twice, it is undone. Without a key they are the same.
 */
function withMask(string $bytes, ?string $key): string
{
    if ($key === null || $key === '') {
        return $bytes;
    }

    return $bytes ^ \str_repeat($key, \intdiv(\strlen($bytes), \strlen($key)) + 1);
}

/**
 * Well-formed UTF-8.
 */
function isUtf8(string $bytes): bool
{
    return \preg_match('//u', $bytes) === 1;
}

/**
 * One JSON text (RFC 8259) in UTF-8, at most 128 deep.
 */
function isJson(string $text): bool
{
    if (!isUtf8($text)) {
        return false;
    }
    $controls = \preg_match('/[\x00-\x1f]/', $text) === 1;
    $at = 0;
    $closers = [];
    while (true) {
        $at += \strspn($text, " \t\n\r", $at);
        $first = $text[$at] ?? '';
        if ($first === '{' || $first === '[') {
            if (\count($closers) === 128) {
                return false;
            }
            $closer = $first === '{' ? '}' : ']';
            $closers[] = $closer;
            $at++;
            $at += \strspn($text, " \t\n\r", $at);
            if (($text[$at] ?? '') !== $closer) {
                $at = $closer === ']' ? $at : jsonKey($text, $at, $controls);
                if ($at < 0) {
                    return false;
                }
                continue;
            }
        } else {
            $at = jsonScalar($text, $at, $controls);
            if ($at < 0) {
                return false;
            }
        }
        do {
            $at += \strspn($text, " \t\n\r", $at);
            $closer = \array_pop($closers);
            if ($closer === null) {
                return $at === \strlen($text);
            }
            $next = $text[$at++] ?? '';
        } while ($next === $closer);
        if ($next !== ',') {
            return false;
        }
        $closers[] = $closer;
        if ($closer === '}') {
            $at = jsonKey($text, $at + \strspn($text, " \t\n\r", $at), $controls);
            if ($at < 0) {
                return false;
            }
        }
    }
}

/**
 * Behind a member's name and its colon; below 0 where there is none.
 */
function jsonKey(string $text, int $at, bool $controls): int
{
    if (($text[$at] ?? '') !== '"') {
        return -1;
    }
    $at = jsonString($text, $at + 1, $controls);
    if ($at < 0) {
        return -1;
    }
    $at += \strspn($text, " \t\n\r", $at);
    return ($text[$at] ?? '') === ':' ? $at + 1 : -1;
}

/**
 * Behind a string, a number or a word; below 0 where there is none.
 */
function jsonScalar(string $text, int $at, bool $controls): int
{
    $first = $text[$at] ?? '';
    if ($first === '"') {
        return jsonString($text, $at + 1, $controls);
    }
    $word = ['t' => 'true', 'f' => 'false', 'n' => 'null'][$first] ?? null;
    if ($word !== null) {
        $size = \strlen($word);
        return \substr_compare($text, $word, $at, $size) === 0 ? $at + $size : -1;
    }
    if ($first === '-') {
        $at++;
    }
    $digits = ($text[$at] ?? '') === '0' ? 1 : \strspn($text, '0123456789', $at);
    $at += $digits;
    if ($digits > 0 && ($text[$at] ?? '') === '.') {
        $at++;
        $digits = \strspn($text, '0123456789', $at);
        $at += $digits;
    }
    if ($digits > 0 && (($text[$at] ?? '') === 'e' || ($text[$at] ?? '') === 'E')) {
        $at++;
        if (($text[$at] ?? '') === '+' || ($text[$at] ?? '') === '-') {
            $at++;
        }
        $digits = \strspn($text, '0123456789', $at);
        $at += $digits;
    }
    return $digits > 0 ? $at : -1;
}

/**
 * Behind the end of a string whose first byte is at $at; below 0 where it has none.
 *
 * @param bool $controls control characters, which a string cannot have, stand somewhere in the text
 */
function jsonString(string $text, int $at, bool $controls): int
{
    $from = $at;
    while (true) {
        $at += \strcspn($text, '"\\', $at);
        $byte = $text[$at] ?? '';
        if ($byte !== '\\') {
            break;
        }
        $escape = $text[$at + 1] ?? '';
        if ($escape === 'u' && \strspn($text, '0123456789abcdefABCDEF', $at + 2, 4) === 4) {
            $at += 6;
        } elseif ($escape !== '' && \str_contains('"\\/bfnrt', $escape)) {
            $at += 2;
        } else {
            return -1;
        }
    }
    if ($byte !== '"') {
        return -1;
    }
    if (!$controls) {
        return $at + 1;
    }
    $size = $at - $from;
    $control = "\0\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16"
        . "\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";
    return \strcspn($text, $control, $from, $size) === $size ? $at + 1 : -1;
}
