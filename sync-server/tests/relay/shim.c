/* Notes what a program writes into one folder and what it syncs, and makes syncs and writes fail on demand.
 *
 * The test loads it into the relay with LD_PRELOAD and rebuilds from its notes what a disk would hold after the power
 * went. DURABLE_FOLDER names the folder, DURABLE_NOTES the file for the notes, DURABLE_FAULT a file that holds one of
 * these words while something is to go wrong:
 *   lie, lie-folder        a sync of a file or folder, or only of the folder, says that it worked and does nothing
 *   sync, sync-once        syncs fail with EIO; what they were to bring to the disk is lost
 *   write, write-once      writes fail with ENOSPC
 * The file of a word that ends in -once is removed by the first call that fails.
 *
 * A note: one byte for what was done, then three numbers of eight bytes (which file, where, how many bytes follow), then
 * the bytes. A real sync is not needed: only the notes count. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define MOST_FILES 65536
#define FOLDER 1

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int notes = -1;
/* For each handle the inode of its file, FOLDER for the folder itself, 0 for what is not watched. */
static uint64_t watched[MOST_FILES];

static uint64_t file_of(int fd) {
    return fd >= 0 && fd < MOST_FILES ? watched[fd] : 0;
}

static void note(char what, uint64_t file, uint64_t at, const void *bytes, uint64_t len) {
    if (notes < 0) notes = REAL(open)(getenv("DURABLE_NOTES"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    uint64_t numbers[3] = {file, at, len};
    struct iovec parts[3] = {{&what, 1}, {numbers, sizeof numbers}, {(void *)bytes, len}};
    if (writev(notes, parts, 3) < 0) abort();
}

/* The name of a file in the folder, "" for the folder, NULL for others. SQLite maps the -shm file and never syncs it. */
static const char *name_of(const char *path) {
    const char *folder = getenv("DURABLE_FOLDER");
    size_t len = folder ? strlen(folder) : 0, whole = strlen(path);
    if (!len || strncmp(path, folder, len) || (path[len] && path[len] != '/')) return NULL;
    if (whole > 4 && !strcmp(path + whole - 4, "-shm")) return NULL;
    return path[len] ? path + len + 1 : "";
}

/* Whether this word stands in the file of faults, alone or with -once. */
static int fault(const char *word) {
    char found[32] = "";
    int fd = REAL(open)(getenv("DURABLE_FAULT"), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t got = read(fd, found, sizeof found - 1);
    REAL(close)(fd);
    size_t len = strlen(word);
    if (got <= 0 || strncmp(found, word, len)) return 0;
    if (!strcmp(found + len, "-once")) REAL(unlink)(getenv("DURABLE_FAULT"));
    return !found[len] || !strcmp(found + len, "-once");
}

static int watch(int fd, const char *name, int is_new, int flags) {
    struct stat found;
    if (fd < 0 || fd >= MOST_FILES || fstat(fd, &found)) return fd;
    watched[fd] = *name ? found.st_ino : FOLDER;
    if (*name) note(is_new ? 'n' : 'o', found.st_ino, 0, name, strlen(name));
    if (*name && flags & O_TRUNC) note('t', found.st_ino, 0, NULL, 0);
    return fd;
}

static int open_in_turn(int at, const char *path, int flags, mode_t mode) {
    const char *name = name_of(path);
    if (!name) return REAL(openat)(at, path, flags, mode);
    pthread_mutex_lock(&turn);
    int is_new = flags & O_CREAT && access(path, F_OK);
    int fd = watch(REAL(openat)(at, path, flags, mode), name, is_new, flags);
    pthread_mutex_unlock(&turn);
    return fd;
}

#define MODE(flags)                        \
    mode_t mode = 0;                       \
    va_list rest;                          \
    va_start(rest, flags);                 \
    if ((flags) & (O_CREAT | __O_TMPFILE)) \
        mode = va_arg(rest, mode_t);       \
    va_end(rest)

int open(const char *path, int flags, ...) { MODE(flags); return open_in_turn(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags); return open_in_turn(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags); return open_in_turn(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags); return open_in_turn(at, path, flags, mode); }

int close(int fd) {
    if (file_of(fd)) watched[fd] = 0;
    return REAL(close)(fd);
}

static ssize_t write_in_turn(int fd, const void *bytes, size_t len, off_t at) {
    pthread_mutex_lock(&turn);
    int fails = fault("write");
    ssize_t done = fails ? -1 : REAL(pwrite)(fd, bytes, len, at);
    if (done > 0) note('w', file_of(fd), at, bytes, done);
    pthread_mutex_unlock(&turn);
    if (fails) errno = ENOSPC;
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at) {
    return file_of(fd) ? write_in_turn(fd, bytes, len, at) : REAL(pwrite)(fd, bytes, len, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t at) { return pwrite(fd, bytes, len, at); }

ssize_t write(int fd, const void *bytes, size_t len) {
    if (!file_of(fd)) return REAL(write)(fd, bytes, len);
    ssize_t done = write_in_turn(fd, bytes, len, lseek(fd, 0, SEEK_CUR));
    if (done > 0) lseek(fd, done, SEEK_CUR);
    return done;
}

int ftruncate(int fd, off_t len) {
    if (!file_of(fd)) return REAL(ftruncate)(fd, len);
    pthread_mutex_lock(&turn);
    int failed = REAL(ftruncate)(fd, len);
    if (!failed) note('t', file_of(fd), len, NULL, 0);
    pthread_mutex_unlock(&turn);
    return failed;
}
int ftruncate64(int fd, off_t len) { return ftruncate(fd, len); }

static int sync_in_turn(int fd) {
    uint64_t file = file_of(fd);
    pthread_mutex_lock(&turn);
    int lies = fault("lie") || (file == FOLDER && fault("lie-folder"));
    int fails = !lies && fault("sync");
    if (!lies) note(fails ? 'f' : 's', file, 0, NULL, 0);
    pthread_mutex_unlock(&turn);
    if (fails) errno = EIO;
    return fails ? -1 : 0;
}

int fsync(int fd) { return file_of(fd) ? sync_in_turn(fd) : REAL(fsync)(fd); }
int fdatasync(int fd) { return file_of(fd) ? sync_in_turn(fd) : REAL(fdatasync)(fd); }

int unlink(const char *path) {
    const char *name = name_of(path);
    if (!name) return REAL(unlink)(path);
    pthread_mutex_lock(&turn);
    int failed = REAL(unlink)(path);
    if (!failed) note('u', 0, 0, name, strlen(name));
    pthread_mutex_unlock(&turn);
    return failed;
}

int rename(const char *from, const char *to) {
    const char *old = name_of(from), *new = name_of(to);
    if (!old || !new) return REAL(rename)(from, to);
    pthread_mutex_lock(&turn);
    struct stat found;
    int failed = stat(from, &found) || REAL(rename)(from, to);
    if (!failed) note('r', found.st_ino, 0, new, strlen(new));
    if (!failed) note('u', 0, 0, old, strlen(old));
    pthread_mutex_unlock(&turn);
    return failed;
}

/* The standard library copies files with these where it can; told that it cannot, it reads and writes. */
ssize_t copy_file_range(int from, off_t *at, int to, off_t *there, size_t len, unsigned flags) {
    if (!file_of(to)) return REAL(copy_file_range)(from, at, to, there, len, flags);
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile(int to, int from, off_t *at, size_t len) {
    (void)from, (void)at, (void)len;
    (void)to;
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile64(int to, int from, off_t *at, size_t len) { return sendfile(to, from, at, len); }
