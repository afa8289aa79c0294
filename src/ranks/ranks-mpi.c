/* SPDX-License-Identifier: MIT */
/* Ranks by MPI. Its errors are returned and kept, so that one rank's end does not end the others without a word; bytes
 * go as bytes, so nothing is converted or rounded on the way. */
#include <mpi.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"
#include "core/pool.h"
#include "ranks/ranks.h"

enum { TAG_EXCHANGE = 1, TAG_MESSAGE = 2, CHUNK = 1 << 30 }; /* MPI counts in int */

static struct {
    int joined;
    int rank, size, cores, all_cores;
    char host[MPI_MAX_PROCESSOR_NAME + 1];
    int *count, *first;      /* [size] of a gather */
    MPI_Request *request;    /* [requests] of an exchange */
    int requests;
    int failed;
    char failure[MPI_MAX_ERROR_STRING + 1];
    double seconds;
} state = {.size = 1};

/* ---- beginning and end ---------------------------------------------------------------------- */

/* Keep the first failure. Returns whether there was one, now or before. */
static int note(int code)
{
    int length;

    if (code == MPI_SUCCESS || state.failed)
        return state.failed;
    state.failed = 1;
    if (MPI_Error_string(code, state.failure, &length) != MPI_SUCCESS)
        snprintf(state.failure, sizeof state.failure, "error %d", code);
    return 1;
}

/* Cores that this process may use, and all that the ranks of this machine may use together. */
static void count_cores(void)
{
    MPI_Comm machine;
    cpu_set_t own, all;
    int here = 1, share;

    state.cores = pool_cores();
    if (sched_getaffinity(0, sizeof own, &own) != 0)
        return;
    if (note(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, state.rank, MPI_INFO_NULL, &machine)))
        return;
    if (!note(MPI_Comm_size(machine, &here)) &&
        !note(MPI_Allreduce(&own, &all, (int)sizeof own, MPI_BYTE, MPI_BOR, machine))) {
        share = CPU_COUNT(&all) / here;
        if (share < state.cores)
            state.cores = share > 0 ? share : 1;
    }
    note(MPI_Comm_free(&machine));
    note(MPI_Allreduce(&state.cores, &state.all_cores, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD));
}

/* MPI's own threads begin with all signals blocked, so that signals come to ours. A rank that waits lets others compute,
 * unless the user wants it to spin: a student's machine has other things to do. */
static int init(void)
{
    sigset_t all, before;
    int level, code;

    setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    code = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code == MPI_SUCCESS && level < MPI_THREAD_SERIALIZED ? MPI_ERR_OTHER : code;
}

int ranks_start(struct err *e)
{
    int launched = ranks_launched(), length = 0;

    if (!launched || state.joined)
        return 0;
    if (init() != MPI_SUCCESS)
        return err_set(e, ERR_RUNTIME, "MPI cannot be started: %s", ranks_library());
    state.joined = 1;
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &state.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &state.size);
    if (MPI_Get_processor_name(state.host, &length) != MPI_SUCCESS)
        length = 0;
    state.host[length] = '\0';
    if (launched > 1 && state.size == 1)
        return err_set(e, ERR_USAGE, "started as one of %d processes by the mpirun of another MPI; saddle was built with %s",
                       launched, ranks_library());
    state.count = calloc((size_t)state.size, sizeof *state.count);
    state.first = calloc((size_t)state.size, sizeof *state.first);
    if (!state.count || !state.first)
        return err_memory(e, "the list of ranks", sizeof *state.count * (size_t)state.size);
    count_cores();
    return ranks_check(e);
}

void ranks_end(void)
{
    if (state.failed)
        ranks_abort(ERR_RUNTIME);
    if (state.joined)
        MPI_Finalize();
    free(state.count);
    free(state.first);
    free(state.request);
    state.count = state.first = NULL;
    state.request = NULL;
    state.requests = 0;
    state.joined = 0;
    state.rank = 0;
    state.size = 1;
}

void ranks_abort(int code)
{
    if (state.joined)
        MPI_Abort(MPI_COMM_WORLD, code);
}

int ranks_rank(void)
{
    return state.rank;
}

int ranks_size(void)
{
    return state.size;
}

const char *ranks_host(void)
{
    return state.host;
}

int ranks_cores(void)
{
    return state.size > 1 ? state.cores : pool_cores();
}

int ranks_all_cores(void)
{
    return state.size > 1 ? state.all_cores : pool_cores();
}

/* Its text begins "Open MPI v4.1.4, package: …". */
const char *ranks_library(void)
{
    static char text[MPI_MAX_LIBRARY_VERSION_STRING + 1];
    int length;

    if (MPI_Get_library_version(text, &length) != MPI_SUCCESS)
        return "MPI";
    text[strcspn(text, ",\n")] = '\0';
    return text;
}

/* ---- what all ranks take part in ------------------------------------------------------------- */

/* A call is begun where there is somebody to talk to; then the clock runs until it is done. */
static int begin(double *at)
{
    if (state.size == 1 || state.failed)
        return 0;
    *at = clock_seconds();
    return 1;
}

static void done(double at, int code)
{
    note(code);
    state.seconds += clock_seconds() - at;
}

void ranks_barrier(void)
{
    double at;

    if (begin(&at))
        done(at, MPI_Barrier(MPI_COMM_WORLD));
}

int ranks_most(int value)
{
    int most = value;
    double at;

    if (begin(&at))
        done(at, MPI_Allreduce(&value, &most, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD));
    return most;
}

