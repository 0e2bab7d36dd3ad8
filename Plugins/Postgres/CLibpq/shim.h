/* libpq, as pkg-config finds it. */
#include <libpq-fe.h>
