#include "standin.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Functions, each with its page below docs: sql-reference/functions/. */

static char *argument(run *r, const expression *e, size_t index, scope *s) {
  return index < e->arguments.count ? evaluate(r, e->arguments.at[index], s) : NULL;
}

static void want_count(run *r, const expression *e, size_t least, size_t most) {
  if (e->arguments.count < least)
    fail(r, 938, "22023",
      "SQL compilation error: error line %u at position %u\nnot enough arguments for function [%s], expected %zu, "
      "got %zu",
      e->line, e->column, e->text, least, e->arguments.count);
  if (e->arguments.count > most)
    fail(r, 939, "22023",
      "SQL compilation error: error line %u at position %u\ntoo many arguments for function [%s] expected %zu, "
      "got %zu",
      e->line, e->column, e->text, most, e->arguments.count);
}

static char *name_of(const object *o) { return o ? o->name : NULL; }

/* current_available_roles: a JSON list */
static char *available_roles(run *r) {
  char *text = "";
  for (size_t i = 0; i < r->state->objects.count; i++) {
    object *o = r->state->objects.at[i];
    if (!o->dropped && o->kind == K_ROLE && user_has_role(r->state, r->context->user, o))
      text = format(&r->memory, "%s%s \"%s\"", text, *text ? "," : "", o->name);
  }
  return format(&r->memory, "[%s ]", text);
}

/* system_get_tag: the value that holds for an object or a column; NULL without one */
static char *get_tag(run *r, const expression *e, scope *s) {
  want_count(r, e, 3, 3);
  char *tag_name = argument(r, e, 0, s), *object_name = argument(r, e, 1, s), *domain = argument(r, e, 2, s);
  if (!tag_name || !object_name || !domain) return NULL;
  column *c = NULL;
  object *tag = object_argument(r, tag_name, "TAG", &c), *o = object_argument(r, object_name, domain, &c), *level;
  return tag_value(r, tag, o, c, &level);
}

/* system_get_tag_allowed_values: a JSON list; NULL where all values are allowed */
static char *allowed_values(run *r, const expression *e, scope *s) {
  want_count(r, e, 1, 1);
  column *c = NULL;
  object *tag = object_argument(r, argument(r, e, 0, s), "TAG", &c);
  if (!tag->is_restricted) return NULL;
  return json_list(r, &tag->allowed);
}

/* system_get_tag_on_current_column: in a masking policy alone */
static char *tag_on_current_column(run *r, const expression *e, scope *s) {
  want_count(r, e, 1, 1);
  if (!s || !s->masked)
    fail(r, 2141, "42601", "SQL compilation error:\n%s can only be used in a masking policy.", e->text);
  column *c = NULL;
  object *level, *tag = object_argument(r, argument(r, e, 0, s), "TAG", &c);
  return tag_value(r, tag, s->masked, s->masked_column, &level);
}

static char *cased(run *r, const expression *e, scope *s) {
  want_count(r, e, 1, 1);
  char *value = copy(&r->memory, argument(r, e, 0, s));
  for (char *c = value; c && *c; c++)
    *c = (char)(same(e->text, "UPPER") ? toupper((unsigned char)*c) : tolower((unsigned char)*c));
  return value;
}

static char *aggregate(run *r, const expression *e, scope *s) {
  want_count(r, e, 1, 2);
  expression *inner = e->arguments.at[0];
  long count = 0;
  char *found = NULL;
  for (size_t i = 0; i < s->group->count; i++) {
    scope one = *s;
    one.row = s->group->at[i];
    one.group = NULL;
    char *value = inner->form == E_STAR ? "" : evaluate(r, inner, &one);
    if (!value) continue;
    count++;
    if (same(e->text, "MAX") && (!found || strcmp(value, found) > 0)) found = value;
    if (same(e->text, "MIN") && (!found || strcmp(value, found) < 0)) found = value;
    if (same(e->text, "LISTAGG")) {
      char *between = e->arguments.count > 1 ? evaluate(r, e->arguments.at[1], &one) : "";
      found = found ? format(&r->memory, "%s%s%s", found, between, value) : value;
    }
  }
  return same(e->text, "COUNT") ? format(&r->memory, "%ld", count) : same(e->text, "LISTAGG") && !found ? "" : found;
}

