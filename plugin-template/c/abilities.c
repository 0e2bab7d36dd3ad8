/* abilities.c - see abilities.h. Ability+Notes.swift. */
#include "abilities.h"

#define TEXT(literal) {literal, sizeof(literal) - 1}

/* The limit is this connector's own: a longer text does not belong in a file that people read. */
#define DESCRIPTION(kind) \
  {TEXT(kind), \
   TEXT("description"), \
   REVMETA_SUPPORT_FULL, \
   REVMETA_ABILITY_CLEAR | REVMETA_ABILITY_EMPTY_IS_NULL, \
   REVMETA_TEXT_NO_NUL, \
   REVMETA_UNIT_BYTES, \
   65536, \
   {NULL, 0}}

#define NO(attribute, kind, note) \
  {TEXT(kind), \
   TEXT(attribute), \
   REVMETA_SUPPORT_UNSUPPORTED, \
   0, \
   REVMETA_TEXT_ANY, \
   REVMETA_UNIT_BYTES, \
   0, \
   TEXT(note)}

const revmeta_ability abilities_of_notes[] = {
    DESCRIPTION("schema"),
    DESCRIPTION("table"),
    DESCRIPTION("column"),
    {TEXT("table"), TEXT("owner"), REVMETA_SUPPORT_FULL, REVMETA_ABILITY_EMPTY_IS_NULL, REVMETA_TEXT_NO_NUL,
     REVMETA_UNIT_BYTES, 255, {NULL, 0}},
    NO("owner", "schema", "only files have an owner line: set the owners of the tables"),
    NO("owner", "column", "only files have an owner line: set the owner of the table"),
    NO("description", "database", "notes are kept in the folders of the schemas: describe the schemas"),
};

const size_t abilities_of_notes_count = sizeof abilities_of_notes / sizeof abilities_of_notes[0];

static const revmeta_ability *find(str kind, str attribute) {
  size_t index;
  for (index = 0; index < abilities_of_notes_count; index++) {
    const revmeta_ability *ability = &abilities_of_notes[index];
    if (str_is_same(ability->kind, kind) && str_is_same(ability->attribute, attribute)) return ability;
  }
  return NULL;
}

bool ability_is_full(str kind, str attribute) {
  const revmeta_ability *ability = find(kind, attribute);
  return ability && ability->support == REVMETA_SUPPORT_FULL;
}

const failure *ability_check(pool *pool, str kind, str attribute, str value) {
  const revmeta_ability *ability = find(kind, attribute);
  if (!ability || ability->support != REVMETA_SUPPORT_FULL) {
    str note = ability ? ability->note : STR("see the connector's abilities");
    return fail(pool, REVMETA_UNSUPPORTED, "no %.*s of a %.*s can be kept in NOTES.txt: %.*s",
                STR_ARGUMENTS(attribute), STR_ARGUMENTS(kind), STR_ARGUMENTS(note));
  }
  if (!value.len) {
    if (ability->flags & REVMETA_ABILITY_CLEAR) return NULL;
    return fail(pool, REVMETA_UNSUPPORTED, "the %.*s of a %.*s cannot be cleared, only replaced",
                STR_ARGUMENTS(attribute), STR_ARGUMENTS(kind));
  }
  if (str_has(value, '\0'))
    return fail(pool, REVMETA_INVALID, "the %.*s holds a NUL, which a text file cannot: take it out",
                STR_ARGUMENTS(attribute));
  if (!str_is_utf8(value))
    return fail(pool, REVMETA_INVALID, "the %.*s must be UTF-8, and is not", STR_ARGUMENTS(attribute));
  if (value.len > ability->max_length)
    return fail(pool, REVMETA_INVALID, "the %.*s must have at most %llu bytes, found %zu: shorten it",
                STR_ARGUMENTS(attribute), (unsigned long long)ability->max_length, value.len);
  return NULL;
}
