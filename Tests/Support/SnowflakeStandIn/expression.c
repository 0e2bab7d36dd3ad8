#include "standin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* docs: sql-reference/operators: from the loosest to the tightest: OR, AND, NOT, comparisons, ||, + -, * /, ::. */

static expression *node(run *r, int form, char *text) {
  expression *e = take(&r->memory, sizeof *e);
  e->form = form;
  e->text = text;
  e->line = here(r)->line;
  e->column = here(r)->column;
  return e;
}

static expression *pair(run *r, char *operator, expression *a, expression *b) {
  expression *e = node(r, E_BINARY, operator);
  append(&r->memory, &e->arguments, a);
  append(&r->memory, &e->arguments, b);
  return e;
}

static expression *want_case(run *r) {
  expression *e = node(r, E_CASE, NULL);
  if (!is_word(r, "WHEN")) {
    e->has_subject = true;
    append(&r->memory, &e->arguments, want_expression(r));
  }
  do {
    want_word(r, "WHEN");
    append(&r->memory, &e->arguments, want_expression(r));
    want_word(r, "THEN");
    append(&r->memory, &e->arguments, want_expression(r));
  } while (is_word(r, "WHEN"));
  if (take_word(r, "ELSE")) e->otherwise = want_expression(r);
  want_word(r, "END");
  return e;
}

static expression *want_call(run *r, char *name) {
  expression *e = node(r, E_CALL, name);
  r->at--;
  e->line = here(r)->line, e->column = here(r)->column;
  r->at++;
  want_symbol(r, "(");
  if (same(name, "COUNT") && take_symbol(r, "*")) append(&r->memory, &e->arguments, node(r, E_STAR, NULL));
  else if (!is_symbol(r, ")")) do
      append(&r->memory, &e->arguments, want_expression(r));
    while (take_symbol(r, ","));
  want_symbol(r, ")");
  return e;
}

static expression *want_operand(run *r) {
  const token *t = here(r);
  if (t->kind == T_STRING || t->kind == T_NUMBER) {
    expression *e = node(r, t->kind == T_STRING ? E_TEXT : E_NUMBER, t->text);
    r->at++;
    return e;
  }
  if (take_word(r, "NULL")) return node(r, E_NULL, NULL);
  if (take_word(r, "TRUE")) return node(r, E_BOOLEAN, "true");
  if (take_word(r, "FALSE")) return node(r, E_BOOLEAN, "false");
  if (take_word(r, "CASE")) return want_case(r);
  if (take_symbol(r, "-")) {
    expression *e = node(r, E_UNARY, "-");
    append(&r->memory, &e->arguments, want_operand(r));
    return e;
  }
  if (take_symbol(r, "(")) {
    expression *e = want_expression(r);
    want_symbol(r, ")");
    return e;
  }
  if (take_word(r, "CAST")) {
    expression *e = node(r, E_CAST, NULL);
    want_symbol(r, "(");
    append(&r->memory, &e->arguments, want_expression(r));
    want_word(r, "AS");
    e->text = want_type(r);
    want_symbol(r, ")");
    return e;
  }
  /* docs: sql-reference/functions/current_timestamp, current_user: without parentheses as in the standard */
  if (t->kind == T_WORD && (same(t->text, "CURRENT_USER") || same(t->text, "CURRENT_TIMESTAMP")) &&
    !(r->tokens[r->at + 1].kind == T_SYMBOL && same(r->tokens[r->at + 1].text, "("))) {
    r->at++;
    return node(r, E_CALL, t->text);
  }
  if (t->kind == T_WORD && r->tokens[r->at + 1].kind == T_SYMBOL && same(r->tokens[r->at + 1].text, "(")) {
    static const char *const also[] = {"LEFT", "RIGHT"};
    bool is_function = is_name(r);
    for (size_t i = 0; i < sizeof also / sizeof *also; i++) is_function |= same(t->text, also[i]);
    if (!is_function) unexpected(r);
    r->at++;
    return want_call(r, t->text);
  }
  expression *e = node(r, E_COLUMN, want_name(r));
  while (take_symbol(r, ".")) {
    e->qualifier = e->qualifier ? format(&r->memory, "%s.%s", e->qualifier, e->text) : e->text;
    if (take_symbol(r, "*")) {
      e->form = E_STAR;
      return e;
    }
    e->text = want_name(r);
  }
  return e;
}

