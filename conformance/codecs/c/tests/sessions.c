/* A decoder that begins with a session of the caller's. */
#include "phases.h"

#include <stdio.h>
#include <string.h>

/* `Q` with `odd`, since three frames came before; `X`, behind which the stream closes; `BYE`. */
static const char stream[] = "Q\0\0\0\006hi\007X\0\0\0\004BYE\002";
static const size_t size = sizeof stream - 1;

/* Writes what the frames are into `told`, of two chunks that meet at `cut`. */
static phases_class decode(phases_session session, size_t cut, char *told)
{
    uint8_t buffer[PHASES_MAX_FRAME];
    phases_decoder decoder;
    phases_frame frame;
    phases_status status;
    int half;
    phases_decoder_init_session(&decoder, buffer, sizeof buffer, session);
    *told = 0;
    for (half = 0; half < 2; half++) {
        const uint8_t *chunk = (const uint8_t *)stream + (half ? cut : 0);
        size_t length = half ? size - cut : cut;
        while ((status = phases_decoder_next(&decoder, &chunk, &length, &frame)) == PHASES_FRAME) {
            told += sprintf(told, "%d %d", (int)frame.phase, frame.frames);
            if (frame.has_kind && frame.has_payload) {
                told += sprintf(told, " %c %.*s", frame.kind, (int)frame.payload.size, (const char *)frame.payload.data);
            }
            if (frame.has_odd) {
                told += sprintf(told, " odd %d", frame.odd);
            }
            if (frame.has_count) {
                told += sprintf(told, " count %d", frame.count);
            }
            told += sprintf(told, "\n");
        }
        if (status == PHASES_REJECT) {
            return decoder.reject.class_;
        }
    }
    return phases_decoder_finish(&decoder).class_;
}

int main(void)
{
    static const char wanted[] = "1 3 Q hi odd 7\n1 0 X \n2 1 count 2\n";
    char told[256];
    size_t cut;
    phases_session session = phases_session_start();
    /* At the start of a stream the same bytes are the length of a start-up packet. */
    if (decode(session, 0, told) != PHASES_FRAME_TOO_LARGE || *told) {
        fprintf(stderr, "sessions: taken at the start of a stream\n%s", told);
        return 1;
    }
    session.phase = PHASES_PHASE_READY;
    session.frames = 3;
    for (cut = 0; cut <= size; cut++) {
        if (decode(session, cut, told) != PHASES_CLEAN || strcmp(told, wanted) != 0) {
            fprintf(stderr, "sessions: cut at %lu\n%s", (unsigned long)cut, told);
            return 1;
        }
    }
    puts("ok");
    return 0;
}
