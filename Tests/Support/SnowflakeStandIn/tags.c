#include "standin.h"
#include <string.h>

/* docs: user-guide/object-tagging/introduction, "Tag quotas": a value's characters; tags on one object; and for a
 * table or a view, tags on all its columns together. */
enum { LONGEST_VALUE = 256, MOST_TAGS = 50 };

const char *domain_of(const object *o) { return has_columns(o->kind) ? "TABLE" : kind_name(o->kind); }

object *want_tag(run *r) { return resolve(r, K_TAG, want_qualified_name(r)); }

static void check_value(run *r, const object *tag, const char *value) {
  if (characters(value) > LONGEST_VALUE)
    fail(r, 391803, "0A000", "SQL compilation error:\nTag value is too long. The maximum length is %d characters.",
      LONGEST_VALUE);
  if (!tag->is_restricted) return;
  for (size_t i = 0; i < tag->allowed.count; i++)
    if (same(tag->allowed.at[i], value)) return;
  fail(r, 391802, "0A000", "SQL compilation error:\nTag value '%s' is not allowed for tag '%s'.", value, tag->name);
}

tagging *want_tagging(run *r) {
  tagging *t = take(&r->memory, sizeof *t);
  t->tag = want_tag(r);
  want_symbol(r, "=");
  t->value = want_string(r);
  check_value(r, t->tag, t->value);
  return t;
}

list want_taggings(run *r) {
  list taggings = {0};
  do {
    tagging *t = want_tagging(r);
    for (size_t i = 0; i < taggings.count; i++)
      if (((tagging *)taggings.at[i])->tag == t->tag)
        fail(r, 391804, "42601", "SQL compilation error:\nTag '%s' is specified more than once.", t->tag->name);
    append(&r->memory, &taggings, t);
  } while (take_symbol(r, ","));
  return taggings;
}

list want_tag_names(run *r) {
  list tags = {0};
  do append(&r->memory, &tags, want_tag(r));
  while (take_symbol(r, ","));
  return tags;
}

/* APPLY TAG on the account, or APPLY on the tag and owning the object.
 * docs: user-guide/object-tagging/work, "Access control privileges" */
void check_may_tag(run *r, object *o, const list *tags, bool setting) {
  if (holds(r->state, r->context, "APPLY TAG", r->state->account)) return;
  if (!owns(r->state, r->context, o)) denied(r, o);
  for (size_t i = 0; i < tags->count; i++) {
    object *tag = setting ? ((tagging *)tags->at[i])->tag : tags->at[i];
    if (!holds(r->state, r->context, "APPLY", tag)) denied(r, tag);
  }
}

/* Distinct tags on the object, or on its columns, after the changes. */
static size_t tags_after(run *r, object *o, bool of_columns, const list *changes) {
  list tags = {0};
  for (size_t i = 0; i < r->state->references.count + changes->count; i++) {
    const object *tag = NULL;
    if (i < r->state->references.count) {
      reference *f = r->state->references.at[i];
      if (!f->until && f->object == o && (f->column != NULL) == of_columns) tag = f->tag;
    } else {
      tag = ((tagging *)changes->at[i - r->state->references.count])->tag;
    }
    for (size_t j = 0; tag && j < tags.count; j++)
      if (tags.at[j] == tag) tag = NULL;
    if (tag) append(&r->memory, &tags, (void *)tag);
  }
  return tags.count;
}

void check_quota(run *r, object *o, const list *on_object, const list *on_columns) {
  if ((on_object->count && tags_after(r, o, false, on_object) > MOST_TAGS) ||
    (on_columns->count && tags_after(r, o, true, on_columns) > MOST_TAGS))
    fail(r, 391801, "0A000", "SQL compilation error:\nThe number of tags on '%s' would exceed the maximum of %d.",
      o->name, MOST_TAGS);
}

void set_tags(run *r, object *o, column *c, const list *taggings) {
  state *s = r->state;
  for (size_t i = 0; i < taggings->count; i++) {
    const tagging *t = taggings->at[i];
    reference *f = find_reference(s, t->tag, o, c);
    if (f && same(f->value, t->value)) continue;
    if (f) f->until = s->number + 1;
    f = take(&s->memory, sizeof *f);
    *f = (reference){t->tag, o, c, copy(&s->memory, t->value), s->number + 1, 0};
    append(&s->memory, &s->references, f);
  }
}

/* docs: sql-reference/sql/alter-table: unsetting a tag that is not set does nothing. */
void unset_tags(run *r, object *o, column *c, const list *tags) {
  for (size_t i = 0; i < tags->count; i++) {
    reference *f = find_reference(r->state, tags->at[i], o, c);
    if (f) f->until = r->state->number + 1;
  }
}

/* The value that holds for an object or a column: its own, or that of the nearest above it.
 * docs: user-guide/object-tagging/inheritance */
char *tag_value(run *r, object *tag, object *o, column *c, object **level) {
  if (c) {
    reference *f = find_reference(r->state, tag, o, c);
    if (f) {
      *level = NULL;
      return f->value;
    }
  }
  for (; o; o = o->parent) {
    reference *f = find_reference(r->state, tag, o, NULL);
    *level = o;
    if (f) return f->value;
  }
  reference *f = find_reference(r->state, tag, r->state->account, NULL);
  *level = r->state->account;
  return f ? f->value : NULL;
}

/* The policy that masks a column: its own before one of a tag that holds for it, and of these the one for its type.
 * docs: user-guide/tag-based-masking-policies */
object *masking_policy_of(run *r, object *o, column *c, object **tag) {
  *tag = NULL;
  if (c->policy) return c->policy;
  for (size_t i = 0; i < r->state->objects.count; i++) {
    object *t = r->state->objects.at[i], *level;
    if (t->dropped || t->kind != K_TAG || !t->policies.count || !tag_value(r, t, o, c, &level)) continue;
    for (size_t j = 0; j < t->policies.count; j++) {
      object *policy = t->policies.at[j];
      if (!same(policy->returns, type_family(c->type))) continue;
      *tag = t;
      return policy;
    }
  }
  return NULL;
}
