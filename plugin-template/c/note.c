/* note.c - see note.h. Note.swift, Note+Change.swift. */
#include "note.h"

#include "abilities.h"

static const struct {
  str verb;
  str attribute;
} verbs[] = {{{"describe", 8}, {"description", 11}}, {{"own", 3}, {"owner", 5}}};

static const str kinds[] = {{"schema", 6}, {"table", 5}, {"column", 6}};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

str note_verb(str attribute) {
  size_t index;
  for (index = 0; index < COUNT(verbs); index++)
    if (str_is_same(verbs[index].attribute, attribute)) return verbs[index].verb;
  return (str){NULL, 0};
}

static void escape(buffer *line, str text, bool is_name) {
  size_t index;
  for (index = 0; index < text.len; index++) {
    char byte = text.ptr[index];
    switch (byte) {
    case '\n': buffer_text(line, STR("\\n")); continue;
    case '\r': buffer_text(line, STR("\\r")); continue;
    case '\t': buffer_text(line, STR("\\t")); continue;
    case '\\': buffer_byte(line, '\\'); break;
    case '/':
    case ':':
      if (is_name) buffer_byte(line, '\\');
      break;
    default: break;
    }
    buffer_byte(line, byte);
  }
}

static bool unescape(pool *pool, str text, str *plain) {
  buffer bytes = {pool, NULL, 0, 0};
  size_t index;
  bool is_kept = false;
  for (index = 0; index < text.len; index++) {
    char byte = text.ptr[index];
    if (!is_kept) {
      is_kept = byte == '\\';
      if (!is_kept) buffer_byte(&bytes, byte);
      continue;
    }
    is_kept = false;
    switch (byte) {
    case 'n': buffer_byte(&bytes, '\n'); break;
    case 'r': buffer_byte(&bytes, '\r'); break;
    case 't': buffer_byte(&bytes, '\t'); break;
    case '\\':
    case '/':
    case ':': buffer_byte(&bytes, byte); break;
    default: return false;
    }
  }
  *plain = buffer_str(&bytes);
  return !is_kept && str_is_utf8(*plain);
}

/* Where the first mark stands that no backslash keeps; the text's length: there is none. */
static size_t end_at(str text, char mark) {
  size_t index;
  bool is_kept = false;
  for (index = 0; index < text.len; index++) {
    if (!is_kept && text.ptr[index] == mark) break;
    is_kept = !is_kept && text.ptr[index] == '\\';
  }
  return index;
}

str note_key(pool *pool, str verb, const str *names, size_t count) {
  buffer key = {pool, NULL, 0, 0};
  size_t index;
  buffer_text(&key, verb);
  for (index = 0; index < count; index++) {
    buffer_byte(&key, index ? '/' : ' ');
    escape(&key, names[index], true);
  }
  buffer_byte(&key, ':');
  return buffer_str(&key);
}

str note_line(pool *pool, str verb, const str *names, size_t count, str value) {
  buffer line = {pool, NULL, 0, 0};
  buffer_text(&line, note_key(pool, verb, names, count));
  if (value.len) {
    buffer_byte(&line, ' ');
    escape(&line, value, false);
  }
  return buffer_str(&line);
}

size_t note_key_end(str line) {
  size_t end = end_at(line, ':');
  return end < line.len ? end + 1 : 0;
}

bool note_value(pool *pool, str text, str *value) {
  return unescape(pool, text.len && text.ptr[0] == ' ' ? str_from(text, 1) : text, value);
}

static bool parse_names(pool *pool, str text, note *note) {
  for (;;) {
    size_t end = end_at(text, '/');
    str name;
    if (!unescape(pool, str_until(text, end), &name)) return false;
    if (note->count < COUNT(note->names)) note->names[note->count] = name;
    note->count++;
    if (end == text.len) return true;
    text = str_from(text, end + 1);
  }
}

static bool parse(pool *pool, str text, note *note) {
  size_t verb_end = end_at(text, ' '), key_end = note_key_end(text), index;
  for (index = 0; index < COUNT(verbs); index++) {
    if (!str_is_same(str_until(text, verb_end), verbs[index].verb)) continue;
    note->verb = verbs[index].verb;
    note->attribute = verbs[index].attribute;
    /* A verb holds no colon, so that one that there is stands behind the space. */
    return key_end && parse_names(pool, str_from(str_until(text, key_end - 1), verb_end + 1), note) &&
           note_value(pool, str_from(text, key_end), &note->value);
  }
  return false;
}

const failure *note_parse(pool *pool, str text, note *parsed) {
  *parsed = (note){.count = 0};
  if (parse(pool, text, parsed)) return NULL;
  return fail(pool, REVMETA_INVALID,
              "expected a statement such as 'describe sales/orders.csv: TEXT' or 'own sales/orders.csv: NAME', with a "
              "backslash only in \\\\ \\/ \\: \\n \\r \\t, found '%.*s'",
              STR_ARGUMENTS(text));
}

const failure *note_making(pool *pool, const revmeta_change *change, note *made) {
  const str *names;
  size_t index;
  const failure *why = ability_check(pool, change->kind, change->attribute, change->value);
  if (why) return why;
  *made = (note){.verb = note_verb(change->attribute), .attribute = change->attribute, .value = change->value};
  made->count = note_names(change->kind, change->path, change->path_count, &names);
  if (!made->count) return not_found(pool, change->path, change->path_count);
  for (index = 0; index < made->count; index++) made->names[index] = names[index];
  return NULL;
}

str note_kind(const note *note) {
  return note->count <= COUNT(kinds) ? kinds[note->count - 1] : (str){NULL, 0};
}

size_t note_names(str kind, const str *path, size_t path_count, const str **names) {
  size_t index;
  for (index = 0; index < COUNT(kinds); index++)
    if (str_is_same(kinds[index], kind) && path_count == index + 2) {
      *names = path + 1;
      return path_count - 1;
    }
  return 0;
}

const failure *not_found(pool *pool, const str *names, size_t count) {
  buffer path = {pool, NULL, 0, 0};
  size_t index;
  for (index = 0; index < count; index++) {
    if (index) buffer_byte(&path, '/');
    buffer_text(&path, names[index]);
  }
  return fail(pool, REVMETA_NOT_FOUND, "there is no '%.*s' in the folder of the data",
              STR_ARGUMENTS(buffer_str(&path)));
}