static expression *want_cast(run *r) {
  expression *e = want_operand(r);
  while (take_symbol(r, "::")) {
    expression *cast = node(r, E_CAST, want_type(r));
    append(&r->memory, &cast->arguments, e);
    e = cast;
  }
  return e;
}

static expression *want_joined(run *r) {
  expression *e = want_cast(r);
  for (;;) {
    char *operator =
      is_symbol(r, "||") || is_symbol(r, "+") || is_symbol(r, "-") || is_symbol(r, "*") ? here(r)->text : NULL;
    if (!operator) return e;
    r->at++;
    e = pair(r, operator, e, want_cast(r));
  }
}

static expression *want_comparison(run *r) {
  expression *e = want_joined(r);
  for (;;) {
    static const char *const operators[] = {"=", "<>", "!=", "<", ">", "<=", ">="};
    bool negated = take_word(r, "NOT");
    if (take_word(r, "IN")) {
      expression *in = node(r, E_IN, NULL);
      in->negated = negated;
      append(&r->memory, &in->arguments, e);
      want_symbol(r, "(");
      do append(&r->memory, &in->arguments, want_expression(r));
      while (take_symbol(r, ","));
      want_symbol(r, ")");
      e = in;
    } else if (is_word(r, "LIKE") || is_word(r, "ILIKE")) {
      expression *like = node(r, E_LIKE, NULL);
      like->without_case = is_word(r, "ILIKE");
      like->negated = negated;
      r->at++;
      append(&r->memory, &like->arguments, e);
      append(&r->memory, &like->arguments, want_joined(r));
      if (take_word(r, "ESCAPE")) append(&r->memory, &like->arguments, want_joined(r));
      e = like;
    } else if (take_word(r, "BETWEEN")) {
      expression *between = node(r, E_BETWEEN, NULL);
      between->negated = negated;
      append(&r->memory, &between->arguments, e);
      append(&r->memory, &between->arguments, want_joined(r));
      want_word(r, "AND");
      append(&r->memory, &between->arguments, want_joined(r));
      e = between;
    } else if (negated) {
      unexpected(r);
    } else if (take_word(r, "IS")) {
      expression *is = node(r, E_IS_NULL, NULL);
      is->negated = take_word(r, "NOT");
      want_word(r, "NULL");
      append(&r->memory, &is->arguments, e);
      e = is;
    } else {
      size_t i = 0;
      while (i < sizeof operators / sizeof *operators && !is_symbol(r, operators[i])) i++;
      if (i == sizeof operators / sizeof *operators) return e;
      r->at++;
      e = pair(r, (char *)operators[i], e, want_joined(r));
    }
  }
}

static expression *want_negation(run *r) {
  if (!take_word(r, "NOT")) return want_comparison(r);
  expression *e = node(r, E_UNARY, "NOT");
  append(&r->memory, &e->arguments, want_negation(r));
  return e;
}

static expression *want_conjunction(run *r) {
  expression *e = want_negation(r);
  while (take_word(r, "AND")) e = pair(r, "AND", e, want_negation(r));
  return e;
}

expression *want_expression(run *r) {
  expression *e = want_conjunction(r);
  while (take_word(r, "OR")) e = pair(r, "OR", e, want_conjunction(r));
  return e;
}

bool is_true(const char *value) { return value && same_word(value, "true"); }

bool is_aggregate(const expression *e) {
  if (e->form == E_CALL)
    for (const char *const *name = (const char *const[]){"COUNT", "MAX", "MIN", "LISTAGG", NULL}; *name; name++)
      if (same(e->text, *name)) return true;
  for (size_t i = 0; i < e->arguments.count; i++)
    if (is_aggregate(e->arguments.at[i])) return true;
  return e->otherwise && is_aggregate(e->otherwise);
}

