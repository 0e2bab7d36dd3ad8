#include "driver.h"
#include <stdlib.h>
#include <string.h>

/* Environments, connections, statements: made, set, connected, freed. */

static void *made(size_t size, SQLSMALLINT type) {
  handle *h = calloc(1, size);
  if (!h) abort();
  h->type = type;
  return h;
}

EXPORTED SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT type, SQLHANDLE input, SQLHANDLE *output) {
  if (type == SQL_HANDLE_ENV) {
    *output = made(sizeof(environment), type);
  } else if (type == SQL_HANDLE_DBC) {
    connection *c = *output = made(sizeof *c, type);
    pthread_mutex_init(&c->busy, NULL);
  } else if (type == SQL_HANDLE_STMT) {
    connection *c = input;
    clear(&c->base);
    if (!c->session) return refused(&c->base, "08003", 0, "The connection is not open.");
    statement *s = *output = made(sizeof *s, type);
    s->connection = c;
    s->statements = -1;
  } else {
    return refused(input, "HYC00", 0, "Descriptors cannot be allocated.");
  }
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLFreeHandle(SQLSMALLINT type, SQLHANDLE given) {
  handle *h = given;
  if (type == SQL_HANDLE_STMT) {
    release(&((statement *)given)->memory);
    release(&((statement *)given)->prepared_memory);
  }
  if (type == SQL_HANDLE_DBC) {
    connection *c = given;
    if (c->session) return refused(h, "HY010", 0, "Function sequence error: the connection is open.");
    pthread_mutex_destroy(&c->busy);
  }
  release(&h->memory);
  free(h);
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLSetEnvAttr(SQLHENV h, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length) {
  (void)length;
  clear(h);
  if (attribute == SQL_ATTR_ODBC_VERSION && (intptr_t)value != SQL_OV_ODBC2) return SQL_SUCCESS;
  return refused(h, "HYC00", 0, "This attribute of an environment cannot be set.");
}

static SQLRETURN set_connection(connection *c, SQLINTEGER attribute, SQLPOINTER value) {
  clear(&c->base);
  switch (attribute) {
  case SQL_ATTR_LOGIN_TIMEOUT: c->login_timeout = (SQLUINTEGER)(uintptr_t)value; return SQL_SUCCESS;
  case SQL_ATTR_CONNECTION_TIMEOUT:
  case SQL_ATTR_ACCESS_MODE: return SQL_SUCCESS;
  case SQL_ATTR_AUTOCOMMIT: c->manual_commit = (uintptr_t)value == SQL_AUTOCOMMIT_OFF; return SQL_SUCCESS;
  default: return refused(&c->base, "HYC00", 0, "This attribute of a connection cannot be set.");
  }
}

EXPORTED SQLRETURN SQL_API SQLSetConnectAttr(SQLHDBC h, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length) {
  (void)length;
  return set_connection(h, attribute, value);
}

EXPORTED SQLRETURN SQL_API SQLSetConnectAttrW(SQLHDBC h, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length) {
  (void)length;
  return set_connection(h, attribute, value);
}

static SQLRETURN get_connection(connection *c, SQLINTEGER attribute, SQLPOINTER value) {
  clear(&c->base);
  SQLUINTEGER found;
  switch (attribute) {
  case SQL_ATTR_LOGIN_TIMEOUT: found = c->login_timeout; break;
  case SQL_ATTR_AUTOCOMMIT: found = c->manual_commit ? SQL_AUTOCOMMIT_OFF : SQL_AUTOCOMMIT_ON; break;
  case SQL_ATTR_CONNECTION_DEAD: found = !c->session || c->session->dropped ? SQL_CD_TRUE : SQL_CD_FALSE; break;
  default: return refused(&c->base, "HYC00", 0, "This attribute of a connection cannot be read.");
  }
  *(SQLUINTEGER *)value = found;
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLGetConnectAttr(
  SQLHDBC h, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER size, SQLINTEGER *length) {
  (void)size, (void)length;
  return get_connection(h, attribute, value);
}

EXPORTED SQLRETURN SQL_API SQLGetConnectAttrW(
  SQLHDBC h, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER size, SQLINTEGER *length) {
  (void)size, (void)length;
  return get_connection(h, attribute, value);
}

static SQLRETURN connect_with(connection *c, const char *text) {
  arena a = {0};
  failure why = {0};
  clear(&c->base);
  const char *seconds = connection_value(&a, text, "LoginTimeout");
  c->session = open_session(text, &why, &a, seconds ? strtod(seconds, NULL) : (double)c->login_timeout);
  SQLRETURN result = c->session ? SQL_SUCCESS : refused(&c->base, why.sqlstate, why.code, why.message);
  release(&a);
  return result;
}

EXPORTED SQLRETURN SQL_API SQLDriverConnect(SQLHDBC h, SQLHWND window, SQLCHAR *in, SQLSMALLINT length, SQLCHAR *out,
  SQLSMALLINT size, SQLSMALLINT *out_length, SQLUSMALLINT completion) {
  (void)window, (void)completion;
  arena a = {0};
  char *text = from_narrow(&a, in, length);
  SQLRETURN result = connect_with(h, text);
  if (result == SQL_SUCCESS) give_narrow(text, out, size, out_length);
  release(&a);
  return result;
}

EXPORTED SQLRETURN SQL_API SQLDriverConnectW(SQLHDBC h, SQLHWND window, SQLWCHAR *in, SQLSMALLINT length, SQLWCHAR *out,
  SQLSMALLINT size, SQLSMALLINT *out_length, SQLUSMALLINT completion) {
  (void)window, (void)completion;
  arena a = {0};
  char *text = from_wide(&a, in, length);
  SQLRETURN result = connect_with(h, text);
  if (result == SQL_SUCCESS) give_wide(text, out, size, out_length);
  release(&a);
  return result;
}

EXPORTED SQLRETURN SQL_API SQLDisconnect(SQLHDBC h) {
  connection *c = h;
  clear(&c->base);
  if (!c->session) return refused(&c->base, "08003", 0, "The connection is not open.");
  close_session(c->session);
  c->session = NULL;
  return SQL_SUCCESS;
}

/* DDL has committed itself by then. docs: sql-reference/transactions */
EXPORTED SQLRETURN SQL_API SQLEndTran(SQLSMALLINT type, SQLHANDLE h, SQLSMALLINT completion) {
  (void)type, (void)completion;
  clear(h);
  return SQL_SUCCESS;
}

static const char *text_information(const connection *c, SQLUSMALLINT what) {
  switch (what) {
  case SQL_DBMS_NAME: return "Snowflake";
  case SQL_DBMS_VER: return "9.30.0";
  case SQL_DRIVER_NAME: return "libsnowflake-stand-in.so";
  case SQL_DRIVER_VER: return "03.52.0000";
  case SQL_DRIVER_ODBC_VER: return "03.52";
  case SQL_IDENTIFIER_QUOTE_CHAR: return "\"";
  case SQL_DATABASE_NAME: return c->session && c->session->context.database ? c->session->context.database->name : "";
  case SQL_USER_NAME: return c->session ? c->session->context.user->name : "";
  case SQL_SERVER_NAME: return "STANDIN";
  case SQL_DATA_SOURCE_NAME: return "";
  case SQL_DATA_SOURCE_READ_ONLY: return "N";
  default: return NULL;
  }
}

static SQLRETURN number_information(connection *c, SQLUSMALLINT what, SQLPOINTER to, SQLSMALLINT *length) {
  switch (what) {
  case SQL_CURSOR_COMMIT_BEHAVIOR:
  case SQL_CURSOR_ROLLBACK_BEHAVIOR: *(SQLUSMALLINT *)to = SQL_CB_PRESERVE; break;
  case SQL_TXN_CAPABLE: *(SQLUSMALLINT *)to = SQL_TC_DDL_COMMIT; break;
  case SQL_MAX_IDENTIFIER_LEN: *(SQLUSMALLINT *)to = 255; break;
  case SQL_GETDATA_EXTENSIONS:
    *(SQLUINTEGER *)to = SQL_GD_ANY_COLUMN | SQL_GD_ANY_ORDER;
    if (length) *length = sizeof(SQLUINTEGER);
    return SQL_SUCCESS;
  default: return refused(&c->base, "HY096", 0, "The driver does not tell this.");
  }
  if (length) *length = sizeof(SQLUSMALLINT);
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLGetInfo(
  SQLHDBC h, SQLUSMALLINT what, SQLPOINTER to, SQLSMALLINT size, SQLSMALLINT *length) {
  connection *c = h;
  clear(&c->base);
  const char *text = text_information(c, what);
  if (!text) return number_information(c, what, to, length);
  return give_narrow(text, to, size, length) ? SQL_SUCCESS : informed(&c->base, "01004", "The text was cut.");
}

EXPORTED SQLRETURN SQL_API SQLGetInfoW(
  SQLHDBC h, SQLUSMALLINT what, SQLPOINTER to, SQLSMALLINT size, SQLSMALLINT *length) {
  connection *c = h;
  clear(&c->base);
  const char *text = text_information(c, what);
  if (!text) return number_information(c, what, to, length);
  SQLSMALLINT units = 0;
  bool all = give_wide(text, to, (SQLSMALLINT)(size / (SQLSMALLINT)sizeof(SQLWCHAR)), &units);
  if (length) *length = (SQLSMALLINT)(units * (SQLSMALLINT)sizeof(SQLWCHAR));
  return all ? SQL_SUCCESS : informed(&c->base, "01004", "The text was cut.");
}
