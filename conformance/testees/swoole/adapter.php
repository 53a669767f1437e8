<?php
// Swoole's length check and EOF check behind FWT/1: Coroutine\Socket::setProtocol and recvPacket over a socket pair,
// a fresh pair for each segmentation.
declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Event;

/** The settings for a geometry, how much to take off a packet's front and back; throws where Swoole has none. */
function configure(array $g): array
{
    if (!extension_loaded('swoole')) {
        throw new DomainException('ext-swoole is not loaded');
    }
    if (($g['oversize'] ?? 'close') !== 'close' || ($g['reject'] ?? 'close') !== 'close') {
        throw new DomainException('an error closes the connection');
    }
    $max = (int) ($g['max'] ?? 0);
    if ($g['framing'] === 'delimiter' && preg_match('/^([0-9a-f]{2}){1,8}$/', $g['delimiters'])) {
        $eof = hex2bin($g['delimiters']);
        return [['open_eof_check' => true, 'package_eof' => $eof, 'package_max_length' => $max + strlen($eof)],
            0, $g['strip'] === '1' ? strlen($eof) : 0, 'delimiter-too-far'];
    }
    if ($g['framing'] !== 'length-field') {
        throw new DomainException("no setting for framing={$g['framing']}, or more than one package_eof, or one over 8 bytes");
    }
    $type = ['1big' => 'C', '1little' => 'C', '2big' => 'n', '2little' => 'v', '4big' => 'N', '4little' => 'V'][$g['width'] . $g['endian']] ?? null;
    $body = (int) $g['offset'] + (int) $g['width'] + (int) $g['adjust'];
    if ($type === null || ($g['signed'] ?? '0') === '1' || $body < 0) {
        throw new DomainException('no package_length_type for this length field, or a negative package_body_offset');
    }
    return [['open_length_check' => true, 'package_length_type' => $type, 'package_length_offset' => (int) $g['offset'],
        'package_body_offset' => $body, 'package_max_length' => $max], (int) $g['strip'], 0, 'frame-too-large'];
}

/** Lets the event loop make one turn, in which the reader takes all that its socket holds. */
function settle(): void
{
    $self = Coroutine::getCid();
    Event::defer(static fn () => Coroutine::resume($self));
    Coroutine::yield();
}

function decode(array $config, string $stream, array $cuts): string
{
    [$settings, $front, $back, $tooLong] = $config;
    [$near, $far] = swoole_coroutine_socketpair(AF_UNIX, SOCK_STREAM, 0);
    $far->setProtocol($settings);
    $events = [];
    $fed = 0;
    $closed = $over = false;
    Coroutine::create(static function () use ($far, $front, $back, $tooLong, &$events, &$fed, &$closed, &$over): void {
        while (is_string($packet = $far->recvPacket(-1)) && $packet !== '') {
            $frame = substr($packet, $front, strlen($packet) - $front - $back);
            $events[] = $fed . ':' . (bin2hex($frame) ?: '_');
        }
        $class = match (true) {
            $packet === false && $far->errCode === SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE => $tooLong,
            $far->errCode === SWOOLE_ERROR_PACKAGE_LENGTH_NOT_FOUND => 'length-too-small',
            default => 'error',
        };
        // recvPacket answers a stream that ends at a boundary and one that ends inside a packet in the same way.
        $events[] = $closed ? '?' : "$fed!$class {$far->errCode} {$far->errMsg}";
        $over = true;
    });
    foreach ($cuts as $to) {
        if ($over) {
            break;
        }
        [$chunk, $fed] = [substr($stream, $fed, $to - $fed), $to];
        if ($chunk !== '') {
            $near->sendAll($chunk);
        }
        settle();
    }
    $closed = true;
    $near->close();
    while (!$over) {
        settle();
    }
    $far->close();
    return implode("\t", $events);
}

function serve(): void
{
    $config = null;
    $served = 0;
    while (($line = fgets(STDIN)) !== false) {
        $words = explode(' ', rtrim($line, "\n"));
        $reply = '';
        if ($words[0] === 'fwt') {
            parse_str(implode('&', array_slice($words, 2)), $g);
            try {
                $config = configure($g);
                $reply = 'fwt 1 name=swoole version=' . swoole_version() . " language=php emits=frame ops=d checks=framing\n";
            } catch (DomainException $e) {
                $reply = "skip {$e->getMessage()}\n";
            }
        } elseif ($words[0] === 'd') {
            $stream = $words[1] === '_' ? '' : hex2bin($words[1]);
            foreach (array_slice($words, 2) as $seg) {
                $cuts = array_map(intval(...), array_filter(explode(',', trim($seg, '~-')), strlen(...)));
                $reply .= decode($config, $stream, [...$cuts, strlen($stream)]) . "\n";
                $served++;
            }
        } elseif ($words[0] === 'q') {
            $reply = "bye $served\n";
        }
        fwrite(STDOUT, $reply);
        if ($words[0] === 'q') {
            return;
        }
    }
}

if (extension_loaded('swoole')) {
    Coroutine::set(['hook_flags' => 0, 'log_level' => SWOOLE_LOG_ERROR]);
    Coroutine\run(serve(...));
} else {
    serve();
}