static size_t find_heading(run *r, const expression *e, const scope *s) {
  size_t found = SIZE_MAX;
  for (size_t i = 0; s && s->table && i < s->table->headings.count; i++) {
    if (!same(((heading *)s->table->headings.at[i])->name, e->text)) continue;
    const char *own = s->qualifiers ? s->qualifiers[i] : NULL;
    if (e->qualifier) {
      size_t more = own ? strlen(own) : 0, length = strlen(e->qualifier);
      if (!own || more < length || !same(own + more - length, e->qualifier)) continue;
    }
    if (found != SIZE_MAX) fail(r, 2028, "42601", "SQL compilation error:\nambiguous column name '%s'", e->text);
    found = i;
  }
  if (found == SIZE_MAX) {
    const char *name = quoted_if_needed(&r->memory, e->text);
    fail(r, 904, "42000", "SQL compilation error: error line %u at position %u\ninvalid identifier '%s%s%s'", e->line,
      e->column, e->qualifier ? e->qualifier : "", e->qualifier ? "." : "", name);
  }
  return found;
}

value_type type_of(expression *e, const scope *s) {
  static const char *const numbers[] = {"COUNT", "LENGTH", NULL};
  switch (e->form) {
  case E_NUMBER: return V_NUMBER;
  case E_BOOLEAN:
  case E_IN:
  case E_LIKE:
  case E_IS_NULL:
  case E_BETWEEN: return V_BOOLEAN;
  case E_BINARY: return same(e->text, "||") ? V_TEXT : strchr("+-*", *e->text) ? V_NUMBER : V_BOOLEAN;
  case E_UNARY: return same(e->text, "NOT") ? V_BOOLEAN : V_NUMBER;
  case E_CALL:
    for (const char *const *n = numbers; *n; n++)
      if (same(e->text, *n)) return V_NUMBER;
    return same(e->text, "IS_ROLE_IN_SESSION") ? V_BOOLEAN : V_TEXT;
  case E_CAST:
    return same(type_family(e->text), "NUMBER") ? V_NUMBER : same(type_family(e->text), "BOOLEAN") ? V_BOOLEAN : V_TEXT;
  case E_COLUMN:
    for (size_t i = 0; s && s->table && i < s->table->headings.count; i++)
      if (same(((heading *)s->table->headings.at[i])->name, e->text))
        return ((heading *)s->table->headings.at[i])->type;
    return V_TEXT;
  default: return V_TEXT;
  }
}

static bool is_number(const char *text) {
  char *end;
  strtod(text, &end);
  return *text && !*end;
}

static int compare(run *r, expression *a, expression *b, const char *x, const char *y, scope *s) {
  if (type_of(a, s) != V_NUMBER && type_of(b, s) != V_NUMBER) return strcmp(x, y);
  for (const char *text = x;; text = y) {
    /* seen: 100038 (22018) */
    if (!is_number(text)) fail(r, 100038, "22018", "Numeric value '%s' is not recognized", text);
    if (text == y) break;
  }
  double p = strtod(x, NULL), q = strtod(y, NULL);
  return p < q ? -1 : p > q;
}

static char *boolean(bool value) { return value ? "true" : "false"; }

static char *evaluate_binary(run *r, expression *e, scope *s) {
  expression *left = e->arguments.at[0], *right = e->arguments.at[1];
  char *a = evaluate(r, left, s);
  if (same(e->text, "AND")) {
    if (a && !is_true(a)) return "false";
    char *b = evaluate(r, right, s);
    return b && !is_true(b) ? "false" : !a || !b ? NULL : "true";
  }
  if (same(e->text, "OR")) {
    if (is_true(a)) return "true";
    char *b = evaluate(r, right, s);
    return is_true(b) ? "true" : !a || !b ? NULL : "false";
  }
  char *b = evaluate(r, right, s);
  if (!a || !b) return NULL;
  if (same(e->text, "||")) return format(&r->memory, "%s%s", a, b);
  if (strchr("+-*", *e->text)) {
    if (!is_number(a) || !is_number(b))
      fail(r, 100038, "22018", "Numeric value '%s' is not recognized", is_number(a) ? b : a);
    long long x = strtoll(a, NULL, 10), y = strtoll(b, NULL, 10);
    return format(&r->memory, "%lld", *e->text == '+' ? x + y : *e->text == '-' ? x - y : x * y);
  }
  int order = compare(r, left, right, a, b, s);
  bool holds = same(e->text, "=") ? order == 0
    : same(e->text, "<")          ? order < 0
    : same(e->text, ">")          ? order > 0
    : same(e->text, "<=")         ? order <= 0
    : same(e->text, ">=")         ? order >= 0
                                  : order != 0;
  return boolean(holds);
}

