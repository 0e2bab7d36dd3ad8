/* A provider of security labels that takes any label, since Debian has none that does without SELinux.
 * It is built without the server's headers, which are a package of their own: what it needs of them stands here. */
#include <stddef.h>

/* What PG_MODULE_MAGIC makes. VERSION is the server's, 1500 for 15. */
typedef struct {
  int size;
  int version;
  int most_arguments;
  int most_keys;
  int name_length;
  int float8_by_value;
#if VERSION >= 1500
  char extra[32];
#endif
} magic;

extern void register_label_provider(const char *name, void (*check)(const void *object, const char *label));

const magic *Pg_magic_func(void);
void _PG_init(void);

const magic *Pg_magic_func(void) {
  static const magic here = {sizeof here, VERSION, 100, 32, 64, 1,
#if VERSION >= 1500
                             "PostgreSQL"
#endif
  };
  return &here;
}

static void take_any(const void *object, const char *label) {
  (void)object;
  (void)label;
}

void _PG_init(void) { register_label_provider("governance", take_any); }
