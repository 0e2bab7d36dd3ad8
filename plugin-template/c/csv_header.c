/* csv_header.c - see csv_header.h. CSVHeader.swift. */
#include "csv_header.h"

#include <stdlib.h>

csv_header csv_header_begin(pool *pool) {
  return (csv_header){.pool = pool, .field = {pool, NULL, 0, 0}, .is_first_field = true};
}

/* A column without a name cannot be spoken of. */
static void end_field(csv_header *header) {
  if (header->field.len) {
    header->names = pool_grow(header->pool, header->names, header->count, &header->capacity, sizeof(str));
    header->names[header->count++] = buffer_str(&header->field);
  }
  header->field = (buffer){header->pool, NULL, 0, 0};
  header->is_first_field = false;
  header->place = CSV_START;
}

static void drop_byte_order_mark(csv_header *header) {
  if (!header->is_first_field || !str_is_same(buffer_str(&header->field), STR("\xEF\xBB\xBF"))) return;
  header->field.len = 0;
  header->place = CSV_START;
}

static void take(csv_header *header, char byte) {
  header->is_too_long = ++header->length > CSV_HEADER_MAX_LENGTH;
  if (byte == '"' && (header->place == CSV_START || header->place == CSV_QUOTE_IN_QUOTED)) {
    if (header->place == CSV_QUOTE_IN_QUOTED) buffer_byte(&header->field, byte);
    header->place = CSV_QUOTED;
  } else if (byte == '"' && header->place == CSV_QUOTED) {
    header->place = CSV_QUOTE_IN_QUOTED;
  } else if (header->place == CSV_QUOTED) {
    buffer_byte(&header->field, byte);
  } else if (byte == ',') {
    end_field(header);
  } else if (byte == '\n' || byte == '\r') {
    end_field(header);
    header->is_complete = true;
  } else {
    buffer_byte(&header->field, byte);
    header->place = CSV_PLAIN;
    drop_byte_order_mark(header);
  }
}

bool csv_header_take(csv_header *header, str bytes) {
  size_t index;
  for (index = 0; index < bytes.len; index++) {
    take(header, bytes.ptr[index]);
    if (header->is_complete || header->is_too_long) return false;
  }
  return true;
}

static int order(const void *one, const void *other) { return str_order(*(const str *)one, *(const str *)other); }

void csv_header_finish(csv_header *header) {
  if (!header->is_complete) end_field(header);
  header->is_complete = true;
  if (header->count) qsort(header->names, header->count, sizeof(str), order);
}

size_t csv_header_count(const csv_header *header, str name) {
  const str *found = header->count ? bsearch(&name, header->names, header->count, sizeof(str), order) : NULL;
  const str *first = found, *last = found;
  if (!found) return 0;
  while (first > header->names && str_is_same(first[-1], name)) first--;
  while (last + 1 < header->names + header->count && str_is_same(last[1], name)) last++;
  return (size_t)(last - first) + 1;
}
