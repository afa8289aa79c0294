/* SPDX-License-Identifier: MIT */
/* Malformed inputs: each is a good folder or file with one thing wrong. It must be refused as bad
 * input, in one sentence that names the file and what is wrong, by the engine and by the program. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data/dataset.h"
#include "data/pickle.h"
#include "data/pt.h"
#include "libriphone-folder.h"
#include "damage.h"

#define GOOD_IDS "200-2-0000\n100-1-0001\n100-1-0000\n"

#define REBUILD "\x80\x02" "ctorch._utils\n_rebuild_tensor_v2\n"
#define STORAGE(class) "(X\x07\x00\x00\x00storagectorch\n" class "\nX\x01\x00\x00\x00" "0X\x03\x00\x00\x00" "cpuK\x4etQ"
#define SHAPE "K\x00K\x02K\x27\x86K\x27K\x01\x86\x89" "ccollections\nOrderedDict\n)R"
#define SIXTEEN_IDS "aaaaaaaaaaaaaaaa"
#define ST "bad.safetensors"
#define A8 "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}"

static const struct bad all[] = {
    {"missing utterance", make_nothing, TRAIN, "train_split.txt:2 names it", .text = NULL},
    {"missing utterance", make_nothing, "feat/train/200-2-0000.pt", "train_split.txt:1 names it", .text = NULL},
    {"missing utterance", make_nothing, TEST, "test_split.txt:1 names it", .text = NULL},
    {"missing utterance", make_folder, TRAIN, "not a regular file", .text = NULL},
    {"missing utterance", make_pipe, TRAIN, "not a regular file", .text = NULL},
    {"missing utterance", make_dangling, TRAIN, "no such file", TEXT("nowhere.pt")},
    {"missing utterance", make_text, "train_labels.txt", "no labels for utterance 100-1-0001",
     TEXT("200-2-0000 1 1 1 1\n100-1-0000 1 1 1\n")},

    {"doubled utterance", make_text, "train_split.txt:4", "is already in line 3", TEXT(GOOD_IDS "100-1-0000\n")},
    {"doubled utterance", make_text, "train_split.txt:4", "is already in line 1", TEXT(GOOD_IDS "200-2-0000")},
    {"doubled utterance", make_text, "train_split.txt:2", "is already in line 1", TEXT("200-2-0000\r\n200-2-0000\n")},
    {"doubled utterance", make_text, "test_split.txt:2", "is already in line 1", TEXT("300-3-0000\n300-3-0000\n")},
    {"doubled utterance", make_text, "test_split.txt:2", "is already used for training", TEXT("300-3-0000\n100-1-0001\n")},
    {"doubled utterance", make_text, "train_labels.txt:2", "is already in line 1", TEXT("100-1-0001 1 2\n100-1-0001 1 2\n")},

    {"label count", make_text, "train_labels.txt:2", "has 1 labels",
     TEXT("200-2-0000 1 1 1 1\n100-1-0001 1\n100-1-0000 1 1 1\n")},
    {"label count", make_text, "train_labels.txt:2", "has 3 labels",
     TEXT("200-2-0000 1 1 1 1\n100-1-0001 1 1 1\n100-1-0000 1 1 1\n")},
    {"label count", make_text, "train_labels.txt:2", "has no labels",
     TEXT("200-2-0000 1 1 1 1\n100-1-0001\n100-1-0000 1 1 1\n")},
    {"label count", make_text, "test_labels.txt:1", "300-3-0000.pt has 2 frames", TEXT("300-3-0000 1 1 1\n")},
    {"label count", make_shape, "train_labels.txt:2", "has 50 frames", TEXT("2 50 39 39 1 0 4000")},

    {"label range", make_text, "train_labels.txt:1", "label 2 of 100-1-0001 is \"41\"", TEXT("100-1-0001 1 41\n")},
    {"label range", make_text, "train_labels.txt:1", "is \"-1\"", TEXT("100-1-0001 -1 4\n")},
    {"label range", make_text, "train_labels.txt:1", "\"99999999999999999999\"",
     TEXT("100-1-0001 99999999999999999999\n")},
    {"label range", make_text, "train_labels.txt:1", "\"3.5\"", TEXT("100-1-0001 3.5 4\n")},
    {"label range", make_text, "train_labels.txt:1", "\"4x\"", TEXT("100-1-0001 4x 4\n")},
    {"label range", make_text, "test_labels.txt:1", "\"SIL\"", TEXT("300-3-0000 SIL SIL\n")},

    {"NaN", make_value, TRAIN, "frame 0, dimension 0, is not a number", "FloatStorage", 0, NAN},
    {"NaN", make_value, TRAIN, "frame 1, dimension 38, is not a number", "FloatStorage", 77, -NAN},
    {"NaN", make_value, TRAIN, "frame 1, dimension 0, is not a number", "HalfStorage", 39, NAN},
    {"NaN", make_value, TRAIN, "frame 0, dimension 5, is not a number", "DoubleStorage", 5, NAN},
    {"NaN", make_value, TEST, "frame 0, dimension 7, is not a number", "FloatStorage", 7, NAN},

    {"infinity", make_value, TRAIN, "frame 0, dimension 0, is infinite", "FloatStorage", 0, INFINITY},
    {"infinity", make_value, TRAIN, "frame 1, dimension 1, is infinite", "FloatStorage", 40, -INFINITY},
    {"infinity", make_value, TRAIN, "frame 0, dimension 9, is infinite", "HalfStorage", 9, -INFINITY},
    {"infinity", make_value, TRAIN, "frame 0, dimension 38, is infinite", "DoubleStorage", 38, 1e300},
    {"infinity", make_value, TEST, "frame 1, dimension 38, is infinite", "FloatStorage", 77, INFINITY},

    {"dimensions", make_shape, TRAIN, "tensor is [2, 40], expected [frames, 39]", TEXT("2 2 40 40 1 0 4000")},
    {"dimensions", make_shape, TRAIN, "tensor is [39, 2]", TEXT("2 39 2 2 1 0 4000")},
    {"dimensions", make_shape, TRAIN, "tensor is 3-D", TEXT("3 1 2 39 78 39 1 0 4000")},
    {"dimensions", make_shape, TRAIN, "tensor is 1-D", TEXT("1 78 1 0 4000")},
    {"dimensions", make_shape, TRAIN, "tensor is 0-D", TEXT("0 0 4000")},
    {"dimensions", make_shape, TRAIN, "tensor is [0, 39]", TEXT("2 0 39 39 1 0 4000")},
    {"dimensions", make_shape, TRAIN, "tensor is [-2, 39]", TEXT("2 -2 39 39 1 0 4000")},
    {"dimensions", make_shape, TRAIN, "more than saddle supports", TEXT("2 4611686018427387904 39 0 0 0 4000")},

    {"reach", make_shape, TRAIN, "leaves its storage", TEXT("2 2 39 39 1 3923 4000")},
    {"reach", make_shape, TRAIN, "leaves its storage", TEXT("2 2 39 3962 1 0 4000")},
    {"reach", make_shape, TRAIN, "leaves its storage", TEXT("2 2 39 39 -1 100 4000")},
    {"reach", make_shape, TRAIN, "leaves its storage", TEXT("2 2 39 39 1 -1 4000")},
    {"reach", make_shape, TRAIN, "leaves its storage", TEXT("2 2 39 9223372036854775807 1 9 4000")},
    {"reach", make_shape, TRAIN, "storage of 4001 elements", TEXT("2 2 39 39 1 0 4001")},
    {"reach", make_shape, TRAIN, "storage of 4611686018427387904 elements",
     TEXT("2 2 39 39 1 4000 4611686018427387904")},

    {"truncated", make_shorter, TRAIN, "truncated", .number = .95},
    {"truncated", make_shorter, TRAIN, "truncated", .number = .5},
    {"truncated", make_shorter, TRAIN, "truncated", .number = .1},
    {"truncated", make_shorter, TRAIN, "not a .pt file", .number = 0},
    {"truncated", make_shorter, TEST, "truncated", .number = .99},
    {"truncated", make_flipped, TRAIN, "damaged", .text = NULL},

    {"foreign file", make_text, TRAIN, "not a .pt file", TEXT("-1.5 0.25\n")},
    {"foreign file", make_text, TRAIN, "not a .pt file", TEXT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR")},
    {"foreign file", make_text, TRAIN, "not a .pt file", TEXT("\x93NUMPY\x01\0v\0{'descr': '<f4'}")},
    {"foreign file", make_text, TRAIN, "not a .pt file", TEXT("PK")},
    {"foreign file", make_zip, TRAIN, "no data.pkl", .text = "nameless"},
    {"foreign file", make_zip, TRAIN, "more than one data.pkl", .text = "twice"},
    {"foreign file", make_zip, TRAIN, "compressed", .text = "compressed"},
    {"foreign file", make_zip, TRAIN, "storage data/0 is missing", .text = "storageless"},
    {"foreign file", make_zip, TRAIN, "not little-endian", .text = "big-endian"},

    {"other pickle", make_pickle, TRAIN, "os.system", TEXT("\x80\x02" "cos\nsystem\nX\x04\0\0\0true\x85R.")},
    {"other pickle", make_pickle, TRAIN, "builtins.eval", TEXT("\x80\x02" "cbuiltins\neval\n(X\x01\0\0\0" "1tR.")},
    {"other pickle", make_pickle, TRAIN, "torch._utils._rebuild_parameter",
     TEXT("\x80\x02" "ctorch._utils\n_rebuild_parameter\n.")},
    {"other pickle", make_storage, TRAIN, "torch.QInt8Storage", .text = "QInt8Storage"},
    {"other pickle", make_pickle, TRAIN, "opcode 0x7d", TEXT("\x80\x02}q\0.")},
    {"other pickle", make_pickle, TRAIN, "protocol 2", TEXT("\x80\x04N.")},
    {"other pickle", make_pickle, TRAIN, "else than one tensor", TEXT("\x80\x02K\x01.")},
    {"other pickle", make_pickle, TRAIN, "second storage",
     TEXT(REBUILD "(" STORAGE("FloatStorage") STORAGE("FloatStorage") "tR.")},
    {"other pickle", make_pickle, TRAIN, "description of a tensor's storage", TEXT("\x80\x02K\x01Q.")},
    {"other pickle", make_pickle, TRAIN, "not the description of a tensor",
     TEXT(REBUILD "(" STORAGE("FloatStorage") "tR.")},

    {"broken pickle", make_pickle, TRAIN, "byte 23: ends", TEXT("\x80\x02" "ctorch\nFloatStorage\n(X\x07\0\0\0sto")},
    {"broken pickle", make_pickle, TRAIN, "ends", TEXT("\x80\x02" "ctorch\nFloatStorage")},
    {"broken pickle", make_pickle, TRAIN, "never remembered", TEXT("\x80\x02h\x05.")},
    {"broken pickle", make_pickle, TRAIN, "never remembered", TEXT("\x80\x02j\xff\xff\xff\xff.")},
    {"broken pickle", make_pickle, TRAIN, "remembers more", TEXT("\x80\x02K\x01r\xff\xff\xff\x7f.")},
    {"broken pickle", make_pickle, TRAIN, "remembers a value where there is none", TEXT("\x80\x02q\x01.")},
    {"broken pickle", make_pickle, TRAIN, "not there", TEXT("\x80\x02K\x01K\x02\x87.")},
    {"broken pickle", make_pickle, TRAIN, "not there", TEXT("\x80\x02K\x01t.")},
    {"broken pickle", make_pickle, TRAIN, "where there is none", TEXT("\x80\x02R.")},
    {"broken pickle", make_pickle, TRAIN, "longer than", TEXT("\x80\x02X\xff\xff\xff\xff.")},
    {"broken pickle", make_pickle, TRAIN, "64 bits", TEXT("\x80\x02\x8a\x09" "123456789.")},
    {"broken pickle", make_pickle, TRAIN, "more values", TEXT("\x80\x02"
     "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((")},
    {"broken pickle", make_pickle, TRAIN, "calls what", TEXT("\x80\x02" "ccollections\nOrderedDict\nK\x01R.")},
    {"broken pickle", make_pickle, TRAIN, "ends", TEXT("")},
    {"broken pickle", make_pickle, TRAIN, "ends", TEXT(REBUILD "(" STORAGE("FloatStorage") SHAPE "tR")},

    {"old format", make_text, TRAIN, "old format", TEXT("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.")},
    {"old format", make_text, TRAIN, "old format", TEXT("\x80\x02\x8a\x0a")},
    {"old format", make_text, TRAIN, "old format", TEXT("\x80\x02\x8a\x0a" "cos\nsystem\n")},
    {"old format", make_text, TEST, "old format",
     TEXT("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.")},
    {"old format", make_text, "feat/train/200-2-0000.pt", "old format", TEXT("\x80\x02\x8a\x0aPK\x03\x04")},

    {"hostile id", make_text, "train_split.txt:2", "other characters", TEXT("200-2-0000\n../../etc/passwd\n")},
    {"hostile id", make_text, "train_split.txt:1", "other characters", TEXT("/etc/passwd\n")},
    {"hostile id", make_text, "train_split.txt:2", "is empty", TEXT("200-2-0000\n\n100-1-0001\n")},
    {"hostile id", make_text, "train_split.txt:1", "136 characters",
     TEXT(SIXTEEN_IDS SIXTEEN_IDS SIXTEEN_IDS SIXTEEN_IDS SIXTEEN_IDS SIXTEEN_IDS SIXTEEN_IDS SIXTEEN_IDS
          "12345678\n")},
    {"hostile id", make_text, "train_split.txt:1", "other characters", TEXT("..\n")},
    {"hostile id", make_text, "train_split.txt:1", "other characters", TEXT("a\x1b[2Jb\n")},
    {"hostile id", make_text, "train_split.txt:1", "other characters", TEXT(" 200-2-0000\n")},
    {"hostile id", make_text, "test_split.txt:1", "other characters", TEXT("300-3-0000.pt\n")},
    {"hostile id", make_text, "train_labels.txt:1", "other characters", TEXT("../x 1 2\n")},
    {"hostile id", make_text, "train_labels.txt:1", "is empty", TEXT(" 1 2\n")},

    {"broken list", make_nothing, "train_split.txt", "cannot read", .text = NULL},
    {"broken list", make_nothing, "test_split.txt", "cannot read", .text = NULL},
    {"broken list", make_nothing, "train_labels.txt", "cannot read", .text = NULL},
    {"broken list", make_text, "train_split.txt", "is empty", TEXT("")},
    {"broken list", make_text, "train_labels.txt", "is empty", TEXT("")},
    {"broken list", make_text, "train_split.txt", "byte 4 is zero", TEXT("200-\0002-0000\n")},
    {"broken list", make_folder, "test_labels.txt", "not a regular file", .text = NULL},

    {"safetensors", make_text, ST, "too few", TEXT("")},
    {"safetensors", make_text, ST, "too few", TEXT("\x02\0\0\0\0\0\0")},
    {"safetensors", make_text, ST, "header would take 72057594037927938 bytes", TEXT("\x02\0\0\0\0\0\0\x01{}")},
    {"safetensors", make_text, ST, "header would take 3 bytes", TEXT("\x03\0\0\0\0\0\0\0{}")},
    {"safetensors", make_text, ST, "header, byte", TEXT("\x02\0\0\0\0\0\0\0{]")},
    {"safetensors", make_header, ST, "is not a JSON object", TEXT("[1]")},
    {"safetensors", make_header, ST, "duplicate", TEXT(A8 ",\"a\":{}}"), 8},
    {"safetensors", make_header, ST, "is not a text", TEXT("{\"__metadata__\":{\"a\":1}}")},
    {"safetensors", make_header, ST, "__metadata__ is no", TEXT("{\"__metadata__\":[]}")},
    {"safetensors", make_header, ST, "leaving a hole",
     TEXT("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[8,16]}}"), 16},
    {"safetensors", make_header, ST, "leaving a hole",
     TEXT(A8 ",\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[9,10]}}"), 10},
    {"safetensors", make_header, ST, "inside another",
     TEXT(A8 ",\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[7,9]}}"), 9},
    {"safetensors", make_header, ST, "inside another",
     TEXT(A8 ",\"b\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}"), 8},
    {"safetensors", make_header, ST, "belong to none", TEXT(A8 "}"), 9},
    {"safetensors", make_header, ST, "only 7 bytes", TEXT(A8 "}"), 7},
    {"safetensors", make_header, ST, "its shape does not",
     TEXT("{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,8]}}"), 8},
    {"safetensors", make_header, ST, "its shape does not",
     TEXT("{\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}}")},
    {"safetensors", make_header, ST, "size 2 of the shape",
     TEXT("{\"a\":{\"dtype\":\"F64\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}")},
    {"safetensors", make_header, ST, "size 1 of the shape",
     TEXT("{\"a\":{\"dtype\":\"F64\",\"shape\":[-1],\"data_offsets\":[0,8]}}"), 8},
    {"safetensors", make_header, ST, "size 1 of the shape",
     TEXT("{\"a\":{\"dtype\":\"F64\",\"shape\":[1.0],\"data_offsets\":[0,8]}}"), 8},
    {"safetensors", make_header, ST, "at most 4",
     TEXT("{\"a\":{\"dtype\":\"F64\",\"shape\":[1,1,1,1,1],\"data_offsets\":[0,8]}}"), 8},
    {"safetensors", make_header, ST, "\"F65\"",
     TEXT("{\"a\":{\"dtype\":\"F65\",\"shape\":[1],\"data_offsets\":[0,8]}}"), 8},
    {"safetensors", make_header, ST, "not [begin, end]",
     TEXT("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[8,0]}}"), 8},
    {"safetensors", make_header, ST, "not [begin, end]",
     TEXT("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[-8,0]}}"), 8},
    {"safetensors", make_header, ST, "not [begin, end]", TEXT("{\"a\":{\"dtype\":\"F64\",\"shape\":[1]}}"), 8},
    {"safetensors", make_header, ST, "not aligned",
     TEXT("{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
          "\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[1,9]}}"), 9},
    {"safetensors", make_header, ST, "\"a\" is not a JSON object", TEXT("{\"a\":7}")},
    {"safetensors", make_folder, "missing/", "No such file", TEXT("")},

    {"data set", make_header, ST, "not a data set", TEXT(A8 "}"), 8},
    {"data set", make_dataset, ST, "not a data set", .text = "format=saddle-dataset-9"},
    {"data set", make_dataset, ST, "\"name\" is missing", .text = "name="},
    {"data set", make_dataset, ST, "name 2 is empty or does not print", .text = "classes=A\n\x1b[2J"},
    {"data set", make_dataset, ST, "\"speakers\" is missing or empty", .text = "speakers="},
    {"data set", make_dataset, ST, "has 1 names for 2", .text = "utterances=u"},
    {"data set", make_dataset, ST, "label of frame 3 is 2", "labels", 3, 2},
    {"data set", make_dataset, ST, "role of utterance 1 is 4", "role", 1, 4},
    {"data set", make_dataset, ST, "bound 0 is 1", "bounds", 0, 1},
    {"data set", make_dataset, ST, "bound 1 is 0", "bounds", 1, 0},
    {"data set", make_dataset, ST, "bound 1 is -5", "bounds", 1, -5},
    {"data set", make_dataset, ST, "bound 2 is 5", "bounds", 2, 5},
    {"data set", make_dataset, ST, "last bound, 2 is 3", "bounds", 2, 3},
    {"data set", make_dataset, ST, "speaker of utterance 0 is 1", "speaker", 0, 1},
    {"data set", make_dataset, ST, "source of utterance 1 is -1", "source", 1, -1},
    {"data set", make_dataset, ST, "features of frame 2, dimension 1", "features", 5, NAN},
    {"data set", make_dataset, ST, "features of frame 0, dimension 0", "features", 0, -INFINITY},
    {"data set", make_dataset, ST, "there is no tensor \"features\"", .text = "no features"},
    {"data set", make_dataset, ST, "\"scale\"", .text = "int features"},
    {"data set", make_dataset, ST, "\"labels\" is U8 [3], expected U8 [4]", .text = "few labels"},
};
enum { COUNT = sizeof all / sizeof *all };

/* The program says the same and leaves with 3. */
static void run_program(const char *name, const char *dir, const struct err *e)
{
    const char *program = getenv("SADDLE");
    char command[1000], said[600] = "";
    int status;
    FILE *f;

    if (!program)
        return;
    snprintf(command, sizeof command, "'%s' data info '%s' >'%s/out' 2>'%s/said'", program, name, dir, dir);
    status = system(command);
    assert_true(WIFEXITED(status));
    f = fopen(folder_path(dir, "said"), "r");
    assert_non_null(f);
    said[fread(said, 1, sizeof said - 1, f)] = 0;
    fclose(f);
    snprintf(command, sizeof command, "saddle: %s\n", e->text);
    assert_string_equal(said, command);
    assert_int_equal(WEXITSTATUS(status), ERR_INPUT);
}

