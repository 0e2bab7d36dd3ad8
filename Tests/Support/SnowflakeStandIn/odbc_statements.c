#include "driver.h"
#include <stdlib.h>
#include <string.h>

/* Statements: run, described, fetched. */

const table *open_table(const statement *s) {
  return s->answer < s->answers.count ? ((answer *)s->answers.at[s->answer])->table : NULL;
}

static void forget_answers(statement *s) {
  release(&s->memory);
  s->answers = (list){0};
  s->answer = s->row = s->piece_offset = 0;
  s->piece_column = -1;
  s->after = (failure){0};
}

static SQLRETURN run_text(statement *s, const char *text) {
  connection *c = s->connection;
  clear(&s->base);
  forget_answers(s);
  pthread_mutex_lock(&c->busy);
  if (!c->session) {
    pthread_mutex_unlock(&c->busy);
    return refused(&s->base, "08003", 0, "The connection is not open.");
  }
  atomic_store(&c->session->cancelled, false);
  failure why = {0};
  s->answers = execute(c->session, text, (long)s->statements, &why, &s->memory);
  pthread_mutex_unlock(&c->busy);
  if (!why.code) return SQL_SUCCESS;
  if (s->answers.count) {
    s->after = why; /* told when the program asks for the next answer */
    return SQL_SUCCESS;
  }
  return refused(&s->base, why.sqlstate, why.code, why.message);
}

EXPORTED SQLRETURN SQL_API SQLExecDirect(SQLHSTMT h, SQLCHAR *text, SQLINTEGER length) {
  arena a = {0};
  SQLRETURN result = run_text(h, from_narrow(&a, text, length));
  release(&a);
  return result;
}

EXPORTED SQLRETURN SQL_API SQLExecDirectW(SQLHSTMT h, SQLWCHAR *text, SQLINTEGER length) {
  arena a = {0};
  SQLRETURN result = run_text(h, from_wide(&a, text, length));
  release(&a);
  return result;
}

