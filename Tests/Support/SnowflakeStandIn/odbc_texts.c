#include "driver.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Texts between UTF-8 and UTF-16, and diagnostics. */

char *from_narrow(arena *a, const SQLCHAR *text, SQLINTEGER length) {
  if (!text) return copy(a, "");
  return length == SQL_NTS ? copy(a, (const char *)text) : copy_part(a, (const char *)text, (size_t)length);
}

char *from_wide(arena *a, const SQLWCHAR *text, SQLINTEGER length) {
  growing made = {0};
  add(&made, "");
  for (SQLINTEGER i = 0; text && (length == SQL_NTS ? text[i] != 0 : i < length); i++) {
    unsigned long code = text[i];
    bool more = length == SQL_NTS || i + 1 < length;
    if (code >= 0xD800 && code < 0xDC00 && more && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000)
      code = 0x10000 + ((code - 0xD800) << 10) + (text[++i] - 0xDC00UL);
    else if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;
    char bytes[4];
    size_t count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t k = count; k-- > 1; code >>= 6) bytes[k] = (char)(0x80 | (code & 0x3F));
    bytes[0] = (char)(first[count] | code);
    add_part(&made, bytes, count);
  }
  char *kept = copy(a, made.bytes);
  free(made.bytes);
  return kept;
}

SQLWCHAR *to_wide(arena *a, const char *utf8, size_t *units) {
  SQLWCHAR *made = take(a, (strlen(utf8) + 1) * sizeof *made), *to = made;
  for (const unsigned char *c = (const unsigned char *)utf8; *c;) {
    size_t count = *c < 0x80 ? 1 : *c < 0xE0 ? 2 : *c < 0xF0 ? 3 : 4;
    unsigned long code = count == 1 ? *c : *c & (0xFFu >> (count + 1));
    size_t k = 1;
    for (; k < count && (c[k] & 0xC0) == 0x80; k++) code = code << 6 | (c[k] & 0x3F);
    if (k < count) code = 0xFFFD;
    c += k;
    if (code >= 0x10000) {
      *to++ = (SQLWCHAR)(0xD800 + ((code - 0x10000) >> 10));
      *to++ = (SQLWCHAR)(0xDC00 + ((code - 0x10000) & 0x3FF));
    } else {
      *to++ = (SQLWCHAR)code;
    }
  }
  *units = (size_t)(to - made);
  return made;
}

bool give_narrow(const char *text, SQLCHAR *to, SQLSMALLINT size, SQLSMALLINT *length) {
  size_t all = strlen(text);
  if (length) *length = (SQLSMALLINT)all;
  if (!to || size <= 0) return !to;
  size_t count = all < (size_t)size ? all : (size_t)size - 1;
  memcpy(to, text, count);
  to[count] = 0;
  return count == all;
}

bool give_wide(const char *utf8, SQLWCHAR *to, SQLSMALLINT size, SQLSMALLINT *length) {
  arena a = {0};
  size_t all;
  SQLWCHAR *text = to_wide(&a, utf8, &all);
  if (length) *length = (SQLSMALLINT)all;
  size_t count = size <= 0 ? 0 : all < (size_t)size ? all : (size_t)size - 1;
  if (to && size > 0) {
    memcpy(to, text, count * sizeof *to);
    to[count] = 0;
  }
  release(&a);
  return !to || count == all;
}

void clear(handle *h) {
  h->records.count = 0;
  h->records.capacity = 0;
  h->records.at = NULL;
  release(&h->memory);
}

static void add_record(handle *h, const char *sqlstate, SQLINTEGER native, const char *message) {
  record *made = take(&h->memory, sizeof *made);
  snprintf(made->sqlstate, sizeof made->sqlstate, "%s", sqlstate);
  made->native = native;
  /* seen: the vendor's driver puts its name before its messages, and its component before the service's */
  made->message = format(&h->memory, "[Snowflake][Snowflake] (%d) %s", (int)native, message);
  append(&h->memory, &h->records, made);
}

SQLRETURN refused(handle *h, const char *sqlstate, SQLINTEGER native, const char *message) {
  add_record(h, sqlstate, native, message);
  return SQL_ERROR;
}

