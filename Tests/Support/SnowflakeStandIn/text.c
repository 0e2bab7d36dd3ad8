#include "standin.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct chunk {
  chunk *next;
  max_align_t bytes[];
};

static void *enough(void *memory) {
  if (!memory) abort();
  return memory;
}

/* A piece of its own for each use, so that the address sanitizer sees who leaves one. */
void *take(arena *a, size_t size) {
  chunk *made = enough(calloc(1, sizeof *made + size));
  made->next = a->first;
  a->first = made;
  return made->bytes;
}

char *copy_part(arena *a, const char *text, size_t length) {
  char *made = take(a, length + 1);
  memcpy(made, text, length);
  return made;
}

char *copy(arena *a, const char *text) { return text ? copy_part(a, text, strlen(text)) : NULL; }

char *format(arena *a, const char *pattern, ...) {
  va_list arguments, again;
  va_start(arguments, pattern);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, pattern, arguments);
  va_end(arguments);
  char *made = take(a, (size_t)length + 1);
  vsnprintf(made, (size_t)length + 1, pattern, again);
  va_end(again);
  return made;
}

void release(arena *a) {
  while (a->first) {
    chunk *next = a->first->next;
    free(a->first);
    a->first = next;
  }
}

void add_part(growing *to, const char *text, size_t length) {
  if (to->length + length + 1 > to->capacity) {
    to->capacity = (to->length + length + 1) * 2;
    to->bytes = enough(realloc(to->bytes, to->capacity));
  }
  memcpy(to->bytes + to->length, text, length);
  to->length += length;
  to->bytes[to->length] = 0;
}

void add(growing *to, const char *text) { add_part(to, text, strlen(text)); }

void add_byte(growing *to, char byte) { add_part(to, &byte, 1); }

const char *upper(arena *a, const char *text) {
  char *made = copy(a, text);
  for (char *c = made; *c; c++) *c = (char)toupper((unsigned char)*c);
  return made;
}

bool same(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

bool same_word(const char *a, const char *b) {
  while (*a && toupper((unsigned char)*a) == toupper((unsigned char)*b)) a++, b++;
  return *a == *b;
}

size_t characters(const char *utf8) {
  size_t count = 0;
  for (; *utf8; utf8++) count += ((unsigned char)*utf8 & 0xC0) != 0x80;
  return count;
}

static const char *after_character(const char *utf8) {
  do utf8++;
  while (((unsigned char)*utf8 & 0xC0) == 0x80);
  return utf8;
}

/* docs: sql-reference/functions/like. A backslash takes the next character as it is, as the commands' patterns do. */
bool is_like(const char *text, const char *pattern, bool with_case) {
  for (; *pattern; pattern++) {
    if (*pattern == '%') {
      for (;; text = after_character(text)) {
        if (is_like(text, pattern + 1, with_case)) return true;
        if (!*text) return false;
      }
    }
    if (!*text) return false;
    if (*pattern == '_') {
      text = after_character(text);
      continue;
    }
    if (*pattern == '\\' && pattern[1]) pattern++;
    char a = *text++, b = *pattern;
    if (!with_case) a = (char)toupper((unsigned char)a), b = (char)toupper((unsigned char)b);
    if (a != b) return false;
  }
  return !*text;
}

/* docs: sql-reference/identifiers-syntax */
char *quoted_if_needed(arena *a, const char *name) {
  bool plain = isupper((unsigned char)*name) || *name == '_';
  for (const char *c = name; *c; c++)
    plain = plain && (isupper((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_' || *c == '$');
  if (plain) return copy(a, name);
  char *made = take(a, 2 * strlen(name) + 3), *to = made;
  *to++ = '"';
  for (const char *c = name; *c; c++) {
    if (*c == '"') *to++ = '"';
    *to++ = *c;
  }
  *to = '"';
  return made;
}

void append(arena *a, list *to, void *element) {
  if (to->count == to->capacity) {
    size_t capacity = to->capacity ? to->capacity * 2 : 8;
    void **at = take(a, capacity * sizeof *at);
    if (to->count) memcpy(at, to->at, to->count * sizeof *at);
    to->at = at;
    to->capacity = capacity;
  }
  to->at[to->count++] = element;
}

void sort(list *of, int (*compare)(const void *, const void *)) {
  if (of->count) qsort(of->at, of->count, sizeof *of->at, compare);
}
