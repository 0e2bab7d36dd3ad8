#include "standin.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Words, names, literals and signs. docs: sql-reference/identifiers-syntax, sql-reference/data-types-text */

static bool begins_word(char c) { return isalpha((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80; }

static bool in_word(char c) { return begins_word(c) || isdigit((unsigned char)c) || c == '$'; }

static void add_character(growing *to, unsigned long code) {
  if (code < 0x80) {
    add_byte(to, (char)code);
  } else if (code < 0x800) {
    add_byte(to, (char)(0xC0 | code >> 6));
    add_byte(to, (char)(0x80 | (code & 0x3F)));
  } else {
    add_byte(to, (char)(0xE0 | code >> 12));
    add_byte(to, (char)(0x80 | (code >> 6 & 0x3F)));
    add_byte(to, (char)(0x80 | (code & 0x3F)));
  }
}

/* How many digits of a base stand here, at most `most`. */
static size_t digits(const char *at, int base, size_t most) {
  size_t count = 0;
  while (count < most && at[count] && strchr(base == 8 ? "01234567" : "0123456789abcdefABCDEF", at[count])) count++;
  return count;
}

/* docs: sql-reference/data-types-text, "Escape sequences in single-quoted string constants" */
static const char *escape(growing *to, const char *at) {
  static const char letters[] = "bfnrt0", meanings[] = "\b\f\n\r\t";
  char number[5] = {0};
  size_t count;
  if ((*at == 'x' && digits(at + 1, 16, 2) == 2) || (*at == 'u' && digits(at + 1, 16, 4) == 4)) {
    count = *at == 'x' ? 2 : 4;
    memcpy(number, at + 1, count);
    add_character(to, strtoul(number, NULL, 16));
    return at + 1 + count;
  }
  if (*at >= '0' && *at <= '7' && (count = digits(at, 8, 3)) == 3) {
    memcpy(number, at, count);
    add_character(to, strtoul(number, NULL, 8));
    return at + count;
  }
  const char *letter = *at ? strchr(letters, *at) : NULL;
  if (letter && *letter == '0') return at + 1;
  if (letter) add_byte(to, meanings[letter - letters]);
  else if (*at) add_byte(to, *at);
  return *at ? at + 1 : at;
}

typedef struct {
  run *run;
  list tokens;
  const char *at, *line_start;
  unsigned line;
} lexer;

static void found(lexer *l, token_kind kind, const char *start, const char *end, char *text) {
  token *t = take(&l->run->memory, sizeof *t);
  *t = (token){kind, text, (size_t)(start - l->run->text), (size_t)(end - l->run->text), l->line,
    (unsigned)(start - l->line_start)};
  append(&l->run->memory, &l->tokens, t);
  for (const char *c = start; c < end; c++)
    if (*c == '\n') l->line++, l->line_start = c + 1;
  l->at = end;
}

_Noreturn static void unclosed(lexer *l) {
  fail(l->run, 1003, "42000", "SQL compilation error:\nparse error line %u at position %u near '<EOF>'.", l->line,
    (unsigned)(l->at - l->line_start));
}

static void string(lexer *l) {
  growing text = {0};
  add(&text, "");
  const char *c = l->at + 1;
  for (;;) {
    if (!*c) {
      free(text.bytes);
      unclosed(l);
    }
    if (*c == '\'' && c[1] == '\'') add_byte(&text, '\''), c += 2;
    else if (*c == '\'') break;
    else if (*c == '\\') c = escape(&text, c + 1);
    else add_byte(&text, *c++);
  }
  char *kept = copy(&l->run->memory, text.bytes);
  free(text.bytes);
  found(l, T_STRING, l->at, c + 1, kept);
}

static void quoted_name(lexer *l) {
  char *text = take(&l->run->memory, strlen(l->at) + 1), *to = text;
  const char *c = l->at + 1;
  for (;; c++) {
    if (!*c) unclosed(l);
    if (*c == '"' && *++c != '"') break;
    *to++ = *c;
  }
  found(l, T_QUOTED, l->at, c, text);
}

static bool skip(lexer *l) {
  const char *c = l->at, *end = NULL;
  if (isspace((unsigned char)*c)) end = c + 1;
  else if ((c[0] == '-' && c[1] == '-') || (c[0] == '/' && c[1] == '/')) end = c + strcspn(c, "\n");
  else if (c[0] == '/' && c[1] == '*') {
    if (!(end = strstr(c + 2, "*/"))) unclosed(l);
    end += 2;
  }
  if (!end) return false;
  for (; c < end; c++)
    if (*c == '\n') l->line++, l->line_start = c + 1;
  l->at = end;
  return true;
}

static void one(lexer *l) {
  static const char *const pairs[] = {"->", "=>", "::", "<>", "!=", "<=", ">=", "||"};
  const char *c = l->at;
  arena *a = &l->run->memory;
  if (*c == '\'') {
    string(l);
  } else if (*c == '"') {
    quoted_name(l);
  } else if (c[0] == '$' && c[1] == '$') {
    const char *end = strstr(c + 2, "$$");
    if (!end) unclosed(l);
    found(l, T_STRING, c, end + 2, copy_part(a, c + 2, (size_t)(end - c - 2)));
  } else if (begins_word(*c)) {
    while (in_word(*c)) c++;
    found(l, T_WORD, l->at, c, (char *)upper(a, copy_part(a, l->at, (size_t)(c - l->at))));
  } else if (isdigit((unsigned char)*c)) {
    while (isdigit((unsigned char)*c) || *c == '.') c++;
    found(l, T_NUMBER, l->at, c, copy_part(a, l->at, (size_t)(c - l->at)));
  } else {
    size_t length = 1;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
      if (strncmp(c, pairs[i], 2) == 0) length = 2;
    found(l, T_SYMBOL, c, c + length, copy_part(a, c, length));
  }
}

void tokenize(run *r) {
  lexer l = {.run = r, .at = r->text, .line_start = r->text, .line = 1};
  while (*l.at)
    if (!skip(&l)) one(&l);
  found(&l, T_END, l.at, l.at, "<EOF>");
  r->count = l.tokens.count;
  r->at = 0;
  r->tokens = take(&r->memory, r->count * sizeof *r->tokens);
  for (size_t i = 0; i < r->count; i++) r->tokens[i] = *(token *)l.tokens.at[i];
}
