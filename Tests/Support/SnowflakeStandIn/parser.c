#include "standin.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* docs: sql-reference/identifiers-syntax */
enum { LONGEST_NAME = 255 };

const token *here(run *r) { return &r->tokens[r->at]; }

/* seen: 001003 (42000) with the line, the position and the text that stood there */
_Noreturn void unexpected(run *r) {
  const token *t = here(r);
  const char *text = t->kind == T_END ? "<EOF>" : copy_part(&r->memory, r->text + t->start, t->end - t->start);
  fail(r, 1003, "42000", "SQL compilation error:\nsyntax error line %u at position %u unexpected '%s'.", t->line,
    t->column, text);
}

bool is_word(run *r, const char *word) { return here(r)->kind == T_WORD && same(here(r)->text, word); }

bool is_symbol(run *r, const char *symbol) { return here(r)->kind == T_SYMBOL && same(here(r)->text, symbol); }

bool take_word(run *r, const char *word) {
  if (!is_word(r, word)) return false;
  r->at++;
  return true;
}

bool take_words(run *r, const char *first, const char *second) {
  if (!is_word(r, first)) return false;
  r->at++;
  if (take_word(r, second)) return true;
  r->at--;
  return false;
}

bool take_symbol(run *r, const char *symbol) {
  if (!is_symbol(r, symbol)) return false;
  r->at++;
  return true;
}

void want_word(run *r, const char *word) {
  if (!take_word(r, word)) unexpected(r);
}

void want_symbol(run *r, const char *symbol) {
  if (!take_symbol(r, symbol)) unexpected(r);
}

bool at_end(run *r) { return here(r)->kind == T_END || is_symbol(r, ";"); }

void want_end(run *r) {
  if (!at_end(r)) unexpected(r);
}

