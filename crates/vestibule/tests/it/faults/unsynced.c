/* Makes unsynced writes take-backable: loaded before libc, it notes what each write to a file under UNSYNCED_UNDER
 * replaces, in a log per file in UNSYNCED_LOGS, and forgets the notes when the file is synced. Whoever applies the
 * notes backwards after a kill has the files as a power failure could leave them: nothing that was not synced.
 *
 * A note: offset, length of the old bytes, old size of the file (three 64-bit numbers), the old bytes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST 4096
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
/* Of each descriptor: 0 not looked at yet, -1 of no concern, else its log's descriptor + 1. */
static int logs[MOST];

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int log_of(int fd) {
    if (fd < 0 || fd >= MOST) return -1;
    if (logs[fd]) return logs[fd] > 0 ? logs[fd] - 1 : -1;
    const char *under = getenv("UNSYNCED_UNDER"), *place = getenv("UNSYNCED_LOGS");
    char link[64], path[2048], name[4096];
    struct stat about;
    logs[fd] = -1;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (!under || !place || length <= 0 || fstat(fd, &about) || !S_ISREG(about.st_mode)) return -1;
    path[length] = 0;
    if (strncmp(path, under, strlen(under)) || strstr(path, "-shm")) return -1;
    for (char *c = path; *c; c++) if (*c == '/') *c = '%';
    snprintf(name, sizeof name, "%s/%s", place, path);
    int log = open(name, O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0 || log >= MOST) abort();
    logs[log] = -1;
    logs[fd] = log + 1;
    return log;
}

static void append(int log, const void *bytes, size_t length) {
    REAL(write);
    if (real(log, bytes, length) != (ssize_t)length) abort();
}

static void close_quietly(int fd) {
    REAL(close);
    real(fd);
}

/* Called with the turn held, before the file changes. */
static void note(int fd, int log, int64_t offset, int64_t length) {
    REAL(pread64);
    struct stat about;
    if (fstat(fd, &about)) abort();
    int64_t size = about.st_size, old = size - offset;
    if (old < 0) old = 0;
    if (old > length) old = length;
    int64_t head[3] = { offset, old, size };
    char *bytes = malloc(sizeof head + old);
    memcpy(bytes, head, sizeof head);
    /* The descriptor may be for writing alone. */
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int reading = old ? open(link, O_RDONLY | O_CLOEXEC) : -1;
    if (old && real(reading, bytes + sizeof head, old, offset) != old) abort();
    if (reading >= 0) close_quietly(reading);
    append(log, bytes, sizeof head + old);
    free(bytes);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    REAL(pwrite64);
    pthread_mutex_lock(&turn);
    int log = log_of(fd);
    if (log >= 0) note(fd, log, offset, length);
    ssize_t done = real(fd, bytes, length, offset);
    pthread_mutex_unlock(&turn);
    return done;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(write);
    if (fd >= 0 && fd < MOST && logs[fd] == -1) return real(fd, bytes, length);
    pthread_mutex_lock(&turn);
    int log = log_of(fd);
    if (log >= 0) note(fd, log, lseek64(fd, 0, SEEK_CUR), length);
    ssize_t done = real(fd, bytes, length);
    pthread_mutex_unlock(&turn);
    return done;
}

int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    pthread_mutex_lock(&turn);
    int log = log_of(fd);
    struct stat about;
    if (log >= 0 && !fstat(fd, &about)) note(fd, log, size, about.st_size > size ? about.st_size - size : 0);
    int done = real(fd, size);
    pthread_mutex_unlock(&turn);
    return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static void forget(int fd) {
    REAL(ftruncate64);
    int log = log_of(fd);
    if (log >= 0 && real(log, 0)) abort();
}

int fsync(int fd) {
    REAL(fsync);
    pthread_mutex_lock(&turn);
    int done = real(fd);
    if (!done) forget(fd);
    pthread_mutex_unlock(&turn);
    return done;
}

int fdatasync(int fd) {
    REAL(fdatasync);
    pthread_mutex_lock(&turn);
    int done = real(fd);
    if (!done) forget(fd);
    pthread_mutex_unlock(&turn);
    return done;
}

int close(int fd) {
    REAL(close);
    pthread_mutex_lock(&turn);
    if (fd >= 0 && fd < MOST) {
        if (logs[fd] > 0) { int log = logs[fd] - 1; logs[log] = 0; real(log); }
        logs[fd] = 0;
    }
    int done = real(fd);
    pthread_mutex_unlock(&turn);
    return done;
}
