#include "handwritten.h"

#include <string.h>

static uint32_t be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void read_frame(const uint8_t *at, struct hand_frame *frame)
{
    frame->length = be32(at);
    frame->session = (uint64_t)be32(at + 4) << 32 | be32(at + 8);
    frame->opcode = at[12];
    frame->payload = at + HAND_HEAD;
    frame->payload_size = frame->length;
}

static enum hand_status refuse(struct hand *hand, uint64_t at)
{
    hand->refused = 1;
    hand->reject_at = at;
    return HAND_REJECT;
}

void hand_init(struct hand *hand, uint8_t *buffer, size_t capacity)
{
    memset(hand, 0, sizeof *hand);
    hand->buffer = buffer;
    hand->capacity = capacity;
}

/* Collects up to `size` bytes of the frame. */
static int collect(struct hand *hand, const uint8_t **chunk, size_t *length, size_t size)
{
    size_t n = size - hand->have;
    if (n > *length) {
        n = *length;
    }
    if (n == 1) {
        hand->buffer[hand->have] = **chunk;
    } else {
        memcpy(hand->buffer + hand->have, *chunk, n);
    }
    hand->have += n;
    *chunk += n;
    *length -= n;
    return hand->have == size;
}

enum hand_status hand_next(struct hand *hand, const uint8_t **chunk, size_t *length, struct hand_frame *frame)
{
    size_t size;
    if (hand->refused) {
        return HAND_REJECT;
    }
    if (hand->have == 0 && *length >= HAND_HEAD) {
        const uint32_t payload = be32(*chunk);
        if (payload > HAND_MAX - HAND_HEAD) {
            return refuse(hand, hand->start + 3);
        }
        if (payload <= *length - HAND_HEAD) {
            size = HAND_HEAD + payload;
            read_frame(*chunk, frame);
            hand->start += size;
            *chunk += size;
            *length -= size;
            return HAND_FRAME;
        }
    }
    if (*length == 0) {
        return HAND_MORE;
    }
    if (hand->have < 4) {
        if (hand->capacity < HAND_HEAD) {
            return refuse(hand, hand->start);
        }
        if (!collect(hand, chunk, length, 4)) {
            return HAND_MORE;
        }
        if (be32(hand->buffer) > HAND_MAX - HAND_HEAD) {
            return refuse(hand, hand->start + 3);
        }
    }
    size = HAND_HEAD + be32(hand->buffer);
    if (size > hand->capacity) {
        return refuse(hand, hand->start + hand->have);
    }
    if (!collect(hand, chunk, length, size)) {
        return HAND_MORE;
    }
    read_frame(hand->buffer, frame);
    hand->start += size;
    hand->have = 0;
    return HAND_FRAME;
}