/* Words that no unquoted name can be. docs: sql-reference/reserved-keywords */
static bool is_reserved(const char *word) {
  static const char *const words[] = {"ACCOUNT", "ALL", "ALTER", "AND", "ANY", "AS", "BETWEEN", "BY", "CASE", "CAST",
    "CHECK", "COLUMN", "CONNECT", "CONSTRAINT", "CREATE", "CROSS", "CURRENT", "DATABASE", "DELETE", "DISTINCT", "DROP",
    "ELSE", "EXISTS", "FALSE", "FOLLOWING", "FOR", "FROM", "FULL", "GRANT", "GROUP", "GSCLUSTER", "HAVING", "ILIKE",
    "IN", "INCREMENT", "INNER", "INSERT", "INTERSECT", "INTO", "IS", "ISSUE", "JOIN", "LATERAL", "LEFT", "LIKE",
    "MINUS", "NATURAL", "NOT", "NULL", "OF", "ON", "OR", "ORDER", "ORGANIZATION", "QUALIFY", "REGEXP", "REVOKE",
    "RIGHT", "RLIKE", "ROW", "ROWS", "SAMPLE", "SCHEMA", "SELECT", "SET", "SOME", "START", "TABLE", "TABLESAMPLE",
    "THEN", "TO", "TRIGGER", "TRUE", "TRY_CAST", "UNION", "UNIQUE", "UPDATE", "USING", "VALUES", "VIEW", "WHEN",
    "WHENEVER", "WHERE", "WITH"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (same(words[i], word)) return true;
  return false;
}

bool is_name(run *r) {
  const token *t = here(r);
  return t->kind == T_QUOTED || (t->kind == T_WORD && !is_reserved(t->text));
}

char *want_name(run *r) {
  const token *t = here(r);
  if (!is_name(r) || !*t->text) unexpected(r);
  if (characters(t->text) > LONGEST_NAME)
    fail(r, 2031, "42601", "SQL compilation error:\nidentifier '%s' exceeds the length limit of %d.", t->text,
      LONGEST_NAME);
  r->at++;
  return t->text;
}

char *want_string(run *r) {
  if (here(r)->kind != T_STRING) unexpected(r);
  return r->tokens[r->at++].text;
}

name want_qualified_name(run *r) {
  name n = {.part = {want_name(r)}, .count = 1};
  while (take_symbol(r, ".")) {
    if (n.count == 4) unexpected(r);
    n.part[n.count++] = want_name(r);
  }
  return n;
}

const char *written(run *r, name n) {
  char *text = quoted_if_needed(&r->memory, n.part[0]);
  for (int i = 1; i < n.count; i++) text = format(&r->memory, "%s.%s", text, quoted_if_needed(&r->memory, n.part[i]));
  return text;
}

bool take_if_exists(run *r) {
  if (!take_word(r, "IF")) return false;
  want_word(r, "EXISTS");
  return true;
}

bool take_if_not_exists(run *r) {
  if (!take_word(r, "IF")) return false;
  want_word(r, "NOT");
  want_word(r, "EXISTS");
  return true;
}

/* The words of the kinds, longest first. docs: sql-reference/sql/comment, sql-reference/sql/grant-ownership */
bool want_kind(run *r, kind *k) {
  static const struct {
    const char *first, *second, *third;
    kind kind;
  } kinds[] = {
    {"ROW", "ACCESS", "POLICY", K_ROW_ACCESS_POLICY},
    {"MATERIALIZED", "VIEW", NULL, K_MATERIALIZED_VIEW},
    {"EXTERNAL", "TABLE", NULL, K_EXTERNAL_TABLE},
    {"DYNAMIC", "TABLE", NULL, K_DYNAMIC_TABLE},
    {"ICEBERG", "TABLE", NULL, K_ICEBERG_TABLE},
    {"EVENT", "TABLE", NULL, K_EVENT_TABLE},
    {"MASKING", "POLICY", NULL, K_MASKING_POLICY},
    {"ACCOUNT", NULL, NULL, K_ACCOUNT},
    {"DATABASE", NULL, NULL, K_DATABASE},
    {"SCHEMA", NULL, NULL, K_SCHEMA},
    {"TABLE", NULL, NULL, K_TABLE},
    {"VIEW", NULL, NULL, K_VIEW},
    {"STAGE", NULL, NULL, K_STAGE},
    {"PROCEDURE", NULL, NULL, K_PROCEDURE},
    {"FUNCTION", NULL, NULL, K_FUNCTION},
    {"TAG", NULL, NULL, K_TAG},
    {"ROLE", NULL, NULL, K_ROLE},
    {"USER", NULL, NULL, K_USER},
    {"WAREHOUSE", NULL, NULL, K_WAREHOUSE},
  };
  size_t start = r->at;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (take_word(r, kinds[i].first) && (!kinds[i].second || take_word(r, kinds[i].second)) &&
      (!kinds[i].third || take_word(r, kinds[i].third))) {
      *k = kinds[i].kind;
      return true;
    }
    r->at = start;
  }
  return false;
}

/* docs: sql-reference/intro-summary-data-types: the names of each type, and what it is stored as. */
static const struct {
  const char *name, *stored, *family, *shown;
} types[] = {
  {"NUMBER", NULL, "NUMBER", "NUMBER"},
  {"DECIMAL", NULL, "NUMBER", "NUMBER"},
  {"DEC", NULL, "NUMBER", "NUMBER"},
  {"NUMERIC", NULL, "NUMBER", "NUMBER"},
  {"INT", "NUMBER(38,0)", "NUMBER", "NUMBER"},
  {"INTEGER", "NUMBER(38,0)", "NUMBER", "NUMBER"},
  {"BIGINT", "NUMBER(38,0)", "NUMBER", "NUMBER"},
  {"SMALLINT", "NUMBER(38,0)", "NUMBER", "NUMBER"},
  {"TINYINT", "NUMBER(38,0)", "NUMBER", "NUMBER"},
  {"BYTEINT", "NUMBER(38,0)", "NUMBER", "NUMBER"},
  {"FLOAT", "FLOAT", "FLOAT", "FLOAT"},
  {"FLOAT4", "FLOAT", "FLOAT", "FLOAT"},
  {"FLOAT8", "FLOAT", "FLOAT", "FLOAT"},
  {"DOUBLE", "FLOAT", "FLOAT", "FLOAT"},
  {"REAL", "FLOAT", "FLOAT", "FLOAT"},
  {"VARCHAR", NULL, "VARCHAR", "TEXT"},
  {"STRING", NULL, "VARCHAR", "TEXT"},
  {"TEXT", NULL, "VARCHAR", "TEXT"},
  {"CHAR", NULL, "VARCHAR", "TEXT"},
  {"CHARACTER", NULL, "VARCHAR", "TEXT"},
  {"NVARCHAR", NULL, "VARCHAR", "TEXT"},
  {"BINARY", NULL, "BINARY", "BINARY"},
  {"VARBINARY", NULL, "BINARY", "BINARY"},
  {"BOOLEAN", "BOOLEAN", "BOOLEAN", "BOOLEAN"},
  {"DATE", "DATE", "DATE", "DATE"},
  {"TIME", NULL, "TIME", "TIME"},
  {"DATETIME", NULL, "TIMESTAMP_NTZ", "TIMESTAMP_NTZ"},
  {"TIMESTAMP", NULL, "TIMESTAMP_NTZ", "TIMESTAMP_NTZ"},
  {"TIMESTAMP_NTZ", NULL, "TIMESTAMP_NTZ", "TIMESTAMP_NTZ"},
  {"TIMESTAMP_LTZ", NULL, "TIMESTAMP_LTZ", "TIMESTAMP_LTZ"},
  {"TIMESTAMP_TZ", NULL, "TIMESTAMP_TZ", "TIMESTAMP_TZ"},
  {"VARIANT", "VARIANT", "VARIANT", "VARIANT"},
  {"OBJECT", "OBJECT", "OBJECT", "OBJECT"},
  {"ARRAY", "ARRAY", "ARRAY", "ARRAY"},
  {"GEOGRAPHY", "GEOGRAPHY", "GEOGRAPHY", "GEOGRAPHY"},
  {"GEOMETRY", "GEOMETRY", "GEOMETRY", "GEOMETRY"},
};

