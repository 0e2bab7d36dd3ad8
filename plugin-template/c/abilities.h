/* abilities.h - what this connector can do, and what it cannot. Ability+Notes.swift. */
#ifndef ABILITIES_H
#define ABILITIES_H

#include "kit.h"

/* What abilities says is what plan and execute go by. */
extern const revmeta_ability abilities_of_notes[];
extern const size_t abilities_of_notes_count;

/* Whether this attribute of this kind can be kept. */
bool ability_is_full(str kind, str attribute);

/* Why a value cannot be kept. */
const failure *ability_check(pool *pool, str kind, str attribute, str value);

#endif
