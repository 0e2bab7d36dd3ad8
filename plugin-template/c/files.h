/* files.h - the calls to the operating system. Files.swift.
 * What goes wrong is told with the file's path and what to do. */
#ifndef FILES_H
#define FILES_H

#include "kit.h"

/* folder/name, with a NUL at its end. */
const char *files_join(pool *pool, const char *folder, str name);

bool files_is_folder(const char *path);
bool files_is_file(const char *path);
bool files_is_writable(const char *folder);

/* The names in a folder, sorted. */
const failure *files_names(pool *pool, const char *folder, str **names, size_t *count);
bool files_has(const str *names, size_t count, str name);

/* A file's bytes; absent: there is no such file. */
const failure *files_contents(pool *pool, const char *path, str *contents);

/* Reads a file block by block, for as long as `take` wants more. */
const failure *files_read(pool *pool, const char *path, bool (*take)(void *context, str block), void *context);

/* Replaces a file in one step: whoever reads it sees the old or the new contents whole, a power cut included. */
const failure *files_replace(pool *pool, const char *path, const char *folder, str contents);

/* The right to write below a folder, held by one session at a time; closing *file gives it back, as the end of the
 * process does. */
const failure *files_lock(pool *pool, const char *folder, int *file);

#endif
