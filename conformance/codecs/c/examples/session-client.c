/*
 * A client of session-record: opens a session, sends N frames in pieces of odd sizes, checks every byte that comes
 * back, closes.   session-client HOST PORT SESSION N
 */
#define _POSIX_C_SOURCE 200809L

#include "session_record.h"

#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static uint8_t held[SESSION_RECORD_MAX_FRAME];
static uint8_t wire[SESSION_RECORD_MAX_FRAME];
static uint8_t block[65536];
static const uint8_t *chunk = block;
static size_t length;
static session_record_decoder decoder;

static void fail(const char *why)
{
    fprintf(stderr, "session-client: %s\n", why);
    exit(1);
}

static int connected(const char *host, const char *port)
{
    struct addrinfo hints;
    struct addrinfo *found;
    int to;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &found) != 0) {
        fail("no such host");
    }
    to = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (to < 0 || connect(to, found->ai_addr, found->ai_addrlen) != 0) {
        fail("cannot connect");
    }
    freeaddrinfo(found);
    return to;
}

/* Writes a frame in pieces of odd sizes. */
static void put(int to, const session_record_frame *frame)
{
    static const size_t pieces[] = {1, 2, 3, 5, 1460, 65536};
    static size_t piece;
    size_t size;
    size_t at = 0;
    /* encode: begin */
    const session_record_encode_error error = session_record_encode(frame, wire, sizeof wire, &size);
    if (error.class_ != SESSION_RECORD_ENCODED) {
        fprintf(stderr, "%s %s\n", session_record_encode_class_word(error.class_), error.field);
        exit(1);
    }
    /* encode: end */
    while (at < size) {
        const size_t most = pieces[piece++ % (sizeof pieces / sizeof pieces[0])];
        const ssize_t went = write(to, wire + at, most < size - at ? most : size - at);
        if (went <= 0) {
            fail("the connection is gone");
        }
        at += (size_t)went;
    }
}

/* The next frame. False at the stream's end. */
static bool get(int from, session_record_frame *frame)
{
    for (;;) {
        ssize_t came;
        switch (session_record_decoder_next(&decoder, &chunk, &length, frame)) {
        case SESSION_RECORD_FRAME:
            return true;
        case SESSION_RECORD_REJECT:
            fail(session_record_class_word(decoder.reject.class_));
            break;
        case SESSION_RECORD_MORE:
            break;
        }
        came = read(from, block, sizeof block);
        if (came < 0) {
            fail("the connection is gone");
        }
        if (came == 0) {
            if (session_record_decoder_finish(&decoder).class_ != SESSION_RECORD_CLEAN) {
                fail("it ends inside a frame");
            }
            return false;
        }
        chunk = block;
        length = (size_t)came;
    }
}

static void expect(int from, const session_record_frame *wanted)
{
    session_record_frame frame;
    if (!get(from, &frame)) {
        fail("it ends too early");
    }
    if (frame.version != wanted->version || frame.serializer != wanted->serializer || frame.opcode != wanted->opcode ||
        frame.session != wanted->session || frame.length != wanted->body.size || frame.body.size != wanted->body.size ||
        (frame.body.size > 0 && memcmp(frame.body.data, wanted->body.data, frame.body.size) != 0)) {
        fail("not what was sent");
    }
}

int main(int count, char **words)
{
    static uint8_t body[70001];
    session_record_frame frame;
    unsigned long k;
    unsigned long n;
    int to;
    if (count != 5) {
        fail("usage: session-client HOST PORT SESSION N");
    }
    signal(SIGPIPE, SIG_IGN);
    to = connected(words[1], words[2]);
    n = strtoul(words[4], NULL, 10);
    session_record_decoder_init(&decoder, held, sizeof held);
    memset(&frame, 0, sizeof frame);
    frame.version = 1;
    frame.session = strtoull(words[3], NULL, 10);
    frame.serializer = SESSION_RECORD_SERIALIZER_RAW;
    frame.opcode = SESSION_RECORD_OPCODE_OPEN;
    put(to, &frame);
    expect(to, &frame);
    frame.opcode = SESSION_RECORD_OPCODE_DATA;
    for (k = 0; k < n; k++) {
        size_t i;
        frame.body.data = body;
        switch (k % 3) {
        case 0:
            frame.serializer = SESSION_RECORD_SERIALIZER_RAW;
            frame.body.size = k * 7919 % 70001;
            for (i = 0; i < frame.body.size; i++) {
                body[i] = (uint8_t)((k + i) % 251);
            }
            break;
        case 1:
            frame.serializer = SESSION_RECORD_SERIALIZER_JSON;
            frame.body.size = (size_t)snprintf((char *)body, sizeof body, "{\"k\":%lu}", k);
            break;
        default:
            frame.serializer = SESSION_RECORD_SERIALIZER_MSGPACK;
            frame.body.size = 3;
            body[0] = 0xcd;
            body[1] = (uint8_t)(k >> 8);
            body[2] = (uint8_t)k;
            break;
        }
        put(to, &frame);
        expect(to, &frame);
    }
    frame.serializer = SESSION_RECORD_SERIALIZER_RAW;
    frame.opcode = SESSION_RECORD_OPCODE_CLOSE;
    frame.body.size = 0;
    put(to, &frame);
    expect(to, &frame);
    if (get(to, &frame)) {
        fail("a frame after the last");
    }
    printf("ok %lu\n", n);
    return 0;
}
