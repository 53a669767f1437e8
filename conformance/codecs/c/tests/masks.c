/* What is masked is handed out as it came; its value is written where the caller says, and what was decoded is encoded again as it was. */
#include "masked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "masks: %s\n", what);
        exit(1);
    }
}

/* topic = "hi", payload = "[1,2]" by the key 37fa213d; proof = "abcdefgh" by the nonce 01020304. */
static const uint8_t CLIENT[] = {0x81, 0x37, 0xfa, 0x21, 0x3d, 2,    0x5f, 0x93, 0,    5,    0x6c, 0xcb, 0x0d, 0x0f,
                                 0x6a, 1,    2,    3,    4,    0x60, 0x60, 0x60, 0x60, 0x64, 0x64, 0x64, 0x6c};
static const uint8_t SERVER[] = {1,   2,   'h', 'i', 0, 5, '[', '1', ',', '2', ']', 1, 2, 3, 4, 0x60, 0x60, 0x60, 0x60, 0x64,
                                 0x64, 0x64, 0x6c};

static void same(const uint8_t *stream, size_t size, size_t step, bool client)
{
    uint8_t buffer[64];
    uint8_t value[64];
    uint8_t again[64];
    masked_decoder decoder;
    masked_frame frame;
    masked_status status = MASKED_MORE;
    size_t written = 0;
    size_t at;
    masked_decoder_init(&decoder, buffer, sizeof buffer);
    for (at = 0; at < size && status == MASKED_MORE; at += step) {
        const uint8_t *chunk = stream + at;
        size_t length = step < size - at ? step : size - at;
        status = masked_decoder_next(&decoder, &chunk, &length, &frame);
    }
    check(status == MASKED_FRAME, "a frame");
    check(frame.topic.masked == client && frame.payload.masked == client && frame.proof.masked, "masked where there is a key");
    masked_topic_unmask(&frame, value);
    check(frame.topic.size == 2 && memcmp(value, "hi", 2) == 0, "topic");
    masked_payload_unmask(&frame, value);
    check(frame.payload.size == 5 && memcmp(value, "[1,2]", 5) == 0, "payload");
    masked_proof_unmask(&frame, value);
    check(frame.proof.size == 8 && memcmp(value, "abcdefgh", 8) == 0, "proof");
    check(masked_encode(&frame, again, sizeof again, &written).class_ == MASKED_ENCODED, "encoded");
    check(written == size && memcmp(again, stream, size) == 0, "as it was");
    /* A value of one's own is masked by the encoder. */
    frame.proof.data = value;
    frame.proof.masked = false;
    check(masked_encode(&frame, again, sizeof again, &written).class_ == MASKED_ENCODED, "encoded");
    check(written == size && memcmp(again, stream, size) == 0, "masked by the encoder");
}

int main(void)
{
    same(CLIENT, sizeof CLIENT, sizeof CLIENT, true);
    same(CLIENT, sizeof CLIENT, 1, true);
    same(SERVER, sizeof SERVER, sizeof SERVER, false);
    same(SERVER, sizeof SERVER, 1, false);
    puts("ok masks");
    return 0;
}