static SQLRETURN prepare(statement *s, char *text) {
  clear(&s->base);
  forget_answers(s);
  release(&s->prepared_memory);
  s->prepared = copy(&s->prepared_memory, text);
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLPrepare(SQLHSTMT h, SQLCHAR *text, SQLINTEGER length) {
  arena a = {0};
  SQLRETURN result = prepare(h, from_narrow(&a, text, length));
  release(&a);
  return result;
}

EXPORTED SQLRETURN SQL_API SQLPrepareW(SQLHSTMT h, SQLWCHAR *text, SQLINTEGER length) {
  arena a = {0};
  SQLRETURN result = prepare(h, from_wide(&a, text, length));
  release(&a);
  return result;
}

EXPORTED SQLRETURN SQL_API SQLExecute(SQLHSTMT h) {
  statement *s = h;
  if (!s->prepared) return refused(&s->base, "HY010", 0, "Function sequence error: nothing was prepared.");
  return run_text(s, s->prepared);
}

/* From another thread: it takes no lock. */
EXPORTED SQLRETURN SQL_API SQLCancel(SQLHSTMT h) {
  statement *s = h;
  if (s->connection->session) atomic_store(&s->connection->session->cancelled, true);
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLNumResultCols(SQLHSTMT h, SQLSMALLINT *count) {
  const table *t = open_table(h);
  clear(h);
  *count = t ? (SQLSMALLINT)t->headings.count : 0;
  return SQL_SUCCESS;
}

SQLSMALLINT sql_type(value_type type) {
  switch (type) {
  case V_NUMBER: return SQL_DECIMAL;
  case V_BOOLEAN: return SQL_BIT;
  case V_TIMESTAMP: return SQL_TYPE_TIMESTAMP;
  default: return SQL_VARCHAR;
  }
}

static SQLULEN column_size(value_type type) {
  return type == V_NUMBER ? 38 : type == V_BOOLEAN ? 1 : type == V_TIMESTAMP ? 35 : 16777216;
}

static const heading *heading_at(statement *s, SQLUSMALLINT number) {
  const table *t = open_table(s);
  clear(&s->base);
  if (!t || number < 1 || number > t->headings.count) {
    refused(&s->base, "07009", 0, "There is no such column.");
    return NULL;
  }
  return t->headings.at[number - 1];
}

static void describe(const heading *h, SQLSMALLINT *type, SQLULEN *size, SQLSMALLINT *digits, SQLSMALLINT *nullable) {
  if (type) *type = sql_type(h->type);
  if (size) *size = column_size(h->type);
  if (digits) *digits = 0;
  if (nullable) *nullable = SQL_NULLABLE;
}

EXPORTED SQLRETURN SQL_API SQLDescribeCol(SQLHSTMT h, SQLUSMALLINT number, SQLCHAR *name, SQLSMALLINT room,
  SQLSMALLINT *length, SQLSMALLINT *type, SQLULEN *size, SQLSMALLINT *digits, SQLSMALLINT *nullable) {
  const heading *found = heading_at(h, number);
  if (!found) return SQL_ERROR;
  describe(found, type, size, digits, nullable);
  return give_narrow(found->name, name, room, length) ? SQL_SUCCESS : informed(h, "01004", "The name was cut.");
}

EXPORTED SQLRETURN SQL_API SQLDescribeColW(SQLHSTMT h, SQLUSMALLINT number, SQLWCHAR *name, SQLSMALLINT room,
  SQLSMALLINT *length, SQLSMALLINT *type, SQLULEN *size, SQLSMALLINT *digits, SQLSMALLINT *nullable) {
  const heading *found = heading_at(h, number);
  if (!found) return SQL_ERROR;
  describe(found, type, size, digits, nullable);
  return give_wide(found->name, name, room, length) ? SQL_SUCCESS : informed(h, "01004", "The name was cut.");
}

static SQLRETURN attribute_of(statement *s, SQLUSMALLINT number, SQLUSMALLINT what, SQLPOINTER to, SQLSMALLINT size,
  SQLSMALLINT *length, SQLLEN *value, bool wide) {
  if (what == SQL_DESC_COUNT) {
    const table *t = open_table(s);
    *value = t ? (SQLLEN)t->headings.count : 0;
    return SQL_SUCCESS;
  }
  const heading *found = heading_at(s, number);
  if (!found) return SQL_ERROR;
  switch (what) {
  case SQL_DESC_TYPE:
  case SQL_DESC_CONCISE_TYPE: *value = sql_type(found->type); return SQL_SUCCESS;
  case SQL_DESC_LENGTH:
  case SQL_DESC_PRECISION:
  case SQL_DESC_DISPLAY_SIZE:
  case SQL_DESC_OCTET_LENGTH: *value = (SQLLEN)column_size(found->type); return SQL_SUCCESS;
  case SQL_DESC_NULLABLE: *value = SQL_NULLABLE; return SQL_SUCCESS;
  case SQL_DESC_UNSIGNED: *value = SQL_FALSE; return SQL_SUCCESS;
  case SQL_DESC_NAME:
  case SQL_DESC_LABEL: break;
  default: return refused(&s->base, "HY091", 0, "The driver does not tell this of a column.");
  }
  SQLSMALLINT units = 0;
  bool all = wide ? give_wide(found->name, to, (SQLSMALLINT)(size / (SQLSMALLINT)sizeof(SQLWCHAR)), &units)
                  : give_narrow(found->name, to, size, &units);
  if (length) *length = (SQLSMALLINT)(wide ? units * (SQLSMALLINT)sizeof(SQLWCHAR) : units);
  return all ? SQL_SUCCESS : informed(&s->base, "01004", "The name was cut.");
}

EXPORTED SQLRETURN SQL_API SQLColAttribute(SQLHSTMT h, SQLUSMALLINT number, SQLUSMALLINT what, SQLPOINTER to,
  SQLSMALLINT size, SQLSMALLINT *length, SQLLEN *value) {
  return attribute_of(h, number, what, to, size, length, value, false);
}

EXPORTED SQLRETURN SQL_API SQLColAttributeW(SQLHSTMT h, SQLUSMALLINT number, SQLUSMALLINT what, SQLPOINTER to,
  SQLSMALLINT size, SQLSMALLINT *length, SQLLEN *value) {
  return attribute_of(h, number, what, to, size, length, value, true);
}

EXPORTED SQLRETURN SQL_API SQLRowCount(SQLHSTMT h, SQLLEN *count) {
  statement *s = h;
  clear(&s->base);
  *count = s->answer < s->answers.count ? ((answer *)s->answers.at[s->answer])->affected : -1;
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLBindCol(
  SQLHSTMT h, SQLUSMALLINT number, SQLSMALLINT type, SQLPOINTER to, SQLLEN size, SQLLEN *length) {
  statement *s = h;
  clear(&s->base);
  if (number < 1 || number >= sizeof s->bindings / sizeof *s->bindings)
    return refused(&s->base, "07009", 0, "There is no such column.");
  s->bindings[number] = (binding){type, to, size, length};
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLFetch(SQLHSTMT h) {
  statement *s = h;
  const table *t = open_table(s);
  clear(&s->base);
  if (!t) return refused(&s->base, "24000", 0, "Invalid cursor state: there are no rows.");
  s->piece_column = -1;
  if (s->row >= t->rows.count) {
    s->row = t->rows.count + 1;
    return SQL_NO_DATA;
  }
  s->row++;
  SQLRETURN worst = SQL_SUCCESS;
  for (SQLUSMALLINT i = 1; i <= t->headings.count && i < sizeof s->bindings / sizeof *s->bindings; i++) {
    const binding *b = &s->bindings[i];
    if (!b->to && !b->length) continue;
    s->piece_column = -1;
    SQLRETURN result = get_cell(s, i, b->type, b->to, b->size, b->length);
    if (result == SQL_ERROR || (worst == SQL_SUCCESS && result != SQL_SUCCESS)) worst = result;
  }
  s->piece_column = -1;
  return worst;
}

/* docs: developer-guide/odbc/odbc-api: the next row alone */
EXPORTED SQLRETURN SQL_API SQLFetchScroll(SQLHSTMT h, SQLSMALLINT orientation, SQLLEN offset) {
  (void)offset;
  if (orientation == SQL_FETCH_NEXT) return SQLFetch(h);
  clear(h);
  return refused(h, "HY106", 0, "Only the next row can be fetched.");
}

EXPORTED SQLRETURN SQL_API SQLGetData(
  SQLHSTMT h, SQLUSMALLINT number, SQLSMALLINT type, SQLPOINTER to, SQLLEN size, SQLLEN *length) {
  statement *s = h;
  clear(&s->base);
  return get_cell(s, number, type, to, size, length);
}

EXPORTED SQLRETURN SQL_API SQLMoreResults(SQLHSTMT h) {
  statement *s = h;
  clear(&s->base);
  if (s->answer + 1 < s->answers.count) {
    s->answer++;
    s->row = 0;
    s->piece_column = -1;
    return SQL_SUCCESS;
  }
  if (!s->after.code) return SQL_NO_DATA;
  failure why = s->after;
  s->after = (failure){0};
  s->answer = s->answers.count;
  return refused(&s->base, why.sqlstate, why.code, why.message);
}

EXPORTED SQLRETURN SQL_API SQLCloseCursor(SQLHSTMT h) {
  clear(h);
  forget_answers(h);
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLFreeStmt(SQLHSTMT h, SQLUSMALLINT option) {
  statement *s = h;
  if (option == SQL_DROP) return SQLFreeHandle(SQL_HANDLE_STMT, h);
  clear(&s->base);
  if (option == SQL_CLOSE) forget_answers(s);
  if (option == SQL_UNBIND) memset(s->bindings, 0, sizeof s->bindings);
  return SQL_SUCCESS;
}

/* docs: developer-guide/odbc/odbc-api, "Snowflake-specific behavior": from -1 (the session's setting) to 32767 */
static SQLRETURN set_statement(statement *s, SQLINTEGER attribute, SQLPOINTER value) {
  clear(&s->base);
  intptr_t number = (intptr_t)value;
  switch (attribute) {
  case SF_MULTI_STATEMENT_COUNT:
    if (number < -1 || number > 32767)
      return refused(&s->base, "HY024", 0, "The count of statements must be between -1 and 32767.");
    s->statements = number;
    return SQL_SUCCESS;
  case SF_LAST_QUERY_ID: return refused(&s->base, "HY092", 0, "The last query's id can only be read.");
  case SQL_ATTR_QUERY_TIMEOUT:
  case SQL_ATTR_MAX_LENGTH:
  case SQL_ATTR_MAX_ROWS:
  case SQL_ATTR_NOSCAN: return SQL_SUCCESS;
  case SQL_ATTR_CURSOR_TYPE:
    return number == SQL_CURSOR_FORWARD_ONLY ? SQL_SUCCESS
                                             : informed(&s->base, "01S02", "The cursor moves forward only.");
  default: return refused(&s->base, "HYC00", 0, "This attribute of a statement cannot be set.");
  }
}

EXPORTED SQLRETURN SQL_API SQLSetStmtAttr(SQLHSTMT h, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length) {
  (void)length;
  return set_statement(h, attribute, value);
}

EXPORTED SQLRETURN SQL_API SQLSetStmtAttrW(SQLHSTMT h, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length) {
  (void)length;
  return set_statement(h, attribute, value);
}
