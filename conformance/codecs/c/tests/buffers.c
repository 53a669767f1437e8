/* What the caller's buffer bounds: MAX_FRAME bytes hold any frame, fewer refuse what they cannot hold, and nothing is written past. */
#include "class.h"
#include "everything.h"
#include "frames.h"
#include "session_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "buffers: %s\n", what);
        exit(1);
    }
}

static void *bytes(size_t size)
{
    void *found = malloc(size);
    check(found != NULL, "out of memory");
    return found;
}

/* Feeds a stream in chunks of this size. The last status; what the decoder said of a frame is in `frame`. */
static session_record_status feed(session_record_decoder *decoder, const uint8_t *stream, size_t size, size_t step,
                                  session_record_frame *frame)
{
    session_record_status status = SESSION_RECORD_MORE;
    size_t at;
    for (at = 0; at < size && status == SESSION_RECORD_MORE; at += step) {
        const uint8_t *chunk = stream + at;
        size_t length = step < size - at ? step : size - at;
        status = session_record_decoder_next(decoder, &chunk, &length, frame);
    }
    return status;
}

/* `capacity` bytes that end where memory ends, as AddressSanitizer sees it. */
static void largest(size_t body_size, size_t capacity, size_t step, bool fits)
{
    const size_t size = 19 + body_size;
    uint8_t *body = bytes(body_size + 1);
    uint8_t *stream = bytes(size);
    uint8_t *buffer = bytes(capacity + (capacity == 0));
    session_record_decoder decoder;
    session_record_frame frame;
    session_record_status status;
    size_t written = 0;
    size_t needed = 0;
    memset(&frame, 0, sizeof frame);
    memset(body, 'x', body_size);
    frame.version = 2;
    frame.opcode = SESSION_RECORD_OPCODE_DATA;
    frame.session = UINT64_MAX;
    frame.body.data = body;
    frame.body.size = body_size;
    check(session_record_encoded_size(&frame, &needed).class_ == SESSION_RECORD_ENCODED && needed == size, "size");
    check(session_record_encode(&frame, stream, size - 1, &written).class_ == SESSION_RECORD_ENCODE_BUFFER_TOO_SMALL &&
              written == 0,
          "one byte too few to encode into");
    check(session_record_encode(&frame, stream, size, &written).class_ == SESSION_RECORD_ENCODED && written == size,
          "encode");
    session_record_decoder_init(&decoder, capacity > 0 ? buffer : NULL, capacity);
    status = feed(&decoder, stream, size, step, &frame);
    if (fits) {
        check(status == SESSION_RECORD_FRAME && frame.body.size == body_size &&
                  memcmp(frame.body.data, body, body_size) == 0 && frame.session == UINT64_MAX,
              "a frame that fits");
        check(session_record_decoder_finish(&decoder).class_ == SESSION_RECORD_CLEAN, "a clean end");
    } else {
        const uint8_t *chunk = stream;
        size_t length = size;
        const uint64_t at = decoder.reject.at;
        check(status == SESSION_RECORD_REJECT && decoder.reject.class_ == SESSION_RECORD_BUFFER_TOO_SMALL &&
                  session_record_decoder_closed(&decoder),
              "a frame that does not fit");
        check(at >= capacity && at < capacity + step, "refused by the chunk with the first byte that cannot be held");
        check(session_record_decoder_next(&decoder, &chunk, &length, &frame) == SESSION_RECORD_REJECT &&
                  decoder.reject.at == at && length == size,
              "it stays refused");
    }
    free(body);
    free(stream);
    free(buffer);
}

/* A refusal inside a chunk needs no buffer: the right class is told. */
static void refused_in_place(void)
{
    static const uint8_t stream[] = {0xca, 0xfe, 0xf0, 0x0d, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, '{'};
    session_record_decoder decoder;
    session_record_frame frame;
    session_record_decoder_init(&decoder, NULL, 0);
    check(feed(&decoder, stream, sizeof stream, sizeof stream, &frame) == SESSION_RECORD_REJECT &&
              decoder.reject.class_ == SESSION_RECORD_BAD_BODY && decoder.reject.at == 19,
          "a bad body in one chunk, without a buffer");
}

/* Frames inside a frame are held in the one buffer, one behind the other. */
static void held_inside(void)
{
    static const uint8_t stream[] = {1, 2, 1, 1, 0, 7, 0, 3, 3, 'a', 'b', 'c'};
    const size_t size = sizeof stream;
    size_t capacity;
    size_t step;
    for (capacity = 0; capacity <= size; capacity++) {
        uint8_t *buffer = bytes(capacity + (capacity == 0));
        for (step = 1; step <= size; step++) {
            frames_decoder decoder;
            frames_frame frame;
            frames_status status = FRAMES_MORE;
            size_t at;
            frames_decoder_init(&decoder, capacity > 0 ? buffer : NULL, capacity);
            for (at = 0; at < size && status == FRAMES_MORE; at += step) {
                const uint8_t *chunk = stream + at;
                size_t length = step < size - at ? step : size - at;
                status = frames_decoder_next(&decoder, &chunk, &length, &frame);
            }
            if (capacity == size || step == size) {
                check(status == FRAMES_FRAME && frame.count == 2 && frame.items.size == size - 2 &&
                          memcmp(frame.items.data, stream + 2, size - 2) == 0,
                      "frames inside a frame that fits");
                check(frames_decoder_finish(&decoder).class_ == FRAMES_CLEAN, "a clean end behind frames inside");
            } else {
                const uint64_t at_most = (uint64_t)capacity + step;
                check(status == FRAMES_REJECT && decoder.reject.class_ == FRAMES_BUFFER_TOO_SMALL &&
                          decoder.reject.at >= capacity && decoder.reject.at < at_most,
                      "frames inside a frame that does not fit");
            }
        }
        free(buffer);
    }
}

int main(void)
{
    const size_t most = SESSION_RECORD_MAX_FRAME;
    largest(most - 19, most, 65536, true);
    largest(most - 19, most, most - 1, true);
    largest(most - 19, most - 1, 65536, false);
    largest(1000, 1019, 1, true);
    largest(1000, 1018, 1, false);
    largest(1000, 1018, 7, false);
    largest(1000, 18, 5, false);
    largest(1000, 0, 1, false);
    largest(1000, 0, 1019, true);
    refused_in_place();
    held_inside();
    /* Several protocols link together. */
    check(CLASS_MAX_FRAME == 1024 && EVERYTHING_MAX_FRAME == 4096, "max_frame");
    check(strcmp(class_class_word(CLASS_BAD_ENUM), everything_class_word(EVERYTHING_BAD_ENUM)) == 0, "words");
    puts("ok");
    return 0;
}