static void refused(void **state)
{
    const struct bad *b = *state;
    char dir[40], file[100], name[200];
    struct dataset d;
    struct err e = {0};
    int line = (int)strcspn(b->file, ":");

    snprintf(dir, sizeof dir, "%s", temporary_folder());
    setenv("XDG_CACHE_HOME", folder_path(dir, "cache"), 1);
    folder_make(dir);
    /* A count that does not fit is damaged in the features and found at the labels. */
    snprintf(file, sizeof file, "%.*s", b->make == make_shape ? (int)sizeof TRAIN : line,
             b->make == make_shape ? TRAIN : b->file);
    b->make(folder_path(dir, file), b);
    snprintf(name, sizeof name, "%s", strcmp(b->file, ST) == 0 || b->file[0] == 'm' ? folder_path(dir, b->file) : dir);
    if (b->file[0] == 'm')
        rmdir(name);
    assert_int_equal(dataset_open(&d, name, NULL, NULL, NULL, &e), -ERR_INPUT);
    assert_null(d.path);
    if (!strstr(e.text, folder_path(dir, b->file)) || !strstr(e.text, b->says))
        fail_msg("\"%s\" should name %s and say \"%s\"", e.text, b->file, b->says);
    for (const char *c = e.text; *c; c++)
        assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
    run_program(name, dir, &e);
    remove_folder(dir);
}

