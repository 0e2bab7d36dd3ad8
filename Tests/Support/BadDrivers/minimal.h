/* The least of an ODBC driver: it connects, takes every statement and has no rows. A driver that misbehaves says
 * where by ON_CONNECT and ON_EXECUTE, statements of C that stand in these places. */
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

#ifndef ON_CONNECT
#define ON_CONNECT
#endif
#ifndef ON_EXECUTE
#define ON_EXECUTE
#endif

EXPORTED SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT type, SQLHANDLE input, SQLHANDLE *output) {
  (void)type, (void)input;
  *output = calloc(1, 16);
  return *output ? SQL_SUCCESS : SQL_ERROR;
}

EXPORTED SQLRETURN SQL_API SQLFreeHandle(SQLSMALLINT type, SQLHANDLE handle) {
  (void)type;
  free(handle);
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLSetEnvAttr(SQLHENV h, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length) {
  (void)h, (void)attribute, (void)value, (void)length;
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLSetConnectAttr(SQLHDBC h, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length) {
  (void)h, (void)attribute, (void)value, (void)length;
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLGetInfo(
  SQLHDBC h, SQLUSMALLINT what, SQLPOINTER to, SQLSMALLINT size, SQLSMALLINT *length) {
  (void)h, (void)what;
  if (to && size >= 2) memset(to, 0, 2);
  if (length) *length = 0;
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLDriverConnect(SQLHDBC h, SQLHWND window, SQLCHAR *in, SQLSMALLINT length, SQLCHAR *out,
  SQLSMALLINT size, SQLSMALLINT *out_length, SQLUSMALLINT completion) {
  (void)h, (void)window, (void)in, (void)length, (void)out, (void)size, (void)out_length, (void)completion;
  ON_CONNECT
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLDriverConnectW(SQLHDBC h, SQLHWND window, SQLWCHAR *in, SQLSMALLINT length, SQLWCHAR *out,
  SQLSMALLINT size, SQLSMALLINT *out_length, SQLUSMALLINT completion) {
  (void)h, (void)window, (void)in, (void)length, (void)out, (void)size, (void)out_length, (void)completion;
  ON_CONNECT
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLDisconnect(SQLHDBC h) {
  (void)h;
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLExecDirect(SQLHSTMT h, SQLCHAR *text, SQLINTEGER length) {
  (void)h, (void)text, (void)length;
  ON_EXECUTE
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLExecDirectW(SQLHSTMT h, SQLWCHAR *text, SQLINTEGER length) {
  (void)h, (void)text, (void)length;
  ON_EXECUTE
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLNumResultCols(SQLHSTMT h, SQLSMALLINT *count) {
  (void)h;
  *count = 0;
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLFetch(SQLHSTMT h) {
  (void)h;
  return SQL_NO_DATA;
}

EXPORTED SQLRETURN SQL_API SQLGetData(
  SQLHSTMT h, SQLUSMALLINT number, SQLSMALLINT type, SQLPOINTER to, SQLLEN size, SQLLEN *length) {
  (void)h, (void)number, (void)type, (void)to, (void)size, (void)length;
  return SQL_ERROR;
}

EXPORTED SQLRETURN SQL_API SQLRowCount(SQLHSTMT h, SQLLEN *count) {
  (void)h;
  *count = -1;
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLMoreResults(SQLHSTMT h) {
  (void)h;
  return SQL_NO_DATA;
}

EXPORTED SQLRETURN SQL_API SQLFreeStmt(SQLHSTMT h, SQLUSMALLINT option) {
  if (option == SQL_DROP) free(h);
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLCancel(SQLHSTMT h) {
  (void)h;
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLEndTran(SQLSMALLINT type, SQLHANDLE h, SQLSMALLINT completion) {
  (void)type, (void)h, (void)completion;
  return SQL_SUCCESS;
}

EXPORTED SQLRETURN SQL_API SQLGetDiagRec(SQLSMALLINT type, SQLHANDLE h, SQLSMALLINT number, SQLCHAR *state,
  SQLINTEGER *native, SQLCHAR *text, SQLSMALLINT size, SQLSMALLINT *length) {
  (void)type, (void)h, (void)number, (void)state, (void)native, (void)text, (void)size, (void)length;
  return SQL_NO_DATA;
}

EXPORTED SQLRETURN SQL_API SQLGetDiagField(SQLSMALLINT type, SQLHANDLE h, SQLSMALLINT number, SQLSMALLINT identifier,
  SQLPOINTER to, SQLSMALLINT size, SQLSMALLINT *length) {
  (void)type, (void)h, (void)number, (void)identifier, (void)to, (void)size, (void)length;
  return SQL_NO_DATA;
}
