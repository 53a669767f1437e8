/* The same protocol by hand, with the same checks: what the generated decoder is measured against. */
#ifndef HANDWRITTEN_H
#define HANDWRITTEN_H

#include <stddef.h>
#include <stdint.h>

enum { HAND_HEAD = 13, HAND_MAX = 16 << 20 };

enum hand_status { HAND_FRAME, HAND_MORE, HAND_REJECT };

struct hand_frame {
    uint32_t length;
    uint64_t session;
    uint8_t opcode;
    const uint8_t *payload;
    size_t payload_size;
};

struct hand {
    uint8_t *buffer;
    size_t capacity;
    size_t have;
    uint64_t start;
    uint64_t reject_at;
    int refused;
};

void hand_init(struct hand *hand, uint8_t *buffer, size_t capacity);
enum hand_status hand_next(struct hand *hand, const uint8_t **chunk, size_t *length, struct hand_frame *frame);

#endif