/* Whatever a byte of the file becomes, it opens or is refused by name; nothing else happens. */
static void change_any_byte(const char *path, int (*read)(const char *path, struct err *e))
{
    static const unsigned char masks[] = {0x01, 0x80, 0xff};
    char bytes[4000];
    FILE *f = fopen(path, "rb");
    size_t size = fread(bytes, 1, sizeof bytes, f);

    fclose(f);
    assert_true(size > 500 && size < sizeof bytes);
    for (size_t i = 0; i < 3 * size; i++) {
        struct err e = {0};
        int r;
        bytes[i / 3] = (char)(bytes[i / 3] ^ masks[i % 3]);
        write_bytes(path, bytes, size);
        bytes[i / 3] = (char)(bytes[i / 3] ^ masks[i % 3]);
        r = read(path, &e);
        assert_true(r == 0 || (r == -ERR_INPUT && strstr(e.text, path)));
    }
}

static int read_dataset(const char *path, struct err *e)
{
    struct dataset d;
    int r = dataset_open(&d, path, NULL, NULL, NULL, e);

    dataset_free(&d);
    return r;
}

static int read_pt(const char *path, struct err *e)
{
    struct pt_tensor t;
    int r = pt_read(&t, path, FOLDER_DIMS, e);

    pt_free(&t);
    return r;
}

