/* SPDX-License-Identifier: MIT */
/* core/sha256: the examples of FIPS 180-4 and NIST's short messages, however they are cut into pieces. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "core/sha256.h"

static const struct {
    const char *text;
    int times;
    const char *digest;
} known[] = {
    {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

static void assert_digest(struct sha256 *s, const char *expected)
{
    unsigned char digest[SHA256_SIZE];
    char text[SHA256_TEXT];

    sha256_end(s, digest);
    sha256_hex(digest, text);
    assert_string_equal(text, expected);
}

static void published_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct sha256 s;
        sha256_begin(&s);
        for (int k = 0; k < known[i].times; k++)
            sha256_add(&s, known[i].text, strlen(known[i].text));
        assert_digest(&s, known[i].digest);
    }
}

/* Every message in two and in three pieces, cut at every place, with empty pieces among them. */
static void every_cut_gives_the_same_digest(void **state)
{
    int cuts = 0;

    (void)state;
    for (size_t i = 0; i + 1 < sizeof known / sizeof *known; i++) {
        size_t n = strlen(known[i].text);
        for (size_t a = 0; a <= n; a++)
            for (size_t b = a; b <= n; b++, cuts++) {
                struct sha256 s;
                sha256_begin(&s);
                sha256_add(&s, known[i].text, a);
                sha256_add(&s, known[i].text + a, b - a);
                sha256_add(&s, known[i].text + b, n - b);
                assert_digest(&s, known[i].digest);
            }
    }
    assert_true(cuts > 5000);
}

/* A million times "a" in equal pieces of 1 … 200 bytes, at every distance from the 64-byte blocks. */
static void long_messages_in_pieces_of_every_size(void **state)
{
    enum { TOTAL = 1000000 };
    char *text = malloc(TOTAL);

    (void)state;
    assert_non_null(text);
    memset(text, 'a', TOTAL);
    for (size_t piece = 1; piece <= 200; piece++) {
        struct sha256 s;
        sha256_begin(&s);
        for (size_t at = 0; at < TOTAL; at += piece)
            sha256_add(&s, text + at, at + piece < TOTAL ? piece : TOTAL - at);
        assert_digest(&s, known[4].digest);
    }
    free(text);
}

/* Zeros of every length around the ends of blocks, where the padding takes one block or two: the digest of all their
 * digests, as coreutils' sha256sum has it. */
static void padding_at_every_length(void **state)
{
    static const unsigned char zeros[130];
    struct sha256 all;

    (void)state;
    sha256_begin(&all);
    for (size_t n = 0; n <= sizeof zeros; n++) {
        unsigned char digest[SHA256_SIZE];
        struct sha256 s;
        sha256_begin(&s);
        sha256_add(&s, zeros, n);
        sha256_end(&s, digest);
        sha256_add(&all, digest, sizeof digest);
    }
    assert_digest(&all, "d6e99a52e4f306ac462a8669cfa9744fc9ac0cd54f1c1c92b91d2e3257397ead");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_messages),
        cmocka_unit_test(every_cut_gives_the_same_digest),
        cmocka_unit_test(long_messages_in_pieces_of_every_size),
        cmocka_unit_test(padding_at_every_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
