/* The ODBC side of the stand-in: handles and what their functions share. */
#ifndef DRIVER_H
#define DRIVER_H

#include "standin.h"
#include <pthread.h>
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#define EXPORTED __attribute__((visibility("default")))

typedef struct {
  char sqlstate[6];
  SQLINTEGER native;
  char *message;
} record;

/* What every handle begins with: its diagnostics, which stay until the next call on it. */
typedef struct {
  SQLSMALLINT type;
  arena memory;
  list records;
} handle;

typedef struct {
  handle base;
} environment;

typedef struct {
  handle base;
  session *session;
  pthread_mutex_t busy; /* one statement at a time */
  SQLUINTEGER login_timeout;
  bool manual_commit;
} connection;

typedef struct {
  SQLSMALLINT type;
  SQLPOINTER to;
  SQLLEN size, *length;
} binding;

typedef struct {
  handle base;
  connection *connection;
  arena memory; /* of the answers */
  list answers;
  size_t answer; /* which of them is open */
  size_t row; /* 1: the first; 0: before it */
  arena prepared_memory;
  char *prepared;
  SQLLEN statements; /* SQL_SF_STMT_ATTR_MULTI_STATEMENT_COUNT */
  binding bindings[256];
  SQLSMALLINT piece_column; /* SQLGetData: what is being fetched in pieces, */
  SQLSMALLINT piece_type;
  size_t piece_offset; /* and what was fetched of it */
  failure after; /* a batch that failed after some of its answers */
} statement;

/* docs: developer-guide/odbc/odbc-api. The number is that of the vendor's sf_odbc.h. */
enum { SF_LAST_QUERY_ID = 0x4000 + 0x106 + 1, SF_MULTI_STATEMENT_COUNT = 0x4000 + 0x106 + 2 };

void clear(handle *h);
SQLRETURN refused(handle *h, const char *sqlstate, SQLINTEGER native, const char *message);
SQLRETURN informed(handle *h, const char *sqlstate, const char *message);

char *from_narrow(arena *a, const SQLCHAR *text, SQLINTEGER length);
char *from_wide(arena *a, const SQLWCHAR *text, SQLINTEGER length);
SQLWCHAR *to_wide(arena *a, const char *utf8, size_t *units);
/* Hand out a text; `length` is in characters of the width. false: it did not fit. */
bool give_narrow(const char *text, SQLCHAR *to, SQLSMALLINT size, SQLSMALLINT *length);
bool give_wide(const char *utf8, SQLWCHAR *to, SQLSMALLINT size, SQLSMALLINT *length);

const table *open_table(const statement *s);
SQLRETURN get_cell(statement *s, SQLUSMALLINT number, SQLSMALLINT type, SQLPOINTER to, SQLLEN size, SQLLEN *length);
SQLSMALLINT sql_type(value_type type);

#endif