static void any_byte_of_a_file_may_change(void **state)
{
    struct bad b = {.text = ""};
    struct pt_make m = pt_plain(2, FOLDER_DIMS, folder_values(1));
    char dir[40], path[100];

    (void)state;
    snprintf(dir, sizeof dir, "%s", temporary_folder());
    snprintf(path, sizeof path, "%s", folder_path(dir, ST));
    make_dataset(path, &b);
    change_any_byte(path, read_dataset);
    snprintf(path, sizeof path, "%s", folder_path(dir, "t.pt"));
    pt_write(path, &m);
    change_any_byte(path, read_pt);
    remove_folder(dir);
}

/* The same of the pickle, which the zip's check sum guards otherwise; and cut at any byte it is refused. */
static void any_byte_of_a_pickle_may_change(void **state)
{
    static const char good[] = REBUILD "(" STORAGE("FloatStorage") SHAPE "tR.";
    size_t size = sizeof good - 1;
    struct pickle_tensor t;

    (void)state;
    for (size_t i = 0; i < size; i++) {
        unsigned char *bytes = malloc(size); /* of exactly this size, so that a sanitizer sees one too far */
        for (int value = 0; value < 256; value++) {
            memcpy(bytes, good, size);
            bytes[i] = (unsigned char)value;
            int r = pickle_read(bytes, size, &t, "p", NULL);
            assert_true(r == 0 || r == -ERR_INPUT);
            assert_true(t.dims >= 0 && t.dims <= PICKLE_MOST_DIMS);
        }
        free(bytes);
        bytes = malloc(i + 1);
        memcpy(bytes, good, i);
        assert_int_equal(pickle_read(bytes, i, &t, "p", NULL), -ERR_INPUT);
        free(bytes);
    }
}

