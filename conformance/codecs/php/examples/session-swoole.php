<?php

// A server of session-record on Swoole (ext-swoole), which hands out whole packages: every frame is sent back.

declare(strict_types=1);

namespace Framewright\Examples;

use Framewright\SessionRecord\Decoder;
use Framewright\SessionRecord\Reject;
use Swoole\Server;

require __DIR__ . '/../generated/SessionRecord.php';

$server = new Server('127.0.0.1', 9501);
$server->set(Decoder::swooleSettings());
$server->on('receive', static function (Server $server, int $fd, int $reactor, string $package): void {
    $decoder = new Decoder();
    $decoder->push($package);
    try {
        $frame = $decoder->next();
        $decoder->finish();
        if ($frame !== null) {
            $server->send($fd, $frame->encode());
        }
    } catch (Reject) {
        $server->close($fd);
    }
});
$server->start();
