/* notes_file.c - see notes_file.h. NotesFile.swift. */
#include "notes_file.h"

#include <stdlib.h>
#include <string.h>

#include "note.h"

static int order(const void *one, const void *other) {
  const struct notes_place *first = one, *second = other;
  int by_key = str_order(first->key, second->key);
  return by_key ? by_key : (first->number > second->number) - (first->number < second->number);
}

static void add_place(notes_file *file, size_t at, str key, size_t number) {
  file->places =
      pool_grow(file->pool, file->places, file->place_count, &file->place_capacity, sizeof *file->places);
  memmove(file->places + at + 1, file->places + at, (file->place_count++ - at) * sizeof *file->places);
  file->places[at] = (struct notes_place){key, number};
}

static void add_line(notes_file *file, str line) {
  file->lines = pool_grow(file->pool, file->lines, file->count, &file->capacity, sizeof(str));
  file->lines[file->count++] = line;
}

notes_file notes_file_begin(pool *pool, str contents) {
  notes_file file = {.pool = pool};
  while (contents.len) {
    const char *end = memchr(contents.ptr, '\n', contents.len);
    str line = end ? str_until(contents, (size_t)(end - contents.ptr)) : contents;
    size_t key_end = note_key_end(line);
    if (key_end) add_place(&file, file.place_count, str_until(line, key_end), file.count);
    add_line(&file, line);
    contents = end ? str_from(contents, line.len + 1) : (str){NULL, 0};
  }
  if (file.place_count) qsort(file.places, file.place_count, sizeof *file.places, order);
  return file;
}

str notes_file_contents(const notes_file *file) {
  buffer contents = {file->pool, NULL, 0, 0};
  size_t index;
  for (index = 0; index < file->count; index++) {
    if (!file->lines[index].ptr) continue;
    buffer_text(&contents, file->lines[index]);
    buffer_byte(&contents, '\n');
  }
  return buffer_str(&contents);
}

static str key_of(pool *pool, str verb, const str *names, size_t count) {
  str folder = STR(".");
  return count ? note_key(pool, verb, names, count) : note_key(pool, verb, &folder, 1);
}

/* Where the first place with a key stands, or would. */
static size_t find(const notes_file *file, str key) {
  size_t low = 0, high = file->place_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (str_order(file->places[middle].key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

static bool is_at(const notes_file *file, size_t at, str key) {
  return at < file->place_count && str_is_same(file->places[at].key, key);
}

static said unclear(const failure *why) { return (said){.unclear = why->details.message}; }

said notes_file_said(const notes_file *file, str verb, const str *names, size_t count) {
  str key = key_of(file->pool, verb, names, count), line, rest, value;
  size_t at = find(file, key), number;
  if (!is_at(file, at, key) || !file->lines[file->places[at].number].ptr) return (said){.text = {NULL, 0}};
  number = file->places[at].number;
  if (is_at(file, at + 1, key))
    return unclear(fail(file->pool, REVMETA_CONFLICT,
                        "NOTES.txt says it more than once, first in lines %zu and %zu: keep one of them", number + 1,
                        file->places[at + 1].number + 1));
  line = file->lines[number];
  rest = str_from(line, key.len);
  /* An editor's line end. A return that belongs to the text is written \r. */
  if (str_ends_with(rest, STR("\r"))) rest.len--;
  if (!note_value(file->pool, rest, &value))
    return unclear(fail(file->pool, REVMETA_CONFLICT,
                        "line %zu of NOTES.txt is not UTF-8, or a lone backslash in it should be two", number + 1));
  return (said){.text = value.len ? value : (str){NULL, 0}};
}

void notes_file_say(notes_file *file, str verb, const str *names, size_t count, str value) {
  str key = key_of(file->pool, verb, names, count), folder = STR("."), line = {NULL, 0};
  size_t at = find(file, key);
  if (value.len) line = count ? note_line(file->pool, verb, names, count, value)
                              : note_line(file->pool, verb, &folder, 1, value);
  if (is_at(file, at, key)) {
    str *place = &file->lines[file->places[at].number];
    file->is_changed = file->is_changed || !place->ptr != !line.ptr || !str_is_same(*place, line);
    *place = line;
  } else if (line.ptr) {
    file->is_changed = true;
    add_place(file, at, key, file->count);
    add_line(file, line);
  }
}
