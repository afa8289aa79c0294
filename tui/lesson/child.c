/* SPDX-License-Identifier: MIT */
#include "lesson/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>


extern char **environ;

static const char program[] = "/proc/self/exe";

static int close_both(int fd[2])
{
    close(fd[0]);
    return close(fd[1]);
}

/* Signals as a shell would start it with; the handlers of this program are not inherited, what is ignored would be. */
static int spawn(pid_t *pid, char *const *argv, const int out[2], const int said[2])
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    int r = posix_spawn_file_actions_init(&files);

    if (r)
        return r;
    r = posix_spawnattr_init(&how);
    if (r) {
        posix_spawn_file_actions_destroy(&files);
        return r;
    }
    sigemptyset(&none);
    sigemptyset(&all);
    sigaddset(&all, SIGPIPE);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setpgroup(&how, 0); /* Ctrl-C in the terminal is the lab's */
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    r = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    if (r == 0)
        r = posix_spawn_file_actions_adddup2(&files, out[1], 1);
    if (r == 0)
        r = posix_spawn_file_actions_adddup2(&files, said[1], 2);
    if (r == 0)
        r = posix_spawn(pid, program, &files, &how, argv, environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return r;
}

int child_start(struct child *c, const char *const *word, struct err *e)
{
    const char *argv[CHILD_WORDS + 2] = {"saddle"};
    int out[2], said[2], n = 1, r;

    *c = (struct child){.out = -1, .said = -1};
    for (; word[n - 1] && n <= CHILD_WORDS; n++)
        argv[n] = word[n - 1];
    if (pipe2(out, O_CLOEXEC) != 0)
        return err_set(e, ERR_RUNTIME, "%s cannot be started: %s", word[0], strerror(errno));
    if (pipe2(said, O_CLOEXEC) != 0) {
        close_both(out);
        return err_set(e, ERR_RUNTIME, "%s cannot be started: %s", word[0], strerror(errno));
    }
    r = spawn(&c->pid, (char *const *)argv, out, said);
    close(out[1]);
    close(said[1]);
    if (r) {
        close(out[0]);
        close(said[0]);
        c->pid = 0;
        return err_set(e, ERR_RUNTIME, "%s cannot be started: %s", word[0], strerror(r));
    }
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    fcntl(said[0], F_SETFL, O_NONBLOCK);
    c->out = out[0];
    c->said = said[0];
    return 0;
}

/* 1: there is more to read, later; 0: the end. */
static int gather(struct child *c)
{
    for (;;) {
        ssize_t n;
        if (c->size + 4097 > c->room) {
            size_t room = c->room ? 2 * c->room : 1 << 14;
            char *more = room > CHILD_OUTPUT ? NULL : realloc(c->text, room);
            if (!more) {
                c->too_much = 1;
                return 0;
            }
            c->text = more;
            c->room = room;
        }
        n = read(c->out, c->text + c->size, 4096);
        if (n <= 0)
            return n < 0 && (errno == EAGAIN || errno == EINTR);
        c->size += (size_t)n;
        c->text[c->size] = '\0';
    }
}

/* Its last line that is not empty. */
static int hear(struct child *c)
{
    char bytes[512];
    ssize_t n;

    while ((n = read(c->said, bytes, sizeof bytes)) > 0)
        for (ssize_t i = 0; i < n; i++) {
            if (c->last_size && c->last[c->last_size - 1] == '\n' && bytes[i] != '\n')
                c->last_size = 0;
            if (c->last_size + 1 < sizeof c->last && !(bytes[i] == '\n' && !c->last_size))
                c->last[c->last_size++] = bytes[i] == '\r' ? ' ' : bytes[i];
            c->last[c->last_size] = '\0';
        }
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

int child_poll(struct child *c, int *code)
{
    int status;

    if (c->out >= 0 && !gather(c))
        shut(&c->out);
    if (c->said >= 0 && !hear(c))
        shut(&c->said);
    if (c->too_much)
        kill(-c->pid, SIGKILL);
    if (c->out >= 0 || c->said >= 0 || waitpid(c->pid, &status, WNOHANG) != c->pid)
        return 0;
    c->pid = 0;
    if (c->last_size && c->last[c->last_size - 1] == '\n')
        c->last[--c->last_size] = '\0';
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return 1;
}

void child_end(struct child *c)
{
    shut(&c->out);
    shut(&c->said);
    if (c->pid > 0) {
        kill(-c->pid, SIGKILL);
        waitpid(c->pid, NULL, 0);
    }
    free(c->text);
    *c = (struct child){.out = -1, .said = -1};
}