/* What the cases damage is good before. */
static void whole_ones_open(void **state)
{
    struct bad b = {.text = ""};
    struct pt_make m = pt_plain(2, FOLDER_DIMS, folder_values(1));
    struct dataset d;
    struct err e = {0};
    char dir[40];

    (void)state;
    snprintf(dir, sizeof dir, "%s", temporary_folder());
    setenv("XDG_CACHE_HOME", folder_path(dir, "cache"), 1);
    folder_make(dir);
    m.pickle = (const unsigned char *)REBUILD "(" STORAGE("FloatStorage") SHAPE "tR.";
    m.pickle_size = sizeof REBUILD "(" STORAGE("FloatStorage") SHAPE "tR." - 1;
    pt_write(folder_pt(dir, 1), &m);
    if (dataset_open(&d, dir, NULL, NULL, NULL, &e))
        fail_msg("%s", e.text);
    dataset_free(&d);
    make_dataset(folder_path(dir, ST), &b);
    if (dataset_open(&d, folder_path(dir, ST), NULL, NULL, NULL, &e))
        fail_msg("%s", e.text);
    assert_int_equal(d.frames, 4);
    dataset_free(&d);
    remove_folder(dir);
}

int main(void)
{
    static struct CMUnitTest tests[COUNT + 3];
    static char names[COUNT][120];

    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "%s: %s", all[i].kind, all[i].says);
        tests[i] = (struct CMUnitTest){.name = names[i], .test_func = refused, .initial_state = (void *)&all[i]};
    }
    tests[COUNT] = (struct CMUnitTest)cmocka_unit_test(whole_ones_open);
    tests[COUNT + 1] = (struct CMUnitTest)cmocka_unit_test(any_byte_of_a_file_may_change);
    tests[COUNT + 2] = (struct CMUnitTest)cmocka_unit_test(any_byte_of_a_pickle_may_change);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
