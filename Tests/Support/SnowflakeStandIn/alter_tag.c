#include "alteration.h"
#include <string.h>

/* Values that were assigned stay when they are no longer allowed.
 * docs: sql-reference/sql/alter-tag, user-guide/object-tagging/work, "Set a list of allowed tag values" */
void alter_tag(run *r, object *tag) {
  bool adding = take_word(r, "ADD"), dropping = !adding && take_word(r, "DROP");
  list values = {0}, policies = {0};
  bool setting = false, unsetting = false, force = false;
  if (adding || dropping) {
    want_word(r, "ALLOWED_VALUES");
    do append(&r->memory, &values, want_string(r));
    while (take_symbol(r, ","));
  } else if (take_words(r, "UNSET", "ALLOWED_VALUES")) {
    want_end(r);
    if (!owns(r->state, r->context, tag)) denied(r, tag);
    tag->is_restricted = false;
    tag->allowed.count = 0;
    r->changes = true;
    return succeeded(r, "Statement executed successfully.");
  } else if ((setting = take_words(r, "SET", "MASKING")) || (unsetting = take_words(r, "UNSET", "MASKING"))) {
    do {
      if (policies.count) want_word(r, "MASKING");
      want_word(r, "POLICY");
      append(&r->memory, &policies, resolve(r, K_MASKING_POLICY, want_qualified_name(r)));
    } while (take_symbol(r, ","));
    force = setting && take_word(r, "FORCE");
  } else {
    alteration a = {.run = r, .object = tag};
    want_word(r, is_word(r, "SET") ? "SET" : "UNSET");
    bool set = same(r->tokens[r->at - 1].text, "SET");
    if (!is_word(r, "COMMENT")) unexpected(r);
    return set ? set_properties(&a) : unset_properties(&a);
  }
  want_end(r);
  if (!owns(r->state, r->context, tag) && !(setting || unsetting)) denied(r, tag);
  if ((setting || unsetting) && !holds(r->state, r->context, "APPLY MASKING POLICY", r->state->account)) denied(r, tag);
  arena *m = &r->state->memory;
  for (size_t i = 0; setting && i < policies.count; i++) {
    const object *policy = policies.at[i];
    for (size_t j = 0; j < tag->policies.count; j++) {
      object *old = tag->policies.at[j];
      if (same(old->returns, policy->returns) && !force)
        fail(r, 3536, "42601", "SQL compilation error:\nTag %s already has a masking policy for data type %s.",
          tag->name, old->returns);
    }
  }
  for (size_t i = 0; i < values.count; i++) {
    size_t at = 0;
    while (at < tag->allowed.count && !same(tag->allowed.at[at], values.at[i])) at++;
    if (adding && at == tag->allowed.count) append(m, &tag->allowed, copy(m, values.at[i]));
    if (dropping && at < tag->allowed.count)
      memmove(tag->allowed.at + at, tag->allowed.at + at + 1, (--tag->allowed.count - at) * sizeof(void *));
  }
  if (adding) tag->is_restricted = true;
  for (size_t i = 0; i < policies.count; i++) {
    object *policy = policies.at[i];
    size_t at = 0;
    while (at < tag->policies.count &&
      (setting ? !same(((object *)tag->policies.at[at])->returns, policy->returns) : tag->policies.at[at] != policy))
      at++;
    if (setting && at < tag->policies.count) tag->policies.at[at] = policy;
    else if (setting) append(m, &tag->policies, policy);
    else if (at < tag->policies.count)
      memmove(tag->policies.at + at, tag->policies.at + at + 1, (--tag->policies.count - at) * sizeof(void *));
  }
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}
