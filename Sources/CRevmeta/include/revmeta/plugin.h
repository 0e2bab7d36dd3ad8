/* plugin.h - how a shared library says what it is: one exported function, which gives a static table. */
#ifndef REVMETA_PLUGIN_H
#define REVMETA_PLUGIN_H

#include "base.h"

/* The version of this boundary. The major one is in the entry's name: another one is another boundary. The minor one
 * grows with each addition; both sides get on whichever of them is newer, since all that can grow says its size. */
#define REVMETA_ABI_MAJOR ((uint32_t)1)
#define REVMETA_ABI_MINOR ((uint32_t)0)

/* The name of the entry function, for dlsym. */
#define REVMETA_ENTRY "revmeta_plugin_v1"

#ifdef __cplusplus
extern "C" {
#endif

/* What a library is and offers. Static, immutable, valid for the life of the process. */
typedef struct REVMETA_TABLE revmeta_plugin {
  uint32_t struct_size;
  uint32_t abi_minor;  /* REVMETA_ABI_MINOR                                                 */
  const char *id;      /* "org.example.notes": the same as in plugin.json                   */
  const char *name;    /* "Text notes": for people                                          */
  const char *version; /* of the plugin, as semver: "1.4.0"; the same as in plugin.json     */

  /* Gives the table of an interface or extension ("revmeta.connector/1"), or NULL if the plugin does not offer it.
   * Ids are compared whole: an id with anything appended is another id. Tables are static and immutable. Cannot fail.
   * [any] */
  const void *(*query)(const char *id);
} revmeta_plugin;

/* The one symbol a plugin exports. Gives its table; cheap, without side effects, the same at every call. [any]
 * Why a function and not a variable: dlsym is only sure to work for functions. */
REVMETA_EXPORT const revmeta_plugin *revmeta_plugin_v1(void);

#ifdef __cplusplus
}
#endif

#endif
