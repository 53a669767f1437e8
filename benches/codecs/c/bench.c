/* The generated decoder of conformance/codecs/specs/record.yaml against one written by hand: payload × chunk, ns a frame. */
#define _POSIX_C_SOURCE 200809L

#include "handwritten.h"
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STREAM = 1 << 18, CYCLES = 9 };

static uint8_t buffer[RECORD_MAX_FRAME];

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static uint64_t seen(uint64_t session, unsigned opcode, uint32_t length, const uint8_t *payload, size_t size)
{
    return session + opcode + length + payload[0] + payload[size - 1];
}

static uint64_t generated(const uint8_t *stream, size_t size, size_t step)
{
    record_decoder decoder;
    uint64_t sum = 0;
    size_t at;
    record_decoder_init(&decoder, buffer, sizeof buffer);
    for (at = 0; at < size; at += step) {
        const uint8_t *chunk = stream + at;
        size_t length = step < size - at ? step : size - at;
        record_frame frame;
        while (record_decoder_next(&decoder, &chunk, &length, &frame) == RECORD_FRAME) {
            sum += seen(frame.session, frame.opcode, frame.length, frame.payload.data, frame.payload.size);
        }
    }
    return record_decoder_finish(&decoder).class_ == RECORD_CLEAN ? sum : 0;
}

static uint64_t by_hand(const uint8_t *stream, size_t size, size_t step)
{
    struct hand hand;
    uint64_t sum = 0;
    size_t at;
    hand_init(&hand, buffer, sizeof buffer);
    for (at = 0; at < size; at += step) {
        const uint8_t *chunk = stream + at;
        size_t length = step < size - at ? step : size - at;
        struct hand_frame frame;
        while (hand_next(&hand, &chunk, &length, &frame) == HAND_FRAME) {
            sum += seen(frame.session, frame.opcode, frame.length, frame.payload, frame.payload_size);
        }
    }
    return hand.have == 0 && !hand.refused ? sum : 0;
}

typedef uint64_t (*decoding)(const uint8_t *stream, size_t size, size_t step);

/* ns of processor time for one pass, so that what else the machine does counts less; at least 2 ms are measured. */
static double timed(decoding decode, const uint8_t *stream, size_t size, size_t step, uint64_t wanted)
{
    const double begin = now();
    double end = begin;
    unsigned passes = 0;
    while (end - begin < 2e6) {
        if (decode(stream, size, step) != wanted) {
            fputs("wrong answer\n", stderr);
            exit(1);
        }
        passes++;
        end = now();
    }
    return (end - begin) / passes;
}

static int by_size(const void *a, const void *b)
{
    const double left = *(const double *)a;
    const double right = *(const double *)b;
    return (left > right) - (left < right);
}

int main(void)
{
    static const size_t payloads[] = {16, 64, 256, 1024, 16384, 65536};
    static const size_t chunks[] = {1, 7, 64, 1460, 16384, 65536};
    uint8_t *stream = malloc(STREAM + 65536 + 64);
    double worst = 0;
    size_t p;
    size_t c;
    if (stream == NULL) {
        return 1;
    }
    puts("| payload / chunk | hand ns | generated ns | ratio |\n|---|---:|---:|---:|");
    for (p = 0; p < sizeof payloads / sizeof payloads[0]; p++) {
        size_t size = 0;
        uint64_t wanted = 0;
        unsigned frames = 0;
        static uint8_t payload[65536];
        while (size < STREAM) {
            record_frame frame;
            size_t written = 0;
            memset(payload, (int)(frames % 251), sizeof payload);
            memset(&frame, 0, sizeof frame);
            frame.session = 0x0102030405060708u * (frames + 1u);
            frame.opcode = (uint8_t)frames;
            frame.payload.data = payload;
            frame.payload.size = payloads[p];
            if (record_encode(&frame, stream + size, 65536 + 64, &written).class_ != RECORD_ENCODED) {
                fputs("not encoded\n", stderr);
                return 1;
            }
            size += written;
            wanted += seen(frame.session, frame.opcode, (uint32_t)payloads[p], payload, payloads[p]);
            frames++;
        }
        for (c = 0; c < sizeof chunks / sizeof chunks[0]; c++) {
            double hand[CYCLES];
            double own[CYCLES];
            int cycle;
            for (cycle = 0; cycle < CYCLES; cycle++) {
                hand[cycle] = timed(by_hand, stream, size, chunks[c], wanted) / frames;
                own[cycle] = timed(generated, stream, size, chunks[c], wanted) / frames;
            }
            qsort(hand, CYCLES, sizeof hand[0], by_size);
            qsort(own, CYCLES, sizeof own[0], by_size);
            {
                const double ratio = own[CYCLES / 2] / hand[CYCLES / 2];
                worst = ratio > worst ? ratio : worst;
                printf("| %zu / %zu | %.1f | %.1f | %.2f |\n", payloads[p], chunks[c], hand[CYCLES / 2],
                       own[CYCLES / 2], ratio);
            }
        }
    }
    printf("\nworst ratio %.2f; medians of %d cycles, hand and generated in turn\n", worst, (int)CYCLES);
    free(stream);
    return 0;
}
