#include "alteration.h"

/* ALTER SESSION { SET name = value [ name = value … ] | UNSET name [ , name … ] }. docs:
 * sql-reference/sql/alter-session */
void alter_session(run *r) {
  static const char *const parameters[] = {"QUERY_TAG", "MULTI_STATEMENT_COUNT", "TIMEZONE", "AUTOCOMMIT",
    "LOCK_TIMEOUT", "STATEMENT_TIMEOUT_IN_SECONDS", "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS", "TIMESTAMP_OUTPUT_FORMAT",
    "USE_CACHED_RESULT", "QUOTED_IDENTIFIERS_IGNORE_CASE", "ABORT_DETACHED_QUERY", "CLIENT_SESSION_KEEP_ALIVE",
    "JSON_INDENT"};
  bool setting = take_word(r, "SET");
  if (!setting) want_word(r, "UNSET");
  do {
    size_t i = 0;
    while (i < sizeof parameters / sizeof *parameters && !is_word(r, parameters[i])) i++;
    /* seen: 001420 (22023) invalid parameter */
    if (i == sizeof parameters / sizeof *parameters && here(r)->kind == T_WORD)
      fail(r, 1420, "22023", "SQL compilation error:\ninvalid parameter '%s'", here(r)->text);
    if (i == sizeof parameters / sizeof *parameters) unexpected(r);
    const char *parameter = parameters[i];
    r->at++;
    char *value = "";
    if (setting) {
      want_symbol(r, "=");
      bool is_text =
        same(parameter, "QUERY_TAG") || same(parameter, "TIMEZONE") || same(parameter, "TIMESTAMP_OUTPUT_FORMAT");
      token_kind found = here(r)->kind;
      if (is_text ? found != T_STRING
                  : found != T_NUMBER && found != T_STRING && !is_word(r, "TRUE") && !is_word(r, "FALSE"))
        unexpected(r);
      value = r->tokens[r->at++].text;
    }
    /* docs: sql-reference/parameters#query-tag: up to 2000 characters */
    if (same(parameter, "QUERY_TAG")) {
      if (characters(value) > 2000)
        fail(r, 1422, "22023",
          "SQL compilation error:\ninvalid value for parameter 'QUERY_TAG': longer than 2000 characters");
      if (r->session) r->session->query_tag = copy(&r->session->memory, value);
    }
    if (same(parameter, "MULTI_STATEMENT_COUNT") && r->session) {
      long count = 0;
      for (const char *c = value; *c >= '0' && *c <= '9'; c++) count = count * 10 + (*c - '0');
      r->session->multi_statement_count = setting ? count : 1;
    }
    bool another = take_symbol(r, ",");
    if (another && at_end(r)) unexpected(r);
    if (!another && !setting) break;
  } while (!at_end(r));
  want_end(r);
  succeeded(r, "Statement executed successfully.");
}
