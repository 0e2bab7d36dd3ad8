#ifndef ALTERATION_H
#define ALTERATION_H

#include "standin.h"

/* What an ALTER asks for, collected and checked before anything is changed. */
typedef struct {
  enum {
    A_COMMENT,
    A_NO_COMMENT,
    A_TAGS,
    A_NO_TAGS,
    A_POLICY,
    A_NO_POLICY,
    A_TYPE,
    A_NOT_NULL,
    A_NULL,
    A_SECURE,
    A_NOT_SECURE,
    A_OTHER
  } what;
  column *column;
  char *text;
  list tags;
  object *policy;
} action;

typedef struct {
  run *run;
  object *object;
  list actions;
} alteration;

action *add_action(alteration *a, int what, column *c);
void apply(alteration *a); /* all of it, or nothing where a part may not be */
void alter_columns(alteration *a);
void set_properties(alteration *a);
void unset_properties(alteration *a);
void alter_tag(run *r, object *tag);
void alter_session(run *r);
bool is_followed_by(run *r, const char *word);

#endif
