/* Runs statements through the driver manager: client CONNECTION-STRING < statements.
 *
 * A line each, with \n, \t and \\ for what a line cannot hold. Its answer to each: "columns" and the names, "row" and
 * the values (\N: NULL), parted by tabulators, then "ok" and the count of rows, or "error", the state, the code and
 * the message. */
#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(const char *text) {
  for (; *text; text++) {
    if (*text == '\t') fputs("\\t", stdout);
    else if (*text == '\n') fputs("\\n", stdout);
    else if (*text == '\\') fputs("\\\\", stdout);
    else putchar(*text);
  }
}

static void say_failure(SQLSMALLINT type, SQLHANDLE handle) {
  SQLCHAR state[6] = "?????", message[4096] = "no message";
  SQLINTEGER native = 0;
  SQLSMALLINT length;
  SQLGetDiagRec(type, handle, 1, state, &native, message, sizeof message, &length);
  printf("error\t%s\t%d\t", (char *)state, (int)native);
  say((char *)message);
  putchar('\n');
}

static void unescape(char *text) {
  char *to = text;
  for (; *text; text++) {
    if (*text == '\\' && text[1]) {
      text++;
      *to++ = *text == 't' ? '\t' : *text == 'n' ? '\n' : *text;
    } else {
      *to++ = *text;
    }
  }
  *to = 0;
}

/* In pieces, so that values of any length come through. */
static bool say_cell(SQLHSTMT statement, SQLUSMALLINT number) {
  char piece[500];
  SQLLEN length;
  for (;;) {
    SQLRETURN result = SQLGetData(statement, number, SQL_C_CHAR, piece, sizeof piece, &length);
    if (result == SQL_NO_DATA) return true;
    if (!SQL_SUCCEEDED(result)) return false;
    if (length == SQL_NULL_DATA) {
      fputs("\\N", stdout);
      return true;
    }
    say(piece);
    if (result == SQL_SUCCESS) return true;
  }
}

static bool say_rows(SQLHSTMT statement, SQLSMALLINT width) {
  fputs("columns", stdout);
  for (SQLUSMALLINT i = 1; i <= width; i++) {
    SQLCHAR name[600];
    SQLSMALLINT length, type, digits, nullable;
    SQLULEN size;
    if (!SQL_SUCCEEDED(SQLDescribeCol(statement, i, name, sizeof name, &length, &type, &size, &digits, &nullable)))
      return false;
    putchar('\t');
    say((char *)name);
  }
  putchar('\n');
  SQLRETURN result;
  while ((result = SQLFetch(statement)) == SQL_SUCCESS || result == SQL_SUCCESS_WITH_INFO) {
    fputs("row", stdout);
    for (SQLUSMALLINT i = 1; i <= width; i++) {
      putchar('\t');
      if (!say_cell(statement, i)) return false;
    }
    putchar('\n');
  }
  return result == SQL_NO_DATA;
}

static void run(SQLHDBC connection, char *text) {
  SQLHSTMT statement;
  if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement)))
    return say_failure(SQL_HANDLE_DBC, connection);
  bool done = SQL_SUCCEEDED(SQLExecDirect(statement, (SQLCHAR *)text, SQL_NTS));
  SQLSMALLINT width = 0;
  SQLLEN affected = -1;
  SQLRETURN more = SQL_SUCCESS;
  while (done && more != SQL_NO_DATA) {
    SQLRowCount(statement, &affected);
    done = SQL_SUCCEEDED(SQLNumResultCols(statement, &width)) && (width == 0 || say_rows(statement, width));
    if (done) more = SQLMoreResults(statement);
    done = done && more != SQL_ERROR;
  }
  if (done) printf("ok\t%ld\n", (long)affected);
  else say_failure(SQL_HANDLE_STMT, statement);
  SQLFreeHandle(SQL_HANDLE_STMT, statement);
}

int main(int count, char **arguments) {
  SQLHENV environment;
  SQLHDBC connection;
  if (count != 2) return 2;
  SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
  SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
  SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection);
  SQLRETURN result =
    SQLDriverConnect(connection, NULL, (SQLCHAR *)arguments[1], SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT);
  bool connected = SQL_SUCCEEDED(result);
  if (!connected) say_failure(SQL_HANDLE_DBC, connection);
  char *line = NULL;
  size_t capacity = 0;
  while (connected && getline(&line, &capacity, stdin) > 0) {
    line[strcspn(line, "\n")] = 0;
    unescape(line);
    run(connection, line);
    fflush(stdout);
  }
  free(line);
  if (connected) SQLDisconnect(connection);
  SQLFreeHandle(SQL_HANDLE_DBC, connection);
  SQLFreeHandle(SQL_HANDLE_ENV, environment);
  return connected ? 0 : 1;
}