static char *evaluate_case(run *r, expression *e, scope *s) {
  size_t i = 0;
  char *subject = NULL;
  if (e->has_subject) subject = evaluate(r, e->arguments.at[i++], s);
  for (; i < e->arguments.count; i += 2) {
    char *when = evaluate(r, e->arguments.at[i], s);
    if (e->has_subject ? subject && when && same(subject, when) : is_true(when))
      return evaluate(r, e->arguments.at[i + 1], s);
  }
  return e->otherwise ? evaluate(r, e->otherwise, s) : NULL;
}

static char *without_escape(run *r, const char *pattern, const char *escape) {
  growing made = {0};
  add(&made, "");
  for (; *pattern; pattern++) {
    if (escape && *escape && *pattern == *escape && pattern[1]) {
      add_byte(&made, '\\');
      add_byte(&made, *++pattern);
    } else {
      if (*pattern == '\\') add_byte(&made, '\\'); /* LIKE has no escape unless one is named */
      add_byte(&made, *pattern);
    }
  }
  char *kept = copy(&r->memory, made.bytes);
  free(made.bytes);
  return kept;
}

char *evaluate(run *r, expression *e, scope *s) {
  switch (e->form) {
  case E_TEXT:
  case E_NUMBER:
  case E_BOOLEAN: return e->text;
  case E_NULL: return NULL;
  case E_STAR: unexpected(r);
  case E_COLUMN: {
    size_t index = find_heading(r, e, s);
    return s->row ? s->row[index] : NULL;
  }
  case E_CALL: return call(r, e, s);
  case E_BINARY: return evaluate_binary(r, e, s);
  case E_CASE: return evaluate_case(r, e, s);
  case E_CAST: return evaluate(r, e->arguments.at[0], s);
  case E_UNARY: {
    char *value = evaluate(r, e->arguments.at[0], s);
    if (!value) return NULL;
    return same(e->text, "NOT") ? boolean(!is_true(value)) : format(&r->memory, "-%s", value);
  }
  case E_IS_NULL: return boolean((evaluate(r, e->arguments.at[0], s) == NULL) != e->negated);
  case E_IN: {
    char *value = evaluate(r, e->arguments.at[0], s);
    bool unknown = !value, found = false;
    for (size_t i = 1; i < e->arguments.count; i++) {
      char *other = evaluate(r, e->arguments.at[i], s);
      if (!other) unknown = true;
      else if (value) found |= compare(r, e->arguments.at[0], e->arguments.at[i], value, other, s) == 0;
    }
    return found ? boolean(!e->negated) : unknown ? NULL : boolean(e->negated);
  }
  case E_LIKE: {
    char *value = evaluate(r, e->arguments.at[0], s), *pattern = evaluate(r, e->arguments.at[1], s);
    char *escape = e->arguments.count > 2 ? evaluate(r, e->arguments.at[2], s) : NULL;
    if (!value || !pattern) return NULL;
    return boolean(is_like(value, without_escape(r, pattern, escape), !e->without_case) != e->negated);
  }
  case E_BETWEEN: {
    char *value = evaluate(r, e->arguments.at[0], s), *low = evaluate(r, e->arguments.at[1], s),
         *high = evaluate(r, e->arguments.at[2], s);
    if (!value || !low || !high) return NULL;
    bool inside = compare(r, e->arguments.at[0], e->arguments.at[1], value, low, s) >= 0 &&
      compare(r, e->arguments.at[0], e->arguments.at[2], value, high, s) <= 0;
    return boolean(inside != e->negated);
  }
  }
  return NULL;
}