char *call(run *r, expression *e, scope *s) {
  const char *f = e->text;
  static const struct {
    const char *name;
    int what;
  } contexts[] = {{"CURRENT_ROLE", 0}, {"CURRENT_USER", 1}, {"CURRENT_DATABASE", 2}, {"CURRENT_SCHEMA", 3},
    {"CURRENT_WAREHOUSE", 4}, {"CURRENT_ACCOUNT", 5}, {"CURRENT_VERSION", 6}, {"CURRENT_REGION", 7},
    {"CURRENT_SESSION", 8}, {"CURRENT_AVAILABLE_ROLES", 9}, {"CURRENT_SECONDARY_ROLES", 10}, {"CURRENT_TIMESTAMP", 11},
    {"LAST_QUERY_ID", 12}};
  for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++) {
    if (!same(contexts[i].name, f)) continue;
    want_count(r, e, 0, 0);
    const context *c = r->context;
    switch (contexts[i].what) {
    case 0: return name_of(c->role);
    case 1: return name_of(c->user);
    case 2: return name_of(c->database);
    case 3: return name_of(c->schema);
    case 4: return name_of(c->warehouse);
    case 5: return r->state->account->name;
    case 6: return "9.30.0";
    case 7: return "AWS_EU_CENTRAL_1";
    case 8: return r->session ? r->session->number : NULL;
    case 9: return available_roles(r);
    case 10: return c->all_roles ? "{\"roles\":\"\",\"value\":\"ALL\"}" : "{\"roles\":\"\",\"value\":\"\"}";
    case 11: {
      time_t now = time(NULL);
      char text[64];
      struct tm parts;
      strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S.000 +0000", gmtime_r(&now, &parts));
      return copy(&r->memory, text);
    }
    default: return "00000000-0000-0000-0000-000000000000";
    }
  }
  if (same(f, "IS_ROLE_IN_SESSION")) {
    want_count(r, e, 1, 1);
    char *name = argument(r, e, 0, s);
    object *role = name ? find(r->state, K_ROLE, NULL, name) : NULL;
    bool is = role &&
      (role_has_role(r->state, r->context->role, role) ||
        (r->context->all_roles && user_has_role(r->state, r->context->user, role)));
    return name ? is ? "true" : "false" : NULL;
  }
  if (same(f, "SYSTEM$GET_TAG")) return get_tag(r, e, s);
  if (same(f, "SYSTEM$GET_TAG_ALLOWED_VALUES")) return allowed_values(r, e, s);
  if (same(f, "SYSTEM$GET_TAG_ON_CURRENT_COLUMN")) return tag_on_current_column(r, e, s);
  if (same(f, "UPPER") || same(f, "LOWER")) return cased(r, e, s);
  if (same(f, "LENGTH")) {
    want_count(r, e, 1, 1);
    char *value = argument(r, e, 0, s);
    return value ? format(&r->memory, "%zu", characters(value)) : NULL;
  }
  if (same(f, "COALESCE") || same(f, "NVL") || same(f, "IFNULL")) {
    want_count(r, e, 2, same(f, "COALESCE") ? 100 : 2);
    for (size_t i = 0; i < e->arguments.count; i++) {
      char *value = argument(r, e, i, s);
      if (value) return value;
    }
    return NULL;
  }
  if (same(f, "IFF")) {
    want_count(r, e, 3, 3);
    return argument(r, e, is_true(argument(r, e, 0, s)) ? 1 : 2, s);
  }
  if (same(f, "NULLIF")) {
    want_count(r, e, 2, 2);
    char *a = argument(r, e, 0, s), *b = argument(r, e, 1, s);
    return a && b && same(a, b) ? NULL : a;
  }
  if (same(f, "CONCAT")) {
    want_count(r, e, 1, 100);
    char *text = "";
    for (size_t i = 0; i < e->arguments.count; i++) {
      char *value = argument(r, e, i, s);
      if (!value) return NULL;
      text = format(&r->memory, "%s%s", text, value);
    }
    return text;
  }
  if (same(f, "LEFT") || same(f, "RIGHT")) {
    want_count(r, e, 2, 2);
    char *value = argument(r, e, 0, s), *many = argument(r, e, 1, s);
    if (!value || !many) return NULL;
    size_t length = strlen(value), count = strtoul(many, NULL, 10);
    if (count > length) count = length;
    return same(f, "LEFT") ? copy_part(&r->memory, value, count) : copy(&r->memory, value + length - count);
  }
  if (same(f, "TO_VARCHAR") || same(f, "TO_CHAR")) {
    want_count(r, e, 1, 1);
    return argument(r, e, 0, s);
  }
  if (is_aggregate(e) && s && s->group) return aggregate(r, e, s);
  /* seen: 002140 (42601) */
  fail(r, 2140, "42601", "SQL compilation error:\nUnknown function %s.", f);
}
