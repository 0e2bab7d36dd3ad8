#include "driver.h"
#include <stdlib.h>
#include <string.h>

/* One cell, whole or in pieces. */

static SQLRETURN give_piece(
  statement *s, const void *bytes, size_t all, size_t unit, SQLPOINTER to, SQLLEN size, SQLLEN *length) {
  size_t left = all - s->piece_offset;
  if (s->piece_offset && !left) return SQL_NO_DATA;
  if (length) *length = (SQLLEN)left;
  if (!to || size < (SQLLEN)unit) return left ? informed(&s->base, "01004", "The text was cut.") : SQL_SUCCESS;
  size_t room = ((size_t)size / unit - 1) * unit, count = left < room ? left : room;
  memcpy(to, (const char *)bytes + s->piece_offset, count);
  memset((char *)to + count, 0, unit);
  s->piece_offset += count;
  if (count < left) return informed(&s->base, "01004", "The text was cut.");
  if (!left) s->piece_offset = 1; /* an empty text is given once */
  return SQL_SUCCESS;
}

static SQLRETURN give_number(statement *s, const char *text, SQLSMALLINT type, SQLPOINTER to, SQLLEN *length) {
  char *end;
  bool truth = same(text, "true") || same(text, "false");
  long long number = truth ? same(text, "true") : strtoll(text, &end, 10);
  double real = truth ? (double)number : strtod(text, &end);
  if (!truth && (*end || !*text)) return refused(&s->base, "22018", 0, "The text is no number.");
  SQLLEN size = 0;
  switch (type) {
  case SQL_C_SLONG:
  case SQL_C_LONG: *(SQLINTEGER *)to = (SQLINTEGER)number, size = sizeof(SQLINTEGER); break;
  case SQL_C_ULONG: *(SQLUINTEGER *)to = (SQLUINTEGER)number, size = sizeof(SQLUINTEGER); break;
  case SQL_C_SBIGINT: *(SQLBIGINT *)to = number, size = sizeof(SQLBIGINT); break;
  case SQL_C_UBIGINT: *(SQLUBIGINT *)to = (SQLUBIGINT)number, size = sizeof(SQLUBIGINT); break;
  case SQL_C_BIT: *(SQLCHAR *)to = number != 0, size = sizeof(SQLCHAR); break;
  case SQL_C_DOUBLE: *(SQLDOUBLE *)to = real, size = sizeof(SQLDOUBLE); break;
  default: return refused(&s->base, "07006", 0, "The driver does not convert to this type.");
  }
  if (length) *length = size;
  return SQL_SUCCESS;
}

SQLRETURN get_cell(statement *s, SQLUSMALLINT number, SQLSMALLINT type, SQLPOINTER to, SQLLEN size, SQLLEN *length) {
  const table *t = open_table(s);
  if (!t || s->row < 1 || s->row > t->rows.count)
    return refused(&s->base, "24000", 0, "Invalid cursor state: there is no row.");
  if (number < 1 || number > t->headings.count) return refused(&s->base, "07009", 0, "There is no such column.");
  if (s->piece_column != number || s->piece_type != type) {
    s->piece_column = (SQLSMALLINT)number;
    s->piece_type = type;
    s->piece_offset = 0;
  }
  const heading *h = t->headings.at[number - 1];
  const char *text = ((char **)t->rows.at[s->row - 1])[number - 1];
  if (!text) {
    if (s->piece_offset) return SQL_NO_DATA;
    if (!length) return refused(&s->base, "22002", 0, "The value is NULL, and there is no place to say so.");
    *length = SQL_NULL_DATA;
    s->piece_offset = 1;
    return SQL_SUCCESS;
  }
  /* docs: developer-guide/odbc: as text, a BOOLEAN is 1 or 0 */
  if (h->type == V_BOOLEAN && (type == SQL_C_CHAR || type == SQL_C_WCHAR || type == SQL_C_DEFAULT))
    text = is_true(text) ? "1" : "0";
  if (type == SQL_C_WCHAR) {
    arena a = {0};
    size_t units;
    SQLWCHAR *wide = to_wide(&a, text, &units);
    size_t all = units * sizeof *wide;
    SQLRETURN result = s->piece_offset > all ? SQL_NO_DATA : give_piece(s, wide, all, sizeof *wide, to, size, length);
    release(&a);
    return result;
  }
  if (type == SQL_C_CHAR || type == SQL_C_DEFAULT || type == SQL_C_BINARY) {
    size_t all = strlen(text);
    return s->piece_offset > all ? SQL_NO_DATA : give_piece(s, text, all, 1, to, size, length);
  }
  if (s->piece_offset) return SQL_NO_DATA;
  SQLRETURN result = give_number(s, text, type, to, length);
  if (result == SQL_SUCCESS) s->piece_offset = 1;
  return result;
}