SQLRETURN informed(handle *h, const char *sqlstate, const char *message) {
  add_record(h, sqlstate, 0, message);
  return SQL_SUCCESS_WITH_INFO;
}

/* Records can be read again and again: the driver manager does before the program. */
static record *record_at(SQLHANDLE h, SQLSMALLINT number) {
  handle *base = h;
  return base && number >= 1 && (size_t)number <= base->records.count ? base->records.at[number - 1] : NULL;
}

EXPORTED SQLRETURN SQL_API SQLGetDiagRec(SQLSMALLINT type, SQLHANDLE h, SQLSMALLINT number, SQLCHAR *state,
  SQLINTEGER *native, SQLCHAR *text, SQLSMALLINT size, SQLSMALLINT *length) {
  (void)type;
  const record *found = record_at(h, number);
  if (!found) return SQL_NO_DATA;
  if (state) memcpy(state, found->sqlstate, 6);
  if (native) *native = found->native;
  return give_narrow(found->message, text, size, length) ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO;
}

EXPORTED SQLRETURN SQL_API SQLGetDiagRecW(SQLSMALLINT type, SQLHANDLE h, SQLSMALLINT number, SQLWCHAR *state,
  SQLINTEGER *native, SQLWCHAR *text, SQLSMALLINT size, SQLSMALLINT *length) {
  (void)type;
  const record *found = record_at(h, number);
  if (!found) return SQL_NO_DATA;
  if (state) give_wide(found->sqlstate, state, 6, NULL);
  if (native) *native = found->native;
  return give_wide(found->message, text, size, length) ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO;
}

static SQLRETURN field(SQLHANDLE h, SQLSMALLINT number, SQLSMALLINT identifier, SQLPOINTER to, SQLSMALLINT size,
  SQLSMALLINT *length, bool wide) {
  handle *base = h;
  if (identifier == SQL_DIAG_NUMBER) {
    *(SQLINTEGER *)to = (SQLINTEGER)base->records.count;
    return SQL_SUCCESS;
  }
  if (identifier == SQL_DIAG_RETURNCODE) {
    *(SQLRETURN *)to = base->records.count ? SQL_ERROR : SQL_SUCCESS;
    return SQL_SUCCESS;
  }
  const record *found = record_at(h, number);
  if (!found) return SQL_NO_DATA;
  const char *text = NULL;
  switch (identifier) {
  case SQL_DIAG_NATIVE: *(SQLINTEGER *)to = found->native; return SQL_SUCCESS;
  case SQL_DIAG_SQLSTATE: text = found->sqlstate; break;
  case SQL_DIAG_MESSAGE_TEXT: text = found->message; break;
  case SQL_DIAG_CLASS_ORIGIN:
  case SQL_DIAG_SUBCLASS_ORIGIN: text = "ISO 9075"; break;
  case SQL_DIAG_CONNECTION_NAME:
  case SQL_DIAG_SERVER_NAME: text = ""; break;
  default: return SQL_ERROR;
  }
  bool all;
  if (wide) {
    SQLSMALLINT units = 0;
    all = give_wide(text, to, (SQLSMALLINT)(size / (SQLSMALLINT)sizeof(SQLWCHAR)), &units);
    if (length) *length = (SQLSMALLINT)(units * (SQLSMALLINT)sizeof(SQLWCHAR));
  } else {
    all = give_narrow(text, to, size, length);
  }
  return all ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO;
}

EXPORTED SQLRETURN SQL_API SQLGetDiagField(SQLSMALLINT type, SQLHANDLE h, SQLSMALLINT number, SQLSMALLINT identifier,
  SQLPOINTER to, SQLSMALLINT size, SQLSMALLINT *length) {
  (void)type;
  return field(h, number, identifier, to, size, length, false);
}

EXPORTED SQLRETURN SQL_API SQLGetDiagFieldW(SQLSMALLINT type, SQLHANDLE h, SQLSMALLINT number, SQLSMALLINT identifier,
  SQLPOINTER to, SQLSMALLINT size, SQLSMALLINT *length) {
  (void)type;
  return field(h, number, identifier, to, size, length, true);
}
