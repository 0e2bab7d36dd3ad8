/* files.c - see files.h. Files.swift. */
#define _DEFAULT_SOURCE
#define _POSIX_C_SOURCE 200809L

#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Says why the call that just failed did, and who must act. */
static const failure *failed(pool *pool, const char *action, const char *path) {
  int code = errno;
  bool is_denied = code == EACCES || code == EPERM || code == EROFS;
  failure why = *fail(pool, is_denied ? REVMETA_DENIED : REVMETA_FAILED, "cannot %s '%s': %s%s", action, path,
                      strerror(code), is_denied ? "; let the account that runs revmeta do that" : "");
  failure *numbered = pool_take(pool, sizeof *numbered);
  why.details.vendor_code = code;
  *numbered = why;
  return numbered;
}

const char *files_join(pool *pool, const char *folder, str name) {
  buffer path = {pool, NULL, 0, 0};
  buffer_text(&path, str_of(folder));
  buffer_byte(&path, '/');
  buffer_text(&path, name);
  buffer_byte(&path, '\0');
  return path.ptr;
}

bool files_is_folder(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool files_is_file(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool files_is_writable(const char *folder) { return access(folder, W_OK | X_OK) == 0; }

static int order(const void *one, const void *other) { return str_order(*(const str *)one, *(const str *)other); }

const failure *files_names(pool *pool, const char *folder, str **names, size_t *count) {
  const failure *why = NULL;
  const struct dirent *entry;
  size_t capacity = 0;
  DIR *stream = opendir(folder);
  if (!stream) return failed(pool, "list", folder);
  *names = NULL;
  *count = 0;
  while (errno = 0, (entry = readdir(stream))) {
    buffer name = {pool, NULL, 0, 0};
    buffer_text(&name, str_of(entry->d_name));
    *names = pool_grow(pool, *names, *count, &capacity, sizeof(str));
    (*names)[(*count)++] = buffer_str(&name);
  }
  if (errno) why = failed(pool, "list", folder);
  closedir(stream);
  if (*count) qsort(*names, *count, sizeof(str), order);
  return why;
}

bool files_has(const str *names, size_t count, str name) {
  return count && bsearch(&name, names, count, sizeof(str), order);
}

static bool append(void *context, str block) {
  buffer_text(context, block);
  return true;
}

const failure *files_contents(pool *pool, const char *path, str *contents) {
  buffer bytes = {pool, NULL, 0, 0};
  const failure *why;
  *contents = (str){NULL, 0};
  if (access(path, F_OK) != 0 && errno == ENOENT) return NULL;
  why = files_read(pool, path, append, &bytes);
  if (!why) *contents = buffer_str(&bytes);
  return why;
}

const failure *files_read(pool *pool, const char *path, bool (*take)(void *context, str block), void *context) {
  char block[4096];
  const failure *why = NULL;
  ssize_t count;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return failed(pool, "read", path);
  do {
    count = read(file, block, sizeof block);
    if (count < 0) why = failed(pool, "read", path);
  } while (count > 0 && take(context, (str){block, (size_t)count}));
  close(file);
  return why;
}

static const failure *write_all(pool *pool, int file, const char *path, str contents) {
  while (contents.len) {
    ssize_t count = write(file, contents.ptr, contents.len);
    if (count < 0) return failed(pool, "write", path);
    contents = str_from(contents, (size_t)count);
  }
  return NULL;
}

static const failure *sync_folder(pool *pool, const char *folder) {
  const failure *why = NULL;
  int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return failed(pool, "write", folder);
  if (fsync(file) != 0) why = failed(pool, "write", folder);
  close(file);
  return why;
}

/* The name of the new file until it takes the old one's place is fixed, since the lock lets only one writer in. */
const failure *files_replace(pool *pool, const char *path, const char *folder, str contents) {
  struct stat status;
  buffer new_path = {pool, NULL, 0, 0};
  const failure *why = NULL;
  int file;
  buffer_text(&new_path, str_of(path));
  buffer_text(&new_path, STR(".new\0"));
  file = open(new_path.ptr, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (file < 0) return failed(pool, "write", new_path.ptr);
  if (stat(path, &status) == 0 && fchmod(file, status.st_mode & 07777) != 0) why = failed(pool, "write", new_path.ptr);
  if (!why) why = write_all(pool, file, new_path.ptr, contents);
  if (!why && fsync(file) != 0) why = failed(pool, "write", new_path.ptr);
  if (!why && rename(new_path.ptr, path) != 0) why = failed(pool, "replace", path);
  close(file);
  if (!why) return sync_folder(pool, folder);
  unlink(new_path.ptr);
  return why;
}

/* FAILED whatever the reason, since that is how execute may end. */
static const failure *unlocked(pool *pool, const char *folder) {
  return fail(pool, REVMETA_FAILED, "%.*s", STR_ARGUMENTS(failed(pool, "lock", folder)->details.message));
}

const failure *files_lock(pool *pool, const char *folder, int *file) {
  const failure *why;
  int opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return unlocked(pool, folder);
  if (flock(opened, LOCK_EX | LOCK_NB) == 0) {
    *file = opened;
    return NULL;
  }
  why = errno == EWOULDBLOCK
            ? fail(pool, REVMETA_TRANSIENT, "another session writes notes below '%s': try again when it has ended",
                   folder)
            : unlocked(pool, folder);
  close(opened);
  return why;
}
