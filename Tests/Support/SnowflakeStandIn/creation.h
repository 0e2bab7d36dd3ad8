#ifndef CREATION_H
#define CREATION_H

#include "standin.h"

/* What may stand before an object's word: OR REPLACE and the like. */
typedef struct {
  bool replace, transient, temporary, secure;
} modifiers;

typedef struct {
  column *made;
  list tags;
} new_column;

typedef struct {
  char *comment;
  list tags;
  object *row_policy;
  list row_columns;
  bool location, lag, warehouse, volume, grants;
} table_properties;

void created(run *r, kind k, const char *name);
void may_create(run *r, object *container, const char *privilege);
void may_create_in(run *r, object *schema, kind k);
bool is_free(run *r, kind k, object *existing, bool replace, bool if_not_exists);
char *kept(run *r, const char *text);
bool take_comment(run *r, char **comment);
bool take_tags(run *r, list *tags);
void skip_value(run *r);
bool take_property(run *r, const char *const *properties);
object *replaced(run *r, kind k, object *schema, name n, object *existing);
void create_table(run *r, kind k, modifiers m);
void create_view(run *r, kind k, modifiers m);
void create_routine(run *r, kind k, modifiers m);
void create_policy(run *r, kind k, modifiers m);
void create_tag(run *r, modifiers m);
void create_stage(run *r, modifiers m);
void create_container(run *r, kind k, modifiers m);
void create_in_account(run *r, kind k, modifiers m);

#endif
