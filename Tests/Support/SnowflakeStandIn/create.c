#include "creation.h"

void run_create(run *r) {
  modifiers m = {0};
  if (take_word(r, "OR")) {
    want_word(r, "REPLACE");
    m.replace = true;
  }
  m.transient = take_word(r, "TRANSIENT");
  if (!m.transient) m.temporary = take_word(r, "TEMPORARY") || take_word(r, "TEMP");
  if (!m.transient && !m.temporary) m.secure = take_word(r, "SECURE");
  kind k;
  size_t start = r->at;
  if (!want_kind(r, &k)) unexpected(r);
  bool fits = !(m.transient && k != K_TABLE && k != K_SCHEMA && k != K_DATABASE) && !(m.temporary && k != K_TABLE) &&
    !(m.secure && k != K_VIEW && k != K_MATERIALIZED_VIEW && k != K_FUNCTION && k != K_PROCEDURE) && k != K_ACCOUNT;
  if (!fits) {
    r->at = start;
    unexpected(r);
  }
  if (is_table(k)) create_table(r, k, m);
  else if (k == K_VIEW || k == K_MATERIALIZED_VIEW) create_view(r, k, m);
  else if (k == K_FUNCTION || k == K_PROCEDURE) create_routine(r, k, m);
  else if (k == K_MASKING_POLICY || k == K_ROW_ACCESS_POLICY) create_policy(r, k, m);
  else if (k == K_TAG) create_tag(r, m);
  else if (k == K_STAGE) create_stage(r, m);
  else if (k == K_DATABASE || k == K_SCHEMA) create_container(r, k, m);
  else create_in_account(r, k, m);
}
