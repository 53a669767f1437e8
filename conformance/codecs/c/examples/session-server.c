/*
 * A server of session-record over POSIX sockets, one connection after another: `open` and `close` are answered,
 * `data` comes back as it is, and a stream that is refused is closed.
 */
#define _POSIX_C_SOURCE 200809L

#include "session_record.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static uint8_t held[SESSION_RECORD_MAX_FRAME];
static uint8_t reply[SESSION_RECORD_MAX_FRAME];

static bool write_all(int to, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t went = write(to, bytes, size);
        if (went <= 0) {
            return false;
        }
        bytes += went;
        size -= (size_t)went;
    }
    return true;
}

/* An empty body, as the serializer writes it. */
static session_record_bytes nothing(session_record_serializer serializer)
{
    static const uint8_t json[] = {'n', 'u', 'l', 'l'};
    static const uint8_t msgpack[] = {0xc0};
    session_record_bytes body = {NULL, 0};
    if (serializer == SESSION_RECORD_SERIALIZER_JSON) {
        body.data = json;
        body.size = sizeof json;
    } else if (serializer == SESSION_RECORD_SERIALIZER_MSGPACK) {
        body.data = msgpack;
        body.size = sizeof msgpack;
    }
    return body;
}

/* Answers a frame. False where the connection is over. */
static bool answer(int to, session_record_frame frame)
{
    size_t size;
    session_record_encode_error error;
    const bool closes = frame.opcode == SESSION_RECORD_OPCODE_CLOSE;
    if (closes || frame.opcode == SESSION_RECORD_OPCODE_OPEN) {
        frame.body = nothing(frame.serializer);
    } else if (frame.opcode != SESSION_RECORD_OPCODE_DATA) {
        return true;
    }
    error = session_record_encode(&frame, reply, sizeof reply, &size);
    if (error.class_ != SESSION_RECORD_ENCODED) {
        fprintf(stderr, "%s %s\n", session_record_encode_class_word(error.class_), error.field);
        return false;
    }
    return write_all(to, reply, size) && !closes;
}

/* decode: begin */
static void serve(int connection)
{
    static uint8_t block[65536];
    session_record_decoder decoder;
    ssize_t came;
    session_record_decoder_init(&decoder, held, sizeof held);
    while ((came = read(connection, block, sizeof block)) > 0) {
        const uint8_t *chunk = block;
        size_t length = (size_t)came;
        session_record_frame frame;
        session_record_status status;
        while ((status = session_record_decoder_next(&decoder, &chunk, &length, &frame)) == SESSION_RECORD_FRAME) {
            if (!answer(connection, frame)) {
                return;
            }
        }
        if (status == SESSION_RECORD_REJECT) {
            fprintf(stderr, "%s at byte %llu\n", session_record_class_word(decoder.reject.class_),
                    (unsigned long long)decoder.reject.at);
            return;
        }
    }
}
/* decode: end */

int main(void)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    signal(SIGPIPE, SIG_IGN);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
        perror("listen");
        return 1;
    }
    printf("listening %u\n", (unsigned)ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        const int connection = accept(listener, NULL, NULL);
        if (connection < 0) {
            perror("accept");
            return 1;
        }
        serve(connection);
        close(connection);
    }
}
