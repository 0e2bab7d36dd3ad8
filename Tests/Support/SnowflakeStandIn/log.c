#include "standin.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder of an account:
 *   log         each accepted statement that changed something, with what it was run as; the state is this, replayed
 *   statements  each statement that arrived: number of the session, query tag, role, code (0: accepted), text
 *   settings    key=value, read anew for each statement
 *   faults      what goes wrong next (faults.c)
 *   tokens      OAuth tokens: token, tabulator, user
 * Fields are parted by tabulators; tabulators, line ends and backslashes in them are written \t, \n, \\. */

int lock_account(const char *folder) {
  char path[4096];
  snprintf(path, sizeof path, "%s/lock", folder);
  int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock < 0) return -1;
  while (flock(lock, LOCK_EX) != 0)
    if (errno != EINTR) {
      close(lock);
      return -1;
    }
  return lock;
}

void unlock_account(int lock) {
  if (lock >= 0) close(lock);
}

char *escaped(arena *a, const char *text) {
  growing made = {0};
  add(&made, "");
  for (; *text; text++) {
    if (*text == '\t') add(&made, "\\t");
    else if (*text == '\n') add(&made, "\\n");
    else if (*text == '\\') add(&made, "\\\\");
    else add_byte(&made, *text);
  }
  char *kept = copy(a, made.bytes);
  free(made.bytes);
  return kept;
}

static void unescape(char *text) {
  char *to = text;
  for (; *text; text++) {
    if (*text != '\\' || !text[1]) {
      *to++ = *text;
      continue;
    }
    text++;
    *to++ = *text == 't' ? '\t' : *text == 'n' ? '\n' : *text;
  }
  *to = 0;
}

static FILE *open_in(const char *folder, const char *name, const char *mode) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return fopen(path, mode);
}

static object *named(state *s, kind k, object *parent, const char *name) {
  return *name ? find(s, k, parent, name) : NULL;
}

/* A context's fields: user, role, all roles, database, schema, warehouse. */
static void repeat(state *s, char *line) {
  char *fields[7] = {0};
  for (int i = 0; i < 7; i++) {
    fields[i] = line;
    line += strcspn(line, "\t\n");
    if (*line) *line++ = 0;
    unescape(fields[i]);
  }
  context c = {.user = named(s, K_USER, NULL, fields[0]),
    .role = named(s, K_ROLE, NULL, fields[1]),
    .all_roles = *fields[2] == '1'};
  c.database = named(s, K_DATABASE, NULL, fields[3]);
  c.schema = c.database ? named(s, K_SCHEMA, c.database, fields[4]) : NULL;
  c.warehouse = named(s, K_WAREHOUSE, NULL, fields[5]);
  run r = {.state = s, .context = &c, .text = fields[6], .affected = -1};
  if (!attempt(&r, run_statement)) {
    fprintf(stderr, "Snowflake stand-in: a statement of the log was refused when it was replayed: %s: %s\n", fields[6],
      r.failure.message);
    abort();
  }
  s->number++;
  release(&r.memory);
}

/* Brings the state up to what other sessions have written. A line without its end was cut off and does not count. */
void replay(state *s, const char *folder) {
  FILE *log = open_in(folder, "log", "re");
  if (!log) return;
  fseek(log, s->read, SEEK_SET);
  char *line = NULL;
  size_t capacity = 0;
  ssize_t length;
  while ((length = getline(&line, &capacity, log)) > 0 && line[length - 1] == '\n') {
    s->read += length;
    repeat(s, line);
  }
  free(line);
  fclose(log);
}

static char *field(arena *a, const object *o) { return o ? escaped(a, o->name) : ""; }

/* `before` is what the statement was run as: it may have changed that. */
bool record_change(run *r, const context *before, const char *folder) {
  char path[4096];
  snprintf(path, sizeof path, "%s/log", folder);
  int log = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (log < 0) return false;
  arena *a = &r->memory;
  char *line = format(a, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", field(a, before->user), field(a, before->role),
    before->all_roles ? "1" : "", field(a, before->database), field(a, before->schema), field(a, before->warehouse),
    escaped(a, r->text));
  size_t length = strlen(line);
  bool written = ftruncate(log, r->state->read) == 0 && pwrite(log, line, length, r->state->read) == (ssize_t)length;
  close(log);
  if (!written) return false;
  r->state->read += (long)length;
  r->state->number++;
  return true;
}

void record_statement(session *s, const char *text, int code) {
  arena a = {0};
  char path[4096];
  snprintf(path, sizeof path, "%s/statements", s->folder);
  char *line = format(&a, "%s\t%s\t%s\t%d\t%s\n", s->number, escaped(&a, s->query_tag ? s->query_tag : ""),
    s->context.role ? escaped(&a, s->context.role->name) : "", code, escaped(&a, text));
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file >= 0) {
    ssize_t ignored = write(file, line, strlen(line));
    (void)ignored;
    close(file);
  }
  release(&a);
}

char *setting(arena *a, const char *folder, const char *key) {
  FILE *file = open_in(folder, "settings", "re");
  char *line = NULL, *found = NULL;
  size_t capacity = 0, length = strlen(key);
  while (file && getline(&line, &capacity, file) > 0) {
    line[strcspn(line, "\n")] = 0;
    if (strncmp(line, key, length) == 0 && line[length] == '=') found = copy(a, line + length + 1);
  }
  free(line);
  if (file) fclose(file);
  return found;
}
