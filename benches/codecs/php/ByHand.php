<?php

declare(strict_types=1);

namespace Framewright\Bench;

/**
 * A record as one would declare it.
 */
final readonly class Received
{
    public function __construct(
        public int $length,
        public int $session,
        public int $opcode,
        public string $payload,
    ) {
    }
}

/**
 * The loop that is usually written: append the chunk, unpack the header, cut the frame off the front.
 */
final class ByHand
{
    private string $buffer = '';

    /**
     * @return list<Received>
     */
    public function feed(string $chunk): array
    {
        $this->buffer .= $chunk;
        $records = [];
        while (\strlen($this->buffer) >= 13) {
            $header = \unpack('Nlength/Jsession/Copcode', $this->buffer);
            $end = 13 + $header['length'];
            if ($end > 16777216) {
                throw new \RuntimeException('too large');
            }
            if (\strlen($this->buffer) < $end) {
                break;
            }
            $payload = \substr($this->buffer, 13, $header['length']);
            $records[] = new Received($header['length'], $header['session'], $header['opcode'], $payload);
            $this->buffer = \substr($this->buffer, $end);
        }
        return $records;
    }
}