static const char *until_parenthesis(arena *a, const char *type) { return copy_part(a, type, strcspn(type, "(")); }

static size_t type_index(const char *type) {
  size_t length = strcspn(type, "(");
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (strlen(types[i].name) == length && strncmp(types[i].name, type, length) == 0) return i;
  return sizeof types / sizeof *types;
}

const char *type_family(const char *type) { return types[type_index(type)].family; }

const char *column_data_type(const char *type) { return types[type_index(type)].shown; }

/* As the account shows it: INT is NUMBER(38,0), TEXT is VARCHAR(16777216). */
char *want_type(run *r) {
  const token *t = here(r);
  size_t index = t->kind == T_WORD ? type_index(t->text) : sizeof types / sizeof *types;
  if (index == sizeof types / sizeof *types) {
    if (t->kind == T_WORD) fail(r, 2040, "42601", "SQL compilation error:\nUnsupported data type '%s'.", t->text);
    unexpected(r);
  }
  r->at++;
  if (same(t->text, "DOUBLE")) take_word(r, "PRECISION");
  char *size = NULL;
  if (take_symbol(r, "(")) {
    if (here(r)->kind != T_NUMBER || types[index].stored) unexpected(r);
    size = r->tokens[r->at++].text;
    if (take_symbol(r, ",")) {
      if (here(r)->kind != T_NUMBER || !same(types[index].family, "NUMBER")) unexpected(r);
      size = format(&r->memory, "%s,%s", size, r->tokens[r->at++].text);
    } else if (same(types[index].family, "NUMBER")) {
      size = format(&r->memory, "%s,0", size);
    }
    want_symbol(r, ")");
  }
  if (types[index].stored) return copy(&r->memory, types[index].stored);
  const char *family = types[index].family;
  if (!size && strncmp(t->text, "CHAR", 4) == 0) size = "1";
  if (!size)
    size = same(family, "NUMBER") ? "38,0"
      : same(family, "VARCHAR")   ? "16777216"
      : same(family, "BINARY")    ? "8388608"
                                  : "9";
  return format(&r->memory, "%s(%s)", until_parenthesis(&r->memory, family), size);
}

char *want_argument_types(run *r) {
  want_symbol(r, "(");
  char *text = "";
  while (!is_symbol(r, ")")) {
    const char *family = type_family(want_type(r));
    text = format(&r->memory, "%s%s%s", text, *text ? ", " : "", family);
    if (!take_symbol(r, ",")) break;
    if (is_symbol(r, ")")) unexpected(r);
  }
  want_symbol(r, ")");
  return format(&r->memory, "(%s)", text);
}
