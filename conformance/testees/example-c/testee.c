/* Any length-field geometry in C, by hand: the decoder, then the FWT/1 loop around it. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *out; /* the replies to one line */
static size_t out_len, out_cap;

static char *room(size_t n)
{
    if (out_len + n > out_cap && !(out = realloc(out, out_cap = 2 * (out_len + n)))) abort();
    return out + out_len;
}
static void put(const char *text) { size_t n = strlen(text); memcpy(room(n), text, n); out_len += n; }
static void put_number(size_t n)
{
    char digits[24], *p = digits + sizeof digits;
    do *--p = (char)('0' + n % 10); while (n /= 10);
    size_t len = (size_t)(digits + sizeof digits - p);
    memcpy(room(len), p, len), out_len += len;
}

struct geometry { size_t offset, width; int little; int64_t adjust; size_t strip, max; };
struct decoder { unsigned char *buf; size_t cap, len; };

static void on_frame(size_t fed, const unsigned char *frame, size_t n)
{
    put_number(fed);
    put(n ? ":" : ":_");
    char *p = room(2 * n + 1);
    for (size_t i = 0; i < n; i++) *p++ = "0123456789abcdef"[frame[i] >> 4], *p++ = "0123456789abcdef"[frame[i] & 15];
    *p = '\t', out_len += 2 * n + 1;
}

/* Buffers the chunk, emits every frame that it completes; returns NULL or the class of the error. */
static const char *feed(struct decoder *d, const struct geometry *g, const unsigned char *chunk, size_t n, size_t fed)
{
    size_t at = 0, header = g->offset + g->width;
    if (d->len + n > d->cap && !(d->buf = realloc(d->buf, d->cap = 2 * (d->len + n)))) abort();
    if (n) memcpy(d->buf + d->len, chunk, n), d->len += n;
    while (d->len - at >= header) {
        const unsigned char *field = d->buf + at + g->offset;
        uint64_t value = 0;
        for (size_t i = 0; i < g->width; i++) value = value << 8 | field[g->little ? g->width - 1 - i : i];
        if (value > INT64_MAX / 2) return "frame-too-large";
        int64_t size = (int64_t)header + (int64_t)value + g->adjust;
        if (size < (int64_t)header || size < (int64_t)g->strip) return "length-too-small";
        if ((uint64_t)size > g->max) return "frame-too-large";
        if (d->len - at < (size_t)size) break;
        on_frame(fed, d->buf + at + g->strip, (size_t)size - g->strip);
        at += (size_t)size;
    }
    if (at) memmove(d->buf, d->buf + at, d->len -= at);
    return NULL;
}

static void decode(const struct geometry *g, const unsigned char *stream, size_t n, const char *seg)
{
    static struct decoder d; /* keeps its memory from case to case, and nothing else */
    const char *error = NULL;
    size_t from = 0;
    int last = 0;
    d.len = 0;
    if (*seg == '~') seg++;
    if (*seg == '-') seg++;
    while (!last && !error) {
        size_t to = 0;
        last = !*seg;
        while (*seg >= '0' && *seg <= '9') to = to * 10 + (size_t)(*seg++ - '0');
        if (last) to = n;
        else if (*seg == ',') seg++;
        error = feed(&d, g, stream + from, to - from, to);
        if (error) put_number(to), put("!"), put(error);
        from = to;
    }
    put(error ? "\n" : d.len ? "+\n" : ".\n");
}

static const char *configure(struct geometry *g)
{
    memset(g, 0, sizeof *g);
    for (char *word; (word = strtok(NULL, " ")); ) {
        char *value = strchr(word, '=');
        if (!value++) continue;
#define IS(key) !strncmp(word, key "=", sizeof key)
        if (IS("framing") && strcmp(value, "length-field")) return "skip framing is not length-field\n";
        if (IS("signed") && *value == '1') return "skip signed length fields are not read\n";
        if ((IS("oversize") || IS("reject")) && strcmp(value, "close")) return "skip it closes on every error\n";
        if (IS("offset")) g->offset = strtoul(value, NULL, 10);
        if (IS("width")) g->width = strtoul(value, NULL, 10);
        if (IS("endian")) g->little = *value == 'l';
        if (IS("adjust")) g->adjust = strtol(value, NULL, 10);
        if (IS("strip")) g->strip = strtoul(value, NULL, 10);
        if (IS("max")) g->max = strtoul(value, NULL, 10);
    }
    return "fwt 1 name=example-c version=1 language=c emits=frame ops=d checks=framing\n";
}

int main(void)
{
    char *line = NULL;
    size_t cap = 0, served = 0;
    struct geometry g = {0};
    while (getline(&line, &cap, stdin) > 0) {
        line[strcspn(line, "\n")] = 0;
        char *op = strtok(line, " "), *word;
        out_len = 0;
        if (op && !strcmp(op, "fwt")) put(configure(&g));
        else if (op && !strcmp(op, "q")) put("bye "), put_number(served), put("\n");
        else if (op && !strcmp(op, "d") && (word = strtok(NULL, " "))) {
            unsigned char *stream = (unsigned char *)word; /* decoded in place */
            size_t n = 0;
            if (*word == '_') *word = 0;
            for (char pair[3] = {0}, *hex = word; *hex; hex += 2, n++)
                memcpy(pair, hex, 2), stream[n] = (unsigned char)strtoul(pair, NULL, 16);
            while ((word = strtok(NULL, " "))) decode(&g, stream, n, word), served++;
        }
        fwrite(out, 1, out_len, stdout);
        fflush(stdout);
        if (op && !strcmp(op, "q")) break;
    }
    return 0;
}