void ranks_broadcast(void *bytes, size_t n)
{
    double at;

    if (!begin(&at))
        return;
    for (size_t from = 0; from < n; from += CHUNK) {
        int count = n - from < CHUNK ? (int)(n - from) : CHUNK;
        if (note(MPI_Bcast((char *)bytes + from, count, MPI_BYTE, 0, MPI_COMM_WORLD)))
            break;
    }
    done(at, MPI_SUCCESS);
}

static int gather(void *items, size_t size, const int *first)
{
    MPI_Datatype item;
    int code;

    for (int r = 0; r < state.size; r++) {
        state.first[r] = first ? first[r] : r;
        state.count[r] = first ? first[r + 1] - first[r] : 1;
    }
    code = MPI_Type_contiguous((int)size, MPI_BYTE, &item);
    if (code != MPI_SUCCESS)
        return code;
    code = MPI_Type_commit(&item);
    if (code == MPI_SUCCESS)
        code = MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, items, state.count, state.first, item, MPI_COMM_WORLD);
    MPI_Type_free(&item);
    return code;
}

void ranks_gather(void *items, size_t size, const int *first)
{
    double at;

    if (begin(&at))
        done(at, gather(items, size, first));
}

static int chunks(size_t n)
{
    return (int)((n + CHUNK - 1) / CHUNK);
}

/* Start a piece's messages; their requests go to *next, which moves on. */
static int start_piece(const struct ranks_piece *p, MPI_Request **next)
{
    for (size_t from = 0; from < p->n; from += CHUNK) {
        int n = p->n - from < CHUNK ? (int)(p->n - from) : CHUNK, code;
        char *at = (char *)p->bytes + from;
        if (p->is_sent)
            code = MPI_Isend(at, n, MPI_BYTE, p->rank, TAG_EXCHANGE, MPI_COMM_WORLD, *next);
        else
            code = MPI_Irecv(at, n, MPI_BYTE, p->rank, TAG_EXCHANGE, MPI_COMM_WORLD, *next);
        if (code != MPI_SUCCESS)
            return code;
        ++*next;
    }
    return MPI_SUCCESS;
}

/* Room for so many requests, which stays. */
static int reserve(int requests)
{
    MPI_Request *more;

    if (requests <= state.requests)
        return MPI_SUCCESS;
    more = realloc(state.request, sizeof *more * (size_t)requests);
    if (!more)
        return MPI_ERR_NO_MEM;
    state.request = more;
    state.requests = requests;
    return MPI_SUCCESS;
}

/* What is received has its place before anything is sent. */
static int exchange(const struct ranks_piece *piece, int pieces)
{
    MPI_Request *next;
    int most = 0, code;

    for (int i = 0; i < pieces; i++)
        most += chunks(piece[i].n);
    code = reserve(most);
    next = state.request;
    for (int sent = 0; sent < 2; sent++)
        for (int i = 0; i < pieces && code == MPI_SUCCESS; i++)
            if (!piece[i].is_sent == !sent)
                code = start_piece(&piece[i], &next);
    if (code == MPI_SUCCESS)
        code = MPI_Waitall((int)(next - state.request), state.request, MPI_STATUSES_IGNORE);
    return code;
}

void ranks_exchange(const struct ranks_piece *piece, int pieces)
{
    double at;

    if (begin(&at))
        done(at, exchange(piece, pieces));
}

int ranks_check(struct err *e)
{
    return state.failed ? err_set(e, ERR_RUNTIME, "rank %d: another rank cannot be reached any more: %s", state.rank,
                                  state.failure)
                        : 0;
}

double ranks_seconds(void)
{
    return state.seconds;
}

/* ---- messages from one rank to another ------------------------------------------------------- */

int ranks_send(int to, const void *bytes, size_t n, struct err *e)
{
    if (n > CHUNK)
        return err_set(e, ERR_RUNTIME, "a message of %zu bytes is too long to be sent", n);
    if (!state.failed)
        note(MPI_Send(bytes, (int)n, MPI_BYTE, to, TAG_MESSAGE, MPI_COMM_WORLD));
    return ranks_check(e);
}

/* Blocking calls of MPI spin; a rank may wait for another's message for hours. */
static int await(int from, MPI_Message *message, MPI_Status *status)
{
    struct timespec pause = {.tv_nsec = 20000};
    int there = 0, code = MPI_SUCCESS;

    while (!there && code == MPI_SUCCESS) {
        code = MPI_Improbe(from, TAG_MESSAGE, MPI_COMM_WORLD, &there, message, status);
        if (there || code != MPI_SUCCESS)
            break;
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < 2000000)
            pause.tv_nsec *= 2;
    }
    return code;
}

int ranks_waiting(void)
{
    int there = 0;

    if (state.failed || note(MPI_Iprobe(MPI_ANY_SOURCE, TAG_MESSAGE, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE)))
        return 0;
    return there;
}

int ranks_receive(int from, void **bytes, size_t *n, struct err *e)
{
    MPI_Message message;
    MPI_Status status;
    int size = 0;
    char *text;

    *bytes = NULL;
    *n = 0;
    if (state.failed || note(await(from == RANKS_ANY ? MPI_ANY_SOURCE : from, &message, &status)) ||
        note(MPI_Get_count(&status, MPI_BYTE, &size)))
        return ranks_check(e);
    text = malloc((size_t)size + 1);
    if (!text)
        return err_memory(e, "a message", (unsigned long long)size);
    text[size] = '\0';
    if (note(MPI_Mrecv(text, size, MPI_BYTE, &message, &status))) {
        free(text);
        return ranks_check(e);
    }
    *bytes = text;
    *n = (size_t)size;
    return status.MPI_SOURCE;
}
